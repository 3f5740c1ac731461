"""Which column of which table tells of a client, and how it is erased: the one place, read by erasure and by export.

A column is plain (tells of nobody), of our staff, or personal: emptied, or, where only a part of it is (JSON, a title
that is partly ours), given to an eraser of its own (`services.personal.mixed_columns`). A column without a mark fails
the build (`tests/house/test_personal_marks.py`), and so does a file in the data folder of a kind that is not named
here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Whose(StrEnum):
    """By what a row is known to be a client's."""

    CLIENT = "client"  # its `client_id` (of the table of clients: its id)
    DEAL = "deal"  # its `deal_id` (of the table of deals: its id)
    TASK = "task"  # its `task_id`, whose task is of a deal
    CONTENT = "content"  # nothing but what it says: it is read
    NOBODY = "nobody"  # it tells of no client


@dataclass(frozen=True, slots=True)
class TableMarks:
    """The marks of a table, as words of names of columns.

    `goes`: a row that is a client's is deleted, not emptied. `title` is what people call it in what is given out.
    """

    title: str
    whose: Whose
    plain: str = ""
    staff: str = ""  # of the people who work here: they are no client's, and stay
    personal: str = ""  # emptied
    mixed: str = ""  # a part of it
    goes: bool = False

    def columns(self) -> list[str]:
        """Every column that has a mark."""
        return [name for part in (self.plain, self.staff, self.personal, self.mixed) for name in part.split()]

    @property
    def tells(self) -> bool:
        """Whether anything in it tells of a client."""
        return bool(self.personal or self.mixed)


MARKS: Mapping[str, TableMarks] = {
    "client": TableMarks(
        "Карточка", Whose.CLIENT, plain="id kind merged_into_id created_at erased_at", personal="name note company_id"
    ),
    "client_phone": TableMarks(
        "Телефоны", Whose.CLIENT, plain="client_id position", personal="phone", goes=True
    ),
    "client_word": TableMarks("Слова поиска", Whose.CLIENT, plain="client_id", personal="word", goes=True),
    "deal_word": TableMarks("Слова поиска", Whose.DEAL, plain="deal_id field", personal="word", goes=True),
    "consent": TableMarks(
        "Согласия", Whose.CLIENT, plain="id client_id deal_id source given_on withdrawn_on at",
        staff="author_id withdrawn_by_id",
    ),
    "deal": TableMarks(
        "Сделки", Whose.DEAL,
        plain="id number process pipeline kind stage status version entered_at came_from origin_id created_at "
        "closed_at deleted_at",
        staff="responsible_id", personal="client_id source", mixed="title fields",
    ),
    "event": TableMarks(
        "История", Whose.DEAL, plain="id deal_id version seq at kind from_stage to_stage rule undone",
        staff="actor_id", mixed="data",
    ),
    "deal_counter": TableMarks(
        "Счётчики сделок", Whose.NOBODY, plain="kind process pipeline stage n", staff="responsible_id"
    ),
    "counter": TableMarks("Счётчики", Whose.NOBODY, plain="name value"),
    "intake_key": TableMarks("Ключи заявок", Whose.DEAL, plain="deal_id at", personal="key", goes=True),
    "paper": TableMarks(
        "Документы", Whose.DEAL, plain="id deal_id name number version state at made_at sent_at",
        staff="author_id sent_by_id", personal="data fingerprint failure file_id",
    ),
    "paper_template": TableMarks(
        "Шаблоны документов", Whose.NOBODY,
        plain="id process name file_name telegram_id sha state problem printed at", staff="author_id",
    ),
    "file": TableMarks(
        "Файлы", Whose.DEAL, plain="id deal_id field kind size mime at content traces removed_at",
        staff="author_id removed_by_id",
        personal="name telegram_id unique_id sha caption", goes=True,
    ),
    "draft": TableMarks(
        "Начатые формы", Whose.CONTENT, plain="message_id updated_at stands", staff="employee_id", personal="data",
        goes=True,
    ),
    "typed_answer": TableMarks(
        "Напечатанные ответы", Whose.DEAL, plain="message_id deal_id field at", staff="employee_id", personal="value",
        goes=True,
    ),
    "scheduled": TableMarks(
        "Сообщения и поручения", Whose.DEAL,
        plain="id kind deal_id task_id rule dedup_key scheduled_for run_at try_at tried_at delivery_state attempts "
        "tries failures holder created_at done_at message_id turned",
        staff="employee_id envelope", personal="payload said failure",
    ),
    "pin": TableMarks(
        "Закреплённые сообщения", Whose.DEAL, plain="deal_id text message_id stale unsure sending_at",
        staff="employee_id", personal="shown",
    ),
    "payment": TableMarks(
        "Платежи", Whose.DEAL, plain="id deal_id field amount paid_on method at reverses_id", staff="author_id",
        personal="note",
    ),
    "claim": TableMarks(
        "Претензии", Whose.DEAL, plain="id number deal_id state opened_at settled_at repair_id",
        staff="opened_by_id settled_by_id", personal="text photos client_word",
    ),
    "change_request": TableMarks(
        "Заявки на изменение", Whose.DEAL, plain="task_id deal_id asked_at", staff="asked_by_id", personal="why",
        mixed="fields seen",
    ),
    "task": TableMarks(
        "Задачи", Whose.DEAL,
        plain="id deal_id name origin title description video list role state outcome due_at given_at closed_at every",
        staff="assignee_id closed_by_id given_by_id", personal="words",
    ),
    "item": TableMarks(
        "Пункты чек-листов", Whose.TASK, plain="id task_id position fill offers paper optional done_at",
        staff="done_by_id", mixed="title",
    ),
    "sms": TableMarks(
        "SMS", Whose.DEAL, plain="id deal_id parts rule state at sent_at state_at", staff="author_id",
        personal="phone text said provider_id failure",
    ),
    "visit": TableMarks(
        "Выезды", Whose.DEAL,
        plain="id deal_id name starts_at ends_at state held_until at day more_starts current told off_why",
        staff="employee_id author_id others off_by_id",
    ),
    "visit_cell": TableMarks("Занятые часы", Whose.NOBODY, plain="cell visit_id", staff="employee_id"),
    "undo": TableMarks(
        "Что можно вернуть", Whose.CONTENT, plain="id kind about at until undone_at", staff="author_id undone_by_id",
        personal="data", goes=True,
    ),
    "erasure": TableMarks(
        "Стирания", Whose.NOBODY, plain="id reason clients deals counts outside asked_at done_at", staff="author_id"
    ),
    "setting": TableMarks("Присланное и не разобранное", Whose.CONTENT, plain="name", personal="value", goes=True),
    "inbox": TableMarks(
        "Входящие", Whose.CONTENT,
        plain="id bot_id update_id state attempts failure received_at done_at", staff="chat_id", personal="body",
    ),
    "owed_screen": TableMarks(
        "Недоставленные экраны", Whose.CONTENT, plain="chat_id cause holder at", staff="employee_id",
        personal="calls", goes=True,
    ),
    "journal": TableMarks(
        "Журнал", Whose.NOBODY, plain="id at what about_kind about_id counted clients previous hash", staff="actor_id"
    ),
    "leader": TableMarks("Ведущий", Whose.NOBODY, plain="name holder until"),
    "trouble": TableMarks("Неполадки", Whose.NOBODY, plain="id kind about details began_at ended_at"),
    "backup": TableMarks(
        "Резервные копии", Whose.NOBODY,
        plain="night state tries until failure name size restored made_at recipient parts sent sending",
    ),
    "backup_key": TableMarks(
        "Ключи копий", Whose.NOBODY, plain="id month recipient secret made_at told_at saved_at forgotten_at"
    ),
    "employee": TableMarks(
        "Сотрудники", Whose.NOBODY, plain="id role locale quiet_from quiet_to active unreachable_at created_at",
        staff="telegram_id name phone",
    ),
    "invitation": TableMarks(
        "Приглашения", Whose.NOBODY, plain="id token_hash role created_at expires_at used_at revoked_at",
        staff="name created_by_id used_by_id revoked_by_id",
    ),
    "working_hours": TableMarks("Часы работы", Whose.NOBODY, staff="employee_id week calendar_secret"),
    "absence": TableMarks(
        "Отсутствия", Whose.NOBODY, plain="id kind first_on last_on at", staff="employee_id author_id"
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class FileMark:
    """A kind of file in the data folder: which paths it has, whether it tells of clients, what becomes of it."""

    pattern: str  # as `Path.match` takes it, below the data folder
    personal: bool
    erased: str = field(default="")


FILE_MARKS: tuple[FileMark, ...] = (
    FileMark("verstak.db", True, "its rows are emptied, then it is written anew"),
    FileMark("verstak.db-wal", True, "cut to nothing"),
    FileMark("verstak.db-shm", False),
    FileMark("verstak.db.before-*", True, "a copy that a restore has set aside: its owner deletes it"),
    FileMark("files/*/*", True, "deleted with the file's row, unless another client's file has the same bytes"),
    FileMark("backups/verstak-*", True, "goes with the rotation of backups; a restore erases again"),
    FileMark("backups/erased.jsonl", False),
    FileMark("erased.jsonl", False),  # numbers of those who were erased
    FileMark("*.lock", False),
    FileMark("*.has-data", False),
    FileMark("processes/*", False),
    FileMark("papers/*", False),
)
