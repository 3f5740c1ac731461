"""What deals are called: by their pipeline, until a person calls one otherwise."""

from __future__ import annotations

from models.entities import Deal
from models.field_values import FieldValues
from models.values.clean_text import one_line
from models.values.product_text import ProductText
from services.unit_of_work import UnitOfWork


class _Gaps(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return ""


def title_of(template: ProductText, values: FieldValues, fallback: str) -> str:
    """A new deal's title out of its pipeline's template and what is known of it."""
    filled = template.format_map(_Gaps({key: value for key, value in values.items() if isinstance(value, str)}))
    return one_line(filled, limit=120).strip(" ·—-") or fallback


def title_for_successor(work: UnitOfWork, lead: Deal) -> str | None:
    """The title that a deal begun from this one keeps: one that a person has given; else its own pipeline makes one."""
    process = work.process(lead.process)
    made = process.pipelines[lead.pipeline].new
    return None if made and lead.title == title_of(made.title, lead.fields, process.title) else lead.title
