// What the owner of a phone does: writes, presses, shares, blocks. Each deed is one call to the server.

import * as api from "./api.js";
import { askForm, toast } from "./dialogs.js";
import { el } from "./dom.js";
import { startPayload } from "./richtext.js";

export class Owner {
  constructor(phone) {
    this.phone = phone;
  }

  get info() {
    return this.phone.info;
  }

  /** One call. A failure is told to the person here and thrown on, for those who have something to give back. */
  async send(path, body) {
    try {
      return await api.post(this.phone.path + path, body);
    } catch (error) {
      toast(error.message, "error");
      throw error;
    } finally {
      this.phone.load().catch((error) => console.warn("chat not read", error));
    }
  }

  /** The same for deeds after which nothing is to be given back. */
  async quietly(path, body) {
    try {
      return await this.send(path, body);
    } catch {
      return undefined; // `send` has told the person
    }
  }

  /** Sends text. A pasted invitation does what a tap on it would do. */
  text(text, replyTo) {
    const payload = this.payloadOf(text);
    if (payload !== null) return this.send("/start", startBody(payload));
    return this.send("/text", replyTo === undefined ? { text } : { text, reply_to: replyTo });
  }

  /** Text from a button: a command, a reply key. */
  async quick(text) {
    const payload = this.payloadOf(text);
    if (payload !== null) return this.quietly("/start", startBody(payload));
    return this.quietly("/text", { text });
  }

  edit(id, text) {
    return this.send("/edit", { message_id: id, text });
  }

  files(files, as, caption) {
    const form = new FormData();
    form.append("as", as);
    form.append("caption", caption);
    for (const file of files) form.append("file", file, file.name);
    return this.send("/files", form);
  }

  /** What the bot offers to somebody who types its name and a query. */
  inline(query, offset) {
    return this.send("/inline", { query, offset });
  }

  /** Posts what was offered, here. */
  choose(id) {
    return this.quietly("/inline/choose", { result_id: id });
  }

  start(payload = "") {
    return this.quietly("/start", startBody(payload));
  }

  unblock() {
    return this.quietly("/unblock");
  }

  /** Sends the owner's own contact; asks for the number when the phone has none. */
  contact() {
    const [first, ...last] = this.info.name.split(" ");
    const own = { phone_number: this.info.number, first_name: first, last_name: last.join(" "), user_id: this.info.id };
    if (own.phone_number) return this.quietly("/contact", withoutEmpty(own));
    return this.askContact(own);
  }

  askContact(own = null) {
    askForm({
      title: own ? "Мой номер" : "Чужой контакт",
      submit: "Отправить",
      fields: [
        { name: "phone_number", title: "Телефон", type: "tel", placeholder: "+7 912 345-67-89", required: true },
        { name: "first_name", title: "Имя", value: own?.first_name, placeholder: "Мария", required: true },
        { name: "last_name", title: "Фамилия", value: own?.last_name, placeholder: "Иванова" },
      ],
      // user_id null: a person without Telegram; without the key the server would take it for the owner's own.
      apply: (values) => this.send("/contact", withoutEmpty({ ...values, user_id: own?.user_id ?? null })),
    });
  }

  location() {
    askForm({
      title: "Геопозиция",
      text: "Где сейчас этот телефон.",
      submit: "Отправить",
      fields: [
        { name: "latitude", title: "Широта", type: "number", value: "55.75583", step: "any", min: -90, max: 90, required: true },
        { name: "longitude", title: "Долгота", type: "number", value: "37.61730", step: "any", min: -180, max: 180, required: true },
      ],
      apply: (place) => this.send("/location", place),
    });
  }

  menuItems() {
    const number = { title: "Скопировать номер", icon: "copy", act: () => this.copy(this.info.number) };
    if (this.info.sms) return [number];
    const block = this.info.blocked
      ? { title: "Разблокировать бота", icon: "close", act: () => this.unblock() }
      : { title: "Заблокировать бота", icon: "close", danger: true, act: () => this.quietly("/block") };
    return [
      { title: "Отправить свой контакт", icon: "person", act: () => this.contact() },
      { title: "Отправить чужой контакт…", icon: "person", act: () => this.askContact() },
      { title: "Отправить геопозицию…", icon: "place", act: () => this.location() },
      ...(this.info.number ? [number] : []),
      block,
    ];
  }

  payloadOf(url) {
    return startPayload(url, this.phone.world.bot.username);
  }

  /** A link in a text: the bot's own starts it right here, any other opens as usual. */
  follow(event, url) {
    const payload = this.payloadOf(url);
    if (payload === null) return;
    event.preventDefault();
    this.start(payload);
  }

  open(url) {
    const payload = this.payloadOf(url);
    if (payload === null) window.open(url, "_blank", "noopener");
    else this.start(payload);
  }

  /** A press on an inline button; `where` is {message_id, row, column}. */
  async press(key, where, button) {
    if (key.kind === "copy") return this.copy(key.copy);
    if (key.kind === "url") return this.open(key.url);
    button.setAttribute("aria-busy", "true");
    const answer = await this.quietly("/tap", where);
    // The button is free again when the bot's answer stands on the screen: a second press means what it shows.
    await this.phone.load().catch((error) => console.warn("chat not read", error));
    button.removeAttribute("aria-busy");
    return answer && this.hear(answer);
  }

  hear({ answered, text, alert, url, copied, inline }) {
    if (inline !== undefined) this.phone.say("Встроенный режим в песочнице не работает");
    else if (copied) this.copy(copied);
    else if (url) this.open(url);
    else if (text && alert) this.phone.alert(text);
    else if (text) this.phone.say(text);
    else if (answered === false) this.phone.say("Бот пока не ответил на нажатие");
  }

  async copy(text) {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      copyOldWay(text); // the clipboard API is closed to pages opened by a plain http address of another machine
    }
    this.phone.say(`Скопировано: ${text}`);
  }
}

function startBody(payload) {
  return payload ? { payload } : {};
}

function withoutEmpty(values) {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== "" && value !== undefined));
}

function copyOldWay(text) {
  const area = el("textarea", { value: text });
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
}
