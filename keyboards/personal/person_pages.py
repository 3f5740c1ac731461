"""«Данные клиента» for the owner: how much is known of a person, as a file, and erasing him; consent in a line."""

from __future__ import annotations

from collections.abc import Sequence

from keyboards import buttons
from keyboards.callbacks.client_callbacks import OpenClient
from keyboards.callbacks.deal_callbacks import OpenDeal
from keyboards.callbacks.personal_callbacks import (
    ErasePerson,
    GivePerson,
    NoteConsent,
    OpenDataRules,
    OpenPerson,
    PersonOf,
    TakeCertificate,
)
from keyboards.callbacks.settings_callbacks import OpenSettings
from keyboards.screen import EMPTY, Button, Line, Screen, bold, line, rows_of
from keyboards.translator import Translator
from models.entities import Deal
from models.ids import ClientId, DealId
from models.personal.consent import Consent, ConsentSource
from models.personal.erasure import Erasure, ErasureReason
from models.personal.erasure_plan import ErasurePlan
from models.personal.retention import Retention
from models.values.invalid_value import N_
from models.values.product_text import ProductText

SOURCES: dict[ConsentSource, ProductText] = {
    "intake": N_("галочка на сайте"), "form": N_("форма бота"), "hand": N_("отмечено вручную"),
}  # fmt: skip
REASONS: dict[ErasureReason, ProductText] = {
    "asked": N_("по просьбе"), "deleted": N_("вместе со сделкой"), "expired": N_("вышел срок"),
    "restored": N_("снова, после восстановления из копии"),
}  # fmt: skip


def consent_line(found: Consent | None, t: Translator) -> Line:
    """«Согласие: получено 23 ноября (галочка на сайте)»."""
    if found is None:
        return line("📝 ", t("Согласие на обработку данных: нет"))
    if found.withdrawn_on is not None:
        return line("📝 ", t("Согласие на обработку данных отозвано: {day}", day=t.day(found.withdrawn_on)))
    day, source = t.day(found.given_on), t(SOURCES[found.source])
    return line("📝 ", t("Согласие на обработку данных получено: {day} ({source})", day=day, source=source))


def consent_button(of: PersonOf, key: int, found: Consent | None, t: Translator) -> Button:
    """Note it, or that it was taken back."""
    if found is not None and found.holds:
        return buttons.button(t("📝 Согласие отозвано"), NoteConsent(of, key, False))
    return buttons.button(t("📝 Согласие получено"), NoteConsent(of, key, True))


def person_button(of: PersonOf, key: int, t: Translator) -> Button:
    """The way here."""
    return buttons.button(t("🔐 Данные клиента"), OpenPerson(of, key))


def _back(of: PersonOf, key: int, t: Translator) -> Button:
    return buttons.back(t, OpenClient(ClientId(key)) if of == "client" else OpenDeal(DealId(key)))


def person_page(of: PersonOf, key: int, view: ErasurePlan, consent: Consent | None, t: Translator) -> Screen:
    """How much there is of him, and what can be done with it."""
    lines: list[Line] = [line("🔐 ", bold(t("Данные клиента"))), *(line(name) for name in view.names)]
    lines += [EMPTY, line(_known(view, t)), consent_line(consent, t)]
    lines += _colleague(view, t)
    lines += [
        EMPTY,
        line(t("«Выгрузить»: всё, что программа о нём знает, с файлами и документами, придёт сюда одним архивом.")),
        line(t("«Стереть»: человек исчезнет отовсюду, сначала спрошу ещё раз.")),
    ]
    rows = [
        [buttons.button(t("📤 Выгрузить всё"), GivePerson(of, key), colour="primary")],
        [consent_button(of, key, consent, t)],
        [buttons.button(t("🗑 Стереть…"), ErasePerson(of, key, False, False), colour="danger")],
        [_back(of, key, t), buttons.home(t)],
    ]
    return Screen(tuple(lines), rows_of(rows), protect=True)


def _known(view: ErasurePlan, t: Translator) -> str:
    deals = t.plural("{n} лид или сделка", "{n} лидов и сделок", view.deals)
    files = t.plural("{n} файл", "{n} файлов", view.files)
    papers = t.plural("{n} документ", "{n} документов", view.papers)
    payments = t.plural("{n} платёж", "{n} платежей", view.payments)
    return f"{deals}, {files}, {papers}, {payments}"


def _colleague(view: ErasurePlan, t: Translator) -> list[Line]:
    if view.colleague is None:
        return []
    said = t("С этим телефоном работает {name}: данные сотрудника останутся, стираются только данные клиента.",
             name=view.colleague)  # fmt: skip
    return [line("ℹ️ ", said)]


def erase_page(of: PersonOf, key: int, view: ErasurePlan, t: Translator) -> Screen:
    """What goes, what stays and why; open deals stand in the way, or are taken away as well."""
    lines: list[Line] = [line("🗑 ", bold(t("Стереть клиента?"))), *(line(name) for name in view.names), EMPTY]
    if view.owing:
        return _settle_first(of, key, view, lines, t)
    lines += [
        line(t("Исчезнут: карточка, телефоны, адреса, файлы и документы, SMS, переписка и заметки, история ответов.")),
        line(t("Сообщения бота сотрудникам заменю; файлы, которые кто-то уже сохранил или переслал, достать не могу.")),
        line(t("Останутся без имени, как требует закон: платежи, номера договоров и актов, суммы и даты.")),
        line(t("Подписанные договоры и акты сначала выгрузите, если их нет на бумаге.")),
        *_colleague(view, t),
        line(t("Вернуть будет нельзя. Придёт акт об уничтожении.")),
    ]
    if view.open:
        lines += [EMPTY, line("⚠️ ", bold(t("Есть открытые сделки, они будут удалены:"))), *_listed(view.open)]
        yes = buttons.button(t("Стереть вместе со сделками"), ErasePerson(of, key, True, True), colour="danger")
    else:
        yes = buttons.button(t("Да, стереть"), ErasePerson(of, key, True, False), colour="danger")
    rows = [[yes], *_open(view.open, t), [buttons.back(t, OpenPerson(of, key)), buttons.home(t)]]
    return Screen(tuple(lines), rows_of(rows), protect=True)


def _settle_first(of: PersonOf, key: int, view: ErasurePlan, lines: list[Line], t: Translator) -> Screen:
    lines += [
        line(t("Пока нельзя: в открытых сделках его деньги. Закройте их или верните деньги, потом стирайте.")),
        *_listed(view.owing),
    ]
    rows = [*_open(view.owing, t), [buttons.back(t, OpenPerson(of, key)), buttons.home(t)]]
    return Screen(tuple(lines), rows_of(rows), protect=True)


def _listed(deals: Sequence[Deal]) -> list[Line]:
    return [line(f"• № {one.number} — {one.title}") for one in deals]


def _open(deals: Sequence[Deal], t: Translator) -> list[list[Button]]:
    return [[buttons.button(f"📁 № {one.number}", OpenDeal(one.id))] for one in deals]


def erased_page(t: Translator) -> Screen:
    """It is done; the rest follows."""
    lines = (
        line("✅ ", bold(t("Клиент стёрт"))),
        line(t("Файлы удаляются с диска, база переписывается; когда всё будет сделано, придёт акт.")),
    )
    return Screen(lines, ((buttons.button(t("🗂 Персональные данные"), OpenDataRules()), buttons.home(t)),))


def deletion(days: int, t: Translator) -> str:
    """What becomes of all that hangs on a deal that is taken away."""
    said = t.plural(
        "Файлы, документы и SMS уйдут вместе с ней, а через {n} день сотрутся совсем.",
        "Файлы, документы и SMS уйдут вместе с ней, а через {n} дней сотрутся совсем.",
        days,
    )
    card = t("С ними сотрётся и карточка клиента, если она появилась с этой сделкой и больше ни к чему не нужна.")
    return f"{said} {card}"


def rules_page(kept: Retention, erased: Sequence[Erasure], t: Translator) -> Screen:
    """What is kept how long, in words, and the certificates of who was erased."""
    lines: list[Line] = [line("🗂 ", bold(t("Персональные данные"))), EMPTY, line(bold(t("Что сколько хранится")))]
    lines += [line("• ", said) for said in _periods(kept, t)]
    lines += [
        line(t("Сроки задают KEEP_… в настройках на сервере. Клиента целиком стирает владелец: карточка клиента, "
               "«Данные клиента».")),
    ]  # fmt: skip
    if erased:
        lines += [EMPTY, line(bold(t("Кто стёрт (по номерам)")))]
        lines += [line("• ", _erased(one, t)) for one in erased]
    rows = [[buttons.button(t("📄 Акт № {n}", n=one.id), TakeCertificate(one.id)) for one in erased[at : at + 3]]
            for at in range(0, len(erased), 3)]  # fmt: skip
    return Screen(tuple(lines), rows_of([*rows, [buttons.back(t, OpenSettings()), buttons.home(t)]]))


def _periods(kept: Retention, t: Translator) -> list[str]:
    return [
        t("присланное боту, как оно пришло: {period}", period=t.period(kept.updates)),
        t("тексты отправленных сообщений и SMS: {period}", period=t.period(kept.messages)),
        t("начатые и брошенные формы: {period}", period=t.period(kept.drafts)),
        t("удалённые сделки с файлами, документами и SMS: {period}, потом стираются", period=t.period(kept.deleted)),
        t("закрытые лиды, из которых сделки не вышло: {period}, потом стираются", period=t.period(kept.leads)),
        t("клиенты и сделки: пока вы их не сотрёте"),
    ]


def _erased(one: Erasure, t: Translator) -> str:
    said = t(
        "№ {n}, {day}: {why}", n=one.id, day=t.day(one.asked_at.astimezone(t.zone).date()), why=t(REASONS[one.reason])
    )
    return said if one.done_at is not None else t("{said} — ещё стирается", said=said)
