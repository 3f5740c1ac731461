"""A file as somebody sent it: what can be taken, and what it is called."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Protocol

from models.fields.base import Field
from models.fields.groups import FileLike
from models.states import FileKind
from models.values.clean_text import one_line
from models.values.invalid_value import N_, InvalidValue
from services.files import content_types, file_contents

LARGEST = 20 * 1024 * 1024  # Telegram gives a bot no bigger file back (getFile)
LONGEST_NAME = 120
FORBIDDEN = re.compile(r'[\\/:*?"<>|]+')
PHOTO_NAME = "photo.jpg"  # Telegram gives photos no name


class AnyFile(Protocol):
    """What tells a picture from another file, whether it comes in or lies in a folder."""

    @property
    def kind(self) -> str: ...
    @property
    def mime(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class IncomingFile:
    """A file as it came in.

    `kind` is photo, document, video, audio, voice, animation or video_note; `size` in bytes, None if Telegram did not
    say; `telegram_id` fetches it from Telegram, `unique_id` is the same for the same file whoever sends it.
    """

    kind: FileKind
    telegram_id: str
    unique_id: str
    name: str
    size: int | None
    mime: str | None
    caption: str = ""  # the words that came with it


def check_acceptable(described: Field | None, sent: IncomingFile) -> None:
    """Raise Wrong for a file that cannot be taken here."""
    if sent.size is not None and sent.size > LARGEST:
        raise InvalidValue(
            "file.big",
            N_(
                "Файл слишком большой: {size} МБ. Telegram отдаёт ботам файлы не больше {limit} МБ. Сожмите его или "
                "разделите на части; снимок можно отправить как фото."
            ),
            size=str(-(-sent.size // (1024 * 1024))),
            limit=str(LARGEST // (1024 * 1024)),
        )
    if file_contents.is_program_by_name(sent.name):
        raise InvalidValue(
            "file.program", N_("Программы, скрипты и ярлыки бот не хранит. Пришлите документ, фото или архив с ними.")
        )
    if isinstance(described, FileLike) and not described.takes(picture=is_picture(sent)):
        raise described.wrong_kind()


def is_picture(sent: AnyFile) -> bool:
    """Whether it is a photo, or an image sent as a file."""
    return sent.kind == "photo" or content_types.is_picture_type(sent.mime)


def clean_name(sent: IncomingFile) -> str:
    """A name that any disk and any message can hold; a photo without one is called by its kind."""
    name = one_line(FORBIDDEN.sub("_", sent.name or ""), limit=1000).strip(" .")
    stem, dot, ending = name.rpartition(".")
    if len(name) > LONGEST_NAME and dot and len(ending) <= 10:
        name = f"{stem[: LONGEST_NAME - len(ending) - 2]}….{ending}"
    return name[:LONGEST_NAME] or (PHOTO_NAME if sent.kind == "photo" else "file")
