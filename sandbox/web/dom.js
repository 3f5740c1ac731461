// Building elements: el("button.chip", {onclick, "data-x": 1}, "text", child, …).

/** An element by a small selector («tag.class.class»), its properties or attributes, and its children. */
export function el(selector, props = {}, ...children) {
  const [tag, ...classes] = selector.split(".");
  const node = document.createElement(tag || "div");
  if (classes.length) node.className = classes.join(" ");
  if (tag === "button") node.type = "button";
  for (const [name, value] of Object.entries(props)) set(node, name, value);
  node.append(...children.flat().filter((child) => child != null && child !== false));
  return node;
}

function set(node, name, value) {
  if (value == null || value === false) return;
  if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
  else if (name.includes("-") || name === "role") node.setAttribute(name, value === true ? "true" : value);
  else if (name in node) node[name] = value;
  else node.setAttribute(name, value);
}

const PATHS = {
  attach: "M20 11.5l-8.3 8.3a5 5 0 0 1-7.1-7.1l8.6-8.6a3.3 3.3 0 0 1 4.7 4.7l-8.5 8.5a1.7 1.7 0 0 1-2.4-2.4l7.8-7.8",
  send: "M4 12l16-8-5 16-3.5-6.5z M20 4l-8.5 9.5",
  slash: "M6 3h12a3 3 0 0 1 3 3v12a3 3 0 0 1-3 3H6a3 3 0 0 1-3-3V6a3 3 0 0 1 3-3z M14 7.5l-4 9",
  keys: "M4 6h16a1.5 1.5 0 0 1 1.5 1.5v9A1.5 1.5 0 0 1 20 18H4a1.5 1.5 0 0 1-1.5-1.5v-9A1.5 1.5 0 0 1 4 6z M6.5 10h.01 M10.2 10h.01 M13.8 10h.01 M17.5 10h.01 M8.5 14.5h7",
  dots: "M12 4.8v.4 M12 11.8v.4 M12 18.8v.4",
  pin: "M9 4h6l-1 6 3 3H7l3-3z M12 13v7",
  close: "M6 6l12 12 M18 6L6 18",
  down: "M5 9l7 7 7-7",
  file: "M7 3h7l5 5v13H7a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2z M14 3v5h5",
  photo: "M4 5h16v14H4z M4 16l5-5 4 4 3-3 4 4 M15.5 9h.01",
  reply: "M10 6L4 12l6 6 M4 12h9a7 7 0 0 1 7 7",
  edit: "M4 20l1-4.5L16.5 4l3.5 3.5L8.5 19z",
  copy: "M9 9h11v11H9z M5 15H4V4h11v1",
  out: "M8 16L17 7 M9 7h8v8",
  place: "M12 21s7-6.2 7-11a7 7 0 0 0-14 0c0 4.8 7 11 7 11z M12 10h.01",
  person: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8z M4 21c0-4 3.5-6.5 8-6.5s8 2.5 8 6.5",
  plus: "M12 5v14 M5 12h14",
};

/** A line icon that takes the colour of the text around it. */
export function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}

/** Plays a CSS animation class once, restarting it when it is already playing. */
export function play(node, name) {
  node.classList.remove(name);
  void node.offsetWidth; // the reflow is what makes the browser start the animation anew
  node.classList.add(name);
}

/** «Пётр Столяров» → «ПС». */
export function initials(name) {
  const words = name.trim().split(/\s+/).filter(Boolean);
  return words.slice(0, 2).map((word) => [...word][0].toUpperCase()).join("") || "?";
}
