"""Fields: can each be filled, do its limits make sense, do the client's fields say who he is."""

from __future__ import annotations

from models.fields.base import Field, type_words
from models.fields.groups import FileLike, PersonNaming
from models.fields.payment_field import PaymentField
from models.fields.phone_field import PhoneField
from models.fields.text_field import TextField
from models.process import marked_values
from models.process.actions import ClearField, PutValues
from models.process.annotations import NamesField
from models.process.checks import walk
from models.process.checks.problem_report import Path, ProblemReport
from models.process.process import Process
from models.roles import ROLES

CLIENT: dict[str, type[Field]] = {"name": TextField, "phone": PhoneField, "company": TextField}
WORDS = ("client", "deal", "number", "stage", "responsible", "was")  # what texts may name besides fields
MONEY_WORDS = ("paid", "balance")  # … where payments are kept


def check(process: Process, report: ProblemReport) -> None:
    """Report limits that shut everything out, names that mean two things, client fields of a wrong type."""
    words = words_of(process)
    for name, field in process.fields.items():
        path: Path = ("fields", name)
        if name in words:
            report.add(path, f"`{name}` is a word of texts already ({', '.join(words)}); call the field otherwise")
        if isinstance(field, PersonNaming) and name in (*ROLES, "responsible"):
            report.add(path, f"`{name}` is a role; a field of type person needs a name of its own")
        _check_limits(name, field, report)
    _check_client(process, report)
    _check_payments(process, report)
    _check_confirms(process, report)


def _check_confirms(process: Process, report: ProblemReport) -> None:
    """Answers confirmed together are several, and each can be read on a screen."""
    for path, _, gate in walk.gates(process):
        at: Path = (*path, "confirms")
        names = [name for name in gate.confirms if name in process.fields]
        if gate.confirms and len(set(gate.confirms)) < 2:
            report.add(at, "one answer alone agrees with itself: name two fields or more")
        for name in names:
            if isinstance(process.fields[name], FileLike) or not process.fields[name].reads_as_text:
                report.add(at, f"`{name}` is of type {process.fields[name].type}, which cannot be read beside another")


def words_of(process: Process) -> tuple[str, ...]:
    """What texts may name besides fields; the sums only where payments are kept (K-14)."""
    return (*WORDS, *MONEY_WORDS) if process.payments else WORDS


def check_filling(process: Process, report: ProblemReport) -> None:
    """Report fields that no one can ever fill."""
    for name in process.fields.keys() - fillable(process):
        cure = "give it a `section`, or name it in requires, ask, fill, fields or put"
        report.add(("fields", name), f"nobody can ever fill `{name}`: {cure}")


def fillable(process: Process) -> frozenset[str]:
    """The fields that can get a value: on the card, on the page of the payments, when asked for, or by a robot."""
    shown = {name for name, field in process.fields.items() if field.section or isinstance(field, PaymentField)}
    client = {name for name in (process.client.name, process.client.phone) if process.intake}
    return frozenset(shown | client | {mention.field for mention in walk.mentions(process) if mention.fills})


def _check_limits(name: str, field: Field, report: ProblemReport) -> None:
    for found in marked_values.walk(field).marked:
        if isinstance(found.marker, NamesField) and found.value == name:
            report.add(("fields", name, *found.path), f"`{name}` is limited by itself")
    for reason in field.contradictions():
        report.add(("fields", name), reason)


def _check_client(process: Process, report: ProblemReport) -> None:
    for key, kind in CLIENT.items():
        name = getattr(process.client, key)
        field = process.fields.get(name) if name else None
        if field is not None and not isinstance(field, kind):
            wanted = " or ".join(type_words((kind,)))
            report.add(("client", key), f"`{name}` is of type {field.type}, here it must be {wanted}")
    comment = process.intake.comment if process.intake else None
    if comment in process.fields and not isinstance(process.fields[comment], TextField):
        report.add(
            ("intake", "comment"), f"`{comment}` is of type {process.fields[comment].type}, here it must be text"
        )


def _check_payments(process: Process, report: ProblemReport) -> None:
    """Payments all pay one sum, and people must be able to say how they pay."""
    slots = [(name, field) for name, field in process.fields.items() if isinstance(field, PaymentField)]
    for name, field in slots:
        if process.payments is None:
            report.add(("fields", name), f"`{name}` is a payment; the file needs `payments: {{total: …, methods: …}}`")
        elif field.of not in (process.payments.total, *process.payments.totals.values()):
            known = ", ".join(f"`{one}`" for one in (process.payments.total, *process.payments.totals.values()))
            report.add(("fields", name, "of"), f"payments pay {known}, as `payments` says")
    _check_entered(process, report)
    if process.payments and not slots:
        report.add(("payments",), "no field is of type payment: nothing can ever come in")
    for pipeline, total in process.payments.totals.items() if process.payments else ():
        if total in process.fields and total not in process.payment_slots:
            report.add(("payments", "totals", pipeline), f"no payment field pays `{total}`: give one `of: {total}`")
    for name, paper in process.papers.items():
        if paper.pays and process.payments is None and paper.amount is None:
            report.add(("papers", name, "pays"), "say by `amount` what is to be paid, or give the file `payments`")


def _check_entered(process: Process, report: ProblemReport) -> None:
    """A payment is a line of the ledger with a day, a method and who entered it: no robot sets or empties the sum."""
    for path, _, _, action in walk.actions(process):
        names = (
            (action.clear,) if isinstance(action, ClearField) else action.put if isinstance(action, PutValues) else ()
        )
        for name in names:
            if name in process.payment_fields:
                report.add(path, f"`{name}` is a payment: people enter it and take it back, a robot does not")
    for key, line in process.pipelines.items():
        for name in line.new.ask if line.new else ():
            if name in process.payment_fields:
                at: Path = ("pipelines", key, "new", "ask")
                report.add(at, f"`{name}` is a payment: it is entered when the deal is there, not before")
