"""What a row of the journal tells, in words."""

from __future__ import annotations

from keyboards.translator import Translator
from models.oversight.journal import Act, JournalEntry
from models.values.invalid_value import N_
from models.values.product_text import ProductText

WORDS: dict[Act, ProductText] = {
    "list_seen": N_("список клиентов, {n}"),
    "client_seen": N_("карточка: {about}"),
    "looks_limited": N_("дневной лимит исчерпан ({n})"),
    "limit_lifted": N_("лимит снят: {about}"),
    "lists_changed": N_("изменён доступ к клиентам"),
    "table_exported": N_("выгрузка: {table}, строк: {n}"),
    "client_exported": N_("выгружены данные клиента: {about}"),
    "client_erased": N_("удалены данные клиента: {about}"),
    "backup_made": N_("резервная копия"),
    "restored": N_("восстановление из копии"),
    "retention_ran": N_("удалено по срокам хранения: {n}"),
}
TABLES: dict[str, ProductText] = {"ledger": N_("учёт клиентов"), "clients": N_("все клиенты и сделки")}


def said(one: JournalEntry, about: str, t: Translator) -> str:
    """One act; `about` is what it was about by name, empty for what is known by its number only."""
    kind, key = one.about or ("", None)
    words = next((text for act, text in WORDS.items() if act == one.what), None)
    if words is None:
        return one.what
    return t(words, n=one.count or 0, about=about or f"№ {key}", table=table(kind, t))


def table(word: str, t: Translator) -> str:
    """What a table is called; by its word if it has no name here."""
    known = TABLES.get(word)
    return t(known) if known is not None else word
