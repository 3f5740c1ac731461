// The server speaks the language of programs; what a person can run into is said here in Russian.

const SAYINGS = [
  [/clock only moves forward/, "Часы идут только вперёд: выберите время позже нынешнего."],
  [/bot is blocked/, "На этом телефоне бот заблокирован. Сначала разблокируйте его."],
  [/no Telegram, only SMS/, "На этом телефоне нет Telegram, только SMS."],
  [/SMS needs a number/, "Телефону для SMS нужен номер."],
  [/not a phone number/, "Это не похоже на номер телефона."],
  [/phone_number must be/, "Укажите номер телефона."],
  [/no such place/, "Такого места на Земле нет: широта от −90 до 90, долгота от −180 до 180."],
  [/from 1 to 10 files/, "За один раз можно отправить от 1 до 10 файлов."],
  [/at most \d+ MB/, "Файл слишком большой: здесь можно не больше 50 МБ."],
  [/longer than 4096/, "Сообщение длиннее 4096 знаков: разделите его."],
  [/text is empty/, "В сообщении нет текста."],
  [/not the phone owner's own|no text to edit/, "Изменить можно только своё текстовое сообщение."],
  [/no button/, "Этой кнопки уже нет: бот обновил сообщение."],
  [/no message/, "Этого сообщения уже нет."],
  [/no phone/, "Этого телефона уже нет. Обновите страницу."],
  [/no such (action|file)/, "Такого в песочнице уже нет. Обновите страницу."],
];

/** What to tell a person about an answer of `status` in which the server `said` something (perhaps nothing). */
export function explain(status, said) {
  if (/[а-яё]/i.test(said)) return said;
  const known = SAYINGS.find(([pattern]) => pattern.test(said));
  if (known) return known[1];
  if (status >= 500) return `В песочнице случилась ошибка ${status}. Подробности — в окне, где она запущена.`;
  return said ? `Не получилось (${said})` : `Не получилось: ответ ${status}`;
}
