"""What keeps clients from whoever leads no deal of theirs, and what is written down of those who look."""

from __future__ import annotations

from tests.guards.guard import FAULTS, Guard, cut

LOOKS, JOURNAL = "services/oversight/client_looks.py", "services/oversight/journal.py"
TEST_LOOKS, TEST_JOURNAL = "tests/services/oversight/test_client_looks.py", "tests/services/oversight/test_journal.py"
STORY = "tests/stories/rights/test_client_limits.py"
CHANGED = "UPDATE journal SET actor_id = 99 WHERE id = 3"

GUARDS = (
    Guard(
        "a manager looks at no more of others' clients in a day than the owner lets him",
        FAULTS,
        cut(LOOKS, "new[max(0, most - len(seen)) :]", "new[:0]"),
        (f"{TEST_LOOKS}::test_as_many_as_the_limit_are_shown_and_no_more_and_the_owner_hears_once[sqlite]",),
    ),
    Guard(
        "of two looks of one person at once none goes past the limit",
        FAULTS,
        cut(LOOKS, '        work.tx.execute(IN_TURN, {"who": me.id})\n', "        pass\n"),
        (f"{TEST_LOOKS}::test_of_two_looks_of_one_person_at_once_none_goes_past_the_limit[postgres]",),
    ),
    Guard(
        "a colleague's client is not shown where the owner says so",
        FAULTS,
        cut(LOOKS, "if rules.own_only and None not in", "if not rules and None not in"),
        (f"{TEST_LOOKS}::test_where_managers_see_their_own_only_a_colleagues_client_is_not_shown[sqlite]",),
    ),
    Guard(
        "a look at others' clients is written down",
        FAULTS,
        cut(LOOKS, "    if seen:\n        journal.note(", "    if not seen:\n        journal.note("),
        (f"{TEST_LOOKS}::test_each_look_is_one_row_with_those_who_were_shown[sqlite]",),
    ),
    Guard(
        "nobody but the owner changes who sees which clients",
        FAULTS,
        cut(
            "services/oversight/list_rules.py",
            "    employees.check_owner(work)\n    if rules != get(work):",
            "    if rules != get(work):",
        ),
        (f"{TEST_LOOKS}::test_nobody_but_the_owner_changes_what_holds[sqlite-manager]",),
    ),
    Guard(
        "a limit that was lifted ends with the place of who had it",
        FAULTS,
        cut(
            "services/people/employees.py",
            '    company_settings.remove(work.tx, f"{company_settings.LOOKS_LIFTED}{employee_id}")\n',
            "",
        ),
        (f"{TEST_LOOKS}::test_a_limit_that_was_lifted_holds_again_after_a_dismissal_or_another_role[sqlite]",),
    ),
    Guard(
        "a firm is not written into the card of a colleague's client",
        FAULTS,
        cut("services/deals/client_access.py", "    if not led_by(work, [client]):\n", "    if client:\n"),
        (f"{STORY}::test_a_firm_is_not_written_into_the_card_of_a_colleagues_client",),
    ),
    Guard(
        "no row of the journal is changed",
        FAULTS,
        cut(
            "models/migrations/versions/0017_journal.py",
            '    "journal_no_update": "BEFORE UPDATE ON journal",\n',
            "",
        ),
        (f"{TEST_JOURNAL}::test_no_row_is_changed_or_taken_out[sqlite-{CHANGED}]",),
    ),
    Guard(
        "who writes into the journal at once makes one chain",
        FAULTS,
        cut(JOURNAL, "        tx.execute(IN_TURN)\n", "        pass\n"),
        (f"{TEST_JOURNAL}::test_many_who_write_at_once_make_one_chain[postgres]",),
    ),
    Guard(
        "a row of the journal that is not as it was written is seen",
        FAULTS,
        cut(JOURNAL, "if row.hash != _read(row)", "if not row.hash and not _read(row)"),
        (f"{TEST_JOURNAL}::test_where_somebody_had_the_database_in_his_hands_is_seen"
         f"[sqlite-{CHANGED}-said0]",),
    ),
)  # fmt: skip
