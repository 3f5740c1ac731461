"""Promise 8: tokens, phones and what people typed reach no log line, by whatever road."""

from __future__ import annotations

import asyncio
import io
import json
import logging
from collections.abc import Iterator

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import IntegrityError

from bot import log

TOKEN = "123456789:AAF-abcdefghijklmnopqrstuvwxyz_12345"
PHONES = ["+7 912 345-67-89", "8(912)345-67-89", "79123456789", "+375 29 123-45-67", "+442071838750"]


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What is logged, configured as the bot does it; as it was before, afterwards."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    stream = io.StringIO()
    log.configure(stream)
    yield stream
    root.handlers[:], root.level = before, level


def test_a_line_is_json_with_readable_cyrillic(lines: io.StringIO) -> None:
    log.get("shop").info("заявка принята", number="2026-0001")
    found = json.loads(lines.getvalue())
    assert "заявка принята" in lines.getvalue()
    assert (found["event"], found["number"], found["level"]) == ("заявка принята", "2026-0001", "info")


@pytest.mark.parametrize("phone", PHONES)
def test_phones_are_cut_out_of_texts_values_and_nested_values(lines: io.StringIO, phone: str) -> None:
    log.get("shop").warning(f"звонить {phone} завтра", who=phone, more={"list": [phone]})
    assert phone not in lines.getvalue()
    assert lines.getvalue().count("<phone>") == 3


@pytest.mark.parametrize("shown", [TOKEN, f"https://api.telegram.org/bot{TOKEN}/sendMessage", f"bot{TOKEN}"])
def test_tokens_are_cut_out_of_our_lines_and_of_the_libraries(lines: io.StringIO, shown: str) -> None:
    log.get("shop").error("failed", url=shown)
    logging.getLogger("aiohttp.client").error("cannot reach %s", shown)
    assert TOKEN not in lines.getvalue()
    assert len(lines.getvalue().splitlines()) == 2


def test_times_ids_and_versions_are_left_alone(lines: io.StringIO) -> None:
    kept = "2026-11-23T10:00:00.123456Z deal 7912345678 v1.2.3 12:30 100200300400"
    log.get("shop").info(kept)
    assert json.loads(lines.getvalue())["event"] == kept


def test_an_exception_is_told_without_what_was_typed(lines: io.StringIO) -> None:
    secret_local = "Мария Иванова"
    try:
        try:
            int(f"{secret_local} +7 912 345-67-89 {TOKEN}")
        except ValueError as error:
            raise KeyError(f"bot{TOKEN}") from error
    except KeyError as error:
        log.get("shop").error("failed", exc_info=error)
    shown = lines.getvalue()
    assert "ValueError" in shown and "KeyError" in shown and "test_log.py" in shown
    for secret in (secret_local, "345-67", TOKEN):
        assert secret not in shown


def test_a_failed_statement_is_told_without_its_parameters(lines: io.StringIO) -> None:
    engine = create_engine("sqlite://")
    with pytest.raises(IntegrityError) as failed, engine.begin() as tx:
        tx.execute(text("CREATE TABLE client (name TEXT NOT NULL, phone TEXT NOT NULL)"))
        tx.execute(text("INSERT INTO client VALUES (:name, NULL)"), {"name": "Мария Иванова"})
    log.get("shop").error("failed", exc_info=failed.value)
    assert "Мария" not in lines.getvalue()
    assert "IntegrityError(SQLITE_CONSTRAINT_NOTNULL) at " in lines.getvalue()
    assert "Мария" not in log.reason(failed.value) and "NOT NULL" in log.reason(failed.value)


@pytest.mark.parametrize(
    ("logger", "line"),
    [("aiogram.event", "Failed to make answer: %s: %s"), ("aiogram.dispatcher", "Failed to fetch updates - %s: %s")],
)
def test_a_library_tells_the_type_of_an_exception_and_not_its_text(lines: io.StringIO, logger: str, line: str) -> None:
    error = ValueError("Bad Request: can't parse entities in Мария Иванова, ул. Мира, 5")
    logging.getLogger(logger).error(line, type(error).__name__, error)
    try:
        raise error
    except ValueError:
        logging.getLogger(logger).exception(line, type(error).__name__, error)
    assert "Мария" not in lines.getvalue() and "Мира" not in lines.getvalue()
    assert lines.getvalue().count("…: ValueError") == 2


async def test_a_task_that_failed_unheard_is_told_without_what_was_typed(lines: io.StringIO) -> None:
    said = {"message": "Task exception was never retrieved", "future": "<Task exception=ValueError('Мария Иванова')>"}
    asyncio.get_running_loop().default_exception_handler(said)
    assert "never retrieved" in lines.getvalue() and "Мария" not in lines.getvalue()
