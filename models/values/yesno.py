"""Yes or no, as people type it."""

from models.values.clean_text import squeeze
from models.values.invalid_value import N_, InvalidValue

YES_WORDS = "да д ага угу конечно верно точно есть имеется нужно надо yes y yep yeah true ok ок + 1 ✅ ✔ 👍"
NO_WORDS = "нет н не неа нету отсутствует no n nope not none false - 0 ❌ ✖ 👎"
YES, NO = frozenset(YES_WORDS.split()), frozenset(NO_WORDS.split())


def parse_yes_no(raw: str) -> bool:
    """Read «да» or «нет» in their everyday spellings; raises Wrong for anything else."""
    word = squeeze(raw).strip(" .!,\ufe0f")
    if word in YES:
        return True
    if word in NO:
        return False
    raise InvalidValue("yesno.unknown", N_("Здесь нужен ответ «да» или «нет»."), N_("да"))
