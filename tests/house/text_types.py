"""mypy's part in «user text is never a template»: a text that is written out where it stands is a text of the product.

Without it `t("Сумма")` would have to be `t(ProductText("Сумма"))` three thousand times; anything that is not written
out has to have the type (`models.values.product_text`).
"""

from __future__ import annotations

from collections.abc import Callable

from mypy.nodes import ConditionalExpr, Expression, OpExpr, StrExpr
from mypy.plugin import FunctionSigContext, MethodContext, MethodSigContext, Plugin
from mypy.types import AnyType, FunctionLike, Instance, Type, UnionType, get_proper_type

SPEAK = frozenset({"keyboards.translator.Translator.__call__", "keyboards.translator.Translator.plural"})
TEXT_FIRST = frozenset({"keyboards.translator.Translator.title", "keyboards.translator.Translator.sentence"})
MARK = "models.values.invalid_value.N_"
REFUSE = "models.values.invalid_value.InvalidValue"
PRODUCT_TEXT = "models.values.product_text.ProductText"


def is_written_out(given: Expression) -> bool:
    """Whether every letter of it stands in the code: a literal, one of two, two joined."""
    match given:
        case StrExpr():
            return True
        case ConditionalExpr():
            return is_written_out(given.if_expr) and is_written_out(given.else_expr)
        case OpExpr(op="+" | "or"):
            return is_written_out(given.left) and is_written_out(given.right)
        case _:
            return False


def _with_literals(is_taken: Callable[[Type], bool]) -> Callable[[FunctionSigContext | MethodSigContext], FunctionLike]:
    """The signature of a call, with `str` where a literal stands for a text of the product."""

    def signature(context: FunctionSigContext | MethodSigContext) -> FunctionLike:
        text = context.api.named_generic_type("builtins.str", [])
        types: list[Type] = list(context.default_signature.arg_types)
        for place, given in enumerate(context.args[: len(types)]):
            if len(given) == 1 and is_taken(types[place]) and is_written_out(given[0]):
                types[place] = text
        return context.default_signature.copy_modified(arg_types=types)

    return signature


def _is_text(wanted: Type) -> bool:
    wanted = get_proper_type(wanted)
    return isinstance(wanted, Instance) and wanted.type.fullname == PRODUCT_TEXT


def _is_example(wanted: Type) -> bool:
    """The message of a refusal must bear N_, or nobody would translate it; its example may be mere figures."""
    wanted = get_proper_type(wanted)
    return isinstance(wanted, UnionType) and any(_is_text(one) for one in wanted.items)


def _only_literals(context: FunctionSigContext) -> FunctionLike:
    """N_ is what makes a text one of the product, so it takes nothing else."""
    if context.args and context.args[0] and not is_written_out(context.args[0][0]):
        context.api.fail("N_ marks a text that is written out here; this is none", context.args[0][0])
    return context.default_signature


def _only_typed(context: MethodContext) -> Type:
    """What nobody knows the type of may be a person's words."""
    for types, given in zip(context.arg_types[:2], context.args, strict=False):
        if types and isinstance(get_proper_type(types[0]), AnyType):
            context.api.fail("a text whose type nobody knows is not looked up; say in its class what it is", given[0])
    return context.default_return_type


class TextTypes(Plugin):
    """Hooks into the calls that take a text of the product."""

    def get_method_signature_hook(self, fullname: str) -> Callable[[MethodSigContext], FunctionLike] | None:
        return _with_literals(_is_text) if fullname in SPEAK else None

    def get_method_hook(self, fullname: str) -> Callable[[MethodContext], Type] | None:
        return _only_typed if fullname in {*SPEAK, *TEXT_FIRST} else None

    def get_function_signature_hook(self, fullname: str) -> Callable[[FunctionSigContext], FunctionLike] | None:
        return {MARK: _only_literals, REFUSE: _with_literals(_is_example)}.get(fullname)


def plugin(version: str) -> type[Plugin]:
    """What mypy asks for."""
    return TextTypes
