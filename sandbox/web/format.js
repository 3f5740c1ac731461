// How moments, sizes and counts are written in Russian.

const WEEKDAYS = ["вс", "пн", "вт", "ср", "чт", "пт", "сб"];
const MONTHS = [
  "января", "февраля", "марта", "апреля", "мая", "июня",
  "июля", "августа", "сентября", "октября", "ноября", "декабря",
];

/** «2026-11-23T10:00» → «пн, 23 ноября 2026, 10:00». The text is already in the company's zone: no zone is applied. */
export function longMoment(local) {
  const at = new Date(`${local.slice(0, 16)}Z`);
  return `${WEEKDAYS[at.getUTCDay()]}, ${at.getUTCDate()} ${MONTHS[at.getUTCMonth()]} ${at.getUTCFullYear()}, ${local.slice(11, 16)}`;
}

/** Hours and minutes of a Unix time in the company's zone. */
export function clockTime(unix, zone) {
  return new Intl.DateTimeFormat("ru", { timeZone: zone, hour: "2-digit", minute: "2-digit" }).format(unix * 1000);
}

/** The date of a Unix time in the company's zone, as «2026-11-23». */
export function dayOf(unix, zone) {
  return new Intl.DateTimeFormat("sv-SE", { timeZone: zone, dateStyle: "short" }).format(unix * 1000);
}

/** «Сегодня», «Вчера» or «23 ноября» (with the year when it is another one). */
export function dayTitle(day, today) {
  const apart = Math.round((Date.parse(today) - Date.parse(day)) / 86_400_000);
  if (apart === 0) return "Сегодня";
  if (apart === 1) return "Вчера";
  const [year, month, date] = day.split("-").map(Number);
  return `${date} ${MONTHS[month - 1]}${year === Number(today.slice(0, 4)) ? "" : ` ${year}`}`;
}

/** 482133 → «471 КБ». */
export function fileSize(bytes) {
  if (bytes == null) return "";
  if (bytes < 1024) return `${bytes} Б`;
  const [value, unit] = bytes < 1024 ** 2 ? [bytes / 1024, "КБ"] : [bytes / 1024 ** 2, "МБ"];
  return `${value.toLocaleString("ru", { maximumFractionDigits: value < 10 ? 1 : 0 })} ${unit}`;
}

/** plural(3, "сообщение", "сообщения", "сообщений") → «3 сообщения». */
export function plural(count, one, few, many) {
  const form = { one, few }[new Intl.PluralRules("ru").select(count)] ?? many;
  return `${count} ${form}`;
}
