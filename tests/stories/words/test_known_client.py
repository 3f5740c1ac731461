"""A lead's message says whom to call and is taken by one tap; a client who writes again goes to the one who has him
(truth 29; door G1, G3; day 10)."""

from __future__ import annotations

import pytest

from tests.stories.acts import begin
from tests.stories.driver import Phone, Shop, plain

ORDER = ("Новый заказ", "Кухня", "150 000")
ZOYA = {"name": "Зоя Фадеева", "phone": "+79120000011", "comment": "шкаф в прихожую, до Нового года"}
MARIA = {"name": "Мария Иванова", "phone": "8 (912) 345-67-89", "comment": "ещё одна кухня, на дачу"}


@pytest.fixture
async def pavel(shop: Shop) -> Phone:
    """Another manager."""
    return await shop.hire("Павел Ким", "manager")


async def test_day_10_a_lead_s_message_has_phone_wish_and_source_and_is_taken_by_one_tap(
    shop: Shop, anna: Phone, pavel: Phone
) -> None:
    await shop.lead(**ZOYA)
    told = await anna.sees("Новый лид: Зоя Фадеева")
    assert "+7 912 000-00-11 · Сайт" in plain(told.text)
    assert "шкаф в прихожую, до Нового года" in told.text
    assert told.labels[:2] == ["✋ Беру", "📋 Номер"]
    card = await anna.tap("✋ Беру", told)
    assert "Зоя Фадеева" in card.text
    assert anna.toast == "Теперь это ваш лид"


async def test_twice_the_second_who_takes_it_is_told_whose_it_is(shop: Shop, anna: Phone, pavel: Phone) -> None:
    await shop.lead(**ZOYA)
    his = await pavel.sees("Новый лид: Зоя Фадеева")
    await anna.tap("✋ Беру", await anna.sees("Новый лид: Зоя Фадеева"))
    await pavel.tap_old("✋ Беру", his)
    assert "Анна Соколова" in f"{pavel.toast} {(await pavel.last()).text}"


async def test_day_10_those_above_hand_it_on_from_the_message(shop: Shop, boss: Phone) -> None:
    """Where no manager works yet, the supervisor hears of it."""
    await shop.lead(**ZOYA)
    told = await boss.sees("Новый лид: Зоя Фадеева")
    assert {"✋ Беру", "Отдать…"} <= set(told.labels)


async def test_G3_a_client_who_writes_again_goes_to_the_one_who_has_his_open_deal(
    shop: Shop, anna: Phone, pavel: Phone
) -> None:
    await begin(anna, *ORDER)
    await shop.lead(**MARIA)
    told = await anna.sees("Новый лид: Мария Иванова")
    assert "👥 Уже есть: № 2026-0001, ведёт Анна Соколова" in told.text
    assert not told.button("✋ Беру")
    await pavel.sees_no("Мария Иванова")


async def test_G3_a_lead_that_is_being_worked_on_counts_too(shop: Shop, anna: Phone, pavel: Phone) -> None:
    await shop.lead(**ZOYA)
    await anna.tap("✋ Беру", await anna.sees("Новый лид: Зоя Фадеева"))
    await shop.later(minutes=30)
    n = await pavel.count("Зоя Фадеева")
    await shop.lead(**{**ZOYA, "comment": "и тумба"})
    await anna.sees("и тумба")
    assert await pavel.count("Зоя Фадеева") == n


async def test_gone_whoever_had_it_has_left(shop: Shop, anna: Phone, pavel: Phone, boss: Phone) -> None:
    """Then it is everybody's, and says what there is."""
    await begin(anna, *ORDER)
    await boss.text("/menu")
    await boss.tap("👥 Команда")
    await boss.tap("Анна Соколова")
    await boss.tap("Уволить…")
    await boss.tap("Да, уволить")
    await shop.lead(**MARIA)
    told = await pavel.sees("Новый лид: Мария Иванова")
    assert "👥 Уже есть: № 2026-0001, ведёт Анна Соколова" in told.text
    assert told.button("✋ Беру")


async def test_closed_a_deal_that_is_over_binds_nobody(shop: Shop, anna: Phone, pavel: Phone) -> None:
    await begin(anna, *ORDER)
    await anna.tap("Этапы…")
    await anna.tap("Отказ")
    await anna.fill("[Дорого]", "передумали")
    await shop.lead(**MARIA)
    assert (await pavel.sees("Новый лид: Мария Иванова")).button("✋ Беру")


async def test_G1_the_same_form_within_minutes_is_one_lead(shop: Shop, anna: Phone) -> None:
    """What it says otherwise is not lost; the site hears that it is a repeat."""
    status, first = await shop.lead(**ZOYA)
    again, second = await shop.lead(**{**ZOYA, "comment": "шкаф в спальню"})
    assert (status, again) == (201, 200)
    assert second == first
    assert await anna.count("Новый лид: Зоя Фадеева") == 1
    await anna.open("0001")
    assert "шкаф в спальню" in (await anna.tap("История")).text


async def test_G1_requests_with_keys_of_their_own_are_two(shop: Shop, anna: Phone) -> None:
    """Who numbers his requests says himself which are the same."""
    await shop.lead(**ZOYA, idempotency_key="1")
    status, _ = await shop.lead(**ZOYA, idempotency_key="2")
    assert status == 201


async def test_G1_an_hour_later_it_is_another_wish(shop: Shop, anna: Phone) -> None:
    await shop.lead(**ZOYA)
    await shop.later(hours=1)
    status, _ = await shop.lead(**ZOYA)
    assert status == 201
    assert "Уже есть: № 2026-0001" in (await anna.last()).text
