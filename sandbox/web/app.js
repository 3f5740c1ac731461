// The page: asks the server how things stand, puts the phones on the bench, and listens for what changes.

import * as api from "./api.js";
import { toast } from "./dialogs.js";
import { el, initials, play } from "./dom.js";
import { wireHint } from "./hint.js";
import { joined } from "./joined.js";
import { Phone } from "./phone.js";
import { TopBar } from "./topbar.js";

const HUES = 6; // --person-0 … in style.css

class Page {
  constructor() {
    this.world = { bot: { username: "", name: "" }, zone: "UTC", now: new Date().toISOString(), local: "" };
    this.phones = new Map();
    this.bench = document.querySelector(".bench");
    this.tabs = document.querySelector(".tabs");
    this.bar = new TopBar(this);
    this.news = new Map(); // phone name -> messages that came since the clock began to move
    this.lost = false;
    this.refresh = joined(() => this.readState());
  }

  async start() {
    wireHint(document.querySelector(".hint"), document.querySelector("[data-testid=hint]"));
    api.follow((event) => this.heard(event), (linked) => this.linked(linked));
    new ResizeObserver(() => this.measure()).observe(this.bench);
    setInterval(() => document.hidden || this.lost || this.quiet(this.refresh()), 20_000); // the clock runs by itself too
    document.addEventListener("visibilitychange", () => document.hidden || this.catchUp());
  }

  /** Reads /sandbox/state and makes the page agree with it. */
  async readState() {
    const state = await api.get("/state");
    Object.assign(this.world, { bot: state.bot, zone: state.zone, now: state.now, local: state.local });
    document.title = `${state.bot.name} — песочница`;
    this.bar.update(state);
    const ids = new Set(state.phones.map(({ id }) => id));
    for (const [id, phone] of this.phones) if (!ids.has(id)) this.take(phone);
    await Promise.all(state.phones.map((info) => this.put(info)));
    this.drawTabs();
    this.measure();
  }

  /** Do all phones fit? When not, the strip of faces helps to find the one that is out of sight. */
  measure() {
    document.body.classList.toggle("crowded", this.bench.scrollWidth > this.bench.clientWidth + 8);
  }

  /** Puts a phone on the bench, or brings the one there up to date. */
  async put(info) {
    const known = this.phones.get(info.id);
    if (known) return known.update(info);
    const phone = new Phone(info, this.world, this.phones.size % HUES, (which, count) => this.onNews(which, count));
    this.phones.set(info.id, phone);
    this.bench.append(phone.root);
    if (this.phones.size === 1) this.choose(info.id);
    return phone.load();
  }

  take(phone) {
    this.phones.delete(phone.info.id);
    phone.root.remove();
    if (this.chosen === phone.info.id) this.choose(this.phones.keys().next().value);
  }

  drawTabs() {
    const focused = this.tabs.contains(document.activeElement) ? document.activeElement.dataset.tab : null;
    this.tabs.replaceChildren(...[...this.phones.values()].map((phone) => this.tabOf(phone)));
    if (focused) this.tabs.querySelector(`[data-tab="${focused}"]`)?.focus();
  }

  tabOf({ info, root }) {
    const state = {
      "data-tab": info.id,
      "aria-pressed": String(info.id === this.chosen),
      title: `${info.name}, ${info.title}`,
      style: root.getAttribute("style"),
      onclick: () => this.choose(info.id, true),
    };
    const unread = info.unread > 0 && el("span.badge", { "aria-label": `непрочитанных: ${info.unread}` }, info.unread);
    const who = el("span.who", {}, el("b", {}, info.title || info.name), el("small", {}, info.name));
    return el("button", state, el("span.avatar", { "aria-hidden": "true" }, initials(info.name)), who, unread);
  }

  /** The phone that is seen when there is room for one; on a wide page it is scrolled to. */
  choose(id, byHand = false) {
    this.chosen = id;
    for (const [its, phone] of this.phones) phone.root.toggleAttribute("data-active", its === id);
    for (const tab of this.tabs.children) tab.setAttribute("aria-pressed", String(Number(tab.dataset.tab) === id));
    const phone = this.phones.get(id);
    if (!phone || !byHand) return;
    const middle = phone.root.offsetLeft - (this.bench.clientWidth - phone.root.offsetWidth) / 2;
    this.bench.scrollTo({ left: middle, behavior: "smooth" });
    play(phone.root, "ping");
    phone.chat.toBottom();
    phone.markRead();
  }

  onNews(phone, count) {
    if (count) this.news.set(phone.info.name, (this.news.get(phone.info.name) ?? 0) + count);
    const tab = this.tabs.querySelector(`[data-tab="${phone.info.id}"]`);
    if (tab) this.drawTabs();
  }

  heard({ kind, phone: id, text }) {
    const phone = this.phones.get(id);
    if (kind === "toast") return void (text && (phone ? phone.say(text) : toast(text)));
    // «state» of no phone in particular may be a fresh start: every chat is read anew.
    if (kind === "state" && !phone) return this.catchUp();
    if (["message", "edit", "delete"].includes(kind) && phone) this.quiet(phone.load());
    if (kind !== "edit" && kind !== "delete") this.quiet(this.refresh());
    return undefined;
  }

  /** The stream came back, or the page was looked at again: anything may have happened meanwhile. */
  catchUp() {
    this.quiet(this.settle());
  }

  /** The state and every chat, read anew. */
  async settle() {
    await this.refresh();
    await Promise.all([...this.phones.values()].map((phone) => phone.load()));
  }

  linked(linked) {
    document.querySelector(".link-lost").hidden = linked;
    if (linked) this.catchUp();
    else if (!this.lost) toast("Связь с песочницей прервалась. Подключусь сама, как только она ответит.", "error");
    this.lost = !linked;
  }

  async restart() {
    for (const phone of [...this.phones.values()]) this.take(phone);
    this.chosen = undefined;
    await this.refresh();
  }

  quiet(work) {
    work.catch((error) => {
      console.error(error);
      if (!this.lost) toast(error.message, "error");
    });
  }
}

new Page().start();
