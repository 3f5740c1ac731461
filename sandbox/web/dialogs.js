// Toasts, dialogs with a small form, and floating panels: everything that lies above the page.

import { el, icon } from "./dom.js";

/** A line over the page; it stays as long as it takes to read. `kind`: "info" or "error". */
export function toast(text, kind = "info") {
  const close = el("button.close", { "aria-label": "Закрыть", onclick: () => note.remove() }, icon("close"));
  const note = el(`div.toast.${kind}`, { "data-testid": "toast" }, el("span", {}, text), close);
  const place = document.querySelector(".toasts");
  while (place.children.length > 1) place.firstChild.remove();
  place.append(note);
  setTimeout(() => note.remove(), 3000 + Math.min(text.length * 50, 9000));
}

/** Runs what a button asked for; while it runs the button is busy, and a failure becomes a toast. */
export async function attempt(work, button = null) {
  button?.setAttribute("aria-busy", "true");
  try {
    return await work();
  } catch (error) {
    console.error(error);
    toast(error.message || "Что-то пошло не так", "error");
    return undefined;
  } finally {
    button?.removeAttribute("aria-busy");
  }
}

/**
 * Asks for some values. `fields`: {name, title, placeholder?, value?, type?, options?, required?, checked?}.
 * `apply(values)` runs while the dialog is open: a failure is shown in it, and what was typed is kept.
 */
export function askForm({ title, text, fields = [], submit = "Готово", danger = false, apply }) {
  const failure = el("p.failure", { role: "alert" });
  const send = el(`button.primary${danger ? ".danger" : ""}`, { type: "submit" }, submit);
  const form = el(
    "form",
    { method: "dialog" },
    el("h2", {}, title),
    text && el("p", {}, text),
    fields.map(fieldOf),
    failure,
    el("div.buttons", {}, el("button", { onclick: () => dialog.close() }, "Отмена"), send),
  );
  const dialog = el("dialog.sheet", { "aria-label": title, "data-testid": "dialog" }, form);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    send.setAttribute("aria-busy", "true");
    try {
      await apply(valuesOf(form, fields));
      dialog.close();
    } catch (error) {
      console.error(error);
      failure.textContent = error.message;
    }
    send.removeAttribute("aria-busy");
  });
  show(dialog);
}

function fieldOf(field) {
  if (field.type === "checkbox") {
    return el("label.check", {}, el("input", { type: "checkbox", name: field.name, checked: Boolean(field.checked) }), field.title);
  }
  const optionOf = ([value, label]) => el("option", { value, selected: value === field.value }, label);
  const input = field.options
    ? el("select", { name: field.name }, field.options.map(optionOf))
    : el("input", {
        name: field.name,
        type: field.type ?? "text",
        value: field.value ?? "",
        placeholder: field.placeholder ?? "",
        required: Boolean(field.required),
        min: field.min,
        max: field.max,
        step: field.step,
        autocomplete: "off",
      });
  return el("label", {}, el("span", {}, field.title), input);
}

function valuesOf(form, fields) {
  return Object.fromEntries(
    fields.map(({ name, type }) => {
      const input = form.elements.namedItem(name);
      return [name, type === "checkbox" ? input.checked : type === "number" ? Number(input.value) : input.value.trim()];
    }),
  );
}

/** A picture over the whole page. */
export function showPicture(url, name) {
  const dialog = el(
    "dialog.picture",
    { "aria-label": name || "Фото", onclick: () => dialog.close() },
    el("img", { src: url, alt: name || "Фото" }),
    el("button", { "aria-label": "Закрыть" }, icon("close")),
  );
  show(dialog);
}

function show(dialog) {
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

/** Hangs a panel on a button. The browser closes it on Esc or a click outside; `build(close)` gives its content anew each time. */
export function hang(button, build, className = "panel") {
  button.setAttribute("aria-haspopup", "true");
  button.setAttribute("aria-expanded", "false");
  let panel = null;
  let closedAt = 0;
  button.addEventListener("click", () => {
    // Pressing the button again closes the panel by the browser's own hand, just before this click arrives.
    if (performance.now() - closedAt < 200) return;
    panel = el(`div.${className}`, { popover: "auto" });
    panel.append(...[build(() => panel.hidePopover())].flat());
    panel.addEventListener("toggle", (event) => {
      const open = event.newState === "open";
      button.setAttribute("aria-expanded", String(open));
      if (open) return;
      closedAt = performance.now();
      panel.remove();
    });
    document.body.append(panel);
    panel.showPopover();
    place(panel, button);
    panel.querySelector("button, input, select")?.focus({ focusVisible: false });
  });
}

function place(panel, button) {
  const anchor = button.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = panel;
  const below = anchor.bottom + 6 + height < innerHeight;
  panel.style.top = `${below ? anchor.bottom + 6 : Math.max(8, anchor.top - height - 6)}px`;
  panel.style.left = `${Math.max(8, Math.min(anchor.left, innerWidth - width - 8))}px`;
}

/** A menu's content: [{title, icon?, danger?, act}]. */
export function menu(items, close) {
  const pick = (item) => () => {
    close();
    item.act();
  };
  const list = el("div.menu", { role: "menu", onkeydown: walk });
  const itemOf = (item) => {
    const words = el("span", {}, item.title, item.detail && el("small", {}, item.detail));
    return el(item.danger ? "button.danger" : "button", { role: "menuitem", onclick: pick(item) }, item.icon && icon(item.icon), words);
  };
  list.append(...items.map(itemOf));
  return list;
}

function walk(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const buttons = [...event.currentTarget.querySelectorAll("button")];
  const at = buttons.indexOf(document.activeElement);
  buttons[(at + step + buttons.length) % buttons.length].focus();
}
