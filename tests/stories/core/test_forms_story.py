"""Moving a deal and being asked for what is missing (C-1, C-2): every kind of question, and every way out of it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from models.tables.deals import DealRow
from tests.conftest import PROCESSES
from tests.stories.acts import fields
from tests.stories.conftest import close_shop, open_shop
from tests.stories.driver import Phone, Seen, Shop, plain

JPEG = b"\xff\xd8\xff\xe0picture"
GATE = "        leave: {requires: [budget]}\n        next: [prepayment]\n"
OWN_FIELDS = """  second_phone: {title: Второй телефон, type: phone, section: about}
  height: {title: Высота потолка, type: number, unit: м, section: project, at_most: 5}
"""


def process_that_asks(folder: Path, fields: Sequence[str]) -> Path:
    """A copy of the furniture maker's process where the first stage of an order is left only with these fields."""
    text = (PROCESSES / "furniture.yaml").read_text("utf-8")
    assert GATE in text
    text = text.replace(GATE, GATE.replace("[budget]", f"[{', '.join(fields)}]"), 1)
    text = text.replace("  # Деньги\n", OWN_FIELDS + "  # Деньги\n", 1)
    folder.mkdir()
    (folder / "furniture.yaml").write_text(text, "utf-8")
    return folder


Open = Callable[..., Awaitable[tuple[Shop, Phone]]]


@pytest.fixture
async def asking(tmp_path: Path) -> AsyncIterator[Open]:
    """Opens a shop whose orders leave the first stage only with some fields; gives it and its manager, Anna.

    Her order stands on «Заключение договора», with a name and a phone.
    """
    opened = []

    async def run(*fields: str) -> tuple[Shop, Phone]:
        shop, http = await open_shop(tmp_path / "data", where=process_that_asks(tmp_path / "processes", fields))
        opened.append((shop, http))
        await shop.hire("Николай Громов", "installer")
        anna = await shop.hire("Анна Соколова", "manager")
        await anna.tap("➕ Новый заказ")
        await anna.fill("Мария Иванова", "+7 912 345-67-89", "[Пропустить]", "[Пропустить]")
        return shop, anna

    yield run
    for shop, http in opened:
        await close_shop(shop, http)


async def fields_of(shop: Shop) -> tuple[str, dict[str, Any]]:
    """Where the order stands, and its fields."""
    found = (await shop.rows(select(DealRow.stage)))[0]
    return found.stage, await fields(shop)


# --- C-2: each kind of question ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Kind:
    """One kind of field: its question, a wrong answer with what is said to it, a right one and how it is shown.

    `kept` is what stands in the database: money in kopecks, numbers in hundredths.
    """

    name: str
    title: str
    buttons: tuple[str, ...]
    wrong: str
    problem: str
    example: str
    right: tuple[str, ...]
    echo: str
    kept: Any


KINDS = [
    Kind(
        "comment", "Что нужно клиенту", (), "шкаф " * 300,
        "Слишком длинно: можно не больше 1000 знаков", "Шкаф-купе в прихожую",
        ("Кухня угловая",), "Кухня угловая", "Кухня угловая",
    ),
    Kind(
        "budget", "Бюджет", (), "сто тысяч",
        "Пожалуйста, напишите сумму цифрами, не словами.", "150 000",
        ("150т",), "150 000 ₽", 15_000_000,
    ),
    Kind(
        "height", "Высота потолка", (), "высокий",
        "Здесь нужно одно число цифрами, а не «высокий».", "12,5",
        ("2,75 м",), "2,75 м", 275,
    ),
    Kind(
        "second_phone", "Второй телефон", (), "12345",
        "Такого номера не бывает: проверьте, все ли цифры на месте (сейчас их 5).", "+7 912 345-67-89",
        ("8 903 123 45 67",), "+7 903 123-45-67", "+79031234567",
    ),
    Kind(
        "warranty_until", "Гарантия действует до", ("Сегодня", "Завтра", "Послезавтра"), "31.02.2027",
        "Даты 31.02.2027 не бывает: последний день этого месяца — 28-е число.", "завтра, 14 марта или 14.03.2027",
        ("через 2 недели", "[Верно]"), "пн, 7 декабря", "2026-12-07",
    ),
    Kind(
        "measure_at", "Дата и время замера", ("Сегодня", "Завтра", "Послезавтра"), "завтра в 25:00",
        "Времени 25:00 не бывает.", "завтра в 10:00 или 14 марта в 18:30",
        ("[Завтра]", "[14:00]"), "вт, 24 ноября, 14:00", "2026-11-24T11:00:00+00:00",
    ),
    Kind(
        "needs_assembly", "Нужна сборка", ("Да", "Нет"), "может быть",
        "Здесь нужен ответ «да» или «нет».", "да",
        ("[Да]",), "Да", True,
    ),
    Kind(
        "assembly_quality", "Качество сборки", ("Всё хорошо", "Есть замечания"), "так себе",
        "Нет варианта «так себе». Есть: Всё хорошо, Есть замечания.", "Всё хорошо",
        ("[Есть замечания]",), "Есть замечания", "remarks",
    ),
    Kind(
        "to_create", "Что создать", ("☐ Контакт", "☐ Компанию", "☐ Сделку"), "самолёт",
        "Нет варианта «самолёт». Есть: Контакт, Компанию, Сделку.", "Контакт",
        ("[Контакт]", "[Сделку]", "[Готово]"), "Контакт, Сделку", ["contact", "deal"],
    ),
    Kind(
        "assembler", "Мастер по сборке", ("Николай Громов",), "Вася",
        "Нет сотрудника «Вася». Есть: Николай Громов.", "",
        ("[Николай Громов]",), "Николай Громов", 1,
    ),
]  # fmt: skip


@pytest.mark.parametrize("kind", KINDS, ids=[kind.name for kind in KINDS])
async def test_each_kind_of_question_has_its_own_input(asking: Open, kind: Kind) -> None:
    """C-2: wrong input is answered by what is wrong and an example; the right one completes the move by itself."""
    shop, anna = await asking(kind.name)
    await anna.tap("✔ Предоплата")
    asked = anna.screen
    assert "Чтобы перейти на стадию «Предоплата», заполните:" in asked.text
    assert f"\n{kind.title}\n" in asked.text + "\n"
    assert asked.labels[: len(kind.buttons)] == list(kind.buttons)
    assert asked.labels[-1] == "Отмена"

    answered = await anna.text(kind.wrong)
    assert f"⚠️ {kind.problem}" in plain(answered.text)
    if kind.example:
        assert f"Например: {kind.example}" in plain(answered.text)
    assert answered.labels[: len(kind.buttons)] == list(kind.buttons), "the buttons are there for the next try"
    assert await fields_of(shop) == ("contract", {"name": "Мария Иванова", "phone": "+79123456789"})

    await anna.fill(*kind.right)
    await anna.sees("●●○○○○ Предоплата · 1-й день")
    await anna.sees_only("🔔 Дождитесь предоплаты")
    stage, fields = await fields_of(shop)
    assert (stage, fields[kind.name]) == ("prepayment", kind.kept)
    await anna.open("2026-0001")
    await anna.tap("История")
    assert f"{kind.title}: {kind.echo}" in plain(anna.screen.text)


async def test_an_address_is_read_shown_and_asked_for_what_is_missing(asking: Open) -> None:
    """C-2: an address in one line is taken apart; what it lacks is asked, a part can be corrected."""
    shop, anna = await asking("address")
    await anna.tap("✔ Предоплата")
    assert "Адрес" in anna.screen.text
    asked = await anna.text("Казань, ул. Баумана")
    assert "Осталось указать: дом" in plain(asked.text)
    asked = await anna.text("не помню, где это")
    assert "⚠️" in asked.text
    assert "Например: 7к2" in plain(asked.text)
    asked = await anna.text("7к2")
    assert "Понял так:" in asked.text
    assert "Город: Казань" in plain(asked.text)
    assert "Дом: 7к2" in plain(asked.text)
    await anna.tap("✎ дом", asked)
    assert "Исправляем: дом" in plain(anna.screen.text)
    asked = await anna.text("9")
    assert "Дом: 9" in plain(asked.text)
    await anna.tap("Верно", asked)
    await anna.sees("●●○○○○ Предоплата · 1-й день")
    stage, fields = await fields_of(shop)
    assert (stage, fields["address"]["city"], fields["address"]["house"]) == ("prepayment", "Казань", "9")


async def test_files_are_counted_in_one_message(asking: Open) -> None:
    """C-2: a file is sent, not typed; several at once are counted in one message; «Готово» completes the move."""
    shop, anna = await asking("design")
    await anna.tap("✔ Предоплата")
    assert "Пришлите файлы или фото — можно сразу несколько." in anna.screen.text
    asked = await anna.text("на почте")
    assert "⚠️ Здесь нужен файл: пришлите документ или фото через скрепку." in asked.text
    asked = await anna.send_files(("план.pdf", b"%PDF-1"), ("вид.pdf", b"%PDF-2"), kind="document")
    assert "Получено 2 файла" in plain(asked.text)
    assert asked.id > max(one.id for one in await anna.messages() if one.out), (
        "«Готово» stands below the files, not above them"
    )
    assert "📎 план.pdf" in asked.text
    assert "📎 вид.pdf" in asked.text
    await anna.tap("Готово", asked)
    assert "●●○○○○ Предоплата" in plain(anna.screen.text)
    assert "Файлы 2" in anna.screen.labels
    stage, fields = await fields_of(shop)
    assert (stage, len(fields["design"])) == ("prepayment", 2)


async def test_a_photo_question_takes_pictures_only(asking: Open) -> None:
    """C-2: a document is refused where a photo is wanted, a picture sent as a file is not."""
    shop, anna = await asking("assembly_photos")
    await anna.tap("✔ Предоплата")
    asked = await anna.send_files(("акт.pdf", b"%PDF-1"), kind="document")
    assert "⚠️ Здесь нужно фото: пришлите снимок или картинку файлом." in asked.text
    await anna.send_files(("кухня.jpg", JPEG), kind="document")
    asked = await anna.send_files(("кухня2.jpg", JPEG + b"2"), kind="photo")
    assert "Получено 2 файла" in plain((await anna.sees("Получено")).text)
    await anna.tap("Готово")
    stage, fields = await fields_of(shop)
    assert (stage, len(fields["assembly_photos"])) == ("prepayment", 2)


async def test_a_contact_answers_the_question_for_a_phone(asking: Open) -> None:
    """C-2: instead of typing a number one sends a contact, also somebody else's."""
    shop, anna = await asking("second_phone")
    await anna.tap("✔ Предоплата")
    await anna.contact("79031234567", "Пётр")
    await anna.sees("●●○○○○ Предоплата · 1-й день")
    assert (await fields_of(shop))[1]["second_phone"] == "+79031234567"


# --- C-2: one after another, back, skip, cancel -----------------------------------------------------------------

FOUR = ("comment", "budget", "measure_at", "needs_assembly")


async def test_what_is_missing_is_asked_one_after_another(asking: Open) -> None:
    """C-2: four questions in a row, each with the answer before it; after the last one the move happens by itself."""
    shop, anna = await asking(*FOUR)
    await anna.tap("✔ Предоплата")
    assert "Что нужно клиенту · 1 из 4" in anna.screen.text
    asked = await anna.text("Кухня")
    assert "✓ Что нужно клиенту: Кухня" in asked.text
    assert "Бюджет · 2 из 4" in asked.text
    asked = await anna.text("150 000")
    assert "✓ Бюджет: 150 000 ₽" in plain(asked.text)
    assert "Дата и время замера · 3 из 4" in asked.text
    await anna.tap("Завтра", asked)
    assert "День: вт, 24 ноября" in plain(anna.screen.text)
    await anna.tap("11:00", anna.screen)
    assert "Нужна сборка · 4 из 4" in anna.screen.text
    assert (await fields_of(shop))[0] == "contract", "not before the last answer"
    await anna.tap("Нет", anna.screen)
    assert "●●○○○○ Предоплата · 1-й день" in plain(anna.screen.text)
    assert anna.toast == "Готово: «Предоплата»"
    assert (await fields_of(shop))[0] == "prepayment"


async def test_what_is_there_is_not_asked_again(asking: Open) -> None:
    """C-2: only what is missing is asked."""
    _, anna = await asking(*FOUR)
    await anna.open("2026-0001")
    await anna.tap("Заполнить")
    await anna.tap("✏️ О сделке", anna.screen)
    await anna.tap("➕ Бюджет", anna.screen)
    card = await anna.text("90000")
    await anna.tap("✔ Предоплата", card)
    assert "Что нужно клиенту · 1 из 3" in anna.screen.text
    asked = await anna.text("Шкаф")
    assert "Дата и время замера · 2 из 3" in asked.text


async def test_back_keeps_what_was_answered(asking: Open) -> None:
    """C-2: «Назад» shows the question before with its answer, which can stay or change."""
    shop, anna = await asking(*FOUR)
    await anna.tap("✔ Предоплата")
    await anna.text("Кухня")
    asked = await anna.text("150 000")
    await anna.tap("‹ Назад", asked)
    assert "Бюджет · 2 из 4" in anna.screen.text
    assert "Сейчас: 150 000 ₽" in plain(anna.screen.text)
    await anna.tap("‹ Назад", anna.screen)
    assert "Что нужно клиенту · 1 из 4" in anna.screen.text
    assert "‹ Назад" not in anna.screen.labels, "there is nothing before the first question"
    await anna.tap("Оставить как есть", anna.screen)
    asked = await anna.text("200 000")
    assert "Дата и время замера · 3 из 4" in asked.text
    await anna.tap("Завтра", asked)
    await anna.tap("‹ Назад", anna.screen)
    assert "ноябрь 2026" in anna.screen.labels, "out of the hours, back to the days"
    await anna.fill("26.11.2026 10:30", "[Да]")
    stage, fields = await fields_of(shop)
    assert stage == "prepayment"
    assert (fields["comment"], fields["budget"]) == ("Кухня", 20_000_000)


async def test_cancel_changes_nothing(asking: Open) -> None:
    """C-2: «Отмена» in the middle leads back to the card; what was answered in this form is forgotten."""
    shop, anna = await asking(*FOUR)
    await anna.tap("✔ Предоплата")
    asked = await anna.fill("Кухня", "150 000")
    await anna.tap("Отмена", asked)
    assert anna.toast == "Отменено"
    assert "●○○○○○ Заключение договора" in plain(anna.screen.text)
    assert await fields_of(shop) == ("contract", {"name": "Мария Иванова", "phone": "+79123456789"})
    found = await anna.text("Кухня")
    assert "🔍 Поиск: Кухня" in found.text, "no question is open any more"


async def test_only_what_may_be_skipped_can_be_skipped(asking: Open) -> None:
    """C-2: a required field has no «Пропустить», an optional one has; a skipped one stays empty."""
    shop, anna = await asking("budget")
    await anna.tap("✔ Предоплата")
    assert "Пропустить" not in anna.screen.labels
    await anna.start()
    await anna.tap("➕ Новый лид")
    assert "Пропустить" not in anna.screen.labels, "a lead has a name"
    asked = await anna.text("Пётр")
    assert "Пропустить" not in asked.labels, "and a phone"
    asked = await anna.text("+7 903 123-45-67")
    await anna.tap("Пропустить", asked)
    assert anna.toast == "Создано: № 2026-0002"
    fields = (await shop.rows(select(DealRow.fields).order_by(DealRow.id.desc())))[0].fields
    assert fields == {"name": "Пётр", "phone": "+79031234567"}


async def test_the_buttons_of_an_answered_question_are_dead(asking: Open) -> None:
    """C-2: an old question's button says so and answers nothing."""
    shop, anna = await asking("needs_assembly", "assembly_quality")
    await anna.tap("✔ Предоплата")
    asked = anna.screen
    old = asked.button("Да")
    assert old is not None
    await anna.tap("Нет", asked)
    assert "Качество сборки · 2 из 2" in anna.screen.text
    await anna.press(asked.id, old["data"], forged=True)
    assert anna.toast == "Этот вопрос уже закрыт."
    assert "Качество сборки · 2 из 2" in anna.screen.text
    await anna.tap("Всё хорошо", anna.screen)
    assert (await fields_of(shop))[1]["needs_assembly"] is False


# --- C-1: ways that are shut ------------------------------------------------------------------------------------


async def repair(anna: Phone, *answers: str) -> Seen:
    """A new repair that has come to «Проверка условий гарантии»."""
    await anna.tap("➕ Новый ремонт")
    await anna.fill("Мария Иванова", "+7 912 345-67-89", "Дверца")
    await anna.tap("✔ Проверка условий гарантии")
    return anna.screen


async def test_a_shut_way_says_why_and_one_tap_cures_it(shop: Shop, anna: Phone) -> None:
    """C-1: an expired warranty shuts «Гарантийный ремонт»; the reason stands there, the tap leads to the date that is
    wrong, and with the right date the deal moves by itself."""
    card = await repair(anna)
    await anna.tap("➕ Гарантийный случай", card)
    await anna.tap("Гарантийный", anna.screen)
    await anna.tap("➕ Гарантия действует до", anna.screen)
    card = await anna.text("01.11.2026")
    assert "✔ Гарантийный ремонт" not in card.labels
    await anna.tap("Этапы…", card)
    assert anna.screen.labels[:2] == ["🔒 Гарантийный ремонт", "🔒 Предоплата"]
    await anna.tap("🔒 Гарантийный ремонт", anna.screen)
    assert anna.toast == "Срок гарантии истёк: оформите платный ремонт"
    assert "🔒 Пока нельзя перевести на стадию «Гарантийный ремонт»" in anna.screen.text
    assert "• Срок гарантии истёк: оформите платный ремонт" in anna.screen.text
    assert anna.screen.labels == ["Изменить: Гарантия действует до", "‹ Назад", "К сделке"]
    await anna.tap("Изменить: Гарантия действует до", anna.screen)
    assert "Сейчас: вс, 1 ноября" in plain(anna.screen.text)
    await anna.text("01.11.2027")
    await anna.sees("Гарантийный ремонт · 1-й день")


async def test_every_reason_is_named_at_once(shop: Shop, anna: Phone) -> None:
    """C-1: what is wrong and what is missing stand in one list, each with its button; back leads to the stage menu."""
    card = await repair(anna)
    await anna.tap("➕ Гарантийный случай", card)
    await anna.tap("Платный", anna.screen)
    await anna.tap("Этапы…", anna.screen)
    await anna.tap("🔒 Гарантийный ремонт", anna.screen)
    assert "• Случай не гарантийный — переходите к предоплате" in anna.screen.text
    assert "• Не заполнено: Гарантия действует до" in anna.screen.text
    assert anna.screen.labels == [
        "Изменить: Гарантийный случай",
        "Заполнить: Гарантия действует до",
        "✔ Предоплата",  # the way that the reason speaks of
        "‹ Назад",
        "К сделке",
    ]
    await anna.tap("‹ Назад", anna.screen)
    assert "Куда перевести сделку?" in anna.screen.text
    await anna.tap("‹ Назад", anna.screen)
    assert "Проверка условий гарантии · 1-й день" in anna.screen.text


async def test_an_answer_that_shuts_the_way_is_told_at_once(shop: Shop, anna: Phone) -> None:
    """C-1, C-2: the way to warranty repair asks whether it is a warranty case; «Платный» shuts it, and that is said."""
    await repair(anna)
    await anna.tap("Этапы…", anna.screen)
    await anna.tap("✔ Гарантийный ремонт", anna.screen)
    assert "Гарантийный случай · 1 из 2" in anna.screen.text
    await anna.tap("Платный", anna.screen)
    assert "• Случай не гарантийный — переходите к предоплате" in anna.screen.text
    stage, fields = await fields_of(shop)
    assert (stage, fields["warranty_case"]) == ("warranty_check", "paid"), "the answer stays, the deal too"


async def test_a_deal_goes_back_by_the_same_menu(shop: Shop, anna: Phone) -> None:
    """C-1: an earlier stage can be returned to, and its reminders count anew."""
    card = await repair(anna)
    await shop.later(hours=20)
    await anna.tap("Этапы…", card)
    await anna.tap("↩︎ Анализ неполадок", anna.screen)
    assert "Анализ неполадок · 1-й день" in anna.screen.text
    await shop.until("2026-11-25T08:59")
    await anna.sees_no("Осмотр не закончен")
    await shop.until("2026-11-25T09:00")
    await anna.sees_only("🔔 Осмотр не закончен второй день")


async def test_a_press_on_an_old_card_moves_nothing(shop: Shop, anna: Phone, boss: Phone) -> None:
    """C-1: somebody moved the deal meanwhile: the old button says who, and shows the card as it is."""
    await anna.tap("➕ Новый ремонт")
    card = await anna.fill("Мария Иванова", "+7 912 345-67-89", "Дверца")
    card = await anna.sees("Анализ неполадок · 1-й день")
    await boss.open("2026-0001")
    await boss.tap("✔ Проверка условий гарантии")
    await anna.tap("✔ Проверка условий гарантии", card)
    assert anna.toast == "Карточка изменилась: Ирина Белова, 10:00. Показываю свежую."
    assert "Проверка условий гарантии · 1-й день" in anna.screen.text
    assert await anna.count("Совет: сверьте дату покупки") == 1
