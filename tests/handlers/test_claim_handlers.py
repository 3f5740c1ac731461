"""Claims on the phone: registered by hand, on the card, on a page of their own, in the supervisor's list (K-24)."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from bot.database import Database
from handlers.notices import compose
from keyboards import claims as screens
from keyboards.base36 import to36
from keyboards.screen import DealFile, Screen
from models.entities import Claim, Deal
from models.errors import NotAllowed, NotFound
from models.tables.outbox import ScheduledRow
from services import claims
from services.deals import deal_commands, deal_queries
from services.files.incoming_files import IncomingFile
from services.tasks import task_queries
from services.unit_of_work import UnitOfWork
from tests.worlds import claim_shop
from tests.worlds.claim_shop import BOTH
from tests.worlds.deals import a_deal
from tests.worlds.office import Office, data_of, hire, labels, plain, russian
from tests.worlds.outbox import notices


@pytest.fixture
async def office(database: Database) -> Office:
    return await claim_shop.open_shop(database)


async def assembled(office: Office) -> Deal:
    def go(work: UnitOfWork) -> Deal:
        made = claim_shop.begin(work, office, total=Decimal(150000), fitter=office.staff["installer"].id)
        return deal_commands.move(work, made.id, None, "assembly")

    return await office.run(go, "manager")


async def open_card(office: Office, deal: Deal, who: str = "manager") -> Screen:
    answer = await office.tap(who, f"v1:deal:{to36(deal.id)}")
    assert answer.screen is not None
    return answer.screen


async def photo(office: Office, who: str, name: str) -> Any:
    sent = IncomingFile("photo", f"id-{name}", f"unique-{name}", "", 1000, "image/jpeg")
    return await office._do(who, kind="message", file=sent)


async def job_of(office: Office, deal: Deal, name: str) -> int:
    found = await office.run(lambda work: task_queries.of_deal(work, deal.id))
    return next(one.id for one in found if one.name == name)


async def test_the_client_calls_with_a_claim_and_the_manager_writes_it_down_K24(office: Office) -> None:
    deal = await assembled(office)
    await open_card(office, deal)
    await office.tap("manager", "➕ Претензия клиента")
    answer = await office.say("manager", "Сколот фасад верхнего шкафа")
    assert "Претензия П-2026-0001 записана" in plain(answer)  # and now its photos, if there are any
    await photo(office, "manager", "one")
    answer = await photo(office, "manager", "two")
    answer = await office.tap("manager", "Готово")
    said = plain(answer)
    assert "Претензия П-2026-0001" in said and "Открыта 1-й день" in said and "Сколот фасад верхнего шкафа" in said
    assert "Принял: Анна" in said and "Отвечает: Анна" in said and "Срок: " in said
    assert "Что сделано" in said and "задача «Уладить претензию»" in said
    sent = await office.tap("manager", "📷 Фото 2")
    assert [type(one.photo) for one in sent.also] == [DealFile, DealFile]
    card = await open_card(office, deal)
    assert "❗ Претензия П-2026-0001 открыта 1-й день" in plain(card)
    assert "❗ Претензии 1" in labels(card)


async def test_without_photos_the_claim_is_registered_all_the_same_K24(office: Office) -> None:
    deal = await assembled(office)
    await open_card(office, deal)
    await office.tap("manager", "➕ Претензия клиента")
    await office.say("manager", "Шатается ручка")
    answer = await office.tap("manager", "Пропустить")
    assert "Шатается ручка" in plain(answer) and not any("📷" in one for one in labels(answer.screen))
    await office.tap("manager", "➕ Фото")
    await photo(office, "manager", "late")
    assert "📷 Фото 1" in labels((await office.tap("manager", "Готово")).screen)


async def test_the_installer_is_asked_for_text_and_photos_and_sees_the_claim_but_begins_none_by_hand_K24(
    office: Office,
) -> None:
    deal = await assembled(office)
    job = await job_of(office, deal, "job")
    await office.tap("installer", f"v1:task:{to36(job)}")
    await office.tap("installer", "Есть претензия")
    await office.say("installer", "Дверца перекошена")
    await photo(office, "installer", "door")
    await office.tap("installer", "Готово")
    card = await open_card(office, deal, "installer")
    assert "❗ Претензии 1" in labels(card) and "➕ Претензия клиента" not in labels(card)
    answer = await office.tap("installer", "❗ Претензии 1")
    assert "Дверца перекошена" in plain(answer) and "📷 Фото 1" in labels(answer.screen)
    assert "➕ Фото" not in labels(answer.screen)
    with pytest.raises(NotAllowed):
        await office.tap("installer", f"v1:claim_new:{to36(deal.id)}")


async def test_a_second_claim_by_a_task_is_asked_for_anew_K24(office: Office) -> None:
    deal = await assembled(office)
    await office.run(lambda work: claims.register(work, deal.id, "Первая"), "manager")
    job = await job_of(office, deal, "job")
    await office.tap("installer", f"v1:task:{to36(job)}")
    answer = await office.tap("installer", "Есть претензия")
    assert "Претензия" in plain(answer)  # the text of the first one does not stand for the second
    await office.say("installer", "Вторая")
    await photo(office, "installer", "second")
    await office.tap("installer", "Готово")
    found = await office.run(lambda work: claims.of_deal(work, deal_queries.get(work, deal.id)), "manager")
    assert [(one.text, len(one.photos)) for one in found] == [("Первая", 0), ("Вторая", 1)]
    await open_card(office, deal)
    answer = await office.tap("manager", "❗ Претензии 2")
    assert next(one for one in labels(answer.screen) if one.startswith("❗")).startswith("❗ П-2026-0002")


async def test_the_supervisor_has_all_open_claims_in_the_menu_oldest_first_K24(office: Office) -> None:
    assert "Претензии" in labels((await office.tap("supervisor", "v1:home")).screen)
    assert not any("Претензии" in one for one in labels((await office.tap("manager", "v1:home")).screen))
    first, second = await assembled(office), await assembled(office)
    await office.run(lambda work: claims.register(work, first.id, "Старая"), "manager")
    office.later(days=3)
    await office.run(lambda work: claims.register(work, second.id, "Новая"), "manager")
    await office.tap("supervisor", "v1:home")
    answer = await office.tap("supervisor", "❗ Претензии · 2")
    said = plain(answer)
    assert said.index("Старая") < said.index("Новая")
    assert "⚠️ П-2026-0001 · 4-й день · Анна" in said and "❗ П-2026-0002 · 1-й день · Анна" in said
    page = await office.tap("supervisor", "⚠️ П-2026-0001")
    assert "⚠️ Просрочено" in plain(page)
    with pytest.raises(NotAllowed):
        await office.tap("manager", "v1:claims_all")


async def test_a_settled_claim_says_the_clients_word_K24(office: Office) -> None:
    deal = await assembled(office)
    one = await office.run(lambda work: claims.register(work, deal.id, "Сколот фасад"), "manager")
    await office.tap("manager", f"v1:claim:{to36(one.id)}")
    await office.tap("manager", "К задаче")
    await office.tap("manager", "Клиент доволен")
    await office.say("manager", "Спасибо, всё исправили")
    answer = await office.tap("manager", f"v1:claim:{to36(one.id)}")
    said = plain(answer)
    assert "✅ Претензия П-2026-0001" in said and "Слово клиента: Спасибо, всё исправили" in said
    assert "Закрыл: Анна" in said and "К задаче" not in labels(answer.screen)
    assert "❗ Претензия" not in plain(await open_card(office, deal))


async def test_a_move_to_success_is_refused_with_the_reason_K24(office: Office) -> None:
    deal = await assembled(office)
    await office.run(lambda work: claims.register(work, deal.id, "Сколот фасад"), "manager")
    answer = await office.tap("manager", f"v1:move:{to36(deal.id)}:~:won")
    assert "Сначала уладьте претензию" in plain(answer)


async def test_repair_is_offered_where_furniture_runs_and_not_shown_where_it_does_not_K24(office: Office) -> None:
    deal = await assembled(office)
    one = await office.run(lambda work: claims.register(work, deal.id, "Просел фасад"), "manager")
    await office.tap("manager", f"v1:claim:{to36(one.id)}")
    answer = await office.tap("manager", "К задаче")
    assert "Клиент доволен" in labels(answer.screen) and "Открыть ремонт" not in labels(answer.screen)
    assert "Кнопка мебели" not in labels(await open_card(office, deal))
    office.company = BOTH
    await office.tap("manager", f"v1:claim:{to36(one.id)}")
    await office.tap("manager", "К задаче")
    await office.tap("manager", "Открыть ремонт")
    page = await office.tap("manager", f"v1:claim:{to36(one.id)}")
    (button,) = [label for label in labels(page.screen) if label.startswith("🔧 Сделка №")]
    assert "Ремонт" in plain(await office.tap("manager", button))


async def test_what_is_not_a_claim_or_not_ones_own_is_refused_C8(office: Office) -> None:
    deal = await assembled(office)
    one = await office.run(lambda work: claims.register(work, deal.id, "Сколот фасад"), "manager")
    pavel = await hire(office, "manager", 3000, "Павел")
    for action in ("claim", "claim_photos", "claim_add"):
        with pytest.raises(NotAllowed):
            await office.tap(pavel, f"v1:{action}:{to36(one.id)}")
        with pytest.raises(NotFound):
            await office.tap(pavel, f"v1:{action}:{to36(2**40)}")
    for action in ("claims", "claim_new"):
        with pytest.raises(NotAllowed):
            await office.tap(pavel, f"v1:{action}:{to36(deal.id)}")
    with pytest.raises(NotFound):
        await office.tap("manager", f"v1:claim_photos:{to36(one.id)}")  # there are none


async def test_the_notice_about_a_claim_says_what_it_is_K24(office: Office) -> None:
    deal = await assembled(office)
    await office.run(lambda work: claims.register(work, deal.id, "Сколот фасад"), "manager")
    key = office.staff["supervisor"].id

    def composed(work: UnitOfWork) -> list[str]:
        rows = notices(work, ScheduledRow.employee_id == key)
        return [plain(one.screen) for one in compose.compose(work, rows)]

    (said,) = await office.run(composed)
    assert "Претензия по сделке Мария Иванова: Сколот фасад" in said


def test_buttons_fit_whatever_the_numbers_are() -> None:
    now, big = datetime(2026, 11, 23, tzinfo=UTC), 2**40
    claim = Claim(big, "П-2026-123456", big, "x" * 1000, "open", "Анна", now, (big,), task_id=big, due_at=now)
    deal = a_deal(
        id=big, number="2026-123456", process="kitchens", pipeline="general", stage="assembly", title="К" * 120,
        responsible_id=1, entered_at=now, created_at=now,
    )  # fmt: skip
    t = russian()
    listed = screens.ListedClaim(claim, deal.title, deal.number)
    for screen in (
        screens.page(screens.ClaimView(claim, deal, now, (), False, 3, deal, True, True), t),
        screens.of_deal(deal, [claim, claim], now, can_add=True, t=t),
        screens.all_open(screens.ClaimsView([listed] * 8, 2**20, now, big, big), t),
    ):
        assert all(len(data.encode()) <= 64 for data in data_of(screen))
        assert len(screen.plain) < 4096 and all(len(row) <= 3 for row in screen.rows)
