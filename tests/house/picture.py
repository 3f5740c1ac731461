"""`make docs`: the picture in docs/architecture.md, drawn from the imports that the code really has."""

from __future__ import annotations

import re
import sys
from collections import defaultdict

from tests.house import source
from tests.house.source import ROOT

PAGE = ROOT / "docs" / "architecture.md"
BLOCK = re.compile(r"(```mermaid\n).*?(?=```)", re.DOTALL)
ORDER = ("bot", "handlers", "scheduler", "keyboards", "services", "models", "locales", "sandbox")


def layers() -> str:
    """Each layer with its features, and which layer imports which."""
    inside, arrows = defaultdict(set), set()
    for module in source.modules().values():
        layer, _, rest = module.name.partition(".")
        feature = rest.split(".")[0]
        if "." in rest or module.path.endswith("__init__.py"):
            inside[layer] |= {feature} - {""}
        arrows |= {(layer, target.split(".")[0]) for target in source.imports_of(module)}
    lines = ["flowchart TB"]
    for layer in ORDER:
        features = " · ".join(sorted(inside[layer]))
        lines.append(f'  {layer}["<b>{layer}/</b>' + (f"<br/>{features}" if features else "") + '"]')
    lines += [f"  {one} --> {other}" for one, other in reduced({pair for pair in arrows if pair[0] != pair[1]})]
    return "\n".join(lines) + "\n"


def services() -> str:
    """Which feature of services/ imports which; a module that lies in no package stands for itself."""
    arrows = set()
    for module in source.modules().values():
        if module.name.startswith("services."):
            here = feature_of(module.name)
            there = {feature_of(one) for one in source.imports_of(module) if one.startswith("services.")}
            arrows |= {(here, one) for one in there - {here, "unit_of_work"}}
    return "\n".join(["flowchart TB", *(f"  {one} --> {other}" for one, other in reduced(arrows))]) + "\n"


def feature_of(name: str) -> str:
    """The package of services/ that a module belongs to."""
    return name.split(".")[1] if "." in name else name


def reduced(arrows: set[tuple[str, str]]) -> list[tuple[str, str]]:
    """Without the arrows that a longer way says already."""
    follow = defaultdict(set)
    for one, other in arrows:
        follow[one].add(other)

    def reaches(start: str, end: str, seen: frozenset[str]) -> bool:
        steps = follow[start] - seen
        return end in steps or any(reaches(step, end, seen | {step}) for step in steps)

    return sorted(
        (one, other)
        for one, other in arrows
        if not any(reaches(step, other, frozenset({one, step})) for step in follow[one] - {other})
    )


def drawn(text: str) -> str:
    """The page with both pictures as they are now."""
    pictures = iter((layers(), services()))
    return BLOCK.sub(lambda found: found[1] + next(pictures), text)


def main() -> int:
    """Write the page anew."""
    PAGE.write_text(drawn(PAGE.read_text("utf-8")), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
