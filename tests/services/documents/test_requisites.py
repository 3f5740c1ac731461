"""The company's requisites: what a bank and a tax office would refuse is refused here (K-11)."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from models.errors import NotAllowed
from models.values.invalid_value import InvalidValue
from services.documents import requisite_values as values
from services.documents import stored_requisites as stored
from services.documents.requisites import TITLES, Requisites
from services.documents.sample_order import sample_facts

FULL = sample_facts().company
RIGHT = {
    "inn": ("7707083893", "500100732259", "77 07 083893"),
    "kpp": ("773601001", "7736AB001"),
    "ogrn": ("1027700132195", "304500116000157"),
    "bik": ("044525225",),
    "account": ("40702810938000012345", "4070 2810 9380 0001 2345"),
    "corr_account": ("30101810400000000225",),
    "vat": ("без НДС", "УСН", "22", "22 %", "НДС 5%"),
    "email": ("info@kuhni.ru",),
    "director": ("Иванова Мария Петровна",),
}
WRONG = {
    "inn": ("7707083892", "500100732258", "123", "12345678901", "77070838ЭЗ", "٧٧٠٧٠٨٣٨٩٣"),
    "kpp": ("77360100", "773601OO1", "АБВ"),
    "ogrn": ("1027700132194", "304500116000158", "10277001321955"),
    "bik": ("04452522", "944525225", "0445252255"),
    "account": ("4070281093800001234", "40702810938000012345x", "рубли"),
    "corr_account": ("40702810938000012345", "3010181040000000022"),
    "vat": ("19", "сто", "-22"),
    "email": ("info", "a@b", "два слова@почта.рф"),
    "director": ("Мария", "Иванова 1"),
    "phone": ("12",),
    "bank": ("—", "б" * 121),
    "full_name": ("«»", "О" * 201),
}


@pytest.mark.parametrize(("name", "raw"), [(name, raw) for name, many in RIGHT.items() for raw in many])
def test_right_values_are_taken(name: str, raw: str) -> None:
    assert values.read_value(name, raw)


@pytest.mark.parametrize(("name", "raw"), [(name, raw) for name, many in WRONG.items() for raw in many])
def test_wrong_values_are_refused_with_a_reason(name: str, raw: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        values.read_value(name, raw)
    assert "{" not in str(refused.value)
    assert refused.value.code.startswith(("requisites.", "phone."))


def test_an_account_of_another_bank_is_refused() -> None:
    with pytest.raises(InvalidValue) as refused:
        FULL.changed({"account": "40702810838000012345"})
    assert refused.value.code == "requisites.account"
    assert "044525225" in str(refused.value)


def test_a_correspondent_account_ends_as_its_bank_does() -> None:
    with pytest.raises(InvalidValue) as refused:
        FULL.changed({"corr_account": "30101810200000000593"})
    assert refused.value.code == "requisites.corr_account"


def test_one_field_after_the_other_a_new_bank_can_be_told() -> None:
    after = FULL.changed({"bik": "044525593"})  # Альфа-Банк
    assert after.missing() == ("account", "corr_account")
    after = after.changed({"corr_account": "30101810200000000593"})
    assert after.missing() == ("account",)


def test_an_account_told_before_the_bank_waits_for_it() -> None:
    assert Requisites().changed({"account": "40702810838000012345"}).account


def test_an_entrepreneur_has_no_kpp_and_another_ogrn() -> None:
    sole = FULL.changed({"inn": "500100732259", "full_name": "Индивидуальный предприниматель Кузнецов Илья Фомич"})
    assert (sole.kpp, sole.ogrn) == ("", "")
    assert sole.missing() == ("ogrn",)
    with pytest.raises(InvalidValue, match="КПП"):
        sole.changed({"kpp": "773601001"})
    with pytest.raises(InvalidValue, match="ОГРНИП"):
        sole.changed({"ogrn": "1027700132195"})
    alone = sole.changed({"director": "", "director_post": "", "basis": "", "ogrn": "304500116000157"})
    assert alone.missing() == ()
    assert alone.signer() == "Кузнецов\u00a0И.\u00a0Ф."


def test_who_signs_is_in_the_genitive_unless_written_by_hand() -> None:
    assert FULL.represented() == "генерального директора Ивановой Марии Петровны"
    by_hand = FULL.changed({"director_genitive": "директора Дюмы Александра"})
    assert by_hand.represented() == "директора Дюмы Александра"
    assert Requisites().represented() == ""


def test_the_charter_is_put_into_the_genitive() -> None:
    assert Requisites().changed({"basis": "Устав"}).basis == "Устава"


def test_tax_lies_inside_the_total() -> None:
    taxed = FULL.changed({"vat": "22%"})
    assert taxed.vat_of(Decimal(150000)) == Decimal("27049.18")
    assert taxed.vat_words(Decimal(150000)).replace("\u00a0", " ") == "в том числе НДС 22 % — 27 049,18 руб."
    assert FULL.vat_words(Decimal(150000)) == "без НДС"


def test_nothing_known_is_all_missing_but_what_may_stay_empty() -> None:
    assert set(Requisites().missing()) == set(TITLES) - {"director_genitive", "phone", "email", "vat"}


def test_they_live_through_json_and_forget_unknown_names() -> None:
    assert Requisites.from_json({**json.loads(json.dumps(FULL.to_json())), "old": 1}) == FULL


def test_a_field_that_does_not_exist_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="okpo"):
        FULL.changed({"okpo": "1"})


async def test_the_owner_keeps_them_and_nobody_else_k_11(in_work, hire) -> None:  # type: ignore[no-untyped-def]
    owner, manager = await hire("Ольга", "owner"), await hire("Анна", "manager")
    assert await in_work(stored.get) == Requisites()
    await in_work(lambda work: stored.put(work, {"inn": "7707083893"}), actor=owner)
    await in_work(lambda work: stored.put(work, {"kpp": "773601001"}), actor=owner)
    for actor in (manager, None):
        with pytest.raises(NotAllowed):
            await in_work(lambda work: stored.put(work, {"inn": ""}), actor=actor)
    with pytest.raises(InvalidValue):
        await in_work(lambda work: stored.put(work, {"bik": "1", "city": "Клин"}), actor=owner)
    known = await in_work(stored.get, actor=manager)
    assert (known.inn, known.kpp, known.city) == ("7707083893", "773601001", "")
