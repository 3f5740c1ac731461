"""What messages about papers, files and SMS claim."""

from __future__ import annotations

from collections.abc import Iterator

from handlers.notices.stated import states
from handlers.notices.statements.deal_statements import about
from keyboards.notices.notice_view import NoticeView
from models import statements as s
from models.notices.document_notices import PaperReady, RequisitesWanted, TemplateTried
from models.notices.file_notices import FileNotSaved, FileRefused, HandedIn, PhotosNotSent
from models.notices.notice import Notice
from models.notices.personal_notices import DossierNotSent
from models.notices.sms_notices import (
    SmsByHand,
    SmsFailed,
    SmsPractised,
    SmsTold,
    SmsUnknown,
    SmsWithoutPhone,
)


@states(PaperReady)
def _paper(view: NoticeView, notice: PaperReady) -> Iterator[s.Statement]:
    yield from about(view)
    yield s.FileSaid("paper", notice.paper, is_there=notice.file is not None)


@states(FileNotSaved)
def _not_saved(view: NoticeView, notice: FileNotSaved) -> Iterator[s.Statement]:
    yield from about(view)
    yield s.FileSaid("file", notice.file, is_there=False)


@states(FileRefused, HandedIn, PhotosNotSent)
def _about_files(view: NoticeView, notice: Notice) -> Iterator[s.Statement]:
    yield from about(view)


@states(RequisitesWanted, TemplateTried, DossierNotSent)
def _of_company(view: NoticeView, notice: Notice) -> Iterator[s.Statement]:
    """Nothing of a deal: what the owner has sent, or asked for, or is asked for."""
    return iter(())


@states(SmsWithoutPhone, SmsByHand, SmsFailed, SmsUnknown, SmsPractised)
def _sms(view: NoticeView, notice: SmsTold) -> Iterator[s.Statement]:
    yield from about(view)
    if notice.sms is not None:
        yield s.ValueSaid("sms", notice.sms)
