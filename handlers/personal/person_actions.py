"""«Данные клиента»: all of a person as a file, his consent, erasing him; for the owner but for the consent."""

from __future__ import annotations

from handlers.clients import client_pages
from handlers.deals import deal_actions
from handlers.request import Request, on_callback
from keyboards.callbacks.personal_callbacks import (
    ErasePerson,
    GivePerson,
    NoteConsent,
    OpenDataRules,
    OpenPerson,
    PersonOf,
    TakeCertificate,
)
from keyboards.personal import person_pages as screens
from keyboards.screen import Reply
from models import access
from models.errors import CardOutdated, NotFound
from models.jobs import GiveCertificate, GiveDossier
from services.clients import client_cards
from services.deals import client_access, deal_queries
from services.outbox import jobs
from services.oversight import journal
from services.personal import consents, erasures, person_keys
from services.personal.person_keys import PersonKeys


def _keys(request: Request, of: PersonOf, key: int) -> PersonKeys:
    if of == "client":
        return person_keys.of_client(request.work, client_cards.get(request.work, key).id)
    return person_keys.of_lead(request.work, deal_queries.get(request.work, key).id)


@on_callback(OpenPerson, access.OWNER)
def open_(request: Request, press: OpenPerson) -> Reply:
    return page(request, press.of, press.key)


def page(request: Request, of: PersonOf, key: int, toast: str | None = None) -> Reply:
    """How much is known of him."""
    keys = _keys(request, of, key)
    found = erasures.plan(request.work, keys)
    consent = consents.find(request.work, keys)
    return Reply(screens.person_page(of, key, found, consent, request.t), toast)


@on_callback(GivePerson, access.OWNER)
def give(request: Request, press: GivePerson) -> Reply:
    """It is gathered and sent outside this transaction."""
    erasures.plan(request.work, _keys(request, press.of, press.key))
    wanted = GiveDossier(client=press.key) if press.of == "client" else GiveDossier(lead=press.key)
    jobs.ask(request.work, wanted, employee_id=request.me.id)
    journal.note(request.work, "client_exported", about=("client" if press.of == "client" else "deal", press.key))
    return Reply(toast=request.t("Собираю. Архив придёт сюда в течение минуты."))


@on_callback(ErasePerson, access.OWNER)
def erase(request: Request, press: ErasePerson) -> Reply:
    """Asked once more first. A deal that was opened since the question brings the question again."""
    keys = _keys(request, press.of, press.key)
    found = erasures.plan(request.work, keys)
    if not press.sure or found.owing or (found.open and not press.open_too):
        return Reply(screens.erase_page(press.of, press.key, found, request.t))
    erasures.erase(request.work, keys, "asked")
    return Reply(screens.erased_page(request.t))


@on_callback(NoteConsent, access.SALES)
def note_consent(request: Request, press: NoteConsent) -> Reply:
    """By whoever may change the card, or the lead."""
    work = request.work
    if press.of == "client":
        client = client_cards.get(work, press.key)
        client_access.check(work, client)
        erasures.NOTE.check(work.actor, unshared=True)
        known = consents.find(work, person_keys.near(work, client.id))
    else:
        lead = deal_queries.get_editable(work, press.key)
        erasures.NOTE.check(work.actor, **access.leads(work.actor, lead))
        known = consents.find(work, person_keys.of_lead(work, lead.id))
    if press.given == (known is not None and known.holds):
        raise CardOutdated(None, None)
    if not press.given and known is not None:
        consents.withdraw(work, known)
    else:
        is_card = press.of == "client"
        consents.note(work, "hand", client_id=press.key if is_card else None, deal_id=None if is_card else press.key)
    said = request.t("Записал")
    if press.of == "client":
        return client_pages.show(request, press.key, said)
    return deal_actions.card(request, press.key, said)


# --- what is kept how long --------------------------------------------------------------------------------------


@on_callback(OpenDataRules, access.OWNER)
def rules(request: Request, press: OpenDataRules) -> Reply:
    return Reply(screens.rules_page(request.work.company.kept, erasures.newest(request.work, 9), request.t))


@on_callback(TakeCertificate, access.OWNER)
def certificate(request: Request, press: TakeCertificate) -> Reply:
    """The act, for three years and longer."""
    found = erasures.get(request.work, press.erasure)
    if found.done_at is None:
        raise NotFound("button")
    jobs.ask(request.work, GiveCertificate(found.id), employee_id=request.me.id)
    return Reply(toast=request.t("Акт придёт сюда в течение минуты."))
