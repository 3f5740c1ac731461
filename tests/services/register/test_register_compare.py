"""A ledger of another program against the deals: reading it, matching its rows, naming every difference (M-5)."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from services import sheet_export
from services.register import register_compare as comparing
from services.register import register_export, register_file
from services.register.register_entries import RegisterEntry
from services.register.register_file import RegisterUnreadable

TODAY = date(2026, 11, 22)
MARY = RegisterEntry(
    1, "2026-0042", "Замер назначен", "Мария", ("+79123456789",), "", date(2026, 3, 16), Decimal(115_973),
    "12455Ш", Decimal(150_000), Decimal(0), "Иванова Мария Петровна", "Заключён договор", "Анна",
)  # fmt: skip
PETER = RegisterEntry(2, "2026-0043", "Отказ", "Пётр Сидоров", ("+79161112233", "+79035556677"), date=date(2026, 4, 2))
NOTHING_ELSE = [
    "в файле нет сделки 2026-0042 (Иванова Мария Петровна, замер 16.03.2026)",
    "в файле нет сделки 2026-0043 (Пётр Сидоров, замер 02.04.2026)",
]


def table(*rows: str) -> bytes:
    return "\n".join(rows).encode()


def read(*rows: str, name: str = "old.csv", **how: Any) -> register_file.RegisterSheet:
    return register_file.read(name, table(*rows), TODAY, **how)


def said(*rows: str, entries: tuple[RegisterEntry, ...] = (MARY,)) -> list[str]:
    found = comparing.compare(read(*rows), entries)
    return [one.replace("\N{NO-BREAK SPACE}", " ") for one in found]


def book(*rows: list[Any], formats: dict[int, str] | None = None) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as made:
        made.add_worksheet("Пусто")
        sheet = made.add_worksheet("Лист1")
        for row, cells in enumerate(rows):
            for place, cell in enumerate(cells):
                looks = made.add_format({"num_format": formats[place]}) if formats and place in formats else None
                sheet.write(row, place, cell, looks)
    return out.getvalue()


# --- cells ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written",
    ["14.03.2022", "2022-03-14", "14 марта 2022", "14 марта 2022 г.", "14/03/2022", "14.03.22", "44634",
     "2022-03-14T00:00:00", "14.03.2022 10:30", "14.03.2022 в 10:30"],
)  # fmt: skip
def test_a_date_is_read_in_the_usual_notations(written: str) -> None:
    (line,) = read("Телефон;Дата замера", f"+79123456789;{written}").lines
    assert line.values["date"] == date(2022, 3, 14), line


@pytest.mark.parametrize(
    "written",
    ["115 973.00 руб.", "115973,00", "115 973 ₽", "115973", "115\N{NO-BREAK SPACE}973,00 р.", "115.973,00", "'115973"],
)
def test_a_sum_is_read_in_the_usual_notations(written: str) -> None:
    (line,) = read("Телефон;Сумма просчёта", f"+79123456789;{written}").lines
    assert line.values["sum"] == Decimal(115_973)


def test_cells_of_a_workbook_are_dates_numbers_and_serials() -> None:
    data = book(
        ["Учёт клиентов за март"],
        [],
        ["№ п/п", "Телефон", "Дата замера", "Сумма, просчёта", "Договор"],
        [1, 79123456789, date(2026, 3, 16), 115973.0, 12455],
        [2, "8 (916) 111-22-33", 46097, "115 973.50 руб.", "12456Ш"],
        formats={2: "dd.mm.yyyy"},
    )
    first, second = register_file.read("old.xlsx", data, TODAY).lines
    assert first.row == 4
    assert first.values == {
        "phone": "+79123456789", "date": date(2026, 3, 16), "sum": Decimal(115_973), "contract_number": "12455",
    }  # fmt: skip
    assert second.values["date"] == date(2026, 3, 16)
    assert (second.values["phone"], second.values["sum"]) == ("+79161112233", Decimal("115973.50"))


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251", "utf-16"])
def test_any_delimiter_and_encoding(delimiter: str, encoding: str) -> None:
    rows = [["Номер сделки", "ДАТА_замера", "статус"], ["2026-0042", "16.03.2026", "замер  НАЗНАЧЕН"]]
    data = "\r\n".join(delimiter.join(row) for row in rows).encode(encoding)
    sheet = register_file.read("old.csv", data, TODAY)
    assert sheet.columns == {"number", "date", "status"}
    assert comparing.compare(sheet, [MARY]) == []


def test_the_exact_name_of_a_column_wins_over_the_short_one() -> None:
    (line,) = read("Номер;№ сделки;Дата;Дата замера;Телефон", "17;2026-0042;01.01.2026;16.03.2026;").lines
    assert (line.values["number"], line.values["date"]) == ("2026-0042", date(2026, 3, 16))


def test_a_column_may_be_called_as_the_process_calls_it() -> None:
    sheet = read("Телефон;Когда едем", "+79123456789;16.03.2026", titles={"date": ["Когда едем"]})
    assert sheet.columns == {"phone", "date"}


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.csv", b""),
        ("a.csv", "Имя;Возраст\nАнна;5".encode()),
        ("a.csv", "Дата замера;Сумма\n1;2".encode()),
        ("a.xlsx", b"PK nonsense"),
        ("a.xlsx", b""),
        ("a.bin", b"\x00\x01"),
        ("a.xlsx", book(["Имя"], ["Анна"])),
        ("a.csv", b"\xff\xfe\x00"),
        ("a.csv", b'"' + b"x" * 200_000),
    ],
)
def test_what_is_no_ledger_is_refused_in_one_line(name: str, data: bytes) -> None:
    with pytest.raises(RegisterUnreadable) as why:
        register_file.read(name, data, TODAY)
    assert str(why.value) and "\n" not in str(why.value)


@given(st.lists(st.lists(st.text(max_size=20), max_size=4), max_size=6))
def test_no_table_of_any_cells_breaks_the_reader(cells: list[list[str]]) -> None:
    rows = ["Телефон;Дата замера;Сумма договора;№", *(";".join(row) for row in cells)]
    data = "\n".join(rows).encode("utf-8", "surrogatepass")
    comparing.compare(register_file.read("old.csv", data, TODAY), [MARY, PETER])


# --- differences ------------------------------------------------------------------------------------------------


def test_a_difference_is_named_by_row_deal_and_both_values() -> None:
    found = said(
        "№ сделки;Дата замера;Сумма просчета;Сумма договора;Статус;Договор;Скидка;Телефон;Результат",
        "2026-0042;14.03.2026;115 970;;Отказ;12456Ш;500;89161112233;Листов нет",
    )
    assert found == [
        "строка 2: сделка 2026-0042: телефон +7 916 111-22-33, в сделке +7 912 345-67-89",
        "строка 2: сделка 2026-0042: дата замера 14.03.2026, в сделке 16.03.2026",
        "строка 2: сделка 2026-0042: сумма просчёта 115 970 ₽, в сделке 115 973 ₽",
        "строка 2: сделка 2026-0042: статус «Отказ», в сделке «Замер назначен»",
        "строка 2: сделка 2026-0042: результат «Листов нет», в сделке «Заключён договор»",
        "строка 2: сделка 2026-0042: номер договора «12456Ш», в сделке «12455Ш»",
        "строка 2: сделка 2026-0042: сумма договора не указана, в сделке 150 000 ₽",
        "строка 2: сделка 2026-0042: скидка 500 ₽, в сделке 0 ₽",
    ]


def test_columns_that_the_file_does_not_have_are_not_compared() -> None:
    assert said("№ сделки;Статус", "2026-0042;замер назначен") == []


@pytest.mark.parametrize(
    "row", ["2026-0042;;", ";12455ш;", ";;8 912 345 67 89", "17;12455Ш;", "2026-0042;1;+79990000000"]
)
def test_rows_are_matched_by_number_else_contract_else_phone(row: str) -> None:
    found = said("Номер;Номер договора;Телефон;Дата замера", f"{row};01.03.2026", entries=(MARY, PETER))
    assert "строка 2: сделка 2026-0042: дата замера 01.03.2026, в сделке 16.03.2026" in found
    assert found[-1] == NOTHING_ELSE[1]


def test_of_several_deals_of_a_phone_the_date_decides_else_the_row_is_named() -> None:
    later = replace(MARY, deal_id=9, number="2026-0050", date=date(2026, 5, 1), contract_number="")
    entries = (MARY, later)
    assert said("Телефон;Дата замера", "+79123456789;01.05.2026", "+79123456789;16.03.2026", entries=entries) == []
    found = said("Телефон;ФИО", "+79123456789;Иванова Мария Петровна", entries=entries)
    assert found[0].startswith("строка 2: подходят сделки 2026-0042, 2026-0050, укажите номер")


def test_duplicates_and_missing_ones_are_named_by_row() -> None:
    found = said(
        "№ сделки;Телефон;ФИО;Дата замера",
        "2026-0042;+79123456789;Иванова Мария Петровна;16.03.2026",
        "",
        "2026-0042;+79123456789;Иванова Мария Петровна;16.03.2026",
        "2026-0099;+79990000000;Петров Пётр;16.03.2026",
        ";+79990000000;Петров Пётр;16.03.2026",
        entries=(MARY, PETER),
    )
    assert found == [
        "строка 4: сделка 2026-0042 уже есть в строке 2",
        "строка 5: в учёте нет сделки 2026-0099",
        "строка 6: сделки нет («Петров Пётр», +7 999 000-00-00, дата замера 16.03.2026)",
        "в файле нет сделки 2026-0043 (Пётр Сидоров, замер 02.04.2026)",
    ]


def test_an_empty_ledger_of_the_right_columns_misses_every_deal() -> None:
    assert said("№ сделки;Дата замера", entries=(MARY, PETER)) == NOTHING_ELSE


def test_a_cell_that_cannot_be_understood_is_a_difference_of_its_own() -> None:
    assert said("№ сделки;Дата замера;Сумма договора", "2026-0042;скоро;много") == [
        "строка 2: сделка 2026-0042: дата замера «скоро» не понять, в сделке 16.03.2026",
        "строка 2: сделка 2026-0042: сумма договора «много» не понять, в сделке 150 000 ₽",
    ]


def test_a_name_may_say_less_than_the_deal_until_the_deal_has_the_full_one() -> None:
    assert said("№ сделки;Клиент", "2026-0043;Сидоров Пётр Ильич", entries=(PETER,)) == []
    assert said("№ сделки;ФИО", "2026-0043;Сидоров Пётр Ильич", entries=(PETER,)) == []
    assert said("№ сделки;ФИО", "2026-0042;Мария Петровна Иванова") == []
    assert said("№ сделки;ФИО", "2026-0042;Иванова Мария") == [
        "строка 2: сделка 2026-0042: ФИО «Иванова Мария», в сделке «Иванова Мария Петровна»"
    ]


# --- files made -------------------------------------------------------------------------------------------------


def test_a_csv_opens_in_a_russian_spreadsheet_and_holds_no_formula() -> None:
    risky = ("=cmd()", "+1+cmd|' /C calc'!A0", "-2+3", "@sum(A1)", "\t=1")
    entries = [replace(MARY, deal_id=place, full_name=text, client=text) for place, text in enumerate(risky)]
    data = register_export.as_csv(entries)
    assert data.startswith(b"\xef\xbb\xbf")
    rows = [line.split(";") for line in data.decode("utf-8-sig").splitlines()]
    assert rows[0][:3] == ["Номер сделки", "Клиент", "ФИО"]
    assert [row[2].strip('"')[0] for row in rows[1:]] == ["'"] * len(risky)
    assert rows[1][3] == "+7 912 345-67-89"
    assert rows[1][5:7] == ["16.03.2026", "115973,00"]


def test_a_workbook_holds_real_dates_and_sums_and_no_formula() -> None:
    import python_calamine

    odd = replace(MARY, full_name="=1+1", client="http://example.org", contract_number="0012")
    data = sheet_export.xlsx([register_export.sheet("Учёт", [odd, PETER]), register_export.sheet("учёт", [])])
    opened = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    assert opened.sheet_names == ["Учёт", "учёт 2"]
    head, first, second = opened.get_sheet_by_index(0).to_python()
    row = dict(zip(head, first, strict=True))
    assert (row["ФИО"], row["Клиент"], row["Номер договора"]) == ("=1+1", "http://example.org", "0012")
    assert (row["Дата замера"], row["Сумма договора"], row["Скидка"]) == (date(2026, 3, 16), 150_000.0, 0.0)
    assert dict(zip(head, second, strict=True))["Телефон"] == "+7 916 111-22-33, +7 903 555-66-77"


def test_a_phone_number_in_front_does_not_make_a_formula_harmless() -> None:
    """A bare phone stays as it is; what only begins like one is a text like any other."""
    texts = ("+7 912 345-67-89", "+79123456789", "+79123456789=cmd()", "+7 912 345-67-89|' /C calc'!A0")
    entries = [replace(MARY, deal_id=place, full_name=text) for place, text in enumerate(texts)]
    rows = [line.split(";") for line in register_export.as_csv(entries).decode("utf-8-sig").splitlines()]
    assert [row[2].strip('"')[0] for row in rows[1:]] == ["+", "+", "'", "'"]
