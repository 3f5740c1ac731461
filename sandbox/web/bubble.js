// One message as it is seen: bubble, media, inline keyboard. Pure building; what a press does is the phone's affair.

import { el, icon, initials } from "./dom.js";
import { clockTime, fileSize } from "./format.js";
import { richText } from "./richtext.js";

/** The element of a message. Its buttons carry data-row and data-column; other live parts carry data-do. */
export function bubbleOf(message, zone, isSms) {
  const side = message.out ? "out" : "in";
  const media = mediaOf(message.media);
  const onlyPicture = isPicture(message.media) && !message.html;
  const bubble = el(
    `div.bubble${onlyPicture ? ".bare" : ""}`,
    {},
    message.forwarded && el("div.forwarded", {}, "Переслано"),
    quoteOf(message.reply_to),
    media,
    message.html && el("div.text", {}, richText(message.html), metaOf(message, zone)),
    !message.html && metaOf(message, zone),
    message.reaction && el("div.reactions", {}, reactionsOf(message.reaction).map((mark) => el("span", {}, mark))),
    !isSms && tipsOf(message),
  );
  const rows = message.rows?.length ? el("div.keyboard", {}, message.rows.map(rowOf)) : null;
  return el(`article.message.${side}${rows ? ".keyed" : ""}`, { "data-message": message.id }, bubble, rows);
}

function isPicture(media) {
  return media?.kind === "photo" || (media?.kind === "album" && media.items.every((item) => item.kind === "photo"));
}

function metaOf(message, zone) {
  const marks = [
    message.silent && el("span.silent", { title: "Без звука" }, "без звука"),
    message.edited && el("span", {}, "изменено"),
    message.pinned && icon("pin"),
  ];
  return el("span.meta", {}, marks, el("time", { dateTime: new Date(message.date * 1000).toISOString() }, clockTime(message.date, zone)));
}

function reactionsOf(reaction) {
  return Array.isArray(reaction) ? reaction : [reaction];
}

function quoteOf(quoted) {
  if (!quoted) return null;
  return el("div.quote", { "data-do": "jump", "data-to": quoted.id }, quoted.text || "Сообщение");
}

function tipsOf(message) {
  const editable = message.out && message.text && !message.media;
  return el(
    "div.tips",
    {},
    el("button", { "data-do": "reply", "aria-label": "Ответить", title: "Ответить" }, icon("reply")),
    editable && el("button", { "data-do": "edit", "aria-label": "Изменить", title: "Изменить" }, icon("edit")),
  );
}

function mediaOf(media) {
  const builders = { photo: photoOf, document: fileOf, voice: voiceOf, location: placeOf, contact: contactOf, album: albumOf };
  return media ? (builders[media.kind] ?? fileOf)(media) : null;
}

function photoOf({ url, name, id }) {
  return el(
    "button.photo",
    { "data-message": id, "data-do": "picture", "data-url": url, "data-name": name ?? "", "aria-label": "Открыть фото" },
    el("img", { src: url, alt: name || "Фото", loading: "lazy" }),
  );
}

function fileOf({ url, name, size, id }) {
  const kind = /\.([a-z0-9]{1,5})$/i.exec(name ?? "")?.[1].toUpperCase();
  // A paper is read at once, in the browser's own viewer; everything else is saved under its name.
  const how = kind === "PDF" ? { target: "_blank", rel: "noopener noreferrer", title: "Открыть" } : { download: name ?? "", title: "Скачать" };
  return el(
    "a.file",
    { "data-message": id, href: url, ...how },
    el("span.sign", {}, kind ?? icon("file")),
    el("span", {}, el("b", {}, name || "Файл"), el("small", {}, fileSize(size))),
  );
}

function voiceOf({ url }) {
  return el("audio.voice", { src: url, controls: true, preload: "none" });
}

function placeOf({ latitude, longitude, name, address }) {
  const point = `${latitude.toFixed(5)}, ${longitude.toFixed(5)}`;
  const url = `https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=16/${latitude}/${longitude}`;
  return el(
    "a.place",
    { href: url, target: "_blank", rel: "noopener noreferrer" },
    el("span.map", {}, icon("place")),
    el("span", {}, el("b", {}, name || "Геопозиция"), el("small", {}, address || point)),
  );
}

function contactOf({ phone, first_name: first, last_name: last }) {
  const name = [first, last].filter(Boolean).join(" ");
  return el(
    "button.contact",
    { "data-do": "copy", "data-text": phone, title: "Скопировать номер" },
    el("span.sign", {}, initials(name)),
    el("span", {}, el("b", {}, name || "Контакт"), el("small", {}, phone)),
  );
}

function albumOf(media) {
  // The first item's message is the bubble itself: its id must not be on the page twice.
  const items = media.items.map((item, index) => (index ? item : { ...item, id: undefined }));
  const photos = items.filter((item) => item.kind === "photo");
  const others = items.filter((item) => item.kind !== "photo").map(mediaOf);
  return el("div.album", {}, photos.length > 0 && el("div.grid", {}, photos.map(photoOf)), others);
}

function rowOf(row, rowIndex) {
  const crowd = row.length > 4 ? ".crowd" : "";
  return el(`div.row${crowd}`, { style: `--columns: ${row.length}` }, row.map((key, column) => keyOf(key, rowIndex, column)));
}

function keyOf(key, row, column) {
  const mark = { url: "out", copy: "copy", inline: "out" }[key.kind];
  return el(
    `button.key${key.style ? `.${key.style}` : ""}`,
    { "data-row": row, "data-column": column, title: key.text, disabled: key.kind === "disabled" },
    el("span", {}, key.text),
    mark && icon(mark),
  );
}
