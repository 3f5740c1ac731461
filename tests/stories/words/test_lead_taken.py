"""A lead that one has taken is offered to nobody else any more: every message that offered it says whose it is (door
G1, two at once)."""

from __future__ import annotations

import pytest

from tests.stories.acts import do
from tests.stories.driver import Phone, Seen, Shop, plain

ZOYA = {"name": "Зоя Фадеева", "phone": "+79120000011", "comment": "шкаф в прихожую"}
NEW = "Новый лид: Зоя Фадеева"
TAKE = "✋ Беру"


@pytest.fixture
async def pavel(shop: Shop) -> Phone:
    """Another manager."""
    return await shop.hire("Павел Ким", "manager")


async def offered(shop: Shop, *phones: Phone) -> list[Seen]:
    """A lead of nobody's has come; the message of each."""
    await shop.lead(**ZOYA)
    return [await one.sees(NEW) for one in phones]


async def test_G1_the_other_s_message_says_who_has_taken_it(shop: Shop, anna: Phone, pavel: Phone) -> None:
    """Of a colleague's lead he reads the number and whose it is, and no phone; there is nothing to press but home."""
    hers, his = await offered(shop, anna, pavel)
    n = len(await pavel.from_bot())
    await anna.tap(TAKE, hers)
    now = await pavel.as_it_is(his)
    assert plain(now.text) == "🤝 Лид № 2026-0001 ведёт Анна Соколова"
    assert now.labels == ["🏠 Меню"]
    assert len(await pavel.from_bot()) == n, "no other message comes for that"
    assert "№ 2026-0001" in (await anna.as_it_is(hers)).text, "hers is the card that she is on"


async def test_G1_who_moves_it_has_taken_it(shop: Shop, anna: Phone, pavel: Phone) -> None:
    hers, his = await offered(shop, anna, pavel)
    await anna.tap("Открыть", hers)
    await anna.tap("✔ В работе", anna.screen)
    assert "ведёт Анна Соколова" in (await pavel.as_it_is(his)).text


async def test_who_takes_it_on_another_card_has_no_offer_left_either(shop: Shop, anna: Phone, pavel: Phone) -> None:
    """Her own message is hers: phone and wish stay, «Беру» is gone."""
    hers, _ = await offered(shop, anna, pavel)
    await anna.open("0001")
    await anna.tap("✋ Взять себе")
    now = await anna.as_it_is(hers)
    assert "+7 912 000-00-11" in plain(now.text)
    assert not now.button(TAKE)
    assert now.button("Открыть")


async def test_changed_it_is_handed_over(shop: Shop, anna: Phone, pavel: Phone, boss: Phone) -> None:
    """Those above open it by right; each message says whose it is now, his own is a lead to call."""
    hers, his = await offered(shop, anna, pavel)
    await anna.open("0001")
    await anna.tap("✋ Взять себе")
    await boss.open("0001")
    await do(boss, "[Этапы…]")
    await boss.open("0001")
    await shop.until("2026-11-26T10:00")
    await boss.tap("Передать", await boss.sees("Лид долго не обрабатывают"))
    await boss.tap("Павел Ким")
    assert "ведёт Павел Ким" in (await anna.as_it_is(hers)).text
    assert "+7 912 000-00-11" not in plain((await anna.as_it_is(hers)).text)
    now = await pavel.as_it_is(his)
    assert NEW in now.text and not now.button(TAKE)


async def test_those_above_who_were_told_open_it_still(shop: Shop, boss: Phone, owner: Phone) -> None:
    """Where no manager works, the supervisors hear of it."""
    vera = await shop.hire("Вера Котова", "supervisor")
    his, hers = await offered(shop, boss, vera)
    await boss.tap(TAKE, his)
    now = await vera.as_it_is(hers)
    assert "Лид № 2026-0001 ведёт Ирина Белова" in now.text
    assert "Зоя Фадеева" in now.text
    assert now.labels == ["Открыть", "🏠 Меню"]
    await vera.tap("Открыть", now)
    assert "Зоя Фадеева" in vera.screen.text


async def test_closed_it_is_no_lead_any_more(shop: Shop, anna: Phone, pavel: Phone) -> None:
    hers, his = await offered(shop, anna, pavel)
    await anna.tap(TAKE, hers)
    await do(anna, "[Этапы…]", "[✖ Некачественный лид]")
    while anna.screen.button("Отмена"):  # why it is none
        await anna.tap(anna.screen.labels[0], anna.screen)
    assert "закрыт" in (await pavel.as_it_is(his)).text


async def test_gone_it_was_deleted(shop: Shop, anna: Phone, pavel: Phone, boss: Phone) -> None:
    hers, his = await offered(shop, anna, pavel)
    await boss.open("0001")
    await do(boss, "[Заполнить]", "[🗑 Удалить сделку]", "[Да, удалить]")
    for phone, message in ((anna, hers), (pavel, his)):
        now = await phone.as_it_is(message)
        assert plain(now.text) == "🗑 Лид № 2026-0001 удалён"
        assert now.labels == ["🏠 Меню"]


async def test_back_the_press_was_a_mistake(shop: Shop, anna: Phone, pavel: Phone) -> None:
    """It is put back: the message offers it again, and the other one takes it."""
    hers, his = await offered(shop, anna, pavel)
    await anna.tap(TAKE, hers)
    assert not (await pavel.as_it_is(his)).button(TAKE)
    await anna.tap("↩︎ Отменить", anna.screen)
    now = await pavel.as_it_is(his)
    assert NEW in now.text
    await pavel.tap(TAKE, now)
    assert pavel.toast == "Теперь это ваш лид"


async def test_twice_two_press_at_once(shop: Shop, anna: Phone, pavel: Phone) -> None:
    """The second one's press was under way: he hears whose it is, and his message says it too."""
    hers, his = await offered(shop, anna, pavel)
    await anna.tap(TAKE, hers)
    await pavel.tap_old(TAKE, his)
    assert "Анна Соколова" in f"{pavel.toast} {(await pavel.as_it_is(his)).text}"


async def test_what_somebody_looks_at_in_its_place_stays(shop: Shop, anna: Phone, pavel: Phone) -> None:
    """He has opened the lead and gone on from there: his question is not taken from under his hands."""
    hers, his = await offered(shop, anna, pavel)
    await pavel.tap("Открыть", his)
    await pavel.tap("⏭ Дальше", pavel.screen)
    asked = await pavel.as_it_is(his)
    assert "Что и когда?" in asked.text
    await anna.tap(TAKE, hers)
    assert (await pavel.as_it_is(his)).text == asked.text


async def test_a_reminder_of_the_next_day_is_settled_too(shop: Shop, anna: Phone, pavel: Phone) -> None:
    await offered(shop, anna, pavel)
    await shop.later(days=1)
    his = await pavel.sees("Лид не обработан")
    assert his.button(TAKE)
    await anna.tap(TAKE, await anna.sees("Лид не обработан"))
    assert "ведёт Анна Соколова" in (await pavel.as_it_is(his)).text
