"""«Реквизиты компании» for the owner: what papers are signed with, field by field (K-11)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from keyboards import buttons
from keyboards.callbacks.forms.question_callbacks import CancelForm
from keyboards.callbacks.requisite_callbacks import (
    ChangeRequisite,
    ChooseVat,
    ConfirmRequisiteCard,
    FillRequisites,
    OpenRequisiteGroup,
    OpenRequisites,
    SendSampleInvoice,
)
from keyboards.callbacks.settings_callbacks import OpenSettings
from keyboards.screen import EMPTY, Document, Line, Screen, bold, line
from keyboards.translator import Translator
from models.values.invalid_value import N_
from models.values.product_text import ProductText

GROUPS: Mapping[str, tuple[ProductText, tuple[str, ...]]] = {
    "firm": (N_("Компания"), ("full_name", "short_name", "inn", "kpp", "ogrn", "address", "city")),
    "sign": (N_("Подпись"), ("director", "director_post", "director_genitive", "basis")),
    "bank": (N_("Банк и НДС"), ("bank", "bik", "account", "corr_account", "vat")),
    "call": (N_("Телефон и почта"), ("phone", "email")),
}
SHORT: Mapping[str, ProductText] = {
    "full_name": N_("Полное название"),
    "short_name": N_("Короткое название"),
    "inn": N_("ИНН"),
    "kpp": N_("КПП"),
    "ogrn": N_("ОГРН или ОГРНИП"),
    "address": N_("Юридический адрес"),
    "city": N_("Город договоров"),
    "director": N_("Кто подписывает"),
    "director_post": N_("Должность"),
    "director_genitive": N_("В лице кого"),
    "basis": N_("На основании чего"),
    "bank": N_("Банк"),
    "bik": N_("БИК"),
    "account": N_("Расчётный счёт"),
    "corr_account": N_("Корр. счёт"),
    "vat": N_("НДС"),
    "phone": N_("Телефон"),
    "email": N_("Почта"),
}
HINTS: Mapping[str, ProductText] = {
    "full_name": N_("Как в уставе: Общество с ограниченной ответственностью «Кухни Верстак»"),
    "short_name": N_("Например: ООО «Кухни Верстак»"),
    "inn": N_("10 цифр у организации, 12 у предпринимателя"),
    "kpp": N_("9 знаков; у предпринимателя его нет"),
    "ogrn": N_("13 цифр у организации, 15 у предпринимателя"),
    "address": N_("Например: 117312, г. Москва, ул. Вавилова, д. 19, пом. 4"),
    "city": N_("Он стоит в начале договора. Например: Москва"),
    "director": N_("Фамилия, имя и отчество. Например: Иванова Мария Петровна"),
    "director_post": N_("Например: Генеральный директор"),
    "director_genitive": N_("Нужно, только если бот склоняет неверно. Например: директора Ивановой Марии Петровны"),
    "basis": N_("Например: Устава"),
    "bank": N_("Например: ПАО Сбербанк, г. Москва"),
    "bik": N_("9 цифр. Если сменить БИК, счета понадобится ввести заново"),
    "account": N_("20 цифр"),
    "corr_account": N_("20 цифр, начинается с 301"),
    "phone": N_("Он печатается в счёте и договоре"),
    "email": N_("Она печатается в счёте и договоре"),
}
NO_VAT = "none"


def page(values: Mapping[str, str], missing: Sequence[str], t: Translator) -> Screen:
    """All requisites, and what is still missing."""
    lines: list[Line] = [line("🏢 ", bold(t("Реквизиты компании")))]
    for title, names in GROUPS.values():
        known = [name for name in names if _matters(name, values, missing)]
        lines += [EMPTY, line(bold(t(title)))] if known else []
        lines += [line(f"{t(SHORT[name])}: {shown(name, values, t)}") for name in known]
    if missing:
        lines += [EMPTY, line("⚠️ ", t("Чтобы делать документы, заполните ещё полей: {n}", n=len(missing)))]
    groups = [buttons.button(t(title), OpenRequisiteGroup(name)) for name, (title, _) in GROUPS.items()]
    first = [buttons.button(t("Заполнить по порядку"), FillRequisites(), colour="success")] if missing else []
    check = [] if missing else [buttons.button(t("Проверить: образец счёта"), SendSampleInvoice(), colour="primary")]
    return Screen(tuple(lines)).with_rows(
        first, groups[:2], groups[2:], check, (buttons.back(t, OpenSettings()), buttons.home(t))
    )  # fmt: skip


def _matters(name: str, values: Mapping[str, str], missing: Sequence[str]) -> bool:
    return bool(values.get(name)) or name in missing


def shown(name: str, values: Mapping[str, str], t: Translator) -> str:
    """A value as a person reads it."""
    value = values.get(name, "")
    if name == "vat":
        return t("без НДС") if value == NO_VAT else f"{value}\N{NO-BREAK SPACE}%"
    if name == "phone" and value:
        return t.phone(value)
    return value or "—"


def group(name: str, values: Mapping[str, str], t: Translator) -> Screen:
    """One group: each field is changed by a tap."""
    title, names = GROUPS[name]
    lines: list[Line] = [line("🏢 ", bold(t(title)))]
    lines += [line(f"{t(SHORT[one])}: {shown(one, values, t)}") for one in names]
    rows = [(buttons.button(t(SHORT[one]), ChangeRequisite(one)),) for one in names]
    return Screen(tuple(lines)).with_rows(*rows, (buttons.back(t, OpenRequisites()), buttons.home(t)))


def card(values: Mapping[str, str], names: Sequence[str], wrong: Mapping[str, str], step: int, t: Translator) -> Screen:
    """What was read of a pasted card, for a yes; what of it cannot be, with the reason."""
    lines: list[Line] = [line("🏢 ", bold(t("Вот что я прочитал. Всё верно?"))), EMPTY]
    lines += [line(f"{t(SHORT[name])}: ", bold(shown(name, values, t))) for name in names]
    if wrong:
        lines += [EMPTY, line("⚠️ ", t("Не записать:"))]
        lines += [line(f"• {t(SHORT[name])}: {why}") for name, why in wrong.items()]
    lines += [EMPTY, line(t("Если не так — пришлите текст ещё раз или введите по одному."))]
    keep = [buttons.button(t("Записать"), ConfirmRequisiteCard(step), colour="success")] if names else []
    return Screen(tuple(lines)).with_rows(keep, (buttons.button(t("Отмена"), CancelForm()),))


def vat(values: Mapping[str, str], rates: Sequence[str], t: Translator, *, in_turn: bool) -> Screen:
    """Which VAT stands in the papers."""
    now = values.get("vat", NO_VAT)
    lines = (
        line(bold(t("Ставка НДС"))),
        line(t("Она печатается в счёте и в договоре; сумма налога считается внутри суммы договора.")),
    )

    def mark(rate: str) -> str:
        return "✓ " if rate == now else ""

    rows = [buttons.button(f"{mark(rate)}{rate}\N{NO-BREAK SPACE}%", ChooseVat(rate, in_turn)) for rate in rates]
    none = (buttons.button(mark(NO_VAT) + t("Без НДС"), ChooseVat(NO_VAT, in_turn)),)
    return Screen(lines).with_rows(none, rows[:3], rows[3:], (buttons.back(t, OpenRequisites()), buttons.home(t)))


def sample(document: Document, t: Translator) -> Screen:
    """An invoice on made-up data with the company's own requisites."""
    lines = (
        line("📄 ", bold(t("Образец счёта"))),
        line(t("Заказ выдуманный, реквизиты ваши. Проверьте их, а QR-код наведите камерой из приложения банка.")),
    )
    return Screen(lines, document=document).with_rows(
        [buttons.button(t("Реквизиты компании"), OpenRequisites()), buttons.home(t)]
    )


def no_sample(t: Translator) -> Screen:
    """The invoice could not be made."""
    lines = (
        line("📄 ", bold(t("Образец счёта не получился"))),
        line(t("Это ошибка на моей стороне, реквизиты целы. Попросите образец ещё раз.")),
    )
    again = buttons.button(t("Проверить: образец счёта"), SendSampleInvoice(), colour="primary")
    return Screen(lines).with_rows(
        [again], [buttons.button(t("Реквизиты компании"), OpenRequisites()), buttons.home(t)]
    )


def asked_for_requisites(who: str, t: Translator) -> Screen:
    """To the owner: a colleague cannot make a paper without the requisites."""
    lines = (
        line("📄 ", bold(t("Заполните реквизиты компании"))),
        line(t("{name} просит: без реквизитов не сделать договор и счёт.", name=who)),
    )
    return Screen(lines).with_rows([buttons.button(t("Заполнить реквизиты"), OpenRequisites(), colour="primary")])
