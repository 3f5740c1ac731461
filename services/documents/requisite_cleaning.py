"""Requisites as people paste them: «ИНН 7707083893», «на основании Устава», a whole card (door B17, D5).

What stands around a value is taken off before it is read; whether it can be a value is `requisite_values`' business.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from models.values.clean_text import clean, one_line
from services.documents import personal_names

# How each is called in front of its value. Those of figures stand anywhere in a line, the others at its beginning.
FIGURES: Mapping[str, str] = {
    "inn": r"инн(?:\s*/\s*кпп)?",
    "kpp": r"(?:инн\s*/\s*)?кпп",
    "ogrn": r"огрн(?:ип)?",
    "bik": r"бик(?:\s+банка)?",
    "corr_account": r"к\s*/\s*сч?|кор(?:р(?:еспондентский)?)?\.?\s*/?\s*сч[её]т|корсч[её]т",
    "account": r"р\s*/\s*сч?|расч(?:[её]тный|\.)?\s*/?\s*сч[её]т|р\.\s*сч[её]т|сч[её]т(?:\s+получателя)?",
}
WORDS: Mapping[str, str] = {
    "short_name": r"(?:сокращ[её]нное|краткое|короткое)\s+(?:фирменное\s+)?(?:наименование|название)",
    "full_name": r"(?:полное\s+)?(?:фирменное\s+)?(?:наименование|название)(?:\s+(?:организации|предприятия|компании))?"
    r"|организация|получатель",
    "address": r"(?:юр(?:идический|\.)?|почтовый\s+и\s+юридический)\s*адрес|адрес"
    r"(?:\s+(?:местонахождения|регистрации))?|место\s+нахождения",
    "director": r"генеральный\s+директор|исполнительный\s+директор|директор|руководитель|подписант",
    "basis": r"основание(?:\s+подписи)?",
    "bank": r"(?:наименование\s+)?банк(?:а)?(?:\s+получателя)?",
    "phone": r"тел(?:ефон)?\.?(?:\s*/\s*факс)?",
    "email": r"e-?mail|эл(?:ектронная|\.)?\s*почта|почта",
    "city": r"город(?:\s+договоров)?",
}
SIGNS = r"\s*(?:[:№=–—-]\s*)*"
ANY_FIGURE = re.compile(
    "|".join(rf"(?P<{name}>(?<![\w/])(?:{said})(?![\w/])\.?{SIGNS})" for name, said in FIGURES.items()), re.IGNORECASE
)
LEADS = {
    name: re.compile(rf"^\W*(?:{said}){SIGNS}", re.IGNORECASE)
    for name, said in {**FIGURES, "phone": WORDS["phone"], "email": WORDS["email"]}.items()
}
NAMED = {name: re.compile(rf"^\W*(?:{said})\s*[:—–]\s*", re.IGNORECASE) for name, said in WORDS.items()}
BASIS = re.compile(r"^\W*(?:действу\w+(?:\(.{1,4}\))?\s+)?(?:на\s+основании|по|в\s+силу)\s+", re.IGNORECASE)
INSIDE_BASIS = re.compile(r"на\s+основании\s+([^,;\n]+)", re.IGNORECASE)
REPRESENTED = re.compile(r"^\W*в\s+лице\s+", re.IGNORECASE)
CITY = re.compile(r"^\W*(?:г|гор|город)[.\s]\s*", re.IGNORECASE)
CITY_INSIDE = re.compile(r"(?:^|[\s,])(?:г\.?|город)\s+([А-ЯЁ][а-яё]+(?:[- ][А-ЯЁ][а-яё]+)*)")
FIRM = re.compile(r"^\W*(?:(?:ООО|АО|ПАО|ОАО|ЗАО|НАО|ИП)\b|Общество\s|Акционерное\s|Индивидуальный\s)", re.IGNORECASE)
SHORT_FIRM = re.compile(r"^\W*(?:ООО|АО|ПАО|ОАО|ЗАО|НАО|ИП)\b", re.IGNORECASE)
POSTS = re.compile(
    r"директор|руководител|управляющ|председател|президент|предпринимател|заместител|начальник|менеджер|администратор"
    r"|бухгалтер|учредител|глава|представител",
    re.IGNORECASE,
)
# begun at a word only, and never over a second @: else a line of @ takes the cube of its length
EMAIL = re.compile(r"(?<![^\s@])[^\s@]+@[^\s@]+\.\w+")
FOLLOW = frozenset({"director_post", "city"})  # they are read out of another one
ENDS = " \t.,;:"


def cleaned(name: str, raw: str) -> str:
    """The value without what people write around it; as it is where nothing is known of it."""
    text = one_line(raw, limit=1000)
    if name in FIGURES:
        return _figures(name, LEADS[name].sub("", text))
    if name in ("phone", "email"):
        text = LEADS[name].sub("", text).strip(ENDS)
        return re.sub(r"^mailto:", "", text, flags=re.IGNORECASE) if name == "email" else text
    if name == "vat":
        return text.rstrip(ENDS)
    if name in NAMED:
        text = NAMED[name].sub("", text).strip()
    match name:
        case "basis":
            return BASIS.sub("", text).strip(ENDS)
        case "director_genitive":
            return REPRESENTED.sub("", text).strip(ENDS)
        case "city":
            return CITY.sub("", text).strip(ENDS)
        case _:
            return text


def _figures(name: str, text: str) -> str:
    """«7707083893/773601001» is an ИНН and a КПП; «40702… в ПАО Сбербанк» an account and a bank."""
    if name in ("inn", "kpp") and "/" in text:
        first, _, second = text.partition("/")
        text = second if name == "kpp" else first
    text = re.sub(r"\s+в\s+.*$", "", text, flags=re.DOTALL) if name.endswith("account") else text
    return re.sub(r"[\s\u00a0.\-–—_]", "", text.strip(ENDS))


def person_apart(raw: str) -> tuple[str, str]:
    """(post, name): «Генеральный директор Воронов Сергей Петрович», either way round; no post where none is."""
    text = one_line(raw, limit=300)
    words = text.split()
    for size in (3, 4, 2):
        for place in range(len(words) - size + 1):
            name = [word.strip(ENDS) for word in words[place : place + size]]
            rest = " ".join([*words[:place], *words[place + size :]]).strip(ENDS + "–—-()")
            if _is_person(name) and POSTS.search(rest):
                return rest, " ".join(name)
    return "", text


def _is_person(words: list[str]) -> bool:
    said = " ".join(words)
    return all(word[:1].isupper() for word in words if word not in ("оглы", "кызы")) and (
        personal_names.is_whole(said) and not POSTS.search(said)
    )


# --- a whole card ---------------------------------------------------------------------------------------------------


def read_card(raw: str) -> dict[str, str]:
    """Every requisite that a pasted text names, as it stands there; nothing of a text that names only one."""
    found: dict[str, str] = {}
    for text in re.split(r"[\n;]+", clean(raw)):
        if text.strip():
            _read_line(text.strip(), found)
    if "city" not in found and (city := CITY_INSIDE.search(found.get("address", ""))):
        found["city"] = city[1]
    return found if len(found.keys() - FOLLOW) > 1 else {}


def _read_line(text: str, found: dict[str, str]) -> None:
    figures = list(ANY_FIGURE.finditer(text))
    for match, following in zip(figures, [*figures[1:], None], strict=False):
        value = text[match.end() : following.start() if following else len(text)].strip(ENDS + "/")
        _keep_figures(str(match.lastgroup), match[0], value, found)
    head = text[: figures[0].start()].strip(ENDS) if figures else text
    if head:
        _read_words(head, found)


def _keep_figures(name: str, label: str, value: str, found: dict[str, str]) -> None:
    if not any(ch.isdigit() for ch in value):
        return
    if name == "inn" and "/" in label and "/" in value:
        found.setdefault("kpp", value.partition("/")[2].strip())
    if name.endswith("account") and (bank := re.search(r"\sв\s+(\S.*)$", value)):
        found.setdefault("bank", bank[1])
    found.setdefault(name, value)


def _read_words(text: str, found: dict[str, str]) -> None:
    if basis := INSIDE_BASIS.search(text):
        found.setdefault("basis", basis[1].strip(ENDS))
        text = text[: basis.start()].rstrip(ENDS + "(")
        text = re.sub(r",?\s*действу\w+(?:\(.{1,4}\))?$", "", text, flags=re.IGNORECASE).strip(ENDS)
    if not text:
        return
    name = next((one for one, label in NAMED.items() if label.match(text)), None)
    value = NAMED[name].sub("", text).strip() if name else text
    post, person = person_apart(text if name in (None, "director") else "")
    if post and _is_person(person.split()):
        found.setdefault("director", person)
        found.setdefault("director_post", NAMED["director"].sub("", post) or post)
    elif name == "director":
        found.setdefault("director", value)
        found.setdefault("director_post", re.split(r"\s*[:—–]", text)[0].strip())
    elif name is not None:
        found.setdefault("short_name" if name == "full_name" and SHORT_FIRM.match(value) else name, value)
    elif FIRM.match(text):
        found.setdefault("short_name" if SHORT_FIRM.match(text) else "full_name", text)
    elif LEADS["phone"].match(text) and any(ch.isdigit() for ch in text):
        found.setdefault("phone", LEADS["phone"].sub("", text))
    elif email := EMAIL.search(text):
        found.setdefault("email", email[0].strip(ENDS))
