"""Questions from the spot in conversation: words, photos one by one and in albums, replies (M-10)."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from form_phone import Phone, Shop
from sqlalchemy import Row, select, update

from models.entities import Deal
from models.errors import NotAllowed, NotFound
from models.tables.outbox import ScheduledRow
from services import field_chat
from services.deals import deal_commands, deal_queries
from services.files import deal_files
from services.files.incoming_files import IncomingFile
from services.people import employees
from services.tasks import task_queries
from tests.worlds import wire

TODAY = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)


@pytest.fixture
def deal(shop: Shop, manager: Phone, installer: Phone) -> Deal:
    """An assembly that is going on."""
    values: dict[str, Any] = {
        "budget": Decimal(100), "prepayment": Decimal(10), "needs_assembly": True, "delivery_at": TODAY,
        "assembly_at": TODAY, "assembler": installer.person.id,
    }  # fmt: skip
    found = shop.order(manager.person, **values)
    for stage in ("prepayment", "making", "delivery", "assembly"):
        deal_commands.move(shop.work(manager.person), found.id, None, stage)
    return found


def asking(phone: Phone, deal: Deal) -> Phone:
    return phone.press(wire.data("askman", deal.id))


def send(phone: Phone, name: str, text: str | None = None, **more: Any) -> Phone:
    sent = IncomingFile("photo", f"tg-{name}", name, name, 1000, "image/jpeg")
    return phone._send(file=sent, text=text, sent_at=phone.shop.now, **more)


def said(shop: Shop) -> list[Row[Any]]:
    return list(
        shop.tx.execute(select(ScheduledRow).where(ScheduledRow.rule.in_(field_chat.KINDS)).order_by(ScheduledRow.id))
    )


def test_the_card_of_a_job_leads_to_the_question(shop: Shop, installer: Phone, deal: Deal) -> None:
    job = next(one for one in task_queries.of_deal(shop.work(), deal.id) if one.name == "job")
    installer.press(wire.data("task", job.id))
    card = installer.last
    installer.tap("❓ Спросить менеджера")
    assert "Вопрос менеджеру" in installer.text
    assert card in installer.messages.values(), "the card stays in sight"
    installer.tap("Отмена")
    assert "Сборка у клиента" in installer.text and said(shop) == []


def test_words_are_sent_once_and_the_form_is_over(shop: Shop, installer: Phone, deal: Deal) -> None:
    asking(installer, deal).type("Где розетка?")
    assert "Вопрос отправлен: Мария" in installer.text
    installer.type("Где розетка?")
    assert len(said(shop)) == 1


def test_an_album_is_one_question_and_makes_no_noise(shop: Shop, installer: Phone, deal: Deal) -> None:
    asking(installer, deal)
    send(installer, "1.jpg", album="7")
    shown = max(installer.messages)
    send(installer, "2.jpg", album="7")
    send(installer, "3.jpg", "Что это?", album="7")
    send(installer, "2.jpg", album="7")
    [row] = said(shop)
    assert [one["name"] for one in row.payload["files"]] == ["1.jpg", "2.jpg", "3.jpg"]
    assert row.payload["text"] == "Что это?"
    assert max(installer.messages) == shown
    assert {one.field for one in deal_files.of_deal(shop.work(), deal.id)} == {None}, "no photo of the finished job"


def test_photos_sent_one_after_another_belong_together(shop: Shop, installer: Phone, deal: Deal) -> None:
    asking(installer, deal)
    send(installer, "1.jpg", "Что это?")
    send(installer, "2.jpg")
    assert [one["name"] for row in said(shop) for one in row.payload["files"]] == ["1.jpg", "2.jpg"]


def test_a_reply_to_a_question_is_the_answer_though_another_form_is_open(
    shop: Shop, manager: Phone, installer: Phone, deal: Deal
) -> None:
    asking(installer, deal).type("Где розетка?")
    shop.tx.execute(update(ScheduledRow).where(ScheduledRow.id == said(shop)[0].id).values(message_id=55))
    manager.press(wire.data("fill", deal.id, "comment"))
    manager._send(text="Слева от двери", reply_to=55)
    assert [(row.rule, row.payload["text"]) for row in said(shop)][1:] == [("answer", "Слева от двери")]
    manager.type("Шкаф и тумба")
    assert deal_queries.get(shop.work(), deal.id).fields["comment"] == "Шкаф и тумба", "the other form is still open"
    send(manager, "plan.jpg", reply_to=55)
    assert said(shop)[-1].payload["files"][0]["name"] == "plan.jpg"


def test_forged_answers_reach_nobody(shop: Shop, manager: Phone, installer: Phone, deal: Deal) -> None:
    """The button carries the message that one answers: somebody else's, or another deal's, opens nothing."""
    asking(installer, deal).type("Где розетка?")
    key = said(shop)[0].id
    other = shop.order(manager.person)
    for phone, home in ((installer, deal), (manager, other)):
        with pytest.raises(NotFound):
            phone.press(wire.data("reply", home.id, key))
    stranger = shop.phone(shop.hire("installer", "Олег"))
    for action in (wire.data("askman", deal.id), wire.data("reply", deal.id, key)):
        with pytest.raises(NotAllowed):
            stranger.press(action)
    technologist = shop.phone(shop.hire("technologist", "Егор"))
    with pytest.raises(NotAllowed):
        technologist.press(wire.data("askman", deal.id))
    assert len(said(shop)) == 1


def test_a_question_after_the_job_is_over_is_not_asked(
    shop: Shop, manager: Phone, installer: Phone, deal: Deal
) -> None:
    """The form was open while the manager led the deal on."""
    asking(installer, deal)
    deal_commands.move(shop.work(employees.get(shop.work(), manager.person.id)), deal.id, None, "payment")
    send(installer, "1.jpg", "Что это?")
    assert "Куда положить фото?" in installer.text, "the photo is not lost"
    assert said(shop) == [] and deal_files.of_deal(shop.work(), deal.id) == []
