"""Nobody comes in by a back door: invitations are listed, taken back, die with their maker, and are told (C-8)."""

from __future__ import annotations

from sqlalchemy import select

from models.tables.forms import DraftRow
from tests.stories.driver import Phone, Seen, Shop

GONE = "Приглашение отозвано. Попросите новое."


async def invitation(maker: Phone, role: str) -> tuple[Seen, str]:
    """One made by ordinary buttons: the message, and its token."""
    await maker.text("/menu")
    await maker.tap("👥 Команда")
    await maker.tap("➕ Пригласить")
    made = await maker.tap(role)
    return made, made.text.split("?start=")[1].split()[0]


async def open_team(phone: Phone) -> Seen:
    await phone.text("/menu")
    return await phone.tap("👥 Команда")


async def test_who_comes_in_is_told_to_the_owner_and_to_who_invited(shop: Shop, owner: Phone, boss: Phone) -> None:
    _, token = await invitation(boss, "Менеджер")
    anna = await shop.stranger("Анна")
    await anna.start(token)
    for reader in (owner, boss):
        told = await reader.sees_only("Анна теперь в команде")
        assert "Роль: менеджер" in told.text and f"Кто пригласил: {boss.name}" in told.text
        assert "Анна" in (await reader.tap("Открыть карточку", told)).text
    await anna.sees_no("Анна теперь в команде")


async def test_an_invitation_is_listed_and_taken_back_and_lets_nobody_in(shop: Shop, owner: Phone, boss: Phone) -> None:
    """Twice: who presses again hears that it is done; Gone: one that was used cannot be taken back."""
    assert (await open_team(owner)).button("Приглашения") is None
    made, token = await invitation(boss, "Менеджер")
    page = await owner.tap("✉️ Приглашения · 1", await open_team(owner))
    assert f"1. менеджер · приглашает {boss.name} · до:" in page.text
    page = await owner.tap("Отозвать 1: менеджер", page)
    assert owner.toast == "Приглашение отозвано" and "Действующих приглашений нет." in page.text
    await boss.tap("Отозвать", made)
    assert "Это уже сделано" in (boss.toast or "")
    stranger = await shop.stranger("Чужой")
    assert GONE in (await stranger.start(token)).text
    made, token = await invitation(boss, "Менеджер")
    await (await shop.stranger("Анна")).start(token)
    await boss.tap("Отозвать", made)
    assert "Это уже сделано" in (boss.toast or "")


async def test_it_dies_with_the_place_of_who_made_it_and_does_not_come_back_with_him(
    shop: Shop, owner: Phone, boss: Phone
) -> None:
    """Dismissed, she would have come back by a link that she had made before (safety 15)."""
    _, token = await invitation(boss, "Руководитель")
    await open_team(owner)
    await owner.tap(boss.name)
    await owner.tap("Уволить…")
    await owner.tap("Да, уволить")
    assert GONE in (await boss.start(token)).text
    await boss.start(await shop.invitation("supervisor"))
    assert GONE in (await (await shop.stranger("Чужой")).start(token)).text


async def test_what_a_demoted_one_may_not_give_any_more_is_dead(shop: Shop, owner: Phone, boss: Phone) -> None:
    _, token = await invitation(boss, "Менеджер")
    await open_team(owner)
    await owner.tap(boss.name)
    await owner.tap("Сменить роль")
    await owner.tap("Менеджер")
    assert GONE in (await (await shop.stranger("Чужой")).start(token)).text
    assert "Приглашения" not in " ".join((await open_team(owner)).labels)


async def test_a_supervisor_takes_no_owners_invitation_back(shop: Shop, owner: Phone, boss: Phone) -> None:
    made, token = await invitation(owner, "Владелец")
    page = await boss.tap("✉️ Приглашения · 1", await open_team(boss))
    assert "владелец" in page.text and not [label for label in page.labels if label.startswith("Отозвать")]
    revoke = made.button("Отозвать")
    assert revoke is not None
    await boss.press(page.id, revoke["data"], forged=True)
    assert "У вас нет доступа" in (boss.toast or "")
    await (await shop.stranger("Пётр")).start(token)
    await owner.sees_only("Пётр теперь в команде")


async def test_a_form_that_was_open_ends_with_the_role_that_began_it(shop: Shop, owner: Phone, boss: Phone) -> None:
    """Changed: what she types next begins nothing (safety 16)."""
    await open_team(boss)
    await boss.tap(boss.name)
    await boss.tap("📞 Рабочий телефон")
    await open_team(owner)
    await owner.tap(boss.name)
    await owner.tap("Сменить роль")
    await owner.tap("Мастер")
    assert await shop.rows(select(DraftRow)) == []
    await boss.text("+7 912 345-67-89")
    await open_team(owner)
    assert "Рабочий телефон не указан" in (await owner.tap(boss.name)).text
