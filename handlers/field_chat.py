"""Questions from the spot and their answers: by button, in words, with photos, or as a reply to the message (M-10)."""

from __future__ import annotations

from dataclasses import replace

from handlers.forms import form_runner
from handlers.forms.purpose_registry import on_finish
from handlers.request import Request, on_callback, on_message
from keyboards import field_chat as screens
from keyboards.callbacks.field_chat_callbacks import AskManager, ReplyToMessage
from keyboards.callbacks.task_callbacks import AskTaskPerson
from keyboards.forms import prompts
from keyboards.screen import Reply
from models import access
from models.entities import Deal
from models.errors import NotAllowed, NotFound
from models.field_values import FieldValues
from models.ids import TaskId
from models.outbox import Scheduled
from services import drafts, field_chat
from services.deals import deal_queries
from services.field_chat import FieldMessage, Recipients
from services.files import deal_files, uploads
from services.purposes.field_chat_purposes import AskPurpose, ReplyPurpose
from services.tasks import task_queries

Spoken = AskPurpose | ReplyPurpose
ASKERS = access.MANAGEMENT | access.FIELD_STAFF


@on_callback(AskManager, ASKERS)
def ask_manager(request: Request, press: AskManager) -> Reply:
    """Who drives out is asked what he wants to know; for those above one tap asks what is going on (C-6)."""
    if request.me.role in access.FIELD_STAFF:
        return _ask(request, press.deal)
    told = field_chat.ask(request.work, press.deal, FieldMessage(request.t("Что с этой сделкой?")))
    if not told.people:
        return Reply(None, request.t("Ответственный — вы"))
    return Reply(None, request.t("Вопрос отправлен: {names}", names=_names(told)))


@on_callback(AskTaskPerson, access.MANAGEMENT)
def ask_task_person(request: Request, press: AskTaskPerson) -> Reply:
    """One tap asks who has an undone task what is going on (C-6)."""
    task = task_queries.get(request.work, press.task)
    said = FieldMessage(request.t("Что с задачей «{task}»?", task=request.t.title(task.title)))
    told = field_chat.ask(request.work, task.deal_id, said, task.assignee_id)
    return Reply(None, request.t("Вопрос отправлен: {names}", names=_names(told)))


def _ask(request: Request, deal_id: int) -> Reply:
    deal = deal_queries.get(request.work, deal_id)
    if not field_chat.can_ask(request.work, deal):
        raise NotFound("task")  # the job is done or given to somebody else
    purpose = AskPurpose(deal.id, _job_of(request, deal))
    hint = request.t("Напишите вопрос или пришлите фото с подписью. Менеджер получит сразу.")
    return _beside(
        form_runner.begin_text(request, purpose, request.t("Вопрос менеджеру"), hint, longest=field_chat.LONGEST)
    )


def _job_of(request: Request, deal: Deal) -> TaskId | None:
    """Back to the job rather than to the deal, for who has one."""
    return field_chat.find_job(request.work, deal.id) if request.me.role in access.FIELD_STAFF else None


def _beside(answer: Reply) -> Reply:
    """The question stands below: what one answers, and the card, stay in sight."""
    return replace(answer, new=True)


@on_callback(ReplyToMessage, access.EVERYONE)
def reply(request: Request, press: ReplyToMessage) -> Reply:
    """«Ответить», «Спросить ещё»."""
    deal = deal_queries.get(request.work, press.deal)
    row = field_chat.get(request.work, press.notice)
    if row.deal_id != deal.id:
        raise NotFound("button")
    purpose = ReplyPurpose(deal.id, row.id, _job_of(request, deal))
    title = request.t("Ваш ответ") if row.rule == "question" else request.t("Ваш вопрос")
    hint = request.t("Напишите словами или пришлите фото с подписью.")
    return _beside(form_runner.begin_text(request, purpose, title, hint, longest=field_chat.LONGEST))


@on_finish(AskPurpose, ASKERS)
def asked(request: Request, purpose: AskPurpose, values: FieldValues) -> Reply:
    return _spoken(request, purpose, values)


@on_finish(ReplyPurpose, access.EVERYONE)
def replied(request: Request, purpose: ReplyPurpose, values: FieldValues) -> Reply:
    return _spoken(request, purpose, values)


def _spoken(request: Request, purpose: Spoken, values: FieldValues) -> Reply:
    """The words are on their way."""
    return _say(request, purpose, FieldMessage(str(values["text"]), sent_at=request.incoming.sent_at))[0]


def _say(request: Request, purpose: Spoken, said: FieldMessage) -> tuple[Reply, Recipients]:
    work = request.work
    if isinstance(purpose, AskPurpose):
        told, kind = field_chat.ask(work, purpose.deal, said), "question"
    else:
        row = field_chat.get(work, purpose.notice)
        told, kind = field_chat.respond(work, row, said), _turn(row)
    return _sent(request, deal_queries.get(work, purpose.deal), kind, told, len(said.files)), told


def _turn(row: Scheduled) -> str:
    return "answer" if row.rule == "question" else "question"


def _sent(request: Request, deal: Deal, kind: str, told: Recipients, n: int) -> Reply:
    task_id = _job_of(request, deal)
    return Reply(screens.sent(kind, [one.name for one in told.people], deal, n, task_id, request.t), new=True)


def _names(told: Recipients) -> str:
    return ", ".join(one.name for one in told.people)


# --- without the button, and with photos --------------------------------------------------------------------------


@on_message(5, access.EVERYONE)
def came(request: Request) -> Reply | None:
    """A reply to a question or an answer is what it is to be answered with; a photo is what the open question waits
    for. The rest of an album follows its first part (`arrivals`)."""
    incoming, work = request.incoming, request.work
    if incoming.file is None and incoming.text is None:
        return None
    if uploads.find_of_album(work, incoming.album) is not None:
        return None
    row = field_chat.addressed(work, incoming.reply_to)
    if row is not None and row.deal_id is not None:
        return _with_files(request, ReplyPurpose(row.deal_id, row.id))
    draft = drafts.find(work) if incoming.file is not None else None
    if draft is None or not isinstance(draft.purpose, Spoken):
        return None
    drafts.clear(work)
    if not _may_go_on(request, draft.purpose):
        return None  # the job is over by now: the photo is not lost, it is asked about as any other
    done = _with_files(request, draft.purpose)
    if draft.message_id is None:
        return done
    title = draft.text.title if draft.text else ""
    return replace(done, edit=(draft.message_id, prompts.recorded(title, incoming.text or "📎", "")))


def _may_go_on(request: Request, purpose: Spoken) -> bool:
    try:
        deal = deal_queries.get(request.work, purpose.deal)
    except (NotFound, NotAllowed):
        return False
    return not isinstance(purpose, AskPurpose) or field_chat.can_ask(request.work, deal)


def _with_files(request: Request, purpose: Spoken) -> Reply:
    """Words, or a file with or without them; what comes with it or right after goes the same way."""
    incoming, work = request.incoming, request.work
    sent, text = incoming.file, incoming.text or ""
    if sent is None:
        return _say(request, purpose, FieldMessage(text, sent_at=incoming.sent_at))[0]
    home = deal_queries.get(work, purpose.deal)
    key = deal_files.keep(work, home, None, sent, told=False)
    said = FieldMessage(text, (key,), incoming.sent_at, in_parts=incoming.album is not None)
    answer, told = _say(request, purpose, said)
    heap = uploads.begin(work, sent, incoming.album, incoming.sent_at or work.now)
    heap.went(home.id, None, [key])
    heap.said = told.mark
    uploads.save(work, heap)
    return answer
