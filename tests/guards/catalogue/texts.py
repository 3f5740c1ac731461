"""What keeps a text that somebody typed a text: no markup, no formula, no template, nothing that a database refuses."""

from __future__ import annotations

from tests.guards.guard import FAULTS, PLAN, Cut, Guard, cut

RENDER = "bot/delivery/telegram_render.py"
CLEAN = "models/values/clean_text.py"
WORKER = "services/documents/docx_worker"
FILLING = f"{WORKER}/docx_filling.py"
SAFETY = f"{WORKER}/docx_safety.py"
SHEETS = "services/sheet_export.py"
RENDERED = "tests/keyboards/test_rendering.py"
CLEANED = "tests/models/values/test_values_text.py"
DOCX = "tests/services/documents/test_docx.py"
UNSAFE = "tests/services/documents/test_docx_safety.py"
VALUES = "tests/services/documents/test_docx_values.py"
HOSTILE = f"{DOCX}::test_a_hostile_or_broken_template_is_refused_with_a_reason"
TYPED = f"{DOCX}::test_what_a_client_wrote_stays_plain_text"
WORDS = "tests/stories/core/test_hostile_words.py"
REGISTER = "tests/services/register/test_register_compare.py"

GUARDS = (
    # --- messages ---------------------------------------------------------------------------------------------------
    Guard(
        "a text in a message is no markup",
        PLAN,
        cut(RENDER, "        return escape(piece, quote=False)\n", "        return piece\n"),
        (f"{RENDERED}::test_a_text_is_no_markup",),
    ),
    Guard(
        "a styled text in a message is no markup",
        PLAN,
        cut(RENDER, "    text = escape(piece.text, quote=False)\n", "    text = piece.text\n"),
        (f"{RENDERED}::test_a_styled_text_is_no_markup",),
    ),
    Guard(
        "a link in a message does not end its quotes",
        PLAN,
        cut(RENDER, '<a href="{escape(span.url or "")}">', '<a href="{span.url or ""}">'),
        (f"{RENDERED}::test_a_link_does_not_end_its_quotes",),
    ),
    Guard(
        "a message is never longer than Telegram takes",
        PLAN,
        cut(RENDER, "        if length + plain > LONGEST - 16:\n", "        if plain < 0:\n"),
        (f"{RENDERED}::test_a_message_is_never_longer_than_telegram_takes",),
    ),
    Guard(
        "the name of a file adds no headers",
        PLAN,
        cut(
            "bot/telegram_client.py",
            """safe = "".join(ch if ch.isprintable() and ch != '"' else "_" for ch in file.name)""",
            "safe = file.name",
        ),
        ("tests/bot/test_api.py::test_the_name_of_a_file_cannot_add_headers",),
    ),
    Guard(
        "who sent a lead is not looked up nor filled in",
        FAULTS,
        cut(
            "keyboards/deals/filling_pages.py",
            'return t(SOURCES[said]) if said in SOURCES else said or "—"',
            'return t(SOURCES.get(said or "", said)) if said else "—"',
        ),
        (
            f"{WORDS}::test_what_a_site_sends_is_shown_as_it_was_written",
            f"{WORDS}::test_a_lead_says_who_sent_it_in_no_other_language",
        ),
    ),
    Guard(
        "of what a refusal quotes only titles are looked up",
        FAULTS,
        cut(
            "keyboards/translator.py",
            '            case Titles():\n                return ", ".join(self(one) for one in value)\n',
            '            case Titles() | str():\n                return ", ".join(map(self, str(value).split(", ")))\n',
        ),
        (f"{WORDS}::test_what_stands_on_a_task_is_shown_as_it_was_typed",),
    ),
    # --- cleaning ---------------------------------------------------------------------------------------------------
    Guard(
        "a lone half of a surrogate pair is replaced",
        PLAN,
        cut(CLEAN, "    return LONE_SURROGATE.sub(REPLACEMENT, paired)\n", "    return raw if paired else paired\n"),
        (f"{CLEANED}::test_clean_makes_text_that_any_database_holds[a\\ud800b-a\\ufffdb]",),
    ),
    Guard(
        "NUL and other control characters go",
        PLAN,
        cut(CLEAN, 'and unicodedata.category(ch) != "Cc"', 'and unicodedata.category(ch) != "no such"'),
        (f"{CLEANED}::test_clean_makes_text_that_any_database_holds[a\\x00b\\x07c-abc]",),
    ),
    Guard(
        "signs that turn the direction of a text go",
        PLAN,
        cut(CLEAN, "return ch not in DECEIVING and ", "return "),
        (f"{CLEANED}::test_clean_makes_text_that_any_database_holds[\\u202e0001-0001]",),
    ),
    Guard(
        "letters are composed",
        PLAN,
        cut(CLEAN, 'unicodedata.normalize("NFC", text)[:limit]', "text[:limit]"),
        (f"{CLEANED}::test_clean_makes_text_that_any_database_holds[\\u0438\\u0306-\\u0439]",),
    ),
    Guard(
        "a text is cut at its limit",
        PLAN,
        cut(CLEAN, 'unicodedata.normalize("NFC", text)[:limit]', 'unicodedata.normalize("NFC", text)'),
        (f"{CLEANED}::test_clean_cuts_at_the_limit_and_leaves_no_space_there",),
    ),
    # --- papers -----------------------------------------------------------------------------------------------------
    Guard(
        "what a client wrote is no XML of a paper: autoescape",
        PLAN,
        (
            Cut(FILLING, "_Environment(autoescape=True, ", "_Environment(autoescape=False, "),
            Cut(
                FILLING,
                "document.render(values, _environment(), autoescape=True)",
                "document.render(values, _environment())",
            ),
            Cut(FILLING, 'return Markup(str(escape(value)).replace("_", "&#95;"))', "return value"),
        ),
        (f"{TYPED}[]]> <!-- &amp; &#1040;]",),
    ),
    Guard(
        "a template reaches nothing of the program: a sandbox",
        PLAN,
        (
            Cut(FILLING, "class _Environment(ImmutableSandboxedEnvironment):", "class _Environment(Environment):"),
            Cut(FILLING, "from jinja2 import TemplateError,", "from jinja2 import Environment, TemplateError,"),
        ),
        (f"{HOSTILE}[{{{{ ''.__class__.__mro__[1].__subclasses__() }}}}-docx.forbidden]",),
    ),
    Guard(
        "a template cannot switch the escaping off",
        PLAN,
        cut(
            FILLING,
            '            raise TemplateSyntaxError("autoescape", one.lineno)\n',
            "            one.lineno = 0\n",
        ),
        (f"{HOSTILE}[{{% autoescape false %}}{{{{ client.name }}}}{{% endautoescape %}}-docx.syntax]",),
    ),
    Guard(
        "a template has no filter that passes markup",
        PLAN,
        cut(FILLING, '    for name in ("safe", ', "    for name in ("),
        (f"{HOSTILE}[{{{{ client.name|safe }}}}-docx.syntax]",),
    ),
    Guard(
        "a template without end is stopped",
        PLAN,
        cut(
            f"{WORKER}/__main__.py",
            "    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))\n",
        ),
        (f"{DOCX}::test_the_worker_lives_under_its_limits",),
    ),
    Guard(
        "a template's worker has little memory",
        PLAN,
        cut(
            f"{WORKER}/__main__.py",
            "    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))\n",
        ),
        (f"{DOCX}::test_the_worker_lives_under_its_limits",),
    ),
    Guard(
        "a template with a program inside is refused",
        PLAN,
        cut(f"{WORKER}/docx_relations.py", '    "vba": "macro",\n'),
        (f"{DOCX}::test_programs_bombs_and_strangers_inside_are_refused",),
    ),
    Guard(
        "a template that would grow without end is refused",
        PLAN,
        cut(
            SAFETY,
            "len(entries) > MOST_ENTRIES or self._left < 0 or unpacked > max(RATIO_FROM, HIGHEST_RATIO * size)",
            "len(entries) > MOST_ENTRIES",
        ),
        (f"{DOCX}::test_programs_bombs_and_strangers_inside_are_refused",),
    ),
    Guard(
        "a template with entities of its own is refused",
        PLAN,
        cut(f"{WORKER}/docx_xml.py", '    raise XmlRefused("doctype", name)\n', "    return\n"),
        (f"{DOCX}::test_programs_bombs_and_strangers_inside_are_refused",),
    ),
    Guard(
        "a template that loads something from outside is refused",
        PLAN,
        cut(
            f"{WORKER}/docx_relations.py",
            '            self._outward(given.get("Id", ""), of_type, word, target)\n',
            "            return\n",
        ),
        (f"{UNSAFE}::test_every_part_of_relationships_is_read",),
    ),
    Guard(
        "a field that runs or fetches something is refused, an unknown one too",
        FAULTS,
        cut(f"{WORKER}/docx_fields.py", "if name not in HARMLESS:", "if not name:"),
        (f"{UNSAFE}::test_a_field_is_told_by_its_name_and_in_every_part",),
    ),
    Guard(
        "the code of a field is judged by every reading",
        FAULTS,
        cut(f"{WORKER}/docx_fields.py", "without = (None, TAKEN, LEFT)", "without = (None,)"),
        (f"{UNSAFE}::test_a_field_is_judged_with_its_changes_taken_and_not_taken",),
    ),
    Guard(
        "a filled paper is looked at like a template",
        FAULTS,
        cut(FILLING, "    docx_safety.check(out.getvalue())\n"),
        (f"{VALUES}::test_a_template_that_behaves_while_it_is_tried_is_found_out_by_its_first_paper",),
    ),
    Guard(
        "a footnote is filled once, whatever the sections",
        FAULTS,
        cut(f"{WORKER}/docx_document.py", "    def render_footnotes(", "    def render_footnotes_once("),
        (f"{VALUES}::test_what_was_typed_is_no_template_in_a_header_a_footnote_or_a_property",),
    ),
    Guard(
        "braces that were typed stay as they were typed",
        FAULTS,
        cut(FILLING, '.replace("_", "&#95;")'),
        (f"{VALUES}::test_thousands_of_hostile_texts_stand_in_a_paper_as_they_were_typed",),
    ),
    Guard(
        "a paper is linked to no template",
        FAULTS,
        cut(f"{WORKER}/docx_document.py", "                del owner.rels[key]\n", "                continue\n"),
        (f"{VALUES}::test_a_link_to_a_template_stands_in_no_paper",),
    ),
    Guard(
        "a paper's value holds no sign that XML has no place for",
        PLAN,
        cut(FILLING, 'return UNPRINTABLE.sub("", value) if isinstance(value, str) else value', "return value"),
        (f"{DOCX}::test_lines_of_a_value_stay_lines_and_odd_signs_go",),
    ),
    # --- tables -----------------------------------------------------------------------------------------------------
    Guard(
        "a text in a CSV is no formula, of whatever table",
        PLAN,
        cut(SHEETS, "writerows([safe(cell) for cell in row] for row in rows)", "writerows(rows)"),
        (
            f"{REGISTER}::test_a_csv_opens_in_a_russian_spreadsheet_and_holds_no_formula",
            "tests/bot/test_cli.py::test_an_export_opens_in_a_spreadsheet_and_holds_no_formula",
        ),
    ),
    Guard(
        "a phone number in front does not make a formula harmless",
        FAULTS,
        cut(SHEETS, "PHONES.fullmatch(text) or", "PHONES.match(text) or"),
        (f"{REGISTER}::test_a_phone_number_in_front_does_not_make_a_formula_harmless",),
    ),
    Guard(
        "a digit behind the sign makes a formula no less of one",
        FAULTS,
        cut(SHEETS, "NUMBERS.fullmatch(text)", "text[1:2].isdigit()"),
        ("tests/bot/test_cli.py::test_no_name_is_a_formula_in_an_export[=1+cmd|' /C calc'!A0]",),
    ),
    Guard(
        "a text in a workbook is no formula",
        PLAN,
        (
            Cut(SHEETS, '"strings_to_formulas": False', '"strings_to_formulas": True'),
            Cut(
                SHEETS,
                "            sheet.write_string(row, place, str(value))\n",
                "            sheet.write(row, place, str(value))\n",
            ),
        ),
        (f"{REGISTER}::test_a_workbook_holds_real_dates_and_sums_and_no_formula",),
    ),
)
