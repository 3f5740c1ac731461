"""«Кто что может»: the table of rights, in words."""

from __future__ import annotations

from collections.abc import Mapping

from keyboards import buttons
from keyboards.callbacks.settings_callbacks import OpenRights, OpenSettings
from keyboards.people import roles
from keyboards.screen import EMPTY, Line, Screen, bold, line
from keyboards.translator import Translator
from models.rights import THINGS, Reach, Right, Thing
from models.roles import Role
from models.values.invalid_value import N_
from models.values.product_text import ProductText

REACHES: Mapping[Reach, ProductText] = {
    "any": N_("без ограничений"),
    "own": N_("своё"),
    "free": N_("ничьё"),
    "at_work": N_("где есть его задача или выезд"),
    "author": N_("что сделал сам"),
    "addressed": N_("что дано или прислано ему"),
    "role": N_("что дано его роли"),
    "unshared": N_("если сделок клиента не ведёт коллега"),
    "shown": N_("кроме того, что от него скрывает процесс"),
    "asked": N_("что процесс поручает его роли"),
    "few": N_("чужое — в пределах дневного лимита"),
    "below": N_("кроме того, что касается владельца"),
}
NOBODY = N_("Никто из людей: это записи для самой программы.")


def things_screen(t: Translator) -> Screen:
    """What there is; a button for each thing."""
    lines: list[Line] = [
        line("🔐 ", bold(t("Кто что может"))),
        line(t("Бот спрашивает об этом при каждом нажатии, по роли и сделке на эту минуту.")),
        line(t("Роль меняется в разделе «Команда», скрытые поля задаёт файл процесса.")),
    ]
    found = [buttons.button(t(one.title), OpenRights(one.key)) for one in known() if one.rights]
    rows = [tuple(found[at : at + 2]) for at in range(0, len(found), 2)]
    return Screen(tuple(lines), (*rows, (buttons.back(t, OpenSettings()), buttons.home(t))))


def thing_screen(one: Thing, t: Translator) -> Screen:
    """One thing: what is done with it, by whom, and how far that reaches."""
    lines: list[Line] = [line("🔐 ", bold(t(one.title)))]
    for right in one.rights:
        lines += [EMPTY, line(bold(capital(t(right.act))))]
        lines += [line("• ", said) for said in cells(right, t)]
    return Screen(tuple(lines), ((buttons.back(t, OpenRights()), buttons.home(t)),))


def known() -> list[Thing]:
    """The things in the order in which they are shown."""
    return sorted(THINGS.values(), key=lambda one: (not one.rights, one.key))


def cells(right: Right, t: Translator) -> list[str]:
    """«владелец, руководитель — без ограничений»: a line for all roles that have the same reach."""
    alike: dict[frozenset[Reach], list[Role]] = {}
    for role, reach in right.reach.items():
        alike.setdefault(reach, []).append(role)
    return [
        f"{', '.join(roles.title(one, t) for one in some)} — {reach_words(reach, t)}" for reach, some in alike.items()
    ]


def reach_words(reach: frozenset[Reach], t: Translator) -> str:
    """«своё, ничьё, где есть его задача или выезд»."""
    return ", ".join(t(said) for one, said in REACHES.items() if one in reach)


def capital(said: str) -> str:
    """With a capital letter, as a line begins."""
    return said[:1].upper() + said[1:]
