// Typing the bot's name in the composer («@verstak_bot 1042»): what the bot offers then, as Telegram shows it.

import { menu } from "./dialogs.js";

const PAUSE = 300; // milliseconds without a key before the bot is asked, as Telegram's apps wait

export class Inline {
  /** `act`: the phone's Owner; `box`: where offers are shown; `done()`: something was chosen. */
  constructor(act, box, done) {
    Object.assign(this, { act, box, done, turn: 0 });
  }

  /** Takes what stands in the line. Returns whether it is for the bot: then the box is ours. */
  typed(text) {
    clearTimeout(this.timer);
    this.turn += 1;
    const name = this.act.phone.world.bot.username;
    const query = new RegExp(`^@${name}\\s(.*)$`, "is").exec(text)?.[1];
    if (query === undefined) return false;
    this.timer = setTimeout(() => this.ask(query.trim(), this.turn), PAUSE);
    return true;
  }

  async ask(query, turn, offset = "", before = []) {
    let offered;
    try {
      offered = await this.act.inline(query, offset);
    } catch {
      return; // the person has been told why
    }
    if (turn === this.turn) this.show(query, offered, before);
  }

  show(query, { results, button, next_offset: next }, before) {
    const offers = results.map(({ id, title, description }) => ({ title, detail: description, act: () => this.choose(id) }));
    const lead = button ? [{ title: button.text, icon: "out", act: () => this.enter(button.start_parameter) }] : [];
    const shown = [...before, ...lead, ...offers];
    const more = next ? [{ title: "Ещё…", icon: "down", act: () => this.ask(query, this.turn, next, shown) }] : [];
    this.box.hidden = shown.length === 0;
    this.box.replaceChildren(menu([...shown, ...more], () => {}));
  }

  async choose(id) {
    await this.act.choose(id);
    this.done();
  }

  async enter(word) {
    this.done();
    await this.act.start(word);
  }
}
