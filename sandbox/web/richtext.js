// Text of messages. The server sends safe HTML; it is still rebuilt from a closed list of tags, so that a mistake
// there can never run here. Bare links and /commands become live, as in Telegram.

const TAGS = new Set(["B", "STRONG", "I", "EM", "U", "INS", "S", "STRIKE", "DEL", "CODE", "PRE", "BR", "BLOCKQUOTE", "SPAN", "A"]);
const SAFE_URL = /^(https?:|tg:|tel:|mailto:)/i;
const LIVE = /(https?:\/\/[^\s<>"«»]+[^\s<>"«».,;:!?)]|\bt\.me\/[^\s<>"«»]+[^\s<>"«».,;:!?)])|(?<![\p{L}\d_\/])(\/[a-z][a-z0-9_]{0,31})(?![\p{L}\d_\/])/giu;

/** The payload of a link that starts this bot (https://t.me/<bot>?start=…), "" for a link without one, null for any other. */
export function startPayload(url, bot) {
  const link = /^(?:(?:https?:\/\/)?(?:t|telegram)\.me\/([a-z0-9_]+)\/?|tg:\/\/resolve)(\?[^\s#]*)?$/i.exec(url.trim());
  if (!link) return null;
  const query = new URLSearchParams(link[2] ?? "");
  const name = link[1] ?? query.get("domain") ?? "";
  return name.toLowerCase() === bot.toLowerCase() ? (query.get("start") ?? "") : null;
}

/** A document fragment with the message's text. */
export function richText(html) {
  const parsed = new DOMParser().parseFromString(html, "text/html");
  const fragment = document.createDocumentFragment();
  copyInto(fragment, parsed.body, true);
  return fragment;
}

function copyInto(target, source, live) {
  for (const node of source.childNodes) {
    if (node.nodeType === Node.TEXT_NODE) target.append(...(live ? liven(textOf(node)) : [textOf(node)]));
    else if (node.nodeType === Node.ELEMENT_NODE) copyElement(target, node, live);
  }
}

/** The line break after a quote only ends it, as in Telegram: a block of its own needs none. */
function textOf(node) {
  return node.previousSibling?.nodeName === "BLOCKQUOTE" ? node.data.replace(/^\n/, "") : node.data;
}

function copyElement(target, node, live) {
  const tag = node.tagName;
  if (tag === "SCRIPT" || tag === "STYLE") return;
  if (node.dataset.command) return void target.append(commandOf(node.dataset.command));
  const spoiler = tag === "TG-SPOILER" || node.classList.contains("tg-spoiler");
  const made = spoiler ? spoilerOf() : TAGS.has(tag) ? document.createElement(tag) : document.createElement("span");
  if (tag === "TG-TIME" || tag === "TIME") made.className = "moment";
  if (tag === "A") dressLink(made, node.getAttribute("href") ?? "");
  if (tag === "BLOCKQUOTE" && (node.hasAttribute("expandable") || node.classList.contains("expandable"))) makeExpandable(made);
  copyInto(made, node, live && !["A", "CODE", "PRE"].includes(tag));
  target.append(made);
}

function dressLink(made, href) {
  if (!SAFE_URL.test(href)) return;
  made.href = href;
  made.target = "_blank";
  made.rel = "noopener noreferrer";
}

function spoilerOf() {
  const made = document.createElement("span");
  made.className = "spoiler";
  made.tabIndex = 0;
  made.setAttribute("role", "button");
  made.setAttribute("aria-label", "Скрытый текст: нажмите, чтобы показать");
  return made;
}

function makeExpandable(made) {
  made.className = "expandable";
  made.tabIndex = 0;
}

/** Splits plain text into text, links and commands. */
function liven(text) {
  const parts = [];
  let from = 0;
  for (const found of text.matchAll(LIVE)) {
    parts.push(text.slice(from, found.index), found[1] ? linkOf(found[1]) : commandOf(found[2]));
    from = found.index + found[0].length;
  }
  parts.push(text.slice(from));
  return parts.filter((part) => part !== "");
}

function linkOf(url) {
  const made = document.createElement("a");
  dressLink(made, /^https?:/i.test(url) ? url : `https://${url}`);
  made.textContent = url;
  return made;
}

function commandOf(text) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "command";
  made.dataset.command = text;
  made.textContent = text;
  return made;
}
