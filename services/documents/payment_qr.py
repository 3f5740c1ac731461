"""The payment QR of ГОСТ Р 56042-2014: what a bank's app reads off an invoice (K-12)."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

import segno

from models.values.clean_text import one_line
from models.values.money import to_kopecks

SEPARATOR = "|"
# By the standard: the sign of a set of characters, and the longest value of each field in characters.
ENCODINGS: Mapping[str, str] = {"ST00012": "utf-8", "ST00011": "cp1251"}
LONGEST: Mapping[str, int] = {
    "Name": 160,
    "PersonalAcc": 20,
    "BankName": 45,
    "BIC": 9,
    "CorrespAcc": 20,
    "Sum": 18,
    "Purpose": 210,
    "PayeeINN": 12,
    "KPP": 9,
}


@dataclass(frozen=True)
class QrPayment:
    """Who is paid, how much (roubles) and what for. All but `kpp` and `total` must be told."""

    name: str
    account: str
    bank: str
    bik: str
    corr_account: str
    inn: str
    purpose: str
    kpp: str = ""
    total: Decimal | None = None


def payload(payment: QrPayment, kind: str = "ST00012") -> bytes:
    """The bytes inside the QR: UTF-8 (ST00012) or the shorter cp1251 (ST00011), required fields first and in order.

    The separator and line ends are taken out of the values, and a value too long is cut. ValueError if a required one
    is empty, the sum is not above zero, or the kind is unknown.
    """
    encoding = ENCODINGS.get(kind)
    if encoding is None:
        raise ValueError(f"unknown kind of payment code: {kind}")
    required = {
        "Name": payment.name,
        "PersonalAcc": payment.account,
        "BankName": payment.bank,
        "BIC": payment.bik,
        "CorrespAcc": payment.corr_account or "0",  # the standard's way to say that there is none
    }
    more = {"Sum": _kopecks(payment.total), "Purpose": payment.purpose, "PayeeINN": payment.inn, "KPP": payment.kpp}
    clean = {name: _value(name, value) for name, value in {**required, **more}.items()}
    empty = [name for name in required if not clean[name]]
    if empty:
        raise ValueError(f"a payment code needs {', '.join(empty)}")
    told = [f"{name}={value}" for name, value in clean.items() if value]
    return SEPARATOR.join([kind, *told]).encode(encoding, "replace")


def svg(content: bytes) -> str:
    """The code as an SVG picture with its quiet zone, the same bytes for the same content."""
    out = io.BytesIO()
    _code(content).save(out, kind="svg", border=4, scale=4, xmldecl=False, svgclass=None, lineclass=None)
    return out.getvalue().decode()


def png(content: bytes, scale: int = 6) -> bytes:
    """The code as a PNG picture: `scale` pixels per module."""
    out = io.BytesIO()
    _code(content).save(out, kind="png", border=4, scale=scale)
    return out.getvalue()


def _code(content: bytes) -> segno.QRCode:
    return segno.make(content, error="m", mode="byte", micro=False, boost_error=False)


def _value(name: str, raw: str) -> str:
    return one_line(raw.replace(SEPARATOR, " "), limit=LONGEST[name])


def _kopecks(total: Decimal | None) -> str:
    if total is None:
        return ""
    if total <= 0:
        raise ValueError(f"nobody pays {total}")
    return str(to_kopecks(total))
