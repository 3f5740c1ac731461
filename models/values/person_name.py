"""The name out of what people keep under a client: «Иванова Мария (дочь)», «ИП Петров 🌸», «Ольга, дизайнер» (door F2).

A paper is made out to a name and signed with one; what else stands there is for whoever calls.
"""

from __future__ import annotations

import re
from functools import lru_cache

from models.values.clean_text import one_line

LONGEST = 200
BRACKETS = re.compile(r"[(\[{<«\"][^)\]}>»\"]*[)\]}>»\"]?")
NOT_OF_A_NAME = re.compile(r"[^\w\s.,;:/|&+’'`·-]")  # emoji, signs
APART = re.compile(r"\s*[,;:/|&+]\s*|\s+-+\s+|\s+[–—]\s+")
SOLE = re.compile(r"^(?:индивидуальный\s+предприниматель|ип|и\.\s?п\.)\s+", re.IGNORECASE)
_PARTICLES = "оглы кызы гызы улы уулу кизи де да ди фон ван дер эль бен ибн"  # small letters in a name
LATIN = re.compile(r"[A-Za-z]")
_ROLES = (
    "дочь дочка сын муж жена супруг супруга мама мать папа отец брат сестра бабушка дедушка тётя тетя дядя племянник "
    "племянница внук внучка свекровь тёща теща зять невестка родственник родственница дизайнер прораб строитель "
    "архитектор риелтор риэлтор ремонт отделочник бригадир мастер сосед соседка друг подруга знакомый знакомая коллега "
    "клиент клиентка заказчик заказчица покупатель покупательница собственник собственница хозяин хозяйка владелец "
    "владелица арендатор менеджер секретарь помощник помощница бухгалтер контакт тел телефон моб кв дом госпожа "
    "господин г-н г-жа гражданин гражданка гр mr mrs ms miss designer wife husband client"
)
PARTICLES, ROLES = frozenset(_PARTICLES.split()), frozenset(_ROLES.split())


def cleaned(raw: str) -> str:
    """The name of a person, «ИП» before it kept; what was written if nothing is left that could be one."""
    text = one_line(raw, limit=LONGEST)
    sole = SOLE.match(text)
    words = _words(text[sole.end() :] if sole else text)
    if not words:
        return text
    name = " ".join(map(_capital, words))
    return f"ИП {name}" if sole else name


def without_sole(name: str) -> str:
    """The person's name out of «Индивидуальный предприниматель Иванов Пётр Ильич»."""
    return SOLE.sub("", name.strip())


@lru_cache(maxsize=4096)  # every card asks it each time it is drawn, and the answer never changes
def is_same(one: str, other: str) -> bool:
    """Whether two names can be one person's: each word of the shorter one stands in the longer, or begins a word of it
    («Иванова М. П.» and «Мария Иванова»). An empty name is nobody's."""
    short, long = sorted((_keys(one), _keys(other)), key=len)
    left = list(long)
    for key in sorted(short, key=len, reverse=True):
        found = next((word for word in left if word == key or _is_initial(key, word) or _is_initial(word, key)), None)
        if found is None:
            return False
        left.remove(found)
    return bool(short)


def fuller(one: str, other: str) -> str:
    """Of two names of one person the one that says more; the first of two that say the same."""
    return max((one, other), key=lambda name: sum(len(key) for key in _keys(name)))


def _words(text: str) -> list[str]:
    """The words of the first part that holds a name: brackets, signs, numbers and roles left out."""
    plain = NOT_OF_A_NAME.sub(" ", BRACKETS.sub(" ", text))
    for part in APART.split(plain):
        words = [word for word in re.sub(r"(?<=\w\.)(?=\w\w)", " ", part).split() if _is_name(word)]
        if words:
            return words
    return []


def _is_name(word: str) -> bool:
    key = word.lower().strip(".-'’`·_")
    return bool(key) and key not in ROLES and not any(ch.isdigit() or ch == "_" for ch in word)


def _capital(word: str) -> str:
    """«мария» as «Мария», «петрова-водкина» in both halves; «оглы» and what has a capital letter as they are."""
    if not word.islower() or word in PARTICLES:
        return word
    return "-".join(part[:1].upper() + part[1:] for part in word.split("-"))


def _keys(name: str) -> list[str]:
    text = without_sole(cleaned(name)).lower().replace("ё", "е")
    return [word for word in re.split(r"[\s.]+", text) if word]


def _is_initial(key: str, word: str) -> bool:
    return len(key) == 1 and word.startswith(key)
