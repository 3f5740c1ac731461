"""The form runner: every kind of question by buttons, by typing, by contact, place and file (C-2, C-3)."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from form_phone import Phone, Shop, furniture
from sqlalchemy import Connection

from bot.database import Database
from handlers.forms import form_runner, purpose_registry
from handlers.forms.purpose_registry import Finisher, RegisteredFinisher
from handlers.request import Request
from keyboards.screen import Reply
from models import access
from models.entities import Deal, Task
from models.values.addresses.address import Address
from models.values.invalid_value import N_, InvalidValue, Titles
from services import drafts, form_purposes
from services.deals import deal_commands, deal_queries
from services.files import deal_files
from services.purposes.deal_purposes import MovePurpose, NotePurpose
from services.purposes.task_purposes import OutcomePurpose
from services.tasks import task_commands, task_queries


def ask(phone: Phone, deal: Deal, *fields: str, do: str = "fill", **purpose: str) -> Phone:
    request = phone.as_request()
    process = request.work.process(deal.process)
    wanted = form_purposes.from_json({"do": do, "deal": deal.id, **purpose})
    answer = form_runner.begin(request, wanted, fields, process=process, deal=deal, again=do != "move")
    return phone.do(answer)


def fields_of(shop: Shop, deal: Deal) -> dict[str, object]:
    found = deal_queries.find(shop.work(), deal.id)
    assert found is not None
    return dict(found.fields)


def test_a_move_asks_for_what_is_missing_and_completes_itself(shop: Shop, manager: Phone) -> None:
    deal = shop.order(manager.person)
    manager.press(f"v1:move:{deal.id}:~:prepayment")
    assert "Чтобы перейти на стадию «Предоплата», заполните:" in manager.text
    assert "Шкаф · Мария · № 2026-0001" in manager.text
    assert "Бюджет" in manager.text
    manager.type("150 тысяч")
    moved = deal_queries.find(shop.work(), deal.id)
    assert moved is not None
    assert (moved.stage, moved.fields["budget"]) == ("prepayment", Decimal(150_000))
    assert "Предоплата" in manager.text
    assert drafts.find(shop.work(manager.person)) is None


def test_a_typed_answer_stays_above_and_the_next_question_comes_below(shop: Shop, manager: Phone) -> None:
    deal = shop.order(manager.person)
    ask(manager, deal, "budget", "prepayment")
    first = max(manager.messages)
    assert "Бюджет · 1 из 2" in manager.text
    manager.type("150 000")
    assert manager.messages[first].rows == ()
    assert manager.messages[first].plain.replace("\N{NO-BREAK SPACE}", " ").endswith("✓ Бюджет: 150 000 ₽")
    assert max(manager.messages) > first
    assert "Сумма предоплаты · 2 из 2" in manager.text


def test_a_wrong_answer_is_answered_by_what_is_wrong_and_an_example_and_nothing_is_lost(
    shop: Shop, manager: Phone
) -> None:
    deal = shop.order(manager.person)
    ask(manager, deal, "budget", "prepayment").type("150 000").type("много")
    assert "⚠️ Пожалуйста, напишите сумму цифрами, не словами." in manager.text
    assert "Например:" in manager.text
    manager.type("200 000")
    assert "Больше остатка: осталось 150 000 ₽." in manager.text
    manager.type("75 000").tap("Сегодня").tap("Перевод на счёт")
    assert fields_of(shop, deal)["prepayment"] == Decimal(75_000)
    assert fields_of(shop, deal)["budget"] == Decimal(150_000)


def test_back_keeps_answers_and_the_kept_one_can_stay(shop: Shop, manager: Phone) -> None:
    deal = shop.order(manager.person)
    ask(manager, deal, "budget", "refusal_note", "claim").type("150 000").type("дорого")
    manager.tap("‹ Назад").tap("‹ Назад")
    assert "Сейчас: 150 000 ₽" in manager.text
    manager.tap("Оставить как есть").tap("Оставить как есть").type("нет петли")
    assert fields_of(shop, deal)["refusal_note"] == "дорого"
    assert fields_of(shop, deal)["budget"] == Decimal(150_000)


def test_an_answer_that_no_longer_fits_after_back_is_asked_again(shop: Shop, manager: Phone) -> None:
    deal = shop.order(manager.person)
    ask(manager, deal, "budget", "prepayment").type("150 000").type("никак")
    manager.tap("‹ Назад").type("100 000").type("120 000")
    assert "Больше остатка: осталось 100 000 ₽." in manager.text
    manager.type("100 000").tap("Сегодня").tap("Перевод на счёт")
    assert fields_of(shop, deal)["prepayment"] == Decimal(100_000)


def test_skip_stands_only_where_it_is_allowed(shop: Shop, manager: Phone) -> None:
    manager.press("v1:new:furniture:leads")
    assert "Пропустить" not in manager.labels
    manager.type("Анна").type("8 912 345 67 80")
    assert "Пропустить" in manager.labels
    manager.tap("Пропустить")
    assert "Создано: № 2026-0001" in (manager.toast or "") + manager.text
    deal = deal_queries.find(shop.work(), 1)
    assert deal is not None
    assert deal.responsible_id == manager.person.id
    assert dict(deal.fields) == {"name": "Анна", "phone": "+79123456780"}


def test_skip_cannot_be_forged(shop: Shop, manager: Phone) -> None:
    deal = shop.order(manager.person)
    ask(manager, deal, "budget")
    step = manager.find("Отмена").data.removesuffix(":cancel")  # type: ignore[union-attr]
    for forged in (
        "skip",
        "yes",
        "ok",
        "opt:design",
        "who:1",
        "time:a",
        "tick:a",
        "client:1",
        "done",
        "nonsense",
        "day",
    ):
        try:
            manager.press(f"{step}:{forged}", max(manager.messages))
        except Exception as error:  # noqa: BLE001 - whatever it is, it has to be the refusal
            assert type(error).__name__ == "NotFound", forged
        else:
            raise AssertionError(forged)
    assert "budget" not in fields_of(shop, deal)


def test_cancel_clears_the_draft_and_shows_the_deal(shop: Shop, manager: Phone) -> None:
    deal = shop.order(manager.person)
    ask(manager, deal, "budget", "prepayment").type("150 000").tap("Отмена")
    assert manager.toast == "Отменено"
    assert "budget" not in fields_of(shop, deal)
    assert drafts.find(shop.work(manager.person)) is None


def test_the_buttons_of_an_old_question_change_nothing(shop: Shop, manager: Phone) -> None:
    deal = shop.order(manager.person)
    ask(manager, deal, "needs_assembly")
    old = manager.find("Да").data
    ask(manager, deal, "needs_assembly")
    manager.press(str(old))
    assert manager.toast == "Этот вопрос уже закрыт."
    manager.tap("Нет", max(manager.messages))
    assert fields_of(shop, deal)["needs_assembly"] is False
    manager.press(str(old))
    assert fields_of(shop, deal)["needs_assembly"] is False


def test_a_form_survives_a_walk_through_another_card(shop: Shop, manager: Phone) -> None:
    deal, other = shop.order(manager.person), shop.order(manager.person, comment="Кухня")
    ask(manager, deal, "budget")
    manager.press(f"v1:deal:{other.id}")
    manager.type("150 000")
    assert fields_of(shop, deal)["budget"] == Decimal(150_000)
    assert "budget" not in fields_of(shop, other)


def test_a_form_whose_deal_was_taken_away_says_so(shop: Shop, manager: Phone) -> None:
    deal = shop.order(manager.person)
    ask(manager, deal, "budget")
    boss = shop.hire("supervisor", "Семён")
    deal_commands.delete(shop.work(boss), deal.id)
    manager.type("150 000")
    assert "больше не нужны" in manager.text
    assert drafts.find(shop.work(manager.person)) is None


def test_a_date_and_time_by_buttons(shop: Shop, manager: Phone) -> None:
    deal = shop.order(manager.person)
    ask(manager, deal, "delivery_at")
    assert {"Сегодня", "Завтра", "Послезавтра", "март 2026"} <= set(manager.labels)
    manager.tap("›")
    assert "апрель 2026" in manager.labels
    manager.tap("‹").tap("14")
    assert "День: сб, 14 марта" in manager.text
    assert manager.labels[0] == "9:00"
    manager.tap("10:00")
    assert fields_of(shop, deal)["delivery_at"] == datetime(2026, 3, 14, 7, 0, tzinfo=UTC)
    assert manager.toast == "Дата и время доставки: сб, 14 марта, 10:00"


def test_a_time_typed_after_the_day_was_chosen_is_of_that_day(shop: Shop, manager: Phone) -> None:
    deal = shop.order(manager.person)
    ask(manager, deal, "delivery_at").tap("14").type("10:30")
    assert fields_of(shop, deal)["delivery_at"] == datetime(2026, 3, 14, 7, 30, tzinfo=UTC)


def test_a_day_typed_alone_asks_for_the_time(shop: Shop, manager: Phone) -> None:
    deal = shop.order(manager.person)
    ask(manager, deal, "delivery_at").type("14 марта")
    assert "День: сб, 14 марта" in manager.text
    manager.tap("Другой день")
    assert "март 2026" in manager.labels


def test_a_date_by_words_is_echoed_and_confirmed(shop: Shop, manager: Phone) -> None:
    deal = shop.order(manager.person)
    ask(manager, deal, "delivery_at", "budget").type("завтра в 10")
    assert "Понял так: ср, 11 марта, 10:00" in manager.text
    assert "delivery_at" not in fields_of(shop, deal)
    manager.type("послезавтра в 11")
    assert "Понял так: чт, 12 марта, 11:00" in manager.text
    manager.tap("Верно")
    assert "✓ Дата и время доставки: чт, 12 марта, 11:00" in manager.text
    manager.type("10 000")
    assert fields_of(shop, deal)["delivery_at"] == datetime(2026, 3, 12, 8, 0, tzinfo=UTC)


def test_a_date_in_numbers_is_kept_at_once_and_echoed(shop: Shop, manager: Phone) -> None:
    deal = shop.order(manager.person)
    ask(manager, deal, "warranty_until", "budget").type("14.03.2027")
    assert "✓ Гарантия действует до: вс, 14 марта 2027" in manager.text
    manager.type("10 000")
    assert fields_of(shop, deal)["warranty_until"] == date(2027, 3, 14)


def test_one_option_and_many(shop: Shop, manager: Phone) -> None:
    deal = shop.order(manager.person)
    ask(manager, deal, "warranty_case", "to_create").tap("Платный")
    assert "Готово" not in manager.labels
    manager.tap("☐ Контакт").tap("☐ Сделку").tap("☑ Контакт").tap("Готово")
    assert fields_of(shop, deal)["warranty_case"] == "paid"
    assert fields_of(shop, deal)["to_create"] == ("deal",)


def test_a_person_is_chosen_out_of_those_who_work_now(shop: Shop, manager: Phone, installer: Phone) -> None:
    deal = shop.order(manager.person)
    ask(manager, deal, "assembler")
    assert "Игорь Лукин" in manager.labels
    assert "Мария" not in manager.labels
    manager.tap("Игорь Лукин")
    assert fields_of(shop, deal)["assembler"] == installer.person.id
    ask(manager, deal, "assembler").type("игорь")
    assert fields_of(shop, deal)["assembler"] == installer.person.id


def test_how_busy_people_are_that_day_stands_on_their_buttons(shop: Shop, manager: Phone, installer: Phone) -> None:
    at = datetime(2026, 3, 14, 7, 0, tzinfo=UTC)
    busy = shop.order(manager.person, budget=Decimal(1), prepayment=Decimal(1))
    for stage, values in [
        ("prepayment", {}),
        ("making", {}),
        ("delivery", {}),
        ("assembly", {"delivery_at": at, "needs_assembly": True, "assembly_at": at, "assembler": installer.person.id}),
    ]:
        deal_commands.fill(shop.work(manager.person), busy.id, values)
        deal_commands.move(shop.work(manager.person), busy.id, None, stage)
    ask(manager, shop.order(manager.person), "assembly_at", "assembler").type("14.03 15:00")
    assert "Игорь Лукин · 1 выезд" in " ".join(manager.labels)


def test_an_address_is_read_in_parts_and_what_is_missing_is_asked(shop: Shop, manager: Phone) -> None:
    deal = shop.order(manager.person)
    ask(manager, deal, "address").type("Казань, ул. Баумана")
    assert "Улица: ул. Баумана" in manager.text
    assert "Осталось указать: дом" in manager.text
    manager.type("нет")
    assert "⚠️" in manager.text
    manager.type("7, кв. 12")
    assert "Понял так:" in manager.text
    manager.tap("✎ квартира").type("13").tap("Верно")
    assert fields_of(shop, deal)["address"] == Address("Казань", "ул. Баумана", "7", "13")


def test_a_private_house_by_button_and_a_place_on_the_map(shop: Shop, manager: Phone) -> None:
    deal = shop.order(manager.person)
    ask(manager, deal, "address").tap("Частный дом").send_location(55.75, 37.61)
    assert "Примечание: 55.750000 37.610000" in manager.text
    manager.type("деревня Ивановка, ул. Мира, 5").tap("Верно")
    value = fields_of(shop, deal)["address"]
    assert isinstance(value, Address)
    assert value.private
    assert (value.city, value.house, value.flat) == ("деревня Ивановка", "5", "нет")


def test_a_contact_gives_its_phone_whoever_it_is(shop: Shop, manager: Phone) -> None:
    deal = shop.order(manager.person)
    ask(manager, deal, "phone").send_contact("79995554433")
    assert fields_of(shop, deal)["phone"] == "+79995554433"
    ask(manager, deal, "phone").send_contact("")
    assert "нет номера телефона" in manager.text
    ask(manager, deal, "budget").send_contact("79995554433")
    assert "⚠️" in manager.text


def test_a_known_phone_makes_the_deal_the_same_clients(shop: Shop, manager: Phone) -> None:
    known = shop.order(manager.person)
    manager.press("v1:new:furniture:order")
    manager.type("Маша").type("8 912 345-67-89")
    assert "Телефон +7 912 345-67-89 уже есть: Мария" in manager.text
    assert "Шкаф · Мария · № 2026-0001" in manager.text
    manager.type("да")
    assert "Выберите кнопкой" in manager.text
    manager.tap("Создать для этого клиента").type("Полка").tap("Пропустить")
    fresh = deal_queries.find(shop.work(), known.id + 1)
    assert fresh is not None
    assert fresh.client_id == known.client_id


def test_another_person_with_the_same_phone_gets_a_card_of_his_own(shop: Shop, manager: Phone) -> None:
    known = shop.order(manager.person)
    manager.press("v1:new:furniture:order")
    manager.type("Иван").type("8 912 345-67-89").tap("Это другой клиент").type("Полка").tap("Пропустить")
    fresh = deal_queries.find(shop.work(), known.id + 1)
    assert fresh is not None
    assert fresh.client_id != known.client_id


def test_files_are_counted_in_one_message_each_once(shop: Shop, manager: Phone) -> None:
    deal = shop.order(manager.person)
    ask(manager, deal, "design")
    prompt = max(manager.messages)
    manager.send_file("a.pdf", album="7")
    below = max(manager.messages)
    assert below > prompt, "«Готово» stands below the files, not above them"
    for name in ("b.pdf", "a.pdf"):
        manager.send_file(name, album="7")
    assert max(manager.messages) == below
    assert "Получено 2 файлов" in manager.text.replace("Получено 2 файла", "Получено 2 файлов")
    manager.tap("Готово")
    value = fields_of(shop, deal)["design"]
    assert isinstance(value, tuple)
    assert len(value) == 2


def test_a_photo_question_takes_pictures_only_and_a_big_file_is_refused(shop: Shop, manager: Phone) -> None:
    deal = shop.order(manager.person)
    ask(manager, deal, "act_photo").send_file("act.pdf", mime="application/pdf")
    assert "Здесь нужно фото" in manager.text
    manager.send_file("act.heic", mime="image/heic")
    assert "act.heic" in manager.text
    manager.send_file("big.jpg", kind="photo", size=21 * 1024 * 1024)
    assert "не больше 20 МБ" in manager.text
    manager.type("вот")
    assert "⚠️" in manager.text
    manager.tap("Готово")
    assert len(fields_of(shop, deal)["act_photo"]) == 1  # type: ignore[arg-type]


def test_a_file_during_a_typed_question_is_not_its_answer(shop: Shop, manager: Phone) -> None:
    deal = shop.order(manager.person)
    ask(manager, deal, "budget").send_file("plan.pdf")
    assert "Куда положить файл?" in manager.text
    manager.type("150 000")
    assert fields_of(shop, deal)["budget"] == Decimal(150_000)


def test_a_form_survives_a_restart_and_a_day(shop: Shop, manager: Phone) -> None:
    deal = shop.order(manager.person)
    ask(manager, deal, "delivery_at").tap("14")
    shop.later(timedelta(days=1))
    again = shop.phone(manager.person)
    again.messages.update(manager.messages)
    again.tap("9:00")
    assert fields_of(shop, deal)["delivery_at"] == datetime(2026, 3, 14, 6, 0, tzinfo=UTC)


def on_assembly(shop: Shop, manager: Phone, installer: Phone) -> tuple[Deal, Task]:
    at = NOW_PLUS
    deal = shop.order(manager.person, budget=Decimal(1), prepayment=Decimal(1))
    extra = {"delivery_at": at, "needs_assembly": True, "assembly_at": at, "assembler": installer.person.id}
    deal_commands.fill(shop.work(manager.person), deal.id, extra)
    for stage in ("prepayment", "making", "delivery", "assembly"):
        deal = deal_commands.move(shop.work(manager.person), deal.id, None, stage)
    job = next(one for one in task_queries.of_deal(shop.work(), deal.id) if one.name == "job")
    return deal, task_queries.get(shop.work(), job.id)


NOW_PLUS = datetime(2026, 3, 11, 7, 0, tzinfo=UTC)


def test_an_installer_fills_the_fields_of_his_own_item_and_signs(shop: Shop, manager: Phone, installer: Phone) -> None:
    deal, job = on_assembly(shop, manager, installer)
    shop.later(timedelta(days=1))
    photos = next(one for one in job.items if one.fill)
    installer.press(f"v1:tick:{job.id}:{photos.id}:1")
    assert "Фото после сборки" in installer.text
    installer.send_file("1.jpg", kind="photo", album="x").send_file("2.jpg", kind="photo", album="x")
    installer.tap("Готово")
    assert len(fields_of(shop, deal)["assembly_photos"]) == 2  # type: ignore[arg-type]
    done = {one.id: one.done_at for one in task_queries.get(shop.work(), job.id).items}
    assert done[photos.id] is not None
    for one in job.items:
        if not one.fill:
            task_commands.tick(shop.work(installer.person), job.id, one.id)
    installer.press(f"v1:outcome:{job.id}:signed")
    installer.send_file("act.jpg", kind="photo").tap("Готово")
    assert task_queries.get(shop.work(), job.id).outcome == "signed"


def test_an_outcome_that_is_still_refused_keeps_its_answers(shop: Shop, manager: Phone, installer: Phone) -> None:
    deal, job = on_assembly(shop, manager, installer)
    request = installer.as_request()
    purpose = OutcomePurpose(job.id, "signed")
    installer.do(form_runner.begin(request, purpose, ["act_photo"], process=shop.process, deal=deal))
    installer.send_file("act.jpg", kind="photo").tap("Готово")
    assert "Не отмечено" in (installer.toast or "")
    assert len(fields_of(shop, deal)["act_photo"]) == 1  # type: ignore[arg-type]
    assert task_queries.get(shop.work(), job.id).state == "open"


@pytest.fixture
def finished_by(monkeypatch: pytest.MonkeyPatch) -> Callable[[Finisher[NotePurpose]], None]:
    """Let something else happen after the last answer of a note."""

    def put(finisher: Finisher[NotePurpose]) -> None:
        known = RegisteredFinisher(access.EVERYONE, finisher)
        monkeypatch.setitem(purpose_registry.FINISHERS, NotePurpose, known)

    return put


def test_a_free_text_reaches_its_finisher(
    shop: Shop, manager: Phone, finished_by: Callable[[Finisher[NotePurpose]], None]
) -> None:
    got: list[tuple[NotePurpose, dict[str, object]]] = []
    finished_by(lambda request, purpose, values: got.append((purpose, values)) or _nothing())
    deal = shop.order(manager.person)
    answer = form_runner.begin_text(manager.as_request(), NotePurpose(deal.id), "Заметка", "Что?", longest=20)
    manager.do(answer).type("ы" * 30)
    assert "можно не больше 20" in manager.text
    manager.type("Звонил")
    assert got == [(NotePurpose(deal.id), {"text": "Звонил"})]


def test_an_answer_that_the_finisher_cannot_take_is_asked_again_and_nothing_was_done(
    shop: Shop, manager: Phone, finished_by: Callable[[Finisher[NotePurpose]], None]
) -> None:
    deal = shop.order(manager.person)

    def refuse(request: Request, purpose: NotePurpose, values: dict[str, object]) -> Reply:
        deal_commands.fill(request.work, deal.id, {"claim": "half done"})
        if values["text"] != "хорошо":
            raise InvalidValue("x", "Так не бывает.", "хорошо")
        return Reply()

    finished_by(refuse)
    manager.do(form_runner.begin_text(manager.as_request(), NotePurpose(deal.id), "Вопрос")).type("плохо")
    assert "⚠️ Так не бывает.\nНапример: хорошо" in manager.text
    assert "claim" not in fields_of(shop, deal)
    manager.type("хорошо")
    assert fields_of(shop, deal)["claim"] == "half done"


def _nothing() -> Reply:
    return Reply()


def test_a_message_without_an_open_form_is_passed_on(shop: Shop, manager: Phone) -> None:
    from handlers.forms import form_inputs

    assert form_inputs.sent(manager.as_request()) is None


def test_a_move_refused_for_other_reasons_keeps_what_was_filled_in(shop: Shop, manager: Phone) -> None:
    deal = shop.order(manager.person)
    request = manager.as_request()
    purpose = MovePurpose(deal.id, "payment")
    manager.do(form_runner.begin(request, purpose, ["budget"], process=shop.process, deal=deal)).type("10 000")
    found = deal_queries.find(shop.work(), deal.id)
    assert found is not None
    assert (found.stage, found.fields["budget"]) == ("contract", Decimal(10_000))
    assert "Отсюда можно только" in manager.text


def test_braces_in_a_hint_are_a_persons_words_and_no_placeholders(shop: Shop, manager: Phone) -> None:
    deal = shop.order(manager.person, comment="Шкаф {0} {")
    manager.press(f"v1:rename:{deal.id}")
    assert "Шкаф {0} {" in manager.text
    manager.type("{title").type("Кухня")


def test_what_is_wrong_names_titles_in_the_readers_language_and_leaves_a_persons_words(manager: Phone) -> None:
    from keyboards.translator import Translator

    t, same = Translator("en", manager.as_request().t.zone), N_("Такой пункт уже есть: «{title}».")
    assert "“Готово, {a:>9}”" in t.wrong(InvalidValue("x", same, title="Готово, {a:>9}"))
    assert "“Done, Client”" in t.wrong(InvalidValue("x", same, title=Titles((N_("Готово"), N_("Клиент")))))


def test_a_month_title_and_a_day_that_is_not_offered_do_nothing(shop: Shop, manager: Phone) -> None:
    deal = shop.order(manager.person)
    ask(manager, deal, "delivery_at")
    before = manager.text
    manager.press("v1:noop", max(manager.messages))
    assert manager.toast is None
    assert manager.text == before


async def test_a_form_works_on_both_databases(database: Database) -> None:
    def story(tx: Connection) -> dict[str, object]:
        shop = Shop(tx, furniture())
        shop.hire("owner", "Ольга")
        phone = shop.phone(shop.hire("manager", "Мария"))
        deal = shop.order(phone.person)
        phone.press(f"v1:move:{deal.id}:~:prepayment").type("много").type("150 000")
        ask(phone, deal, "design", "delivery_at", "assembler", "address")
        phone.send_file("plan.pdf").send_file("plan.pdf").tap("Готово").type("завтра в 10").tap("Верно")
        assert "никто не работает" in phone.text
        phone.tap("Отмена").send_file("x.pdf").tap("Шкаф")
        found = deal_queries.find(shop.work(), deal.id)
        assert found is not None
        assert found.stage == "prepayment"
        return {
            "files": len(deal_files.of_deal(shop.work(phone.person), deal.id)),
            "open": drafts.find(shop.work(phone.person)),
        }

    assert await database.run(story) == {"files": 2, "open": None}
