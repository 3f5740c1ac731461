"""A lead that a manager begins with what he has in hand: a number, or words with a name and a number in them."""

from __future__ import annotations

from handlers.deals import deal_actions
from handlers.forms import form_finishers, form_runner
from handlers.forms.purpose_registry import on_finish
from handlers.request import Request, on_callback
from keyboards.callbacks.client_callbacks import BeginLead
from keyboards.screen import Reply
from models import access
from models.entities import Deal
from models.errors import NotFound
from models.field_values import FieldValues
from models.process.process import Process
from models.values import phone as phones
from models.values.product_text import ProductText
from services.clients import lead_words
from services.files import deal_files, forwarded_words, incoming_files, uploads
from services.files.uploads import UploadBatch
from services.purposes.deal_purposes import NewDealPurpose, NewLeadPurpose
from services.unit_of_work import UnitOfWork


def starter(work: UnitOfWork) -> tuple[Process, ProductText] | None:
    """The process that takes leads, and the title of its button for a new one."""
    process = work.company.intake_process()
    if process is None or process.intake is None:
        return None
    new = process.pipelines[process.intake.pipeline].new
    return (process, new.button) if new else None


@on_callback(BeginLead, access.SALES)
def new_with(request: Request, press: BeginLead) -> Reply:
    """A new lead whose phone is known already: the other questions are asked (F-L1)."""
    number = phones.parse_phone(f"+{press.phone}")
    return _begin(request, number, intro_of=request.t.phone(number))


def begin_of(request: Request, heap: UploadBatch) -> Reply:
    """A new lead of words that wait in a heap: asked is only the name or the number that they do not hold."""
    read = lead_words.read(heap.text)
    return _begin(request, read.phone, name=heap.name or read.name, heap=heap.token, intro_of=heap.text[:200])


def _begin(request: Request, number: str, *, name: str = "", heap: str = "", intro_of: str) -> Reply:
    found = starter(request.work)
    if found is None:
        raise NotFound("button")
    process, title = found
    assert process.intake is not None
    pipeline, client = process.intake.pipeline, process.client
    new = process.pipelines[pipeline].new
    asked = [client.name, client.phone] if heap else list(new.ask if new else ())
    known = {client.phone: number, client.name: name}
    fields = [one for one in asked if not known.get(one)]
    purpose = NewLeadPurpose(process.process, pipeline, number, name or None, heap or None)
    intro = request.t("{button}: {phone}", button=request.t(title), phone=intro_of)
    optional = frozenset(fields) - {client.name, client.phone}
    return form_runner.begin(request, purpose, fields, process=process, optional=optional, intro=intro)


@on_finish(NewLeadPurpose, access.SALES)
def begun(request: Request, purpose: NewLeadPurpose, values: FieldValues) -> Reply:
    """The same as a new lead whose phone was asked; what waited for it goes along."""
    work, process = request.work, request.work.process(purpose.process)
    known = {process.client.phone: purpose.phone, process.client.name: purpose.name}
    whole = {**values, **{name: value for name, value in known.items() if value}}
    heap = uploads.find_by_token(work, purpose.heap) if purpose.heap else None
    if heap is not None and heap.state == uploads.PUT and heap.deal_id is not None:
        return deal_actions.card(request, heap.deal_id, request.t("Это уже сохранено."))
    comment = process.intake.comment if process.intake is not None else None
    if heap is not None and comment is not None:
        whole[comment] = lead_words.read(heap.text).wish or heap.text
    deal = form_finishers.make(request, NewDealPurpose(purpose.process, purpose.pipeline), whole)
    if heap is not None:
        _put(request, heap, deal)
    return form_finishers.begun(request, deal)


def _put(request: Request, heap: UploadBatch, deal: Deal) -> None:
    """What came with the words lies in the lead's folder; words of somebody outside stand in its history as his."""
    keys = [deal_files.keep(request.work, deal, None, one, told=False) for one in heap.files]
    deal_files.tell(request.work, deal.id, [incoming_files.clean_name(one) for one in heap.files])
    if heap.sender is not None:
        forwarded_words.note(request.work, deal.id, heap.text, heap.sender)
    heap.went(deal.id, None, keys)
    uploads.save(request.work, heap)
