"""Each of the company's requisites as it may be typed: cleaned, and checked by its control digits (K-11)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from models.values.invalid_value import N_, InvalidValue
from models.values.phone import parse_phone
from models.values.product_text import ProductText
from services.documents import requisite_cleaning

NO_VAT = "none"
VAT_RATES = ("5", "7", "10", "20", "22")
NO_VAT_WORDS = frozenset(
    {"без", "нет", "no", "none", "without", "усн", "0", "необлагается", "-", "—", "безналога", "неплательщик", "усно"}
)
VAT_AROUND = re.compile(r"[%.,:;()]|ндс|vat|процент\w*|втомчисле|вт\.?ч\.?|ставка")  # what stands beside a rate
DIGITS = re.compile(r"[0-9]+")
BASES = {"устав": "Устава", "устава": "Устава", "доверенность": "доверенности", "свидетельство": "свидетельства"}


def read_value(name: str, raw: str) -> str:
    """One typed value, cleaned and checked by itself. Raises Wrong."""
    text = requisite_cleaning.cleaned(name, raw)
    return READERS.get(name, _text(name))(text) if text else (NO_VAT if name == "vat" else "")


def is_inn(digits: str) -> bool:
    """Ten digits of a company or twelve of a person, with the control digits of the tax office."""
    if len(digits) == 10:
        return digits[9] == _inn_digit(digits, (2, 4, 10, 3, 5, 9, 4, 6, 8))
    first, second = (7, 2, 4, 10, 3, 5, 9, 4, 6, 8), (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)
    return len(digits) == 12 and digits[10] == _inn_digit(digits, first) and digits[11] == _inn_digit(digits, second)


def is_ogrn(digits: str) -> bool:
    """Thirteen digits of a company or fifteen of an entrepreneur, with the control digit."""
    divisor = {13: 11, 15: 13}.get(len(digits))
    return divisor is not None and int(digits[:-1]) % divisor % 10 == int(digits[-1])


def is_account(account: str, bik: str) -> bool:
    """Whether the key inside a settlement account fits the bank (Bank of Russia, 08.09.1997 № 515)."""
    at_central_bank = bik[6:] in {"000", "001", "002"}
    return _key_fits(f"0{bik[4:6]}{account}" if at_central_bank else f"{bik[6:]}{account}")


def is_corr_account(account: str, bik: str) -> bool:
    """Whether a correspondent account is this bank's: its last three digits and its key."""
    return account[-3:] == bik[-3:] and _key_fits(f"0{bik[4:6]}{account}")


def _inn_digit(digits: str, weights: tuple[int, ...]) -> str:
    return str(sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=False)) % 11 % 10)


def _key_fits(digits: str) -> bool:
    return sum(int(digit) * (7, 1, 3)[place % 3] % 10 for place, digit in enumerate(digits)) % 10 == 0


def _digits(name: str, text: str, lengths: tuple[int, ...], example: ProductText) -> str:
    digits = re.sub(r"[\s\u00a0-]", "", text)
    if not DIGITS.fullmatch(digits):
        raise InvalidValue(f"requisites.{name}", N_("Здесь нужны только цифры."), example)
    if len(digits) not in lengths:
        wanted = " / ".join(map(str, lengths))
        raise InvalidValue(
            f"requisites.{name}",
            N_("Нужно цифр: {wanted}, а здесь {count}."),
            example,
            wanted=wanted,
            count=len(digits),
        )
    return digits


def _read_inn(text: str) -> str:
    digits = _digits("inn", text, (10, 12), ProductText("7707083893"))
    if not is_inn(digits):
        raise InvalidValue(
            "requisites.inn", N_("Такого ИНН не бывает: контрольная цифра не сходится. Проверьте цифры.")
        )
    return digits


def _read_kpp(text: str) -> str:
    plain = re.sub(r"[\s\u00a0-]", "", text).upper()
    if not re.fullmatch(r"[0-9]{4}[0-9A-Z]{2}[0-9]{3}", plain):
        raise InvalidValue("requisites.kpp", N_("КПП состоит из девяти знаков."), "773601001")
    return plain


def _read_ogrn(text: str) -> str:
    digits = _digits("ogrn", text, (13, 15), ProductText("1027700132195"))
    if not is_ogrn(digits):
        raise InvalidValue(
            "requisites.ogrn", N_("Такого ОГРН не бывает: контрольная цифра не сходится. Проверьте цифры.")
        )
    return digits


def _read_bik(text: str) -> str:
    digits = _digits("bik", text, (9,), ProductText("044525225"))
    if not digits.startswith(("00", "01", "02", "04", "05", "10")):
        raise InvalidValue("requisites.bik", N_("БИК российского банка начинается с 04."), "044525225")
    return digits


def _read_corr(text: str) -> str:
    digits = _digits("corr_account", text, (20,), ProductText("30101810400000000225"))
    if not digits.startswith(("301", "401")):
        raise InvalidValue(
            "requisites.corr_account", N_("Корреспондентский счёт начинается с 301."), "30101810400000000225"
        )
    return digits


def _read_vat(text: str) -> str:
    plain = VAT_AROUND.sub("", re.sub(r"\s", "", text.lower()))
    if plain in NO_VAT_WORDS:
        return NO_VAT
    if plain not in VAT_RATES:
        rates = ", ".join(VAT_RATES)
        raise InvalidValue("requisites.vat", N_("Напишите «без НДС» или ставку: {rates}."), N_("без НДС"), rates=rates)
    return plain


def _read_email(text: str) -> str:
    if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s.]{2,}", text) or len(text) > 120:
        raise InvalidValue("requisites.email", N_("Это не похоже на адрес почты."), "info@kuhni.ru")
    return text


def _read_person(text: str) -> str:
    parts = requisite_cleaning.person_apart(text)[1].split()
    if any("." in part for part in parts):
        raise InvalidValue(
            "requisites.director", N_("Инициалов мало: нужны имя и отчество целиком."), N_("Иванова Мария Петровна")
        )
    if len(parts) < 2 or any(ch.isdigit() for ch in text) or len(text) > 100:
        raise InvalidValue("requisites.director", N_("Напишите фамилию, имя и отчество."), N_("Иванова Мария Петровна"))
    return " ".join(parts)


def _read_basis(text: str) -> str:
    """«Устав» is «Устава», «Доверенность № 5» «доверенности № 5»."""
    first, _, rest = text.partition(" ")
    known = BASES.get(first.lower())
    return _text("basis")(f"{known} {rest}".strip() if known else text)


def _read_post(text: str) -> str:
    """The post alone, where the name was written behind it."""
    return _text("director_post")(requisite_cleaning.person_apart(text)[0] or text)


def _text(name: str) -> Callable[[str], str]:
    limit = 200 if name in {"full_name", "address"} else 120

    def read(text: str) -> str:
        if not any(ch.isalnum() for ch in text):
            raise InvalidValue(f"requisites.{name}", N_("Здесь нужен текст: буквы или цифры."))
        if len(text) > limit:
            raise InvalidValue(
                f"requisites.{name}", N_("Слишком длинно: оставьте не больше {limit} знаков."), limit=limit
            )
        return text

    return read


READERS: Mapping[str, Callable[[str], str]] = {
    "inn": _read_inn,
    "kpp": _read_kpp,
    "ogrn": _read_ogrn,
    "bik": _read_bik,
    "account": lambda text: _digits("account", text, (20,), ProductText("40702810938000012345")),
    "corr_account": _read_corr,
    "vat": _read_vat,
    "email": _read_email,
    "phone": parse_phone,
    "director": _read_person,
    "director_post": _read_post,
    "basis": _read_basis,
}
