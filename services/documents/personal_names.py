"""People's names as papers write them: «Иванова М. П.», «в лице директора Ивановой Марии Петровны»."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pytrovich.enums import Case, Gender, NamePart
from pytrovich.maker import PetrovichDeclinationMaker

from models.values import person_name
from services.documents.sums_in_words import NBSP

# Enough to tell «Мария Иванова» from «Иванова Мария»: a card says either, a document the second.
_WOMEN = (
    "александра алёна алина алиса алла альбина анастасия ангелина анжела анна антонина арина валентина валерия варвара "
    "василиса вера вероника виктория галина дарья диана ева евгения евдокия екатерина елена елизавета жанна зинаида "
    "зоя инна ирина карина кира клавдия кристина ксения лариса лидия лилия любовь людмила маргарита марина мария майя "
    "милана надежда наталия наталья нина нинель оксана олеся ольга полина раиса регина римма роза светлана снежана "
    "софия софья таисия тамара татьяна ульяна эвелина элина эльвира эмилия юлия яна ярослава аделина "
    "гульнара айгуль"
)
_MEN = (
    "александр алексей альберт анатолий андрей антон аркадий арсений артём артур богдан борис вадим валентин валерий "
    "василий виктор виталий владимир владислав всеволод вячеслав геннадий георгий герман глеб григорий давид даниил "
    "данил денис дмитрий евгений егор захар иван игорь илья иннокентий кирилл константин кузьма лев леонид лука макар "
    "максим марат марк матвей михаил никита николай олег павел пётр платон прохор ренат ринат родион роман руслан "
    "савелий савва святослав семён сергей станислав степан тарас тимофей тимур фёдор филипп фома эдуард эльдар юлиан "
    "юрий яков ян ярослав рустам ильдар ильяс мамед фарид"
)
MALE_PATRONYMIC = re.compile(r"(?:ович|евич|ич|оглы|улы|уулу)$", re.IGNORECASE)
FEMALE_PATRONYMIC = re.compile(r"(?:овна|евна|ична|инична|кызы|гызы|кизи)$", re.IGNORECASE)
# The post is declined up to its first noun: «генеральный директор по продажам» → «генерального директора по продажам».
ADJECTIVE = re.compile(r"(?:(?<=[кгхшжчщ])ий|ый|ой)$", re.IGNORECASE)
SOFT_ADJECTIVE = re.compile(r"(?:(?<=[^кгхшжчщ])ий|(?<=[жчщш])ий)$", re.IGNORECASE)
NOUNS_THAT_LOOK_LIKE_ADJECTIVES = frozenset({"управляющий", "заведующий", "исполняющий"})
INITIALS, INITIAL = re.compile(r"^(?:\w\.)+$"), re.compile(r"\w\.")
WOMEN = frozenset(_WOMEN.replace("ё", "е").split())
MEN = frozenset(_MEN.replace("ё", "е").split())
_MAKER = PetrovichDeclinationMaker()


@dataclass(frozen=True)
class _Name:
    """A name taken apart; empty where there is nothing."""

    last: str
    first: str = ""
    patronymic: str = ""
    order: str = "lfp"  # how it was written

    @property
    def sex(self) -> str | None:
        for ending, kind in ((FEMALE_PATRONYMIC, "female"), (MALE_PATRONYMIC, "male")):
            if ending.search(self.patronymic):
                return kind
        first = _key(self.first)
        return "female" if first in WOMEN else "male" if first in MEN else None


def initials(name: str) -> str:
    """«Иванова М. П.» of «Иванова Мария Петровна (дочь)» and of «ИП Мария Петровна Иванова»; one word stays as it
    is."""
    name = person_name.without_sole(person_name.cleaned(name))
    parts = _apart(name)
    if parts is None or not parts.last:
        return " ".join(name.split())
    short = [f"{part[0].upper()}." for part in (parts.first, parts.patronymic) if part]
    return NBSP.join([parts.last, *short])


def sex(name: str) -> str | None:
    """`female` or `male` by the patronymic, else by a well-known first name; None if it cannot be told."""
    parts = _apart(person_name.without_sole(person_name.cleaned(name)))
    return parts.sex if parts else None


def is_whole(name: str) -> bool:
    """Whether it is a surname with a first name and perhaps a patronymic, and not initials: enough to be declined."""
    parts = _apart(name)
    known = parts is not None and bool(parts.last and parts.first)
    return (
        known
        and not INITIALS.search(name.replace(" ", ""))
        and all(len(word) > 1 for word in name.split())
        and (parts is not None and parts.sex is not None)
    )


def genitive_name(name: str, override: str = "") -> str:
    """«Ивановой Марии Петровны» of «Иванова Мария Петровна»; `override` is what a person has written instead.

    A name whose sex cannot be told stays as it is: that is mended by hand, and a guess in a contract is worse.
    """
    parts = _apart(name)
    gender = {"female": Gender.FEMALE, "male": Gender.MALE}.get((parts and parts.sex) or "")
    if override or parts is None or gender is None:
        return override or " ".join(name.split())
    forms = {
        "l": _declined(NamePart.LASTNAME, gender, parts.last),
        "f": _declined(NamePart.FIRSTNAME, gender, parts.first),
        "p": " ".join(_declined(NamePart.MIDDLENAME, gender, word) for word in parts.patronymic.split()),
    }
    return " ".join(forms[one] for one in parts.order if forms[one])


def genitive_post(post: str) -> str:
    """«генерального директора» of «Генеральный директор»: lower case, up to the first noun, the rest stays."""
    done: list[str] = []
    words = post.split()
    for place, word in enumerate(words):
        form, is_noun = _genitive_word(word if word.isupper() and len(word) < 4 else word.lower())
        done.append(form)
        if is_noun:
            return " ".join([*done, *words[place + 1 :]])
    return " ".join(done)


def _apart(name: str) -> _Name | None:
    """The parts of a name in either order; None for what has too many words to be one."""
    parts = _initials_apart(name)
    if len(parts) == 4 and _is_patronymic(parts[3]):  # «Алиев Мамед Рашид оглы»
        return _Name(parts[0], parts[1], f"{parts[2]} {parts[3]}")
    if len(parts) == 3:
        if _is_patronymic(parts[1]) and not _is_patronymic(parts[2]):
            return _Name(parts[2], parts[0], parts[1], "fpl")
        return _Name(*parts)
    if len(parts) == 2 and _is_patronymic(parts[1]):  # «Мария Петровна»
        return _Name("", parts[0], parts[1])
    if len(parts) == 2 and _is_latin(name):  # «John Smith»
        return _Name(parts[1], parts[0], order="fl")
    if len(parts) == 2 and _is_first(parts[0]) and not _is_first(parts[1]):
        return _Name(parts[1], parts[0], order="fl")
    if len(parts) == 2:
        return _Name(parts[0], parts[1])
    return _Name("", parts[0]) if len(parts) == 1 else None


def _initials_apart(name: str) -> list[str]:
    """The words of a name; «М.П. Иванова» has three, its initials stand behind the surname as in «Иванова М. П.»."""
    parts = [part for word in name.split() for part in (INITIAL.findall(word) if INITIALS.match(word) else [word])]
    ahead = [part for part in parts if part.endswith(".") and len(part) == 2]
    rest = [part for part in parts if part not in ahead]
    return [*rest, *ahead] if ahead and len(rest) == 1 else parts


def _is_latin(name: str) -> bool:
    return person_name.LATIN.search(name) is not None and re.search("[а-яё]", name.lower()) is None


def _is_patronymic(word: str) -> bool:
    return len(word) > 3 and bool(FEMALE_PATRONYMIC.search(word) or MALE_PATRONYMIC.search(word))


def _is_first(word: str) -> bool:
    return _key(word) in WOMEN | MEN


def _key(word: str) -> str:
    return word.lower().replace("ё", "е")


def _declined(kind: NamePart, gender: Gender, word: str) -> str:
    """One part of a name; of a double surname every half is declined by the library itself."""
    if not word or not any("а" <= ch <= "я" or ch == "ё" for ch in word.lower()):
        return word
    if word.isupper() and len(word) > 1:  # the library adds small endings: «ИВАНОВой»
        return str(_MAKER.make(kind, gender, Case.GENITIVE, word.capitalize())).upper()
    return str(_MAKER.make(kind, gender, Case.GENITIVE, word))


def _genitive_word(word: str) -> tuple[str, bool]:
    """The genitive of a masculine word, and whether it is the noun of the phrase."""
    if word in NOUNS_THAT_LOOK_LIKE_ADJECTIVES:
        return f"{word[:-2]}его", True
    if "-" in word:
        head, _, tail = word.rpartition("-")  # «врио», «вице-президент»: the last half is declined
        form, is_noun = _genitive_word(tail)
        return f"{head}-{form}", is_noun
    if SOFT_ADJECTIVE.search(word):
        return f"{word[:-2]}его", False
    if ADJECTIVE.search(word):
        return f"{word[:-2]}ого", False
    if word.endswith(("ь", "й")):
        return f"{word[:-1]}я", True
    if word.endswith("а"):
        return f"{word[:-1]}ы", True
    if word[-1:] in "бвгджзклмнпрстфхцчшщ":
        return f"{word}а", True
    return word, True
