"""What Telegram sends as a file, in plain words: every kind, its own date, the message that it answers (K-7)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from aiogram.types import Message

from handlers import telegram
from handlers.request import Incoming
from services.files.incoming_files import IncomingFile

FILE = {"file_id": "id", "file_unique_id": "unique", "file_size": 1000}
MOVING = {**FILE, "width": 10, "height": 10, "duration": 1}
CHAT = {"id": 5, "type": "private"}
WHO = {"id": 5, "is_bot": False, "first_name": "Игорь"}
AT = 1_800_000_000


class Desk:
    """Keeps what it is given."""

    def __init__(self) -> None:
        self.seen: list[Incoming] = []

    async def serve(self, incoming: Incoming, item: Any) -> None:
        self.seen.append(incoming)


async def come(**what: Any) -> Incoming:
    body = {"message_id": 9, "date": AT, "chat": CHAT, "from": WHO, **what}
    desk = Desk()
    await telegram.written(Message.model_validate(body), desk, None)
    return desk.seen[0]


@pytest.mark.parametrize(
    ("what", "sent"),
    [
        ({"photo": [{**FILE, "file_id": "small", "width": 1, "height": 1}, {**FILE, "width": 9, "height": 9}]},
         ("photo", "photo.jpg", "image/jpeg")),
        ({"document": {**FILE, "file_name": "договор.pdf", "mime_type": "application/pdf"}},
         ("document", "договор.pdf", "application/pdf")),
        ({"video": {**MOVING, "mime_type": "video/mp4"}}, ("video", "video.mp4", "video/mp4")),
        ({"animation": {**MOVING, "file_name": "cat.gif"}, "document": {**FILE, "file_name": "cat.gif"}},
         ("animation", "cat.gif", None)),
        ({"video_note": {**FILE, "length": 10, "duration": 1}}, ("video_note", "video.mp4", None)),
        ({"voice": {**FILE, "duration": 1, "mime_type": "audio/ogg"}}, ("voice", "voice.ogg", "audio/ogg")),
        ({"audio": {**FILE, "duration": 1}}, ("audio", "audio.mp3", None)),
    ],
)  # fmt: skip
async def test_k_7_files_of_every_kind_come_in(what: dict[str, Any], sent: tuple[str, str, str | None]) -> None:
    kind, name, mime = sent
    assert (await come(**what)).file == IncomingFile(kind, "id", "unique", name, 1000, mime)


async def test_k_22_the_messages_own_date_and_what_it_answers_come_along() -> None:
    earlier = {"message_id": 4, "date": AT - 60, "chat": CHAT, "text": "Завтра сборка"}
    incoming = await come(document=FILE, media_group_id="77", caption="акт", reply_to_message=earlier)
    assert incoming.sent_at == datetime.fromtimestamp(AT, UTC)
    assert (incoming.album, incoming.reply_to, incoming.text) == ("77", 4, "акт")


async def test_a_forwarded_file_is_a_file_like_any_other() -> None:
    origin = {"type": "hidden_user", "date": AT - 9_000, "sender_user_name": "Клиент"}
    incoming = await come(document={**FILE, "file_name": "эскиз.pdf"}, forward_origin=origin)
    assert incoming.file is not None
    assert incoming.file.name == "эскиз.pdf"
    assert incoming.sent_at == datetime.fromtimestamp(AT, UTC)


async def test_a_text_is_no_file() -> None:
    assert (await come(text="привет")).file is None
