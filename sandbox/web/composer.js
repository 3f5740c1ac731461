// Where a person writes: text, files, commands, the bot's reply keyboard, replies and corrections.

import { hang, menu } from "./dialogs.js";
import { el, icon } from "./dom.js";
import { fileSize } from "./format.js";
import { Inline } from "./inline.js";

export class Composer {
  /** `act`: the phone's Owner. When `text`, `edit` or `files` fails, what was written comes back into the line. */
  constructor(act, label) {
    this.act = act;
    this.commands = [];
    this.keyboard = null;
    this.context = null; // {kind: "reply" | "edit", message}
    this.files = [];
    this.folded = false;
    this.build(label);
  }

  build(label) {
    this.input = el("textarea", {
      rows: 1,
      maxLength: 4096,
      enterKeyHint: "send",
      placeholder: "Сообщение…",
      "aria-label": `Сообщение: ${label}`,
      "data-testid": "input",
    });
    this.picker = el("input", { type: "file", multiple: true, hidden: true, "data-testid": "file", "aria-label": "Файлы" });
    this.slash = el("button.tool", { "aria-label": "Команды бота", title: "Команды" }, icon("slash"));
    const turn = () => this.fold(!this.folded);
    const named = { "aria-label": "Клавиатура бота", title: "Клавиатура бота" };
    this.keysToggle = el("button.tool", { ...named, hidden: true, onclick: turn }, icon("keys"));
    const attach = el("button.tool", { "aria-label": "Приложить фото или файл", title: "Приложить" }, icon("attach"));
    hang(attach, (close) => menu(this.attachItems(), close));
    hang(this.slash, (close) => this.commandMenu(close));
    this.above = el("div.above", { hidden: true });
    this.tray = el("div.tray", { hidden: true });
    this.suggest = el("div.suggest", { hidden: true });
    this.inline = new Inline(this.act, this.suggest, () => this.clear());
    this.keys = el("div.reply-keys", { hidden: true });
    this.sendButton = el("button.send", { type: "submit", "aria-label": "Отправить", title: "Отправить" }, icon("send"));
    const line = el("div.line", {}, attach, this.slash, this.input, this.keysToggle, this.sendButton, this.picker);
    this.form = el("form.writing", { onsubmit: (event) => this.submit(event) }, this.suggest, this.above, this.tray, line, this.keys);
    const [start, unblock] = [() => this.act.start(), () => this.act.unblock()];
    this.startButton = el("button.big", { "data-testid": "start", hidden: true, onclick: start }, "Старт");
    this.unblockButton = el("button.big.quiet", { "data-testid": "unblock", hidden: true, onclick: unblock }, "Разблокировать бота");
    this.root = el("div.composer", {}, this.startButton, this.unblockButton, this.form);
    this.listen();
  }

  listen() {
    this.input.addEventListener("input", () => this.typed());
    this.input.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        this.form.requestSubmit();
      }
      if (event.key === "Escape" && this.context) this.clear();
    });
    this.input.addEventListener("paste", (event) => this.addFiles(event.clipboardData.files));
    this.picker.addEventListener("change", () => {
      this.addFiles(this.picker.files);
      this.picker.value = "";
    });
  }

  /** Takes what the server says: bot's commands, its reply keyboard, whether the bot is blocked, whether the chat is empty. */
  update({ commands, keyboard, blocked, empty }) {
    this.commands = commands ?? [];
    this.slash.hidden = this.commands.length === 0;
    this.startButton.hidden = !empty || blocked;
    this.unblockButton.hidden = !blocked;
    this.form.hidden = blocked;
    if (JSON.stringify(keyboard) === JSON.stringify(this.keyboard)) return;
    this.keyboard = keyboard ?? null;
    this.folded = false;
    this.input.placeholder = this.keyboard?.placeholder || "Сообщение…";
    this.drawKeys();
  }

  drawKeys() {
    const rows = this.keyboard?.rows ?? [];
    const keyOf = (key) => {
      const kind = key.style ? `button.key.${key.style}` : "button.key";
      return el(kind, { title: key.text, onclick: () => this.press(key) }, key.text);
    };
    this.keys.replaceChildren(...rows.map((row) => el("div.row", { style: `--columns: ${row.length}` }, row.map(keyOf))));
    this.keysToggle.hidden = rows.length === 0;
    this.keys.hidden = rows.length === 0 || this.folded;
  }

  fold(folded) {
    this.folded = folded;
    this.keys.hidden = folded;
  }

  press(key) {
    if (key.kind === "contact") return this.act.contact();
    if (key.kind === "location") return this.act.location();
    return this.act.quick(key.text);
  }

  attachItems() {
    return [
      { title: "Фото", icon: "photo", detail: "несколько — альбомом", act: () => this.pick("photo") },
      { title: "Файл", icon: "file", detail: "договор, чертёж, смета", act: () => this.pick("document") },
      { title: "Мой контакт", icon: "person", act: () => this.act.contact() },
      { title: "Геопозиция", icon: "place", act: () => this.act.location() },
    ];
  }

  commandMenu(close, commands = this.commands) {
    const itemOf = ({ command, description }) => ({ title: `/${command}`, detail: description, act: () => this.act.quick(`/${command}`) });
    return menu(commands.map(itemOf), close);
  }

  pick(as) {
    this.as = as;
    this.picker.accept = as === "photo" ? "image/*" : "";
    this.picker.click();
  }

  addFiles(list) {
    if (!list?.length) return;
    this.files.push(...list);
    this.as ??= this.files.every((file) => file.type.startsWith("image/")) ? "photo" : "document";
    this.drawTray();
    this.input.focus();
  }

  drawTray() {
    this.tray.hidden = this.files.length === 0;
    if (this.tray.hidden) this.as = undefined;
    const optionOf = ([value, label]) => el("option", { value, selected: value === this.as }, label);
    const ways = [["photo", "как фото"], ["document", "как файл"]].map(optionOf);
    const as = el("select", { "aria-label": "Отправить как", onchange: () => (this.as = as.value) }, ways);
    this.tray.replaceChildren(as, ...this.files.map((file) => this.chosenOf(file)));
  }

  chosenOf(file) {
    const drop = () => {
      this.files = this.files.filter((other) => other !== file);
      this.drawTray();
    };
    const name = el("span", { title: `${file.name}, ${fileSize(file.size)}` }, file.name);
    return el("span.chosen", {}, name, el("button", { "aria-label": `Убрать ${file.name}`, onclick: drop }, icon("close")));
  }

  /** Starts a reply to, or a correction of, a message. */
  begin(kind, message) {
    this.context = { kind, message };
    if (kind === "edit") this.input.value = message.text;
    const title = kind === "edit" ? "Изменить сообщение" : "Ответ";
    const cancel = el("button", { "aria-label": "Отменить", onclick: () => this.clear() }, icon("close"));
    this.above.replaceChildren(el("span", {}, el("b", {}, title), el("small", {}, message.text || "Вложение")), cancel);
    this.above.hidden = false;
    this.typed();
    this.input.focus();
  }

  clear() {
    this.context = null;
    this.above.hidden = true;
    this.files = [];
    this.drawTray();
    this.input.value = "";
    this.typed();
  }

  typed() {
    this.input.style.height = "auto";
    this.input.style.height = `${Math.min(this.input.scrollHeight, 120)}px`;
    if (this.inline.typed(this.input.value)) return;
    const start = /^\/([a-z0-9_]*)$/i.exec(this.input.value)?.[1].toLowerCase();
    const fitting = start === undefined ? [] : this.commands.filter(({ command }) => command.startsWith(start) && command !== start);
    this.suggest.hidden = fitting.length === 0;
    this.suggest.replaceChildren(this.commandMenu(() => this.clear(), fitting));
  }

  async submit(event) {
    event.preventDefault();
    const text = this.input.value.trim();
    const { context, files, as } = this;
    if (!text && !files.length) return;
    this.clear();
    try {
      if (files.length) await this.act.files(files, as ?? "document", text);
      else if (context?.kind === "edit") await this.act.edit(context.message.id, text);
      else await this.act.text(text, context?.message.id);
    } catch {
      // The person has been told why already; here only what was written must not be lost.
      if (context) this.begin(context.kind, context.message);
      this.addFiles(files);
      this.input.value = text;
      this.typed();
    }
  }
}
