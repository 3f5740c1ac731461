// The list of messages: keeps the page's bubbles equal to the server's, touching only what changed, and keeps its
// place: at the bottom while the reader is there, still while he reads above.

import { bubbleOf } from "./bubble.js";
import { el, icon, play } from "./dom.js";
import { dayOf, dayTitle } from "./format.js";

const NEAR_BOTTOM = 90;

export class Chat {
  constructor(isSms) {
    this.isSms = isSms;
    this.messages = new Map(); // id -> message as last shown
    this.nodes = new Map(); // key -> {node, print}
    this.loaded = false;
    this.atBottom = true;
    this.missed = 0;
    this.lastTop = 0;
    this.list = el("div.messages", {});
    const goDown = () => this.toBottom(true);
    this.down = el("button.down", { "aria-label": "К последним сообщениям", hidden: true, onclick: goDown }, icon("down"), el("b"));
    this.scroller = el("div.scroller", { tabIndex: 0, role: "log", "aria-label": "Переписка", "aria-live": "off" }, this.list);
    this.root = el("div.chat", {}, this.scroller, this.down);
    this.scroller.addEventListener("scroll", () => this.watchBottom(), { passive: true });
    // Pictures arrive later than their bubbles, and the composer grows: stay where we were.
    const stay = new ResizeObserver(() => this.atBottom && this.toBottom());
    stay.observe(this.list);
    stay.observe(this.scroller);
  }

  /** Shows these messages. Returns the ones that are new and from the bot (none the first time). */
  show(messages, zone, today) {
    const fresh = this.loaded ? messages.filter((message) => !this.messages.has(message.id)) : [];
    const wanted = this.plan(messages, zone, today);
    const focus = this.focused();
    this.apply(wanted, zone, new Set(fresh.map((message) => message.id)));
    this.refocus(focus);
    this.messages = new Map(messages.map((message) => [message.id, message]));
    this.loaded = true;
    if (this.atBottom || fresh.some((message) => message.out)) this.toBottom();
    else this.miss(fresh.length);
    return fresh.filter((message) => !message.out);
  }

  plan(messages, zone, today) {
    const wanted = [];
    let day = null;
    for (const message of gathered(messages)) {
      const its = dayOf(message.date, zone);
      if (its !== day) wanted.push({ key: `day ${its}`, day: dayTitle(its, today) });
      day = its;
      wanted.push({ key: message.id, message });
    }
    return wanted;
  }

  apply(wanted, zone, fresh) {
    const keys = new Set(wanted.map(({ key }) => key));
    for (const [key, { node }] of this.nodes) {
      if (keys.has(key)) continue;
      node.remove();
      this.nodes.delete(key);
    }
    let place = this.list.firstChild;
    for (const item of wanted) {
      const node = this.nodeOf(item, zone, fresh);
      if (place && place.parentNode !== this.list) place = node; // it was `place` that got redrawn
      if (node === place) place = place.nextSibling;
      else this.list.insertBefore(node, place);
    }
  }

  /** The element for a wanted item: the one already there when nothing in it changed. */
  nodeOf({ key, day, message }, zone, fresh) {
    const print = JSON.stringify(message ?? day) + zone;
    const old = this.nodes.get(key);
    if (old?.print === print) return old.node;
    const node = message ? bubbleOf(message, zone, this.isSms) : el("div.day", {}, el("span", {}, day));
    if (fresh.has(key)) node.classList.add("fresh");
    if (old && message && this.differs(message)) node.classList.add("changed");
    if (old) old.node.replaceWith(node);
    this.nodes.set(key, { node, print });
    return node;
  }

  differs(message) {
    const before = this.messages.get(message.id);
    return before && (before.html !== message.html || JSON.stringify(before.rows) !== JSON.stringify(message.rows));
  }

  /** Which inline button has the focus, so that a redrawn card does not throw a keyboard user out. */
  focused() {
    const key = document.activeElement?.closest?.(".key");
    if (!key || !this.list.contains(key)) return null;
    return { id: Number(key.closest(".message").dataset.message), row: key.dataset.row, column: key.dataset.column };
  }

  refocus(focus) {
    const node = focus && this.nodes.get(focus.id)?.node;
    if (!node || node.contains(document.activeElement)) return;
    const key = node.querySelector(`[data-row="${focus.row}"][data-column="${focus.column}"]`) ?? node.querySelector(".key");
    key?.focus({ preventScroll: true });
  }

  watchBottom() {
    const { scrollTop, scrollHeight, clientHeight } = this.scroller;
    const near = scrollHeight - scrollTop - clientHeight < NEAR_BOTTOM;
    // Only moving up leaves the bottom: pictures that load and keyboards that open also change the distance.
    this.atBottom = near || (this.atBottom && scrollTop >= this.lastTop - 1);
    this.lastTop = scrollTop;
    this.down.hidden = this.atBottom;
    if (this.atBottom) this.miss(-this.missed);
  }

  miss(count) {
    this.missed += count;
    this.down.querySelector("b").textContent = this.missed > 0 ? String(this.missed) : "";
  }

  toBottom(smooth = false) {
    this.scroller.scrollTo({ top: this.scroller.scrollHeight, behavior: smooth ? "smooth" : "instant" });
  }

  /** Scrolls to a message and lights it up. */
  reveal(id) {
    const node = this.list.querySelector(`[data-message="${Number(id)}"]`)?.closest(".message");
    if (!node) return;
    // scrollIntoView would also move the bench and the page under the reader.
    const away = node.getBoundingClientRect().top - this.scroller.getBoundingClientRect().top;
    const room = Math.max(12, (this.scroller.clientHeight - node.offsetHeight) / 2);
    this.scroller.scrollBy({ top: away - room, behavior: "smooth" });
    play(node, "changed");
  }
}

/** The messages as bubbles: those of one album joined under the first, and each reply with what it answers. */
function gathered(messages) {
  const byId = new Map(messages.map((message) => [message.id, message]));
  const bubbles = [];
  let open = null;
  for (const message of messages) {
    const group = message.media?.group;
    if (group && open?.group === group) {
      open.join(message);
      continue;
    }
    const quoted = byId.get(message.reply_to);
    const bubble = { ...message, reply_to: quoted && { id: quoted.id, text: quoted.text } };
    open = group ? albumOf(bubble, group) : null;
    bubbles.push(bubble);
  }
  return bubbles;
}

function albumOf(bubble, group) {
  const items = [{ ...bubble.media, id: bubble.id }];
  bubble.media = { kind: "album", items };
  const join = (message) => {
    items.push({ ...message.media, id: message.id });
    bubble.html ||= message.html;
    bubble.text ||= message.text;
  };
  return { group, join };
}
