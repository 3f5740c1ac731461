"""`make docs`: docs/rights.md, the one table of rights as the code has it."""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from bot import features
from bot.http.http_routes import HTTP_ROUTES
from handlers.forms.purpose_registry import FINISHERS
from handlers.request import CALLBACKS, COMMANDS
from keyboards import callback_data
from keyboards.people import rights as words
from keyboards.people import roles as role_words
from keyboards.translator import Translator, translator
from models import rights
from models.roles import ROLES
from services import form_purposes
from tests.house.source import ROOT

PAGE = ROOT / "docs" / "rights.md"
HEAD = """# Who may do what

Made from the code by `make docs`; the owner reads the same in the chat: «Настройки» → «Кто что может». Each row is
asked when somebody acts, from the database, with what ties him to the thing at that moment; a button carries no
rights. `make matrix` presses everything as everybody and holds the answers against rules that are written down apart
from the code.

What is stored, pressed, answered or asked for over HTTP and stands in no row fails the build.

## Things

A cell says how far the right reaches; an empty one: not at all.

"""


def markdown() -> str:
    """The whole page."""
    features.load()
    t = translator("en", ZoneInfo("Europe/Moscow"))
    parts = [HEAD, _things(t), _machine(t), _pressed(t), _forms(t), _routes()]
    return "\n".join(parts).rstrip() + "\n"


def _things(t: Translator) -> str:
    lines = [_row("Thing", "Act", *(role_words.title(one, t) for one in ROLES)), "|---" * (len(ROLES) + 2) + "|"]
    for one in words.known():
        for place, right in enumerate(one.rights):
            cells = (words.reach_words(right.reach.get(role, frozenset()), t) for role in ROLES)
            lines.append(_row(t(one.title) if place == 0 else "", t(right.act), *cells))
    return "\n".join(lines) + "\n"


def _machine(t: Translator) -> str:
    lines = ["## What is stored", "", _row("Thing", "Tables", "Named in buttons by"), "|---|---|---|"]
    for one in words.known():
        if one.tables or one.ids:
            names = ", ".join(getattr(kind, "__name__", str(kind)) for kind in one.ids)
            lines.append(_row(t(one.title), ", ".join(f"`{name}`" for name in one.tables), names))
    return "\n".join(lines) + "\n"


def _pressed(t: Translator) -> str:
    by_roles: defaultdict[frozenset[str], list[str]] = defaultdict(list)
    for word, form in callback_data.FORMATS.items():
        named = sorted({of.key for one in form.arguments if (of := rights.of_id(one.of)) is not None})
        by_roles[CALLBACKS[form.made].roles].append(f"`{word}`{' (' + ', '.join(named) + ')' if named else ''}")
    for name, (roles, _) in COMMANDS.items():
        by_roles[frozenset(roles)].append(f"`/{name}`")
    lines = ["## What is pressed", "", "In brackets: the things that it names, whose rows are asked as well.", ""]
    return "\n".join([*lines, *_grouped(by_roles, t)])


def _forms(t: Translator) -> str:
    by_roles: defaultdict[frozenset[str], list[str]] = defaultdict(list)
    for form in form_purposes.FORMATS.values():
        by_roles[FINISHERS[form.made].roles].append(f"`{form.word}`")
    lines = [
        "## What is answered",
        "",
        "A form is a second step: who may finish it is asked again at every answer.",
        "",
    ]
    return "\n".join([*lines, *_grouped(by_roles, t)])


def _grouped(by_roles: dict[frozenset[str], list[str]], t: Translator) -> Iterable[str]:
    for roles in sorted(by_roles, key=lambda one: (-len(one), sorted(one))):
        known = [one for one in ROLES if one in roles]
        who = "everyone" if len(known) == len(ROLES) else ", ".join(role_words.title(one, t) for one in known)
        yield f"- **{who}**: {' '.join(sorted(by_roles[roles]))}"
    yield ""


def _routes() -> str:
    lines = ["## What is asked for over HTTP", "", _row("Route", "Whoever asks needs", "Gives"), "|---|---|---|"]
    lines += [_row(f"`{one.method} {one.path}`", one.needed, one.gives) for one in HTTP_ROUTES]
    return "\n".join(lines) + "\n"


def _row(*cells: str) -> str:
    return "| " + " | ".join(cells) + " |"


def main() -> int:
    """Write the page anew."""
    PAGE.write_text(markdown(), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
