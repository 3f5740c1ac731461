"""What came of it, by the stand-in's record and the database."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import asyncpg

from tests.cluster.cluster import Bot, Cluster
from tests.cluster.load import Load
from tests.cluster.shop import NOTICE, Due
from tests.cluster.strikes import BOTS_OWN, DATABASES, Strike

WORD = re.compile(r"\b[NTL]\d{5}\b")
REPEAT, AWAY = "Возможно, повтор", "База данных"
AROUND = 8.0  # seconds after a strike within which what falls due shows how long it is felt
NOTICES = """
SELECT employee.telegram_id, scheduled.delivery_state, scheduled.payload, scheduled.done_at, deal.title, deal.fields
FROM scheduled JOIN employee ON employee.id = scheduled.employee_id LEFT JOIN deal ON deal.id = scheduled.deal_id
WHERE scheduled.kind = 'notice'
"""


@dataclass(frozen=True)
class Seen:
    """One appearance of a word on a phone: when, in which message, at which place of it, and whether as a repeat."""

    at: float
    message: int
    place: int
    marked: bool


@dataclass
class Run:
    """What there is to judge."""

    due: Sequence[Due]
    load: Load
    cluster: Cluster
    strikes: Sequence[Strike]
    url: str
    ended: float


async def judge(run: Run) -> dict[str, float]:
    """Every figure by its name; see BARS of `__main__`."""
    record = await run.cluster.record()
    seen = phones(run.cluster.calls)
    rows = await _rows(run.url, NOTICES)
    expected = Counter(_word_of(row) for row in rows if row["delivery_state"] == "sent" and _word_of(row)[1])
    return {
        **await _effects(run, seen),
        "messages: unmarked repeats": _unmarked(seen, expected),
        "messages: marked repeats": sum(one.marked for found in seen.values() for one in found),
        "messages: not delivered": sum(row["done_at"] is None or row["delivery_state"] == "refused" for row in rows),
        "messages: out of order": _inversions(run.due, seen, NOTICE),
        **_answers(run, record["presses"]),
        **_polling(record["polls"], run.cluster.bots),
        **_takeovers(run, seen, record),
        **_recoveries(run, seen),
    }


def phones(calls: Sequence[dict[str, Any]]) -> dict[tuple[int, str], list[Seen]]:
    """By chat and word: where it was seen, in order."""
    found: defaultdict[tuple[int, str], list[Seen]] = defaultdict(list)
    for call in calls:
        if call["method"] == "sendMessage" and call["ok"]:
            text, chat = str(call["params"]["text"]), int(call["params"]["chat_id"])
            for place, word in enumerate(dict.fromkeys(WORD.findall(text))):
                found[chat, word].append(Seen(call["at"], call["result"]["message_id"], place, REPEAT in text))
    return found


async def _effects(run: Run, seen: dict[tuple[int, str], list[Seen]]) -> dict[str, float]:
    """Each press has taken effect once and in order, each lead has become one deal, each message has come."""
    pressers = run.load.pressers
    versions = {row["id"]: row["version"] for row in await _rows(run.url, "SELECT id, version FROM deal")}
    leads = Counter(WORD.findall(" ".join(row["name"] for row in await _rows(run.url, "SELECT name FROM client"))))
    fields = Counter(
        word
        for row in await _rows(run.url, "SELECT fields FROM deal")
        for word in set(WORD.findall(str(row["fields"])))
    )
    found = {word: max(leads[word], fields[word]) for word in run.load.site.sent}
    told = {word for _, word in seen}
    return {
        "presses": sum(one.pressed for one in pressers),
        "presses: lost": sum(abs(1 + one.pressed - versions[one.deal]) for one in pressers),
        "leads": len(found),
        "leads: lost or doubled": sum(number != 1 for number in found.values()),
        "leads: nobody was told": sum(word not in told for word in found),
        "leads: longest wait s": max(run.load.site.took, default=0.0),
        "leads: 503 without Retry-After": run.load.site.refusals - run.load.site.with_retry_after,
        "messages planned": len(run.due),
        "messages: lost": sum(not seen.get((one.chat, one.word)) for one in run.due),
    }


def _word_of(row: Any) -> tuple[int, str]:
    words = WORD.findall(f"{row['payload']} {row['title']} {row['fields']}")
    return row["telegram_id"], words[0] if words else ""


def _unmarked(seen: dict[tuple[int, str], list[Seen]], expected: Counter[tuple[int, str]]) -> int:
    """Appearances that are more than there were messages, and do not say that they may be a repeat."""
    return sum(max(sum(not one.marked for one in found) - max(expected[key], 1), 0) for key, found in seen.items())


def _inversions(due: Sequence[Due], seen: dict[tuple[int, str], list[Seen]], kind: str) -> int:
    """How often in a chat a message came after one that was due later."""
    count, last = 0, dict[int, tuple[int, int]]()
    for one in sorted(due, key=lambda one: one.at):
        found = seen.get((one.chat, one.word))
        if found and one.word.startswith(kind):
            place = (found[0].message, found[0].place)
            count += place < last.get(one.chat, (0, 0))
            last[one.chat] = max(place, last.get(one.chat, (0, 0)))
    return count


def _answers(run: Run, presses: Sequence[dict[str, Any]]) -> dict[str, float]:
    """How long who pressed waited for a word; in a database's trouble too, when «away» is an honest one."""
    answered = _first_answers(run)
    waited = {one["id"]: answered[one["id"]][0] - one["at"] for one in presses if one["id"] in answered}
    troubled = sorted(
        waited[one["id"]] for one in presses
        if one["id"] in waited and any(s.began <= one["at"] <= s.ended for s in run.strikes if s.kind in DATABASES)
    )  # fmt: skip
    return {
        "answers: none came": len(presses) - len(waited),
        "answers: p50 s": _share(sorted(waited.values()), 0.5),
        "answers: p99 s": _share(sorted(waited.values()), 0.99),
        "answers: max s": _share(sorted(waited.values()), 1.0),
        "answers in a database's trouble": len(troubled),
        "answers in a database's trouble: honest": sum(is_away for _, is_away in answered.values()),
        "answers in a database's trouble: p50 s": _share(troubled, 0.5),
        "answers in a database's trouble: max s": _share(troubled, 1.0),
    }


def _first_answers(run: Run) -> dict[str, tuple[float, bool]]:
    """By press: when it was answered first, and whether with the word that the database is away."""
    found: dict[str, tuple[float, bool]] = {}
    for call in run.cluster.calls:
        if call["method"] == "answerCallbackQuery" and call["ok"]:
            given = call["params"]
            found.setdefault(str(given["callback_query_id"]), (call["at"], AWAY in str(given.get("text", ""))))
    return found


def _polling(polls: Sequence[dict[str, Any]], bots: Sequence[Bot]) -> dict[str, float]:
    """A question is not asked while another living bot's is open."""
    if not polls:
        return {}
    at_once = [
        poll for poll in polls if any(not bots[other].was_away(poll["at"]) for other in poll["others"] if other >= 0)
    ]
    return {"polls": len(polls), "polls: two at a time": len(at_once)}


def _takeovers(run: Run, seen: dict[tuple[int, str], list[Seen]], record: dict[str, Any]) -> dict[str, float]:
    """From a bot's death or standstill until somebody else does its work."""
    own, polls, answered = [one for one in run.strikes if one.kind in BOTS_OWN], record["polls"], _first_answers(run)
    came = [(found[0].at, one.at) for one in run.due if (found := seen.get((one.chat, one.word)))]
    pressed = [(answered[one["id"]][0], one["at"]) for one in record["presses"] if one["id"] in answered]
    found = {
        "takeovers": len(own),
        **_shares("takeover of messages", sorted(_felt(came, one.began) for one in own)),
        **_shares("takeover of presses", sorted(_felt(pressed, one.began) for one in own)),
    }
    polling = sorted(_succeeded(polls, one, run.ended) - one.began for one in own if one.polled and polls)
    if polling:
        found |= {"takeovers of polling": len(polling), **_shares("takeover of polling", polling)}
    return found


def _succeeded(polls: Sequence[dict[str, Any]], strike: Strike, never: float) -> float:
    """When another bot first asked for updates."""
    return next((poll["at"] for poll in polls if poll["at"] > strike.began and poll["door"] != strike.bot), never)


def _felt(done: Sequence[tuple[float, float]], began: float) -> float:
    """How late the latest of what was to be done around a strike is, counted from the strike; (done, due) each."""
    return max((at - max(began, due) for at, due in done if due <= began + AROUND and at > began), default=0.0)


def _recoveries(run: Run, seen: dict[tuple[int, str], list[Seen]]) -> dict[str, float]:
    """From when the database is back until a press takes effect and a message goes out."""
    done = sorted(at for at, is_away in _first_answers(run).values() if not is_away)
    sent = sorted(found[0].at for found in seen.values())
    back = [one.ended for one in run.strikes if one.kind in (*DATABASES, "connections")]
    pressed = sorted(next((at for at in done if at > end), run.ended) - end for end in back)
    messages = sorted(next((at for at in sent if at > end), run.ended) - end for end in back)
    return {
        "database's troubles": len(back), **_shares("back: presses go on", pressed),
        **_shares("back: messages go on", messages),
    }  # fmt: skip


def _shares(name: str, values: Sequence[float]) -> dict[str, float]:
    return {f"{name}: {said} s": _share(values, part) for said, part in (("p50", 0.5), ("p99", 0.99), ("max", 1.0))}


def _share(values: Sequence[float], part: float) -> float:
    return values[min(int(len(values) * part), len(values) - 1)] if values else 0.0


async def _rows(url: str, statement: str) -> list[Any]:
    connection = await asyncpg.connect(url)
    try:
        return list(await connection.fetch(statement))
    finally:
        await connection.close()
