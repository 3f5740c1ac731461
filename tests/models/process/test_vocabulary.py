"""The vocabularies of the language: a word is described once, where its model stands, and is known from then on."""

from __future__ import annotations

from typing import Annotated

import pytest
from pydantic import TypeAdapter, ValidationError

from models.process.actions import ACTIONS
from models.process.annotations import Text
from models.process.conditions import CONDITIONS
from models.process.triggers import TRIGGERS, Enter, Trigger
from models.process.vocabulary import Vocabulary, Word


class Praise(Word):
    """Say something kind."""

    praise: Text
    scold: Text | None = None


class Scold(Word):
    """Say something unkind."""

    scold: Text


def words() -> Vocabulary[Word]:
    """A vocabulary of nothing yet."""
    return Vocabulary("deed")


def test_a_word_is_chosen_by_its_key() -> None:
    deeds = words()
    deeds.word("praise")(Praise)
    deeds.word("scold")(Scold)
    adapter: TypeAdapter[Word] = TypeAdapter(Annotated[Word, deeds])
    assert adapter.validate_python({"scold": "Плохо"}) == Scold(scold="Плохо")


def test_a_word_that_carries_the_key_of_another_one_is_looked_for_first() -> None:
    deeds = words()
    deeds.word("scold")(Scold)
    deeds.word("praise")(Praise)
    assert deeds.chosen({"scold": "Плохо", "praise": "Хорошо"}) == "praise"
    assert deeds.chosen({"scold": "Плохо"}) == "scold"


def test_an_unknown_word_is_refused_with_all_that_there_are() -> None:
    deeds = words()
    deeds.word("praise")(Praise)
    adapter: TypeAdapter[Word] = TypeAdapter(Annotated[Word, deeds])
    with pytest.raises(ValidationError, match="no such deed; allowed: praise"):
        adapter.validate_python({"bless": "Да"})


def test_two_words_of_one_key_are_refused() -> None:
    deeds = words()
    deeds.word("praise")(Praise)
    with pytest.raises(TypeError, match="praise is another deed already"):
        deeds.word("praise")(Scold)


def test_a_word_without_its_own_key_is_refused() -> None:
    with pytest.raises(TypeError, match="Praise has no key bless"):
        words().word("bless")(Praise)


@pytest.mark.parametrize("vocabulary", [ACTIONS, CONDITIONS, TRIGGERS], ids=lambda one: one.kind)
def test_a_word_that_comes_when_the_language_is_in_use_is_refused(vocabulary: Vocabulary[Word]) -> None:
    """Or the file would not know it, and nobody would be told."""
    TypeAdapter(Annotated[Word, vocabulary])
    with pytest.raises(TypeError, match="described too late"):
        vocabulary.word("praise")(Praise)


def test_enter_is_a_word_alone_or_says_which_time() -> None:
    adapter: TypeAdapter[Trigger] = TypeAdapter(Trigger)
    assert adapter.validate_python("enter") == Enter()
    assert adapter.validate_python({"enter": "again"}) == Enter(enter="again")
    with pytest.raises(ValidationError, match="should be 'first' or 'again'"):
        adapter.validate_python({"enter": True})
    with pytest.raises(ValidationError, match="no such trigger"):
        adapter.validate_python("again")
