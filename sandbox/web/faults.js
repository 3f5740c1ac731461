// «Сбои»: what can be made to go wrong between the bot and Telegram, and what is broken now.

import * as api from "./api.js";
import { attempt } from "./dialogs.js";
import { el, icon } from "./dom.js";
import { plural } from "./format.js";

const KINDS = [
  ["429", "429 — Telegram просит подождать"],
  ["500", "500 — ошибка на стороне Telegram"],
  ["drop", "Обрыв связи: запрос не дошёл"],
  ["drop_after", "Обрыв после отправки: дошло, но ответа нет"],
  ["garbage", "Мусор в ответе"],
];
const NAMES = new Map([...KINDS, ["502", "502 — Telegram недоступен"], ["403", "403 — бот заблокирован"], ["slow", "Медленный ответ"]]);

/** The content of the menu. `state` as in /sandbox/state. */
export function faultsPanel(state, close, refresh) {
  const mend = (event) => clear(event.currentTarget, close, refresh);
  const form = el(
    "form.faults",
    { "data-testid": "faults-form" },
    el("h2", {}, "Сбои Telegram"),
    el("p", {}, "Что бы ни случилось со связью, бот не должен ничего потерять. Проверьте."),
    el("fieldset", {}, el("legend", {}, "Что сломать"), KINDS.map(choiceOf)),
    el("div.pair", {}, timesField(), whomField(state.phones)),
    listOf(state),
    el(
      "div.buttons",
      {},
      state.faults.length > 0 && el("button", { "data-testid": "faults-clear", onclick: mend }, "Починить всё"),
      el("button.primary", { type: "submit" }, "Сломать"),
    ),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    add(form, close, refresh);
  });
  return form;
}

function choiceOf([kind, title], index) {
  return el("label.check", {}, el("input", { type: "radio", name: "kind", value: kind, checked: index === 0 }), title);
}

function timesField() {
  const input = el("input", { type: "number", name: "times", value: "1", min: 1, max: 1000, required: true });
  return el("label", {}, el("span", {}, "Сколько раз"), input);
}

function whomField(phones) {
  const people = phones.filter((phone) => !phone.sms).map(({ id, name }) => el("option", { value: id }, name));
  return el("label", {}, el("span", {}, "Кому"), el("select", { name: "chat" }, el("option", { value: "" }, "Всем"), people));
}

function listOf({ faults, phones }) {
  if (!faults.length) return null;
  const names = new Map(phones.map(({ id, name }) => [id, name]));
  const lineOf = ({ kind, times, chat }) => {
    const whom = chat ? `, ${names.get(chat) ?? chat}` : "";
    return el("li", {}, icon("close"), `${NAMES.get(kind) ?? kind}${whom} — ещё ${plural(times, "раз", "раза", "раз")}`);
  };
  return el("ul", { "aria-label": "Сломано сейчас" }, faults.map(lineOf));
}

function add(form, close, refresh) {
  const { kind, times, chat } = Object.fromEntries(new FormData(form));
  const body = { kind, methods: null, chat: chat ? Number(chat) : null, times: Number(times), ...(kind === "429" && { retry_after: 3 }) };
  return attempt(async () => {
    await api.post("/faults", body);
    await refresh();
    close();
  }, form.querySelector(".primary"));
}

function clear(button, close, refresh) {
  return attempt(async () => {
    await api.remove("/faults");
    await refresh();
    close();
  }, button);
}
