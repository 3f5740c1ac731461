"""A believable order, for tests and for trying an owner's template at once (K-11)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from services.documents import paper_data, sums_in_words
from services.documents.requisites import Requisites


def sample(field_titles: Mapping[str, str] | None = None) -> dict[str, Any]:
    """A believable order: for tests, and for trying an owner's template; each field says its own title."""
    return paper_data.data_of(sample_facts(dict(field_titles or {})))


def sample_facts(fields: Mapping[str, str] | None = None) -> paper_data.PaperFacts:
    """The facts of the sample: a corner kitchen for 150 000 ₽, half of it prepaid."""
    company = Requisites().changed(
        {
            "full_name": "Общество с ограниченной ответственностью «Кухни Верстак»",
            "short_name": "ООО «Кухни Верстак»",
            "inn": "7707083893",
            "kpp": "773601001",
            "ogrn": "1027700132195",
            "address": "117312, г. Москва, ул. Вавилова, д. 19, пом. 4",
            "city": "Москва",
            "director": "Иванова Мария Петровна",
            "director_post": "Генеральный директор",
            "basis": "Устав",
            "bank": "ПАО Сбербанк, г. Москва",
            "bik": "044525225",
            "account": "40702810938000012345",
            "corr_account": "30101810400000000225",
            "phone": "+7 495 123-45-67",
            "email": "zakaz@kuhni-verstak.ru",
        }
    )
    return paper_data.PaperFacts(
        company=company,
        client=paper_data.PaperClient(
            name="Смирнова Анна Сергеевна",
            phone="+79123456789",
            address="г. Москва, ул. Баумана, д. 7, кв. 12",
            passport="45 12 345678, выдан ОВД «Басманное» г. Москвы 14.05.2012",
        ),
        number="Д-2026-17",
        contract_number="Д-2026-17",
        contract_on=date(2026, 11, 22),
        made_on=date(2026, 11, 22),
        deal_number="2026-0042",
        deal_title="Кухня угловая",
        deal_on=date(2026, 11, 20),
        total=Decimal(150000),
        paid=Decimal(75000),
        prepayment=Decimal(75000),
        lines=(
            paper_data.PrintedItem(
                "Кухня угловая «Лофт», 2,4 × 1,8 м, по спецификации", Decimal(128000), unit="компл."
            ),
            paper_data.PrintedItem("Столешница, влагостойкая, 38 мм", Decimal(3500), Decimal(4), "пог. м"),
            paper_data.PrintedItem("Доставка и подъём", Decimal(3000), unit="услуга"),
            paper_data.PrintedItem("Монтаж", Decimal(5000), unit="услуга"),
        ),
        features=(
            ("Тип кухни", "угловая"),
            ("Фасады", "МДФ, плёнка, цвет «белый матовый»"),
            ("Корпус", "ЛДСП 16 мм, кромка ПВХ 2 мм"),
            ("Фурнитура", "петли с доводчиком, ящики полного выдвижения"),
        ),
        ready_on=date(2026, 12, 12),
        delivery_address="г. Москва, ул. Баумана, д. 7, кв. 12, подъезд 1, этаж 4",
        assembly=f"15{sums_in_words.NBSP}декабря 2026{sums_in_words.NBSP}г., с 10:00 до 14:00",
        wishes="тихие часы с 13:00 до 15:00",
        fields=fields or {},
    )
