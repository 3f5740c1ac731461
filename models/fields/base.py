"""What a type of field is: its settings in the language, how an answer is read and checked, how it is kept as JSON.

Each type is a module of this package with one class, which registers itself by its `type` word when it is defined; one
that leaves a part out is refused then. How its question looks and how its value reads stands in `keyboards/forms`.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal, get_args

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

from models.engine.deal_state import Moment
from models.field_values import FieldValues
from models.process.annotations import FieldName, OneOrMany, ProcessModel, SectionName, Sentence, Title
from models.process.answer_life import Life
from models.roles import Role
from models.values.invalid_value import N_, InvalidValue
from models.values.product_text import NO_TEXT, ProductText

LAST = 100  # the rank of a type that says none


class IncompleteFieldType(TypeError):
    """A type of field lacks a part; `problems` name the type and the part, a line each."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problems = [problem]


@dataclass(frozen=True, slots=True)
class AnswerContext:
    """What an answer is read and measured by.

    `moment` is now, in the company's calendar. `values` are the deal's other values; a limit whose field is empty does
    not bind. `fields` are all fields of the process. `people` are the employees that can be chosen (id → name).
    `is_name`: the text is the client's name. `usual` gives what such a sum usually is in this company, in roubles, or
    None; it may look that up.
    """

    moment: Moment
    values: FieldValues = field(default_factory=dict)
    fields: Mapping[str, Field] = field(default_factory=dict)
    people: Mapping[int, str] = field(default_factory=dict)
    is_name: bool = False
    usual: Callable[[], Decimal | None] = lambda: None

    def name_of(self, one: Field) -> str | None:
        """Under which name the process knows the field."""
        return next((name for name, other in self.fields.items() if other is one), None)


class Field(ProcessModel):
    """What every field says of itself, and what each type must be able to do.

    `hint` is shown under the question, `example` when an answer was wrong, `section` is the card's section.
    `filled_by` are the roles that may fill it in by hand (default: all who may change the deal); robots always may,
    and `robots` alone means that nobody else does: what happened is not chosen (M-16).

    A class defined with `group=True` is no type: it says what several types have in common (`models.fields.groups`).
    """

    title: Title
    """What people call it."""
    section: SectionName | None = None
    """Where it stands on the card. Without one it is not shown there, and must be asked for by something."""
    hint: Sentence | None = None
    """Shown under the question."""
    example: Sentence | None = None
    """Shown when an answer was wrong."""
    filled_by: OneOrMany[Role | Literal["robots"]] = ()
    """Who may fill it in by hand (default: all who may change the deal). `robots` alone: nobody, it follows."""
    lasts: Life | None = None
    """How long a value counts (default: as long as the deal). What robots set must say it."""
    covers: OneOrMany[FieldName] = ()
    """What it was said of: when one of these changes, it is put aside into the history, and must be said anew."""
    hidden_from: OneOrMany[Role] = ()
    """Roles that see neither its title nor its value, nor find a deal by it: on no page, in no history, form or
    message. A paper that one of them may see leaves it out. The owner, and who the client is, are never hidden."""
    personal: bool | None = None
    """Whether it tells of a person: exported and erased with him (default: what a client's words may tell)."""
    type: str

    rank: ClassVar[int] = LAST  # where it stands in lists of types: the common ones first
    usual_example: ClassVar[ProductText] = NO_TEXT  # shown with the question where the process gives no `example`
    needs_deal: ClassVar[bool] = False  # its answers have rows of their own beside the deal, and stay with it
    reads_as_text: ClassVar[bool] = True  # False: a task's card shows it as a button, not as a line
    is_written: ClassVar[bool] = False  # a process file can write a value of it (in `is` and `put`)
    usually_personal: ClassVar[bool]  # whether a value tells of a person, where the process does not say

    def __init_subclass__(cls, *, group: bool = False, **settings: Any) -> None:
        super().__init_subclass__(**settings)

    @classmethod
    def __pydantic_init_subclass__(cls, *, group: bool = False, **settings: Any) -> None:
        super().__pydantic_init_subclass__(**settings)
        if not group:
            _register(cls)

    def can_fill(self, role: str) -> bool:
        """Whether somebody of this role may fill the field in by hand."""
        return not self.filled_by or role in self.filled_by

    def is_personal(self) -> bool:
        """Whether a value tells of a person: it is given out with what is known of him, and erased with it."""
        return self.usually_personal if self.personal is None else self.personal

    def is_for_above(self) -> bool:
        """Whether only those above fill it in: others may ask them for it."""
        return bool(self.filled_by) and set(self.filled_by) <= {"owner", "supervisor"}

    # --- what each type says ------------------------------------------------------------------------------------

    @abstractmethod
    def parse(self, raw: str, context: AnswerContext) -> Any:
        """What a person typed, as the field's typed value; InvalidValue (what is wrong, an example) if it is none.

        `check` follows: what the settings forbid need not be refused here.
        """

    @abstractmethod
    def check(self, value: Any, context: AnswerContext) -> None:
        """Raise InvalidValue if the field may not have this typed value, wherever it comes from (typed, pressed)."""

    @abstractmethod
    def encode(self, value: Any) -> Any:
        """The typed value as JSON; never None."""

    @abstractmethod
    def decode(self, data: Any) -> Any:
        """The typed value out of what `encode` gave."""

    # --- what most types agree on -------------------------------------------------------------------------------

    def doubt(self, raw: str, value: Any, context: AnswerContext) -> tuple[Any, ...]:
        """What may be meant by an answer that was read as `value` and can easily be misread: values for the person to
        choose from, or the one that he should confirm. Nothing for a clear one."""
        return ()

    def wrong_kind(self) -> InvalidValue:
        """Something of another kind came than the question asks for: what to send instead."""
        return InvalidValue("answer.kind", N_("Это сюда не подходит: напишите ответ словами."), self.example)

    def read_contact(self, phone: str) -> str:
        """The answer that a contact out of the phone book gives, as if it were typed; InvalidValue if it gives none."""
        raise self.wrong_kind()

    def read_location(self, latitude: float, longitude: float) -> Any:
        """The typed value of a place shared from the phone (degrees); InvalidValue where none is asked for."""
        raise self.wrong_kind()

    def chosen_from(self) -> str | None:
        """The role whose employees are offered as answers; None where no employee is chosen."""
        return None

    def contradictions(self) -> Iterable[str]:
        """What is wrong with the settings taken together, in words for whoever writes the process file."""
        return ()

    def check_kept(self, kept: Any, changed: str, other: Field, value: Any) -> None:
        """Raise InvalidValue if `kept`, which stands under this field, breaks a limit of it once `changed` (the field
        `other`) has this `value`: a budget cannot sink below the prepayment already entered."""

    def written_fault(self, name: str, value: Any) -> str | None:
        """Why a process file cannot write this value for the field called `name`; None if it can."""
        allowed = ", ".join(word for word, kind in all_types().items() if kind.is_written)
        return f"`{name}` is of type {self.type}, which has no value to write here; allowed types: {allowed}"

    def found_by(self, value: Any) -> str:
        """The words by which its deal is found; nothing where nobody looks for such a value."""
        return ""

    def is_whole(self, value: Any) -> bool:
        """Whether nothing is left to ask of this answer: one that an older version kept may lack a part."""
        return True

    def spelled(self, value: Any) -> str:
        """The value in the process file's own words, untranslated: an option's title; any other value as it is."""
        return str(value)


def check_others(one: Field, value: Any, context: AnswerContext) -> None:
    """Fields already filled whose limits name this one must still hold."""
    own = context.name_of(one)
    for name, other in context.fields.items() if own is not None else ():
        kept = context.values.get(name)
        if own is not None and kept is not None and name != own:
            try:
                other.check_kept(kept, own, one, value)
            except InvalidValue as wrong:
                raise wrong.quoting(name)  # noqa: B904 — the same refusal, which says what it quotes


# --- the registry -----------------------------------------------------------------------------------------------

_TYPES: dict[str, type[Field]] = {}


def _register(kind: type[Field]) -> None:
    where = f"{kind.__name__} ({kind.__module__})"
    words = get_args(kind.model_fields["type"].annotation)
    if len(words) != 1 or not isinstance(words[0], str):
        raise IncompleteFieldType(f'the field type {where} has no word: it needs `type: Literal["…"]`')
    if left_out := sorted({*kind.__abstractmethods__, *_unsaid(kind)}):
        raise IncompleteFieldType(f"the field type `{words[0]}`, {where}, leaves out: {', '.join(left_out)}")
    known = _TYPES.setdefault(words[0], kind)
    if known is not kind:
        raise IncompleteFieldType(f"the field type `{words[0]}` stands twice: {known.__module__}, {kind.__module__}")


def _unsaid(kind: type[Field]) -> list[str]:
    return [] if hasattr(kind, "usually_personal") else ["usually_personal"]


def all_types() -> dict[str, type[Field]]:
    """Every type by its word, the common ones first."""
    return dict(sorted(_TYPES.items(), key=lambda one: (one[1].rank, one[0])))


def type_words(kinds: tuple[type[Field], ...]) -> list[str]:
    """The words of the types that are of these kinds (types or groups), in the order of the kinds."""
    every = all_types().items()
    return list(dict.fromkeys(word for kind in kinds for word, one in every if issubclass(one, kind)))


class _ByWord:
    """A field of a process file is of the type that its `type` names."""

    def __get_pydantic_core_schema__(self, source: type[Field], handler: GetCoreSchemaHandler) -> CoreSchema:
        choices = {word: handler.generate_schema(kind) for word, kind in all_types().items()}
        return core_schema.tagged_union_schema(choices, discriminator="type")


AnyField = Annotated[Field, _ByWord()]
