"""Files and photos: each that comes is kept at once, and «Готово» says that there are no more."""

from __future__ import annotations

from dataclasses import dataclass

from handlers.forms import form_runner, form_screens
from handlers.forms.form_screens import draws
from handlers.forms.form_state import Form
from handlers.forms.steps.field_steps import FieldSteps, steps
from handlers.request import Request
from keyboards.forms import file_prompts, photo_prompts, prompts
from keyboards.forms.prompts import Question
from keyboards.screen import Reply, Screen
from models.fields.file_field import FileField
from models.fields.groups import FileLike
from models.fields.photo_field import PhotoField
from services import drafts
from services.files import deal_files, upload_targets, uploads
from services.files.incoming_files import IncomingFile
from services.step_states import StepState, step_state


@step_state("files")
@dataclass(frozen=True, slots=True)
class FilesState(StepState):
    """The files that have come in, by their ids, and the album that the last of them belongs to."""

    files: tuple[int, ...]
    album: str | None = None


@draws(FileField)
def _files(request: Request, form: Form, ask: Question) -> Screen:
    return file_prompts.files(request.t, ask, _names(request, form), many=form.field_as(FileField).many)


@draws(PhotoField)
def _photos(request: Request, form: Form, ask: Question) -> Screen:
    return photo_prompts.photos(request.t, ask, _names(request, form), many=form.field_as(PhotoField).many)


def _names(request: Request, form: Form) -> list[str]:
    return deal_files.names(request.work, _received(request, form))


def _received(request: Request, form: Form) -> list[int]:
    """The files that have come in for the current question, those that were there before included.

    Also those that came into its folder by themselves (a job's photos, the late rest of an album).
    """
    state = form.find_state(FilesState)
    if state is not None or form.deal is None or not form.field_as(FileLike).many:
        return list(deal_files.still_kept(request.work, state.files) if state else form.present() or ())
    return list(dict.fromkeys([*(form.present() or ()), *deal_files.in_field(request.work, form.deal, form.name)]))


@steps(FileLike)
class FileSteps(FieldSteps):
    """Many files are gathered until «Готово»; a single one is the answer."""

    def file(self, request: Request, form: Form, file: IncomingFile) -> Reply | None:
        """A file answers the question, unless it belongs elsewhere: the rest of an album, an answer to another."""
        if form.deal is None or _belongs_elsewhere(request, form):
            return None
        key, album = deal_files.keep(request.work, form.deal, form.name, file), request.incoming.album
        uploads.answered(request.work, file, album, form.deal.id, form.name, key)
        if not form.field_as(FileLike).many:
            return form_runner.record(request, form, (key,))
        return _gathered(request, form, key, album)

    def done(self, request: Request, form: Form) -> Reply:
        return form_runner.record(request, form, tuple(_received(request, form)))


def _gathered(request: Request, form: Form, key: int, album: str | None) -> Reply:
    draft, have = form.draft, _received(request, form)
    state = form.find_state(FilesState)
    follows = album is not None and state is not None and state.album == album
    draft.step_state = FilesState(tuple(have if key in have else [*have, key]), album)
    if follows and draft.message_id is not None:  # an album is many updates: one message counts them
        drafts.save(request.work, draft)
        return Reply(edit=(draft.message_id, form_screens.question(request, form)))
    before = prompts.set_aside(request.t, form.title(request.t))
    return form_runner.ask(request, form, before=before)  # «Готово» below the files


def _belongs_elsewhere(request: Request, form: Form) -> bool:
    assert form.deal is not None
    heap = uploads.find_of_album(request.work, request.incoming.album)
    if heap is not None:
        return (heap.deal_id, heap.folder) != (form.deal.id, form.name)
    told = upload_targets.replied_to(request.work, request.incoming.reply_to)
    return told is not None and told.id != form.deal.id
