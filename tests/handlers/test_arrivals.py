"""Files that no question asked for: heaps asked about once, late parts, and a job's photos (K-7, K-22, C-5)."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from form_phone import Phone, Shop
from sqlalchemy import insert, select

from models.entities import Deal, Task
from models.errors import NotFound
from models.outbox import DeliveryState, Planned
from models.tables.deals import HistoryRow
from models.tables.outbox import ScheduledRow
from services.deals import deal_commands, deal_queries
from services.files import deal_files
from services.outbox import schedule
from services.tasks import task_commands, task_queries
from services.unit_of_work import UnitOfWork

TODAY = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)  # 15:00 in Moscow, three hours from now
SECOND = timedelta(seconds=1)


def lying(shop: Shop, deal: Deal) -> list[tuple[str, str | None]]:
    found = deal_files.of_deal(shop.work(), deal.id)
    return [(one.name, one.field) for one in found]


def send(phone: Phone, *names: str, at: datetime | None = None, step: timedelta = SECOND, **more: object) -> Phone:
    """Photos, one after another; `at` is the date of the first message."""
    date = at or phone.shop.now
    for place, name in enumerate(names):
        phone.send_file(name, kind="photo", at=date + step * place, **more)
    return phone


# --- heaps ------------------------------------------------------------------------------------------------------


def test_k_7_an_album_is_asked_about_once_and_its_question_counts(shop: Shop, manager: Phone) -> None:
    """K-7: an album of ten is ten updates, one question."""
    deal = shop.order(manager.person)
    send(manager, "1.jpg", album="7")
    question = max(manager.messages)
    assert "Куда положить фото?" in manager.text
    send(manager, *[f"{n}.jpg" for n in range(2, 11)], album="7")
    assert max(manager.messages) == question
    assert "Получено 10 фото" in manager.text
    manager.tap("Шкаф")
    assert manager.toast in ("Добавлено 10 файлов", "Добавлен 10 файл")
    assert len(lying(shop, deal)) == 10
    told = shop.tx.execute(select(HistoryRow.data).where(HistoryRow.kind == "file")).scalars().all()
    assert told == [{"name": "1.jpg", "count": 10}], "one line of history"


def test_k_7_single_photos_sent_in_one_go_are_one_heap(shop: Shop, manager: Phone) -> None:
    deal = shop.order(manager.person)
    send(manager, *[f"{n}.jpg" for n in range(10)])
    assert len(manager.messages) == 1
    send(manager, "schema.jpg", at=shop.now + timedelta(seconds=30))
    assert len(manager.messages) == 2, "half a minute later it is something else"
    manager.tap("Шкаф", min(manager.messages))
    assert len(lying(shop, deal)) == 10


def test_k_7_the_same_photo_twice_is_one(shop: Shop, manager: Phone) -> None:
    deal = shop.order(manager.person)
    send(manager, "1.jpg", "1.jpg", "2.jpg", album="7")
    assert "Получено 2 фото" in manager.text
    manager.tap("Шкаф")
    assert len(lying(shop, deal)) == 2


def test_k_7_an_album_cut_by_a_restart_goes_where_its_beginning_went(shop: Shop, manager: Phone) -> None:
    """K-7: the rest, whenever it comes and in any order, follows silently; a new file is asked about."""
    deal = shop.order(manager.person)
    send(manager, "5.jpg", "2.jpg", album="7").tap("Шкаф")
    shown = max(manager.messages)
    shop.later(timedelta(hours=5))
    again = shop.phone(manager.person)
    again.messages.update(manager.messages)
    again._ids = shown
    send(again, "4.jpg", "1.jpg", "3.jpg", "2.jpg", album="7", at=shop.now - timedelta(hours=5))
    assert max(again.messages) == shown, "silently"
    assert sorted(name for name, _ in lying(shop, deal)) == ["1.jpg", "2.jpg", "3.jpg", "4.jpg", "5.jpg"]
    send(again, "other.jpg", album="8")
    assert "Куда положить фото?" in again.text


def test_the_rest_of_a_burst_that_was_sent_before_the_question_follows_too(shop: Shop, manager: Phone) -> None:
    deal = shop.order(manager.person)
    at = shop.now
    send(manager, "1.jpg", at=at)
    question = max(manager.messages)
    manager.tap("Шкаф")
    manager._ids = question - 2  # its number is lower than the question's: it was sent before
    send(manager, "2.jpg", at=at)
    assert [name for name, _ in lying(shop, deal)] == ["1.jpg", "2.jpg"]
    manager._ids = question + 5
    send(manager, "3.jpg", at=at)
    assert "Куда положить фото?" in manager.text, "what was sent after the answer is something new"
    assert len(lying(shop, deal)) == 2


def test_what_is_dropped_stays_dropped_when_the_rest_comes(shop: Shop, manager: Phone) -> None:
    deal = shop.order(manager.person)
    send(manager, "1.jpg", "2.jpg", album="7").tap("Никуда")
    assert "Файлы не сохранены" in manager.text
    shown = max(manager.messages)
    send(manager, "3.jpg", album="7")
    assert max(manager.messages) == shown
    assert lying(shop, deal) == []


def test_a_question_that_never_arrived_is_asked_anew(shop: Shop, manager: Phone) -> None:
    """The bot died after the commit and before the message: the next photo of the album asks."""
    shop.order(manager.person)
    lost = shop.phone(manager.person)
    lost._show = lambda answer, pressed: lost  # type: ignore[method-assign]
    send(lost, "1.jpg", album="7")
    send(manager, "2.jpg", album="7")
    assert "Получено 2 фото" in manager.text


def test_documents_are_counted_as_files(shop: Shop, manager: Phone) -> None:
    shop.order(manager.person)
    manager.send_file("a.pdf", album="9").send_file("b.pdf", album="9")
    assert "Получено 2 файлов" in manager.text.replace("2 файла", "2 файлов")
    assert "Куда их положить?" in manager.text


def test_old_answers_do_no_harm(shop: Shop, manager: Phone) -> None:
    deal = shop.order(manager.person)
    send(manager, "1.jpg")
    put, drop = str(manager.find("Шкаф").data), str(manager.find("Никуда").data)
    manager.press(put).press(drop)
    assert manager.toast == "Этот файл уже сохранён."
    assert len(lying(shop, deal)) == 1
    with pytest.raises(NotFound):
        manager.press("v1:notthere:0123456789ab")


# --- a job's photos ---------------------------------------------------------------------------------------------


def job_at(shop: Shop, manager: Phone, installer: Phone, at: datetime, name: str = "Иванова") -> tuple[Deal, Task]:
    phone = f"+7912345{sum(map(ord, name)) % 10000:04}"
    deal = shop.order(manager.person, name=name, phone=phone, comment="Кухня", budget=Decimal(1), prepayment=Decimal(1))
    extra = {"delivery_at": at, "needs_assembly": True, "assembly_at": at, "assembler": installer.person.id}
    deal_commands.fill(shop.work(manager.person), deal.id, extra)
    for stage in ("prepayment", "making", "delivery", "assembly"):
        deal = deal_commands.move(shop.work(manager.person), deal.id, None, stage)
    return deal, next(one for one in task_queries.of_deal(shop.work(), deal.id) if one.name == "job")


def test_c_5_photos_from_the_job_go_straight_into_it(shop: Shop, manager: Phone, installer: Phone) -> None:
    """C-5, K-22: nobody is asked; one message counts them and offers «Не туда»."""
    deal, _ = job_at(shop, manager, installer, TODAY)
    send(installer, "1.jpg", "2.jpg", "3.jpg", step=timedelta(minutes=1))
    assert len(installer.messages) == 1
    assert installer.text.splitlines()[0] == "📎 Добавил 3 фото: Кухня · Иванова"
    assert installer.labels[0] == "Не туда"
    assert lying(shop, deal) == [(f"{n}.jpg", "assembly_photos") for n in (1, 2, 3)]
    send(installer, "2.jpg", at=shop.now + timedelta(minutes=4))
    assert len(lying(shop, deal)) == 3, "each once"


def test_k_22_photos_sent_by_themselves_are_there_when_the_checklist_asks(
    shop: Shop, manager: Phone, installer: Phone
) -> None:
    """K-22: answers out of order: the photos came first, the tick later; they need not be sent again."""
    deal, job = job_at(shop, manager, installer, TODAY)
    send(installer, "1.jpg", "2.jpg")
    line = next(one for one in task_queries.get(shop.work(), job.id).items if one.fill)
    installer.press(f"v1:tick:{job.id}:{line.id}:1")
    installer.tap("Готово")
    found = deal_queries.find(shop.work(), deal.id)
    assert found is not None
    assert len(found.fields["assembly_photos"]) == 2


def test_c_5_the_messages_own_date_decides_which_job(shop: Shop, manager: Phone, installer: Phone) -> None:
    """C-5, K-22: a cellar's photos arrive a day late and land in the job of their own day, closed since or not."""
    yesterday, job = job_at(shop, manager, installer, TODAY)
    shop.later(timedelta(hours=6))
    task_commands.close(shop.work(installer.person), job.id, "claim", {"claim": "Царапина"})
    today, _ = job_at(shop, manager, installer, TODAY + timedelta(days=1), "Петрова")
    shop.later(timedelta(hours=18))
    send(installer, "late.jpg", at=TODAY)
    assert "Кухня · Иванова" in installer.text
    send(installer, "new.jpg")
    assert "Кухня · Петрова" in installer.text
    assert lying(shop, yesterday) == [("late.jpg", "assembly_photos")]
    assert lying(shop, today) == [("new.jpg", "assembly_photos")]


def test_c_5_of_several_jobs_the_installer_is_asked_todays_first(shop: Shop, manager: Phone, installer: Phone) -> None:
    deals_ = [
        job_at(shop, manager, installer, TODAY + timedelta(hours=n), who)[0] for n, who in ((0, "Анна"), (3, "Белла"))
    ]
    tomorrow, _ = job_at(shop, manager, installer, TODAY + timedelta(hours=20), "Вера")
    send(installer, "1.jpg", "2.jpg")
    assert "Получено 2 фото" in installer.text
    assert installer.labels[:3] == [
        "10.03 15:00 · Кухня · Анна",
        "10.03 18:00 · Кухня · Белла",
        "11.03 11:00 · Кухня · Вера",
    ]
    installer.tap("10.03 18:00")
    assert "Добавил 2 фото: Кухня · Белла" in installer.text
    assert lying(shop, deals_[1]) == [("1.jpg", "assembly_photos"), ("2.jpg", "assembly_photos")]
    assert lying(shop, tomorrow) == []


def test_c_5_photos_put_wrong_are_moved_by_their_sender(shop: Shop, manager: Phone, installer: Phone) -> None:
    """C-5: «Не туда»: what was added goes to the right job, and so does what follows."""
    wrong, _ = job_at(shop, manager, installer, TODAY)
    right, _ = job_at(shop, manager, installer, TODAY + timedelta(days=1), "Петрова")
    send(installer, "1.jpg", "2.jpg").tap("Не туда")
    assert "Оставить: Кухня · Иванова" in installer.labels
    installer.tap("11.03")
    assert "Добавил 2 фото: Кухня · Петрова" in installer.text
    assert lying(shop, wrong) == []
    assert lying(shop, right) == [("1.jpg", "assembly_photos"), ("2.jpg", "assembly_photos")]
    send(installer, "3.jpg", at=shop.now + timedelta(minutes=1))
    assert len(lying(shop, right)) == 3
    assert len(installer.messages) == 1
    installer.tap("Не туда").tap("Убрать")
    assert lying(shop, right) == []
    shown = max(installer.messages)
    send(installer, "4.jpg", at=shop.now + timedelta(minutes=2))
    assert max(installer.messages) > shown, "the next photo is a new matter"


def test_c_5_photos_that_are_right_after_all_stay(shop: Shop, manager: Phone, installer: Phone) -> None:
    deal, _ = job_at(shop, manager, installer, TODAY)
    send(installer, "1.jpg").tap("Не туда").tap("Оставить")
    assert "Добавил 1 фото: Кухня · Иванова" in installer.text
    assert lying(shop, deal) == [("1.jpg", "assembly_photos")]


def arrived(work: UnitOfWork, deal_id: int, employee_id: int) -> None:
    """A message about that deal has come to the person, as the 55th of his chat."""
    row = Planned("notice", "x", "y", work.now, work.now, deal_id=deal_id, employee_id=employee_id)
    sent = {"message_id": 55, "delivery_state": DeliveryState.SENT, "done_at": work.now}
    work.tx.execute(insert(ScheduledRow), {**schedule.values(work, row), **sent})


def test_k_22_a_photo_that_answers_a_message_belongs_to_its_job(shop: Shop, manager: Phone, installer: Phone) -> None:
    """K-22: an answer to the message of a job goes to that job, whichever is today's."""
    job_at(shop, manager, installer, TODAY)
    other, _ = job_at(shop, manager, installer, TODAY + timedelta(days=9), "Петрова")
    work = shop.work()
    arrived(work, other.id, installer.person.id)
    send(installer, "1.jpg", reply_to=55)
    assert lying(shop, other) == [("1.jpg", "assembly_photos")]
    send(installer, "2.jpg", reply_to=56)
    assert "Кухня · Иванова" in installer.text, "a message about nothing: today's job"


def test_a_managers_answer_with_a_file_goes_to_the_deal_of_the_message(shop: Shop, manager: Phone) -> None:
    deal = shop.order(manager.person)
    work = shop.work()
    arrived(work, deal.id, manager.person.id)
    manager.send_file("договор.pdf", reply_to=55)
    assert "Шкаф · Мария" in manager.text
    assert manager.labels[0] == "Не туда"
    assert lying(shop, deal) == [("договор.pdf", None)]


def test_an_installer_without_jobs_is_told_so(shop: Shop, manager: Phone, installer: Phone) -> None:
    shop.order(manager.person)
    send(installer, "1.jpg")
    assert "положить пока некуда" in installer.text


def test_k_22_an_open_question_takes_photos_before_any_guess(shop: Shop, manager: Phone, installer: Phone) -> None:
    deal, job = job_at(shop, manager, installer, TODAY)
    installer.press(f"v1:outcome:{job.id}:claim").type("Царапина")
    _, second = job_at(shop, manager, installer, TODAY + timedelta(hours=2), "Петрова")
    line = next(one for one in task_queries.get(shop.work(), second.id).items if one.fill)
    installer.press(f"v1:tick:{second.id}:{line.id}:1")
    send(installer, "1.jpg", album="7")
    assert "Готово" in installer.labels
    assert lying(shop, deal) == []
