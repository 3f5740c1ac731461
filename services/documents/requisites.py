"""The company's own requisites, checked as a bank checks them: every paper is signed with them (K-11, K-12)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from decimal import ROUND_HALF_UP, Decimal

from models.values.invalid_value import N_, InvalidValue
from models.values.product_text import ProductText
from services.documents import personal_names, requisite_cleaning, sums_in_words
from services.documents.requisite_values import NO_VAT, is_account, is_corr_account, read_value

# What is asked for, in the order of asking; the msgids are the questions' titles.
TITLES: Mapping[str, ProductText] = {
    "full_name": N_("Полное название"),
    "short_name": N_("Короткое название"),
    "inn": N_("ИНН"),
    "kpp": N_("КПП"),
    "ogrn": N_("ОГРН или ОГРНИП"),
    "address": N_("Юридический адрес"),
    "city": N_("Город, где заключают договоры"),
    "director": N_("Кто подписывает: фамилия, имя, отчество"),
    "director_post": N_("Должность того, кто подписывает"),
    "director_genitive": N_("Он же в родительном падеже («директора Ивановой Марии Петровны»)"),
    "basis": N_("На основании чего подписывает («Устава»)"),
    "bank": N_("Банк"),
    "bik": N_("БИК"),
    "account": N_("Расчётный счёт"),
    "corr_account": N_("Корреспондентский счёт"),
    "vat": N_("НДС: «без НДС» или ставка"),
    "phone": N_("Телефон"),
    "email": N_("Электронная почта"),
}
OPTIONAL = frozenset({"director_genitive", "phone", "email"})


@dataclass(frozen=True)
class Requisites:
    """Everything as text, empty when not known yet; `vat` is "none" or a rate in per cent."""

    full_name: str = ""
    short_name: str = ""
    inn: str = ""
    kpp: str = ""
    ogrn: str = ""
    address: str = ""
    city: str = ""
    director: str = ""
    director_post: str = ""
    director_genitive: str = ""
    basis: str = ""
    bank: str = ""
    bik: str = ""
    account: str = ""
    corr_account: str = ""
    vat: str = NO_VAT
    phone: str = ""
    email: str = ""

    @property
    def is_sole(self) -> bool:
        """An individual entrepreneur: twelve digits of ИНН, no КПП, signs for himself."""
        return len(self.inn) == 12

    def missing(self) -> tuple[str, ...]:
        """Names of the fields (see TITLES) that a paper still needs."""
        spared = OPTIONAL | ({"kpp", "director_post", "basis", "director"} if self.is_sole else frozenset())
        return tuple(name for name in TITLES if name not in spared and not getattr(self, name))

    def signer(self) -> str:
        """Who signs: «Иванова М. П.»; for an entrepreneur without a director it is himself."""
        name = self.director or (entrepreneur(self.full_name) if self.is_sole else "")
        return personal_names.initials(name) if name else ""

    def represented(self) -> str:
        """«директора Ивановой Марии Петровны», what stands after «в лице»; empty if nobody is named."""
        if self.director_genitive or not self.director:
            return self.director_genitive
        name = personal_names.genitive_name(self.director)
        return f"{personal_names.genitive_post(self.director_post)} {name}".strip()

    def vat_words(self, total: Decimal | None) -> str:
        """«без НДС», or «в том числе НДС 22 % — 27 049,18 руб.»: the tax lies inside the total, if that is known."""
        if self.vat == NO_VAT:
            return "без НДС"
        rate = f"в том числе НДС {self.vat}{sums_in_words.NBSP}%"
        return (
            rate if total is None else f"{rate} — {sums_in_words.plain_sum(self.vat_of(total))}{sums_in_words.NBSP}руб."
        )

    def vat_of(self, total: Decimal) -> Decimal:
        """The tax inside the total, in roubles, rounded to a kopeck; zero without VAT."""
        if self.vat == NO_VAT:
            return Decimal(0)
        rate = Decimal(self.vat)
        return (total * rate / (100 + rate)).quantize(Decimal("0.01"), ROUND_HALF_UP)

    def to_json(self) -> dict[str, str]:
        return asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, object]) -> Requisites:
        """What was stored; names that are not known (any more) are left out."""
        known = {one.name for one in fields(cls)}
        return cls(**{name: str(value) for name, value in stored.items() if name in known})

    def changed(self, changes: Mapping[str, str]) -> Requisites:
        """The requisites with what was typed, each value checked, and then all together.

        Raises Wrong: requisites.<name>. An empty value clears a field. A changed БИК takes away the accounts that
        cannot belong to it, so that one field after the other may be told: they are missing then and asked for.
        ValueError for a field that does not exist.
        """
        changes = {**_post_beside(changes.get("director", "")), **changes}
        unknown = set(changes) - set(TITLES)
        if unknown:
            raise ValueError(f"no such requisites: {', '.join(sorted(unknown))}")
        read = {name: read_value(name, raw) for name, raw in changes.items()}
        after = replace(self, **read)
        return _checked_together(after, frozenset(read))


@dataclass(frozen=True)
class RequisiteCard:
    """What a pasted card says: the requisites as they would be with it, what it names (`names`), and what of it cannot
    be, each with the reason."""

    after: Requisites
    names: tuple[str, ...]
    wrong: Mapping[str, InvalidValue]


def with_card(before: Requisites, raw: str) -> RequisiteCard | None:
    """Read a pasted card of the enterprise (several requisites in one text); None for a text that is none."""
    after, wrong, names = before, dict[str, InvalidValue](), list[str]()
    found = requisite_cleaning.read_card(raw)
    for name in (one for one in TITLES if one in found):  # what others are checked by goes before: ИНН, БИК
        try:
            after = after.changed({name: found[name]})
        except InvalidValue as refused:
            wrong[name] = refused
        else:
            names.append(name)
    return RequisiteCard(after, tuple(one for one in names if getattr(after, one)), wrong) if found else None


def entrepreneur(full_name: str) -> str:
    """The person's name out of «Индивидуальный предприниматель Иванов Пётр Ильич» or «ИП Иванов Пётр Ильич»."""
    return re.sub(r"^(?:индивидуальный\s+предприниматель|ип)\s+", "", full_name.strip(), flags=re.IGNORECASE)


def _post_beside(director: str) -> dict[str, str]:
    """The post that was typed with the name: «Генеральный директор Воронов Сергей Петрович»."""
    post, _ = requisite_cleaning.person_apart(director)
    return {"director_post": post} if post else {}


def _checked_together(after: Requisites, named: frozenset[str]) -> Requisites:
    if after.is_sole and after.kpp:
        if "kpp" in named:
            raise InvalidValue("requisites.kpp", N_("У предпринимателя нет КПП: оставьте это поле пустым."))
        after = replace(after, kpp="")
    if after.inn and after.ogrn and after.is_sole != (len(after.ogrn) == 15):
        if "ogrn" in named:
            raise InvalidValue(
                "requisites.ogrn",
                N_("По ИНН это {who}: здесь нужен {what}."),
                who=N_("предприниматель") if after.is_sole else N_("организация"),
                what=N_("ОГРНИП из 15 цифр") if after.is_sole else N_("ОГРН из 13 цифр"),
            )
        after = replace(after, ogrn="")
    for name, fits in (("account", is_account), ("corr_account", is_corr_account)):
        value: str = getattr(after, name)
        if not value or not after.bik or fits(value, after.bik):
            continue
        if name in named:
            raise InvalidValue(
                f"requisites.{name}",
                N_("Счёт {account} не подходит к БИК {bik}: проверьте цифры того и другого."),
                account=value,
                bik=after.bik,
            )
        after = replace(after, **{name: ""})
    return after
