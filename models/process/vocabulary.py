"""The words of one kind (conditions, triggers, actions): each a model, chosen by the key that stands in the file.

A vocabulary is filled by a decorator where a word is described, and is itself the annotation of every place where one
of its words may stand:

    ACTIONS: Vocabulary[BaseAction] = Vocabulary("action")
    Action = Annotated[BaseAction, ACTIONS]

    @ACTIONS.word("comment")
    class Comment(BaseAction): ...
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, ClassVar, Generic, TypeVar, Union

from pydantic import Discriminator, GetCoreSchemaHandler, GetJsonSchemaHandler, Tag
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from models.process.annotations import ProcessModel


class Word(ProcessModel):
    """A word of a vocabulary; `key` is the name it goes by, `keys` are what may stand in the file for it."""

    key: ClassVar[str]
    keys: ClassVar[tuple[str, ...]]


AnyWord = TypeVar("AnyWord", bound=Word)
OneWord = TypeVar("OneWord", bound=Word)


class Vocabulary(Generic[AnyWord]):
    """All words of a kind by their names, in the order in which they were described."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.words: dict[str, type[AnyWord]] = {}
        self.keys: dict[str, str] = {}  # what may stand in the file → the word that it means
        self._plain: set[str] = set()
        self._closed = False

    def word(self, *keys: str, name: str = "", plain: bool = False) -> Callable[[type[OneWord]], type[OneWord]]:
        """Describe a word: one of its `keys` stands in the mapping, or (`plain`) it may stand alone.

        TypeError if the key is taken, is no key of the model, or if models that use the vocabulary are made already.
        """

        def describe(model: type[OneWord]) -> type[OneWord]:
            self._refuse(model, keys, plain=plain)
            model.key, model.keys = name or keys[0], keys
            self.words[model.key] = model  # type: ignore[assignment]
            self.keys |= dict.fromkeys(keys, model.key)
            self._plain |= set(keys) if plain else set()
            return model

        return describe

    def _refuse(self, model: type[Word], keys: tuple[str, ...], *, plain: bool) -> None:
        own = {info.alias or key for key, info in model.model_fields.items()}
        if self._closed:
            raise TypeError(f"{model.__name__} is described too late: {self.kind}s are in use already")
        if taken := set(keys) & self.keys.keys():
            raise TypeError(f"{model.__name__}: {', '.join(taken)} is another {self.kind} already")
        if not plain and (strange := set(keys) - own):
            raise TypeError(f"{model.__name__} has no key {', '.join(strange)}")

    @property
    def allowed(self) -> tuple[str, ...]:
        """All that may stand in the file."""
        return tuple(self.keys)

    def chosen(self, value: Any) -> str | None:
        """The name of the word that is meant, None if it is none."""
        if isinstance(value, Word):
            return value.key if self.words.get(value.key) is type(value) else None
        if isinstance(value, str):
            return value if value in self._plain else None
        if not isinstance(value, dict):
            return None
        found = [key for key in self.keys if key in value and self._is_key(key)]
        if len(found) > 1:
            found.sort(key=self._place)
        return self.keys[found[0]] if found else None

    def _is_key(self, key: str) -> bool:
        """Whether it may stand in a mapping: a plain word may have no such key."""
        model = self.words[self.keys[key]]
        return key not in self._plain or any((info.alias or name) == key for name, info in model.model_fields.items())

    def _place(self, key: str) -> int:
        """Where to look first: a word that carries the key of another one (`days_until` has `at_most`) comes before."""
        own = {info.alias or name for name, info in self.words[self.keys[key]].model_fields.items()}
        others = {other for other, word in self.keys.items() if word != self.keys[key]}
        return -1 if own & others else list(self.keys).index(key)

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        self._closed = True
        tagged = tuple(Annotated[model, Tag(name)] for name, model in self.words.items())
        choice = Discriminator(
            self.chosen,
            custom_error_type="unknown_word",
            custom_error_message=f"no such {self.kind}; allowed: {', '.join(self.allowed)}",
        )
        return handler.generate_schema(Annotated[Union[tagged], choice])  # noqa: UP007 — made of a tuple

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {**handler(schema), "title": self.kind}
