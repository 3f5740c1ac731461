"""What the storm has cost: judged by what people have seen and by what stands in the database."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable

from keyboards import callback_data
from keyboards.callbacks.deal_callbacks import MoveDeal
from tests.storm import fixture_shop
from tests.storm.eye import Eye, Rows
from tests.storm.figures import Figures
from tests.storm.lives import Lives
from tests.storm.people import Crowd
from tests.storm.record import Record, Shown

ABOUT = re.compile(r"Кухня-(\d+) ")
NUMBER = re.compile(r"^\d+\. ")  # of a digest's line
MOST_EXAMPLES = 6  # of a kind
INBOX = "SELECT update_id, state FROM inbox"
MOVED = "SELECT deal_id, version, from_stage, to_stage FROM event WHERE kind = 'moved' ORDER BY deal_id, version"
DEALS = "SELECT id, stage, version FROM deal"
PAID = "SELECT amount FROM payment WHERE method = 'transfer' AND reverses_id IS NULL"
LEADS = "SELECT fields FROM deal WHERE kind = 'lead'"
TIMERS = "SELECT deal_id, rule FROM scheduled WHERE kind = 'timer' AND done_at IS NULL"
COUNTED = "SELECT stage, responsible_id, n FROM deal_counter WHERE kind = 'deal' AND n > 0"
STANDING = (
    "SELECT stage, responsible_id, count(*) FROM deal WHERE kind = 'deal' AND status = 'open' "
    "GROUP BY stage, responsible_id"
)


async def judge(figures: Figures, record: Record, lives: Lives, crowd: Crowd, eye: Eye) -> None:
    """Fill in the figures."""
    found = await eye.rows(INBOX, MOVED, DEALS, PAID, LEADS, TIMERS, COUNTED, STANDING)
    inbox, moved, deals, paid, leads, timers, counted, standing = found
    said = Sayings(figures)
    _updates(figures, record, inbox)
    _moves(said, crowd, moved, deals)
    _counts(figures, "payments", crowd.asked.sums, [row[0] for row in paid])
    names = [name for row in leads for name in re.findall(r"Заявка-\d+-я", str(row[0]))[:1]]
    _counts(figures, "leads", crowd.asked.leads, names)
    _halves(said, crowd, timers, deals)
    figures.half_done += sorted(counted) != sorted(standing)
    _reminders(said, record, lives, crowd)
    _repeats(said, record, crowd, moved)
    _marked(said, record, lives)
    _screens(said, record, crowd)
    figures.words, figures.unanswered = len(crowd.asked.words), len(crowd.asked.unanswered)
    figures.waited_in_vain = crowd.asked.unanswered[:MOST_EXAMPLES]


class Sayings:
    """Faults are counted, and the first of them told."""

    def __init__(self, figures: Figures) -> None:
        self.figures = figures

    def fault(self, kind: str, what: str) -> None:
        """One more of a kind."""
        setattr(self.figures, kind, getattr(self.figures, kind) + 1)
        if getattr(self.figures, kind) <= MOST_EXAMPLES:
            self.figures.examples.append(f"{kind.replace('_', ' ')}: {what}")


def _updates(figures: Figures, record: Record, inbox: Rows) -> None:
    state = dict(inbox)
    figures.updates = len(record.updates)
    figures.updates_lost = sum(state.get(one) not in (1, 3) for one in record.updates)
    figures.quarantined = sum(one == 3 for one in state.values())


def _moves(said: Sayings, crowd: Crowd, moved: Rows, deals: Rows) -> None:
    """Every card has gone through exactly the moves that were pressed, in their order."""
    steps = defaultdict(list)
    for deal, version, begun, ended in moved:
        steps[deal].append((version, begun, ended))
    stands = {deal: (stage, version) for deal, stage, version in deals}
    said.figures.moves = crowd.asked.moves
    for card in (card for cards in crowd.shop.cards.values() for card in cards):
        versions, wanted = [one[0] for one in steps[card.id]], range(2, card.version + 1)
        said.figures.moves_doubled += len(versions) - len(set(versions))
        if lost := set(wanted) - set(versions):
            said.fault("moves_lost", f"deal {card.id}: {len(lost)} of {len(wanted)}")
            said.figures.moves_lost += len(lost) - 1
        chain = [one[1] for one in steps[card.id][1:]] != [one[2] for one in steps[card.id][:-1]]
        if chain or stands[card.id] != (card.stage, card.version):
            said.fault("half_done", f"deal {card.id} stands {stands[card.id]}, expected {card.stage} {card.version}")


def _counts(figures: Figures, what: str, wanted: Iterable[object], found: Iterable[object]) -> None:
    asked, stand = Counter(wanted), Counter(found)
    setattr(figures, what, asked.total())
    setattr(figures, f"{what}_lost", (asked - stand).total())
    setattr(figures, f"{what}_doubled", sum(max(stand[one] - asked[one], 0) for one in asked))


def _halves(said: Sayings, crowd: Crowd, timers: Rows, deals: Rows) -> None:
    """A card's pending timers are those of the stage where it stands, and each once."""
    pending, stage = defaultdict(list), {deal: where for deal, where, _ in deals}
    for deal, rule in timers:
        pending[deal].append(rule)
    for card in (card for cards in crowd.shop.cards.values() for card in cards):
        rules = pending[card.id]
        strange = [one for one in rules if one.startswith("order.") and not one.startswith(f"order.{stage[card.id]}")]
        if len(rules) != 3 or strange:
            said.fault("half_done", f"deal {card.id} on {stage[card.id]} waits for {rules}")


def _mentioned(one: Shown) -> list[int]:
    """The deals that a message is about, in its order."""
    return list(dict.fromkeys(int(number) for number in ABOUT.findall(one.text)))


def _reminders(said: Sayings, record: Record, lives: Lives, crowd: Crowd) -> None:
    """Everything that fell due was said to whom it is for, in due order; after each start soon."""
    shop, figures = crowd.shop, said.figures
    due = fixture_shop.earliest(shop.due, lives.over_at)
    seen: dict[int, float] = {}
    latest: dict[int, float] = {}
    for one in record.shown:
        for deal in _mentioned(one):
            if deal not in shop.due or shop.reader[deal] != one.chat or deal in seen:
                continue
            seen[deal] = one.at
            if shop.due[deal] < latest.get(one.chat, 0.0):
                said.fault("inversions", f"{one.chat} was reminded of {deal} too late, in life {one.life}")
            latest[one.chat] = max(latest.get(one.chat, 0.0), shop.due[deal])
    figures.reminders = len(due)
    for deal in due:
        if deal not in seen:
            said.fault("reminders_lost", f"of deal {deal}, due at {shop.due[deal]:.1f}")
    for life, ready in lives.ready_at.items():
        waiting = [deal for deal in due if shop.due[deal] < lives.born_at[life] <= seen.get(deal, float("inf"))]
        if not waiting:
            continue
        first, ended = min(seen.get(one, float("inf")) for one in waiting), lives.ended_at[life]
        if first <= ended:
            figures.first_seconds.append(max(0.0, first - ready))
        elif ended - ready > 5.0:
            figures.first_seconds.append(ended - ready)  # it lived for so long and said nothing


def _repeats(said: Sayings, record: Record, crowd: Crowd, moved: Rows) -> None:
    """What was said once is not said again without a mark; of a card that was moved, as often as it was moved."""
    may = Counter(str(deal) for deal, *_ in moved)
    known = {*crowd.shop.due, *(card.id for cards in crowd.shop.cards.values() for card in cards)}
    told: Counter[tuple[int, str]] = Counter()
    for one in record.shown:
        for key in _said(one, known):
            had = told[one.chat, key]
            if had >= max(1, may[key]) and not one.is_marked:
                said.fault("unmarked_repeats", f"{one.chat}, life {one.life}: {one.text[:120]!r}")
            if one.is_marked and not had and key.isdecimal() and int(key) in crowd.shop.due:
                said.figures.marked_needlessly += 1
            told[one.chat, key] += not (one.is_marked and may[key])  # a moved card is spoken of anew, too


def _said(one: Shown, known: set[int]) -> set[str]:
    """What a message says, so that the same said again can be told."""
    about = _mentioned(one)
    # an answer to who enters money: every question has a text of its own
    found = {str(deal) for deal in about if deal in known} or {one.text for _ in about[:1]}
    found |= set(re.findall(r"слово\d+х", one.text))
    lines = [NUMBER.sub("", line) for line in one.text.splitlines()]
    return found | {f"{name} {line}" for line in lines for name in re.findall(r"Заявка-\d+-я", line)}


def _marked(said: Sayings, record: Record, lives: Lives) -> None:
    """At most one a person for each end of a life, of what the bot began and of answers each, and never more than were
    under way when it ended."""
    marked = Counter((one.life, one.chat, one.is_answer) for one in record.shown if one.is_marked)
    said.figures.marked_repeats = marked.total()
    for (life, chat, _), count in marked.items():
        if count > 1:
            said.fault("more_than_one_a_person", f"{count} to {chat} in life {life}")
    for life in range(1, record.life + 1):
        count = sum(n for (when, *_), n in marked.items() if when == life)
        if count > lives.doubtful.get(life, 0):
            said.fault("more_than_under_way", f"{count} marked in life {life}, {lives.doubtful.get(life, 0)} under way")


def _screens(said: Sayings, record: Record, crowd: Crowd) -> None:
    """Whoever pressed last sees the card as his press has left it."""
    for key, card in crowd.asked.pressed.items():
        phone = crowd.phones[key]
        rows = phone.chat.messages[phone.menu].body.get("reply_markup", {}).get("inline_keyboard", [])
        pressed = [callback_data.unpack(one.get("callback_data", "")) for row in rows for one in row]
        shown = [(int(one.deal), one.seen) for one in pressed if isinstance(one, MoveDeal)]
        if (card.id, card.version) not in shown:
            said.fault("outdated_screens", f"{key} pressed last for {card.id}, revision {card.version}; sees {shown}")
