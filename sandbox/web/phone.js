// One phone on the bench: whose it is, its chat with the bot, and where a press goes.

import * as api from "./api.js";
import { Chat } from "./chat.js";
import { Composer } from "./composer.js";
import { hang, menu, showPicture } from "./dialogs.js";
import { el, icon, initials, play } from "./dom.js";
import { dayOf } from "./format.js";
import { joined } from "./joined.js";
import { Owner } from "./owner.js";

const NARROW = matchMedia("(max-width: 700px)");

export class Phone {
  /** `info` as in /sandbox/state; `world`: {bot, zone, now} of the page, always current; `onnews(phone, count)`. */
  constructor(info, world, hue, onnews) {
    Object.assign(this, { info, world, onnews, path: `/phones/${info.id}` });
    this.load = joined(() => this.read());
    this.chat = new Chat(info.sms);
    this.owner = new Owner(this);
    this.composer = info.sms ? null : new Composer(this.owner, info.name);
    this.build(hue);
    this.listen();
    this.update(info);
  }

  build(hue) {
    this.time = el("time");
    this.name = el("b");
    this.title = el("small");
    this.avatar = el("span.avatar", { "aria-hidden": "true" });
    this.badge = el("span.badge", { hidden: true });
    const more = el("button.tool", { "aria-label": "Меню телефона", title: "Меню", "data-testid": "phone-menu" }, icon("dots"));
    hang(more, (close) => menu(this.owner.menuItems(), close));
    this.pinned = el("button.pinned", { hidden: true, "aria-label": "К закреплённому сообщению", "data-do": "jump" });
    this.hero = el("div.hero", { hidden: true });
    this.toasts = el("div.phone-toast", { role: "status", "aria-live": "polite" });
    this.alerts = el("div.phone-alert", { hidden: true });
    const header = el("header", {}, this.avatar, el("span.who", {}, this.name, this.title), this.badge, more);
    const foot = this.composer?.root ?? el("p.read-only", {}, "Только чтение: сюда приходят SMS клиенту");
    this.chat.root.append(this.hero);
    const status = el("div.status", { "aria-hidden": "true" }, this.time, el("i"));
    const screen = el("div.screen", {}, status, header, this.pinned, this.chat.root, foot, this.toasts, this.alerts);
    const kind = this.info.sms ? "section.phone.sms" : "section.phone";
    this.root = el(kind, { "data-phone": this.info.id, style: `--hue: var(--person-${hue})` }, screen);
  }

  listen() {
    this.root.addEventListener("click", (event) => this.clicked(event));
    for (const seen of ["pointerenter", "focusin"]) this.root.addEventListener(seen, () => this.markRead());
    this.root.addEventListener("dragover", (event) => this.composer && event.preventDefault());
    this.root.addEventListener("drop", (event) => {
      event.preventDefault();
      this.composer?.addFiles(event.dataTransfer.files);
    });
  }

  /** Takes the phone's line of /sandbox/state, and the moved clock. */
  update(info) {
    this.info = info;
    this.name.textContent = info.name;
    this.title.textContent = [info.title, info.sms && info.number].filter(Boolean).join(" · ");
    this.avatar.textContent = initials(info.name);
    this.root.setAttribute("aria-label", `Телефон: ${info.name}, ${info.title}`);
    this.badge.hidden = !info.unread;
    this.badge.textContent = info.unread;
    this.badge.setAttribute("aria-label", `Непрочитанных: ${info.unread}`);
    this.root.classList.toggle("blocked", Boolean(info.blocked));
    this.time.textContent = this.world.local.slice(11, 16);
    if (this.content) this.draw();
  }

  /** Reads the chat anew. One read at a time (see `load`), so that answers never come out of order. */
  async read() {
    this.content = await api.get(`${this.path}/messages`);
    this.draw();
  }

  draw() {
    const { messages, keyboard, commands } = this.content;
    const today = dayOf(Date.parse(this.world.now) / 1000, this.world.zone);
    const fresh = this.chat.show(messages, this.world.zone, today);
    const empty = messages.length === 0;
    this.composer?.update({ commands, keyboard, blocked: this.info.blocked, empty });
    this.drawHero(empty);
    this.drawPinned(messages.findLast((message) => message.pinned));
    const watched = this.isWatched();
    if (watched) this.markRead();
    if (!fresh.length) return;
    if (!watched) play(this.root, "ping");
    this.onnews(this, fresh.length);
  }

  /** Is somebody looking at this very phone: by pointer, by keyboard, or because only one fits the page? */
  isWatched() {
    const alone = NARROW.matches && this.root.hasAttribute("data-active");
    return !document.hidden && (alone || this.root.matches(":hover, :focus-within"));
  }

  drawHero(empty) {
    this.hero.hidden = !empty;
    if (!empty) return;
    const words = this.info.sms
      ? [el("b", {}, "SMS пока нет"), el("p", {}, "Здесь появится то, что магазин напишет клиенту.")]
      : [el("b", {}, this.world.bot.name), el("p", {}, "Нажмите «Старт» или вставьте сюда ссылку-приглашение.")];
    this.hero.replaceChildren(el("div", {}, ...words));
  }

  drawPinned(message) {
    this.pinned.hidden = !message;
    if (!message) return;
    this.pinned.dataset.to = message.id;
    const text = (message.text || "Вложение").replace(/<[^>]+>/g, "").split("\n")[0];
    this.pinned.replaceChildren(icon("pin"), el("span", {}, el("b", {}, "Закреплено"), el("small", {}, text)));
  }

  /** Says the bot's words over this phone, as Telegram does after a press. */
  say(text) {
    const note = el("div", {}, text);
    this.toasts.replaceChildren(note);
    setTimeout(() => note.remove(), 2500 + text.length * 45);
  }

  alert(text) {
    const back = document.activeElement;
    const close = () => {
      this.alerts.hidden = true;
      back?.isConnected && back.focus({ preventScroll: true });
    };
    const ok = el("button", { onclick: close }, "Понятно");
    const { name } = this.world.bot;
    const box = el("div.box", { role: "alertdialog", "aria-modal": "true", "aria-label": name }, el("b", {}, name), el("p", {}, text), ok);
    box.addEventListener("keydown", (event) => event.key === "Escape" && close());
    this.alerts.replaceChildren(box);
    this.alerts.hidden = false;
    ok.focus({ preventScroll: true });
  }

  async markRead() {
    if (!this.info.unread || this.marking) return;
    this.marking = true;
    try {
      await api.post(`${this.path}/read`);
      this.update({ ...this.info, unread: 0 });
      this.onnews(this, 0);
    } catch (error) {
      console.warn("read mark not taken", error); // the badge stays: nothing worth interrupting a person for
    } finally {
      this.marking = false;
    }
  }

  clicked(event) {
    const { target } = event;
    const link = target.closest("a[href]");
    const key = target.closest(".keyboard .key");
    const command = target.closest("[data-command]");
    const live = target.closest("[data-do]");
    if (link) this.owner.follow(event, link.href);
    else if (key) this.press(key);
    else if (command) this.owner.quick(command.dataset.command);
    else if (live) this.perform(live);
    else target.closest(".spoiler, .expandable")?.classList.toggle("open");
  }

  press(button) {
    const id = Number(button.closest(".message").dataset.message);
    const [row, column] = [Number(button.dataset.row), Number(button.dataset.column)];
    const key = this.chat.messages.get(id)?.rows[row]?.[column];
    if (key && button.getAttribute("aria-busy") !== "true") this.owner.press(key, { message_id: id, row, column }, button);
  }

  perform(live) {
    const { dataset } = live;
    const message = this.chat.messages.get(Number(live.closest("[data-message]")?.dataset.message));
    if (dataset.do === "jump") this.chat.reveal(dataset.to);
    if (dataset.do === "picture") showPicture(dataset.url, dataset.name);
    if (dataset.do === "copy") this.owner.copy(dataset.text);
    if (dataset.do === "reply" || dataset.do === "edit") this.composer?.begin(dataset.do, message);
  }
}
