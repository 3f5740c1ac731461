"""The payment code by ГОСТ Р 56042-2014, read back as a bank's app reads it (K-12)."""

from __future__ import annotations

import dataclasses
import io
from decimal import Decimal

import pytest
import zxingcpp
from PIL import Image

from services.documents import payment_qr

PAYMENT = payment_qr.QrPayment(
    name="ООО «Кухни Верстак»",
    account="40702810938000012345",
    bank="ПАО Сбербанк, г. Москва",
    bik="044525225",
    corr_account="30101810400000000225",
    inn="7707083893",
    kpp="773601001",
    purpose="Оплата по счёту № 17 от 22.11.2026, без НДС",
    total=Decimal("75000.50"),
)


def read(picture: bytes) -> bytes:
    """The bytes of the one code in the picture."""
    found = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)))
    assert len(found) == 1
    return bytes(found[0].bytes)


@pytest.mark.parametrize(("kind", "encoding"), payment_qr.ENCODINGS.items())
def test_the_code_read_back_is_the_same_bytes_k_12(kind: str, encoding: str) -> None:
    content = payment_qr.payload(PAYMENT, kind)
    assert read(payment_qr.png(content)) == content
    assert content.decode(encoding) == (
        f"{kind}|Name=ООО «Кухни Верстак»|PersonalAcc=40702810938000012345|BankName=ПАО Сбербанк, г. Москва"
        "|BIC=044525225|CorrespAcc=30101810400000000225|Sum=7500050"
        "|Purpose=Оплата по счёту № 17 от 22.11.2026, без НДС|PayeeINN=7707083893|KPP=773601001"
    )


def test_the_separator_and_line_ends_never_come_from_a_value() -> None:
    tricky = dataclasses.replace(PAYMENT, name="ООО|Sum=1|Рога\nи копыта", purpose="а|б\r\nв")
    parts = payment_qr.payload(tricky).decode().split("|")
    assert [part.partition("=")[0] for part in parts[1:6]] == ["Name", "PersonalAcc", "BankName", "BIC", "CorrespAcc"]
    assert [part for part in parts if part.startswith("Sum=")] == ["Sum=7500050"]
    assert "Purpose=а б в" in parts


def test_long_values_are_cut_as_the_standard_says_and_still_read() -> None:
    long = dataclasses.replace(PAYMENT, name="К" * 400, bank="Б" * 400, purpose="П" * 400)
    fields = dict(part.split("=", 1) for part in payment_qr.payload(long).decode().split("|")[1:])
    assert {name: len(fields[name]) for name in ("Name", "BankName", "Purpose")} == {
        "Name": 160,
        "BankName": 45,
        "Purpose": 210,
    }
    assert read(payment_qr.png(payment_qr.payload(long))) == payment_qr.payload(long)


def test_letters_that_cp1251_lacks_do_not_break_it() -> None:
    odd = dataclasses.replace(PAYMENT, purpose="Кухня → «ö»")
    assert "Purpose=Кухня ? «?»" in payment_qr.payload(odd, "ST00011").decode("cp1251")


def test_without_a_sum_the_client_types_it_himself() -> None:
    assert b"Sum=" not in payment_qr.payload(dataclasses.replace(PAYMENT, total=None))


@pytest.mark.parametrize("total", ["0", "-1", "0.001"])
def test_nobody_pays_nothing_or_parts_of_a_kopeck(total: str) -> None:
    with pytest.raises(ValueError, match=r"pays|kopecks"):
        payment_qr.payload(dataclasses.replace(PAYMENT, total=Decimal(total)))


@pytest.mark.parametrize("name", ["name", "account", "bank", "bik"])
def test_a_code_without_what_a_bank_needs_is_not_made(name: str) -> None:
    with pytest.raises(ValueError, match="needs"):
        payment_qr.payload(dataclasses.replace(PAYMENT, **{name: " "}))


def test_a_kind_nobody_knows_is_refused() -> None:
    with pytest.raises(ValueError, match="ST00019"):
        payment_qr.payload(PAYMENT, "ST00019")


def test_the_picture_is_the_same_each_time() -> None:
    assert payment_qr.svg(payment_qr.payload(PAYMENT)) == payment_qr.svg(payment_qr.payload(PAYMENT))
