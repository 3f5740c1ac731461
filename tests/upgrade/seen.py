"""What people see once the new version has carried out what waited."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from tests.stories.driver import Phone, Seen, Shop, plain
from tests.upgrade import past as pasts
from tests.upgrade.acts import GONE, in_button, phone_of
from tests.upgrade.fixture import Letter, Past

# what a person reads in a message of each kind, by itself or as a line of a digest; one of the words is enough
HEARD: dict[str, tuple[str, ...]] = {
    "note": ("🔔",),
    "escalation": ("🔴",),
    "ask": ("Напишите причину отказа своими словами",),
    "task": ("Вам дали задачу", "Пора: срок задачи наступил", "📋"),
    "list": ("📞",),
    "withdrawn": ("Задача снята",),
    "assigned": ("Вам передали сделку",),
    "taken": ("Задачу передали другому",),
    "put_off": ("в третий раз откладывает задачу",),
    "called_off": ("Выезд отменён",),
    "away": ("на больничном",),
    "unheard": ("не получает сообщений. Позвоните",),
    "unsaved": ("не удалось сохранить, пришлите его ещё раз",),
    "blocked": ("Робот не смог сменить стадию",),
    "question": ("спрашивает", "asks"),
    "answer": ("отвечает",),
    "sms_none": ("Нет телефона клиента: SMS не отправлено",),
    "sms_failed": ("SMS клиенту не отправлено",),
    "sms_by_hand": ("отправьте SMS клиенту сами",),
    "sms_doubt": ("Неизвестно, дошло ли SMS клиенту",),
    "sms_practice": ("клиент получил бы такое SMS",),
    "paper": ("📄 Договор", "Не получилось сделать документ"),
    "requisites": ("реквизиты",),
    "template": ("Шаблон принят", "Шаблон не принят", "Пример шаблона", "Образец счёта"),
}
# what hangs on the smaller parts of what was kept: for whom it was meant, what there was before, that it is late
DETAILS = (
    (1001, "Сообщение № "),
    (1002, "С прошлого раза в карточке ничего не изменилось"),
    (1002, "Файл «nakladnaya.txt» не удалось сохранить"),
    (1003, "Опоздало. Должно было прийти: вт, 1 декабря, 09:00"),
    (1003, "Игорь Лапин на больничном: 7–9 декабря. Перенесите выезд: вт, 8 декабря, 10:00"),
    (1004, "Адресат — John Smith, но сообщение не дошло, поэтому пишу вам"),
    (1004, "John Smith не получает сообщений. Позвоните: «Что с этой сделкой?»"),
    (1004, "Было вс, 20 декабря, стало сб, 26 декабря. Задержка столешницы"),
    (1004, "Причина: нет денег на счёте"),
    (1005, "Выезд отменён: чт, 3 декабря, 10:00"),
    (1008, "Замер перенесён: Антресоль · Ульяна Ким. Было пт, 4 декабря, теперь сб, 5 декабря"),
    (100002, "🎓 Учебная сделка"),
)
# what else was kept, on the screen that shows it: settings, ledgers, visits, history, the language
SCREENS = (
    (1001, "v1:tpl_of:kitchens", "Подготовить и подписать договор — изменён"),
    (1001, "v1:requisites", "Короткое название: ООО «Кухни Верстак»"),
    (1001, "v1:templates", "Договор — свой: dogovor.docx"),
    (1001, "v1:hours:8", "Среда: 10:00–18:00"),
    (1001, "v1:hours:8", "Выходной: 10 января 2027 – 12 января 2027"),
    (1001, "v1:papers:d", "Счёт № 1 Сделано пн, 23 ноября, 10:00, клиенту отправлено пн, 23 ноября, 10:00"),
    (1001, "v1:pay:e", "отменено: Внесли дважды · Анна Соколова"),
    (1001, "v1:claim:1", "Слово клиента: Фасад заменили, всё устраивает"),
    (1001, "v1:sms:g", "✅ доставлено · вт, 24 ноября, 12:05"),
    (1001, "v1:practice", "Кухня для пробы"),
    (1001, "v1:ledger:measurement", "Договор заключён · 1"),
    (1001, "v1:deferred:a", "Январь 2027 · 2"),
    (1001, "v1:files:g", "Акт приёмки А-2026-001.pdf"),
    (1001, "v1:task:s", "Закрыта: Всё согласовано"),
    (1001, "v1:history:g", "чек-лист «Уладить претензию»: добавлено «Заказать новый фасад»"),
    (1001, "v1:history:g", "Монтаж завершен» (робот)"),
    (1001, "v1:history:g", "Где мастер отметился: 55.75000, 37.61000"),
    (1001, "v1:history:e", "5 000 ₽, 27 ноября (Доплата, наличные)"),
    (1003, "v1:tasks", "Уладить претензию"),
    (100001, "v1:my_plan", "вт, 8 декабря"),
    (100003, "v1:settings", "Language: English"),
)
# kinds of which a digest has a line that opens; of other lines the action of their button
OPENED = frozenset({
    "answer", "assigned", "away", "blocked", "calls", "escalation", "note", "put_off", "sms_by_hand", "sms_doubt",
    "sms_failed", "sms_none", "task", "unheard", "unsaved",
})  # fmt: skip
PAPERS = frozenset({"Акт приёмки А-2026-001 (версия 2).docx", "Образец счёта.pdf", "Счёт — пример.docx"})
SMS = [
    "Ждёт своей очереди: Кухня хай-тек · Мария Иванова",
    "Новый срок готовности Вашей кухни: пт, 25 декабря. Анна Соколова",
    "Оборванная SMS",
]
PENDING = "SELECT payload FROM due WHERE kind = 'errand' AND state = 0 AND rule = ?"
# for whose deal a pending errand is
RESPONSIBLE = (
    "SELECT deal.id, e.telegram_id FROM due d JOIN deal ON deal.id = d.deal_id "
    "JOIN employee e ON e.id = deal.responsible_id WHERE d.kind = 'errand' AND d.state = 0 AND d.rule = ? AND e.id >= ?"
)


def words(seen: Seen) -> str:
    """Text and buttons, with plain spaces."""
    return plain("\n".join([seen.text, *seen.labels]))


async def stands(phone: Phone, look: str | None, shows: str) -> None:
    """It stands in the chat, or, with a press, on the screen that opens."""
    if look is None:
        await phone.sees(shows)
        return
    number = (await phone.last()).id
    assert plain(shows) in words(await phone.press(number, look, forged=True)), await phone.dump()


async def letter_is_heard(shop: Shop, letter: Letter) -> None:
    """A message on the phone says what such a message says, about that deal."""
    phone = phone_of(shop, letter.to)
    for one in await phone.from_bot():
        if any(word in words(one) for word in HEARD[letter.kind]) and plain(letter.deal or "") in words(one):
            return
    raise AssertionError(f"{phone.name} does not hear {letter}:\n{await phone.dump()}")


async def detail_is_heard(phone: Phone, text: str) -> None:
    """A message says it, or the line of a digest does when it is opened."""
    if await phone.count(text):
        return
    for digest in [one for one in await phone.from_bot() if one.text.startswith("🗂")]:
        for button in [button for row in digest.rows[:-1] for button in row]:
            if plain(text) in words(await phone.press(digest.id, button["data"], forged=True)):
                return
    raise AssertionError(f"{phone.name} does not hear «{text}»:\n{await phone.dump()}")


async def repeats_say_so(shop: Shop, past: Past) -> None:
    """A message that may have been sent before says «возможно, повтор», and no other does."""
    with pasts.old() as db:
        cut_off = "SELECT id FROM due WHERE state = 0 AND (failure LIKE 'sending%' OR failure LIKE 'doubt%')"
        unsure = {row["id"] for row in db.execute(cut_off)}
    for person in {letter.to for letter in past.letters}:
        wanted = sum(one.id in unsure for one in past.letters if one.to == person)
        assert await phone_of(shop, person).count("Возможно, повтор") == wanted, person


async def digests_open(shop: Shop, past: Past) -> None:
    """Each line of a digest opens as the message that it would have been, with its buttons."""
    opened: set[str] = set()
    for person in {letter.to for letter in past.letters}:
        for digest in [one for one in await phone_of(shop, person).from_bot() if one.text.startswith("🗂")]:
            opened |= await _lines(phone_of(shop, person), digest, past)
    assert opened >= OPENED, OPENED - opened


async def _lines(phone: Phone, digest: Seen, past: Past) -> set[str]:
    letters, opened = {one.id: one for one in past.letters}, set[str]()
    for _, action, key in [button["data"].split(":") for row in digest.rows[:-1] for button in row]:
        seen = await phone.press(digest.id, f"v1:{action}:{key}", forged=True)
        assert seen.rows and phone.toast not in GONE, (phone.name, action, key)
        letter = letters.get(int(key, 36)) if action == "notice" else None
        assert letter is None or any(one in plain(seen.text) for one in HEARD[letter.kind]), (letter, seen.text)
        opened.add(letter.kind if letter else action)
    return opened


async def errands_left_their_mark(shop: Shop, past: Past, folder: Path) -> None:
    """Of each errand there is something to see: a file, a message, an SMS, a pin."""
    owner, anna = phone_of(shop, 1001), phone_of(shop, 1002)
    names = {one.media["name"] for phone in (owner, anna) for one in await phone.from_bot() if one.media}
    assert names >= PAPERS, names
    await owner.sees("Шаблон принят: Спецификация")
    assert sum((one.media or {}).get("kind") == "photo" and not one.text for one in await anna.from_bot()) == 2, "album"
    sent = [one.text for one in shop.sandbox.world.sms]
    assert sorted(sent[len(past.sms) :]) == SMS
    _are_fetched(past, folder)
    for _, who in _asked("pin", 20):  # those of the first week were pinned before, to messages that are gone
        assert any(one.pinned for one in await phone_of(shop, who).from_bot()), who
    for deal, who in _asked("sms_state", 1):
        await stands(phone_of(shop, who), f"v1:sms:{in_button(deal)}", "доставлено")


def _asked(errand: str, since: int) -> list[Any]:
    """(deal, its responsible's Telegram id) of pending errands, for employees from that number on."""
    with pasts.old() as db:
        found = [tuple(row) for row in db.execute(RESPONSIBLE, (errand, since))]
    assert found, errand
    return found


def _are_fetched(past: Past, folder: Path) -> None:
    """The bytes of each file that was to be fetched lie on the disk."""
    with pasts.old() as db:
        wanted = [json.loads(row["payload"])["file"] for row in db.execute(PENDING, ("fetch",))]
        known = dict(map(tuple, db.execute("SELECT id, telegram_id FROM file")))
    data = {key: data for key, _, _, _, data in past.files}
    kept = {path.name for path in (folder / "files").rglob("*")}
    assert len(wanted) > 5
    assert {hashlib.sha256(data[known[one]]).hexdigest() for one in wanted} <= kept
