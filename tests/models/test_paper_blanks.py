"""What our templates leave a line for when nothing is known is read off their texts (truth 39)."""

from __future__ import annotations

from pathlib import Path

import pytest

from models import paper_sources
from models.paper_sources import PaperFile, PaperSources

PARTIES = {
    "client.name", "client.represented", "client.basis", "company.full_name", "company.represented", "company.basis",
}  # fmt: skip
KNOWN = {
    "contract.typ": PARTIES
    | {
        "client.address", "client.inn", "client.ogrn", "client.passport", "client.phone", "deal.title",
        "money.prepayment", "money.total_contract", "terms.address", "terms.ready_on", "terms.warranty",
    },
    "invoice.typ": {"client.name", "money.due", "money.due_words", "money.total"},
    "specification.typ": {
        "contract.date", "contract.number", "deal.title", "money.total", "money.total_words", "terms.ready_on",
    },
    "act.typ": PARTIES | {"contract.date", "contract.number", "terms.address", "terms.warranty"},
}  # fmt: skip


@pytest.mark.parametrize("template", KNOWN)
def test_the_lines_that_a_template_of_ours_leaves_are_known(template: str) -> None:
    assert paper_sources.come_with_package().blanks_of(template) == KNOWN[template]


def test_every_template_of_ours_is_among_them() -> None:
    assert set(paper_sources.come_with_package().names()) == KNOWN.keys()


def sources(**texts: str) -> PaperSources:
    return PaperSources({f"{name}.typ": PaperFile(Path(name), text.encode()) for name, text in texts.items()})


def test_a_shared_part_counts_only_where_it_is_called_also_by_way_of_another() -> None:
    common = "#let lone() = or-blank(client.email)\n#let side() = facts()\n#let facts() = or-date(client.born)\n"
    found = sources(common=common, a='#import "common.typ"\n#side() #or-blank(money.total, width: 3cm)')
    assert found.blanks_of("a.typ") == {"client.born", "money.total"}


def test_a_choice_with_a_blank_in_its_other_branch_counts_and_one_without_does_not() -> None:
    text = '#if money.paid != "" [Оплачено [#money.paid]] else [Внести #blank(6cm)]\n'
    text += '#if terms.wishes != "" [Пожелания] else [нет]'
    assert sources(a=text).blanks_of("a.typ") == {"money.paid"}
