"""`make month`: the messages of an ordinary shop's month, by person and by kind, week by week."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence

import structlog

from tests.month.people import month
from tests.month.shop import PEOPLE, Shop, Tally

WEEKS = (1, 2, 3, 4)


def table(tally: Tally) -> str:
    """Messages by person, then lines by the reader's role and the kind of the message."""
    lines = [f"{'messages':<24}" + "".join(f"{f'week {week}':>9}" for week in WEEKS)]
    for name, role in PEOPLE:
        counts = [tally.messages[name, week] for week in WEEKS]
        lines.append(f"{f'{name} ({role})':<24}" + "".join(f"{n:>9}" for n in counts))
    lines.append("")
    lines.append(f"{'lines by kind':<32}" + "".join(f"{f'week {week}':>9}" for week in WEEKS))
    for role, kind in sorted({(role, kind) for role, kind, _ in tally.kinds}):
        counts = [tally.kinds[role, kind, week] for week in WEEKS]
        lines.append(f"{f'{role}: {kind}':<32}" + "".join(f"{n:>9}" for n in counts))
    lines.append(f"the longest message holds {tally.longest} lines")
    return "\n".join(lines)


def as_json(tally: Tally) -> str:
    """The same for a program that compares two runs."""
    messages = {f"{name} {week}": n for (name, week), n in sorted(tally.messages.items())}
    kinds = {f"{role} {kind} {week}": n for (role, kind, week), n in sorted(tally.kinds.items())}
    return json.dumps({"messages": messages, "lines": kinds, "longest": tally.longest}, ensure_ascii=False, indent=1)


def main(arguments: Sequence[str]) -> None:
    """Play it and print."""
    parser = argparse.ArgumentParser(prog="make month", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--days", type=int, default=28, help="days that are counted")
    parser.add_argument("--warm-up", type=int, default=14, help="days before, which are not")
    parser.add_argument("--deals", type=int, default=20, help="open deals of each manager at the beginning")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args(arguments)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    shop = Shop(asked.seed)
    month(shop, asked.days, asked.warm_up, asked.deals)
    print(as_json(shop.tally) if asked.json else table(shop.tally))


if __name__ == "__main__":
    main(sys.argv[1:])
