"""Deals: begin, move, fill in, hand over. Each verb asks the engine and carries its plan out in one transaction."""

from __future__ import annotations

from functools import partial

from sqlalchemy import insert, update

from models import access
from models.engine import moves, visit_changes
from models.engine.effects import Plan, Refusal
from models.entities import Deal
from models.errors import ApprovalWanted, MoveRefused, NoWayBack, VisitsCalledOff
from models.field_values import FieldValues
from models.fields import codec
from models.history.deal_lines import (
    AnswersConfirmed,
    CallLogged,
    CommentCorrected,
    CommentMade,
    DealCreated,
    DealDeleted,
    DealRenamed,
)
from models.history.line import HistoryLine
from models.ids import DealId
from models.notices.deal_notices import AnswersDisagree
from models.process.process import Process
from models.states import CallResult
from models.tables.deals import DealRow
from models.values.clean_text import is_meaningful_name, one_line
from models.values.invalid_value import N_, InvalidValue
from models.values.product_text import ProductText
from services import numbering
from services.clients import client_cards
from services.deals import (
    before_press,
    changes,
    client_access,
    deal_queries,
    deal_rows,
    deal_titles,
    deal_words,
    hooks,
    plans,
)
from services.outbox import schedule
from services.unit_of_work import ConfirmedAnswers, UnitOfWork

ADD = insert(DealRow).returning(DealRow.id)
LEARNT = "🎓 "  # stands in the title of a learner's deal, so that every list and message shows it (K-2)


def move(work: UnitOfWork, deal_id: int, version: int | None, to: str, *, asks: bool = False) -> Deal:
    """Move to a stage (C-1). Raises MoveRefused with every reason, CardOutdated if somebody was faster; if it `asks`,
    VisitsCalledOff where the move back would call agreed visits off, NoWayBack where nothing will lead back.

    Whoever moves a deal that is nobody's becomes its responsible.
    """
    found = deal_queries.get_editable(work, deal_id, version)
    rows = deal_rows.read(work, found.id)
    process, state = work.process(found.process), deal_queries.state_of(work, found, rows)
    outcome = moves.plan_move(process, state, to, work.moment)
    if asks and found.visits and isinstance(outcome, Plan):
        off = visit_changes.called_off_by_going_back(process, state, to, work.moment)
        if off:
            raise VisitsCalledOff(off)
    if asks and isinstance(outcome, Plan):
        shut = deal_queries.shut_by(work, found, to)
        if shut:
            raise NoWayBack(shut)
    if isinstance(outcome, Plan):
        before_press.look(work, found, rows)
    return perform(work, found, outcome)


def fill(work: UnitOfWork, deal_id: int, values: FieldValues) -> Deal:
    """Set fields to typed values; timers that hang on their dates follow. NotAllowed for a field of other roles."""
    found = deal_queries.get_editable(work, deal_id)
    process = work.process(found.process)
    for name in values:
        if name in process.fields:
            access.check_may_fill(work.actor, process, name)
    return put(work, found, values)


def put(work: UnitOfWork, found: Deal, values: FieldValues) -> Deal:
    """Set fields of a deal that the actor may change, or whose task he has, as far as what must stay true allows it.

    Raises MoveRefused for a change that breaks it, ApprovalWanted for one that somebody above can be asked for.
    """
    process, state = work.process(found.process), deal_queries.state_of(work, found)
    outcome = moves.plan_fields(process, state, values, work.moment, decides=_decides(work, found))
    if isinstance(outcome, Refusal) and all(one.code == "asked" for one in outcome.reasons):
        raise ApprovalWanted(outcome, found.id, values)
    return perform(work, found, outcome)


def _decides(work: UnitOfWork, found: Deal) -> bool:
    """Whether the actor need ask nobody. A learner does everybody's work (K-2)."""
    return access.can_decide(work.actor) or found.kind == "practice"


def tap(work: UnitOfWork, deal_id: int, rule: str, values: FieldValues) -> Deal:
    """Press a robot's own button; `values` are the answers to what it asks."""
    found = deal_queries.get_editable(work, deal_id)
    process = work.process(found.process)
    if values:
        found = put(work, found, values)
    return perform(work, found, moves.plan_tap(process, deal_queries.state_of(work, found), rule, work.moment))


def begin(
    work: UnitOfWork,
    process: Process,
    pipeline: str,
    values: FieldValues,
    *,
    source: str | None = None,
    stage: str | None = None,
    client_id: int | None = None,
    responsible_id: int | None = None,
    origin: Deal | None = None,
    title: str | None = None,
    makes_client: bool = True,
) -> Deal:
    """A new deal in a pipeline: numbered by itself (K-9), its client found by phone, its robots set going (F-L1).

    `makes_client`: without a client known by phone, a deal gets a new one; a lead waits for its conversion (F-L5). A
    learner's deal has numbers of its own, a mark in its title, and no client's card (K-2). Within a process, what was
    agreed with the client under its `origin` is from now on agreed with him here.
    """
    line = process.pipelines[pipeline]
    practice = line.kind == "practice"
    if client_id is None and makes_client and not practice:
        client_id = _client(work, process, line.kind, values)
    key = work.add(
        ADD,
        number=_number(work, practice),
        process=process.process,
        pipeline=pipeline,
        kind=line.kind,
        stage=stage or line.first,
        status="open",
        title=(LEARNT if practice else "")
        + (title or deal_titles.title_of(line.new.title if line.new else ProductText("{name}"), values, process.title)),
        client_id=None if practice else client_id,
        responsible_id=responsible_id,
        source=source,
        fields=codec.encode(process.fields, {key: one for key, one in values.items() if key not in process.faces}),
        version=0,
        entered_at=work.now,
        origin_id=origin.id if origin else None,
        created_at=work.now,
    )
    if origin is not None and origin.process == process.process:
        hooks.becomes(work, origin, key, values)
    hooks.begun(work, key, process, values)
    work.begun = DealId(key)
    found = deal_queries.find(work, key)
    assert found is not None
    deal_words.begin(work, process, found)
    changes.count(work, found, +1)
    return perform(
        work,
        found,
        moves.plan_begin(process, deal_queries.state_of(work, found), work.moment),
        first=DealCreated(found.source),
    )


def _number(work: UnitOfWork, practice: bool) -> str:
    """Practice uses up no number of real deals (K-2, K-9)."""
    if practice:
        return numbering.next_of_year(work, "practice", "У-{year}-{n:04d}")
    return numbering.next_of_year(work, "deal", "{year}-{n:04d}")


def _client(work: UnitOfWork, process: Process, kind: str, values: FieldValues) -> int | None:
    known = client_cards.known_by(work, process.client, values)
    if known is not None:
        return known
    if kind == "lead":  # a lead becomes a client when it is converted (F-L5)
        return None
    may_write = partial(client_access.may_write_company, work)
    return client_cards.for_lead(work, process.client, dict(values), frozenset({"contact"}), may_write)


def perform(work: UnitOfWork, found: Deal, outcome: Plan | Refusal, first: HistoryLine | None = None) -> Deal:
    """Carry a plan out, or raise what stands against it."""
    if isinstance(outcome, Refusal):
        raise MoveRefused(outcome)
    return plans.apply(work, found, outcome, first)


def confirm(work: UnitOfWork, found: Deal, answers: FieldValues, *, agree: bool) -> None:
    """The actor has seen these answers together and says whether they agree; the step that follows in this transaction
    is open to him either way. Those who do not agree are told to the supervisor, with what was said (M-16)."""
    gathered = changes.begin(work, found)
    gathered.note(AnswersConfirmed(tuple(answers), agree))
    if not agree:
        said = codec.encode(gathered.process.fields, answers)
        gathered.say("supervisor", "confirms", AnswersDisagree(said, work.actor_id))
    changes.write(gathered)
    work.confirmed = ConfirmedAnswers(found.id, frozenset(answers))


def comment(work: UnitOfWork, deal_id: int, text: str) -> Deal:
    """A line in the deal's history by a person."""
    found = deal_queries.get(work, deal_id)
    plans.note(work, found, CommentMade(text))
    return found


def log_call(work: UnitOfWork, deal_id: int, result: CallResult) -> Deal:
    """Note how a call to the client has ended: NotFound, NotAllowed for who may not change the deal."""
    found = deal_queries.get_editable(work, deal_id)
    plans.note(work, found, CallLogged(result))
    return found


def correct_comment(work: UnitOfWork, deal_id: int, text: str) -> Deal:
    """What a person has written into the deal's history is so now; the line before it stays."""
    found = deal_queries.get(work, deal_id)
    plans.note(work, found, CommentCorrected(text))
    return found


def rename(work: UnitOfWork, deal_id: int, title: str) -> Deal:
    """Give the deal another title; Wrong for one without a letter or digit."""
    found = deal_queries.get_editable(work, deal_id)
    cleaned = one_line(title, limit=120)
    if not is_meaningful_name(cleaned):
        raise InvalidValue(
            "title.meaningless", N_("В названии должна быть хотя бы одна буква или цифра."), N_("Кухня угловая")
        )
    if found.kind == "practice" and not cleaned.startswith(LEARNT):
        cleaned = LEARNT + cleaned
    plans.note(work, found, DealRenamed(cleaned))
    work.tx.execute(update(DealRow).where(DealRow.id == deal_id).values(title=cleaned))
    deal_words.renew(work, work.process(found.process), found, found.replace(title=cleaned))
    return deal_queries.get(work, deal_id)


def delete(work: UnitOfWork, deal_id: int) -> None:
    """Take a deal away (a mistake, a test); its timers are void, its buttons answer that it is gone."""
    found = deal_queries.get(work, deal_id)
    access.DELETE_DEAL.check(work.actor)
    take_away(work, found)


def take_away(work: UnitOfWork, found: Deal) -> None:
    """The same, whoever acts: rights were asked already. DealHasMoney while money of the client's is in it."""
    schedule.void_timers(work, found.id)
    hooks.removed(work, found)
    changes.count(work, found, -1)
    plans.note(work, found, DealDeleted())
    work.tx.execute(update(DealRow).where(DealRow.id == found.id).values(deleted_at=work.now))
    deal_words.forget(work, [found.id])
