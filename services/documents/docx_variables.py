"""Which names a template asks for, read off its syntax tree: «client.name», also inside a loop over lines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher

from jinja2 import nodes

NEAR = 0.6
# what the template language itself brings
BUILT_IN = frozenset({"range", "loop", "cycler", "joiner", "namespace", "dict", "true", "false", "none"})


def names_in(tree: nodes.Template) -> set[str]:
    """Every dotted name the template prints or asks about; names it makes itself are left out."""
    found: set[str] = set()
    _walk(tree, {}, found)
    return found


def printed_in(tree: nodes.Template) -> set[str]:
    """The names that are printed whatever they hold, so that an empty one leaves a line to write on: not those inside
    an `if` that asks about them, nor those with something to be printed instead."""
    found: set[str] = set()
    _printed(tree, frozenset(), found)
    return found


def _printed(node: nodes.Node, asked: frozenset[str], found: set[str]) -> None:
    if isinstance(node, nodes.Output):
        for one in node.nodes:
            if not isinstance(one, nodes.TemplateData | nodes.Or | nodes.CondExpr) and not _has_default(one):
                found |= _names(one) - asked
        return
    if isinstance(node, nodes.If):
        asked |= _names(node.test)
    for child in node.iter_child_nodes():
        _printed(child, asked, found)


def _has_default(node: nodes.Node) -> bool:
    return any(
        one.name in ("default", "d") for one in [node, *node.find_all(nodes.Filter)] if isinstance(one, nodes.Filter)
    )


def _names(node: nodes.Node) -> set[str]:
    found: set[str] = set()
    _walk(node, {}, found)
    return found


def nearest(name: str, known: Mapping[str, str]) -> str:
    """The known name most like this one, by its letters, its last part, or what it is called in Russian.

    One of the same group (`client.…`) goes first."""
    group = f"{name.split('.')[0]}."
    same = {one: title for one, title in known.items() if one.startswith(group)}
    for among in (same, known):
        best = max(((_likeness(name, one, title), one) for one, title in among.items()), default=(0.0, ""))
        if best[0] >= NEAR:
            return best[1]
    return ""


def unknown_in(names: Iterable[str], known: Mapping[str, str]) -> list[str]:
    """Names behind which there is nothing. A whole group (`lines` in a loop, `client` in a condition) is fine."""
    groups = {one.split(".")[0] for one in known}
    return sorted(name for name in names if name not in known and name not in groups)


def _likeness(name: str, known: str, title: str) -> float:
    low, last = name.lower(), name.lower().rpartition(".")[2]
    words = title.lower().replace(":", "")
    whole = SequenceMatcher(None, low, known).ratio()
    best = max(
        whole,
        SequenceMatcher(None, last, known.rpartition(".")[2]).ratio() * 0.95,
        SequenceMatcher(None, low.replace("_", " ").replace(".", " "), words).ratio(),
        SequenceMatcher(None, last, words.rpartition(" ")[2]).ratio() * 0.9,
    )
    return best + whole / 10 if best >= NEAR else 0.0  # of two equally like, the one whose whole name is nearer


def _walk(node: nodes.Node, scope: Mapping[str, str | None], found: set[str]) -> None:
    """`scope`: what the template's own names stand for; None where that cannot be followed."""
    if isinstance(node, nodes.For):
        _walk(node.iter, scope, found)
        inner = {**scope, **_bound(node.target, _path(node.iter, scope))}
        for child in (*node.body, *node.else_, *([node.test] if node.test else [])):
            _walk(child, inner, found)
        return
    if isinstance(node, nodes.Assign | nodes.With | nodes.Macro | nodes.AssignBlock | nodes.CallBlock):
        _walk_children(node, scope, found)
        return
    if isinstance(node, nodes.Getattr | nodes.Getitem | nodes.Name):
        path = _path(node, scope)
        if path is not None:
            found.add(path)
        elif isinstance(node, nodes.Getattr | nodes.Getitem):
            _walk(node.node, scope, found)
        return
    _walk_children(node, scope, found)


def _walk_children(node: nodes.Node, scope: Mapping[str, str | None], found: set[str]) -> None:
    inner = dict(scope)
    for child in node.iter_child_nodes():
        _walk(child, inner, found)
        # a name set here is known to what follows it
        if isinstance(child, nodes.Assign):
            inner.update(_bound(child.target, _path(child.node, inner)))
        elif isinstance(child, nodes.AssignBlock):
            inner.update(_bound(child.target, None))
        elif isinstance(child, nodes.Macro):
            inner[child.name] = None


def _bound(target: nodes.Node, path: str | None) -> dict[str, str | None]:
    if isinstance(target, nodes.Name):
        return {target.name: path}
    return {one.name: None for one in target.find_all(nodes.Name)}


def _path(node: nodes.Node, scope: Mapping[str, str | None]) -> str | None:
    """The dotted name of an expression; None for the template's own and for what is computed."""
    if isinstance(node, nodes.Name):
        if node.ctx != "load" or node.name in BUILT_IN:
            return None
        return scope.get(node.name, node.name)
    if isinstance(node, nodes.Getattr):
        return _joined(_path(node.node, scope), node.attr)
    if isinstance(node, nodes.Getitem):
        inside = _path(node.node, scope)
        if isinstance(node.arg, nodes.Const) and isinstance(node.arg.value, str):
            return _joined(inside, node.arg.value)
        return inside  # `lines[0]` is one of the lines
    if isinstance(node, nodes.Filter) and node.node is not None and node.name in {"sort", "list", "reverse"}:
        return _path(node.node, scope)
    return None


def _joined(path: str | None, name: str) -> str | None:
    return None if path is None else f"{path}.{name}"
