// Three steps for a person who sees the sandbox for the first time.

import { el, icon } from "./dom.js";

const KEY = "verstak-sandbox-hint";
const STEPS = [
  ["Оглядитесь", "В телефонах — сотрудники магазина. Нажимайте кнопки под сообщениями: они настоящие."],
  ["Поработайте за каждого", "Нажимайте кнопки бота, пишите, отправляйте фото и документы — с любого телефона."],
  ["Передвиньте время", "«+1 день» — и видно, кому пришло напоминание, а о чём узнал руководитель."],
];

/** Shows the hint until it is dismissed; `opener` brings it back. */
export function wireHint(place, opener) {
  const show = (open) => {
    place.hidden = !open;
    opener.setAttribute("aria-pressed", String(open));
    remember(!open);
  };
  const hide = () => show(false);
  place.replaceChildren(
    el("ol", {}, STEPS.map(([title, text]) => el("li", {}, el("b", {}, title), el("p", {}, text)))),
    el("button.close", { "aria-label": "Скрыть подсказку", title: "Скрыть", "data-testid": "hint-close", onclick: hide }, icon("close")),
  );
  opener.addEventListener("click", () => show(place.hidden));
  place.hidden = dismissed();
  opener.setAttribute("aria-pressed", String(!place.hidden));
}

// Private windows may forbid storage: then the hint simply comes again.
function remember(gone) {
  try {
    localStorage.setItem(KEY, gone ? "gone" : "");
  } catch (error) {
    console.warn("hint not remembered", error);
  }
}

function dismissed() {
  try {
    return localStorage.getItem(KEY) === "gone";
  } catch {
    return false;
  }
}
