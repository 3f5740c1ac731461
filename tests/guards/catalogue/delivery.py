"""What keeps a message from being lost, or doubled without a mark."""

from __future__ import annotations

from tests.guards.guard import FAULTS, PLAN, REVIEW, Cut, Guard, cut

QUEUE = "services/outbox/queue.py"
LANE = "bot/delivery/person_lane.py"
BREAKER = "bot/delivery/breaker.py"
TEST_SCHEDULE = "tests/services/outbox/test_schedule.py"
DELIVERY = "tests/bot/test_delivery.py"
SCHEDULE_INDEXES = "models/migrations/versions/0003_schedule.py"
OUTBOX_TABLES = "models/tables/outbox.py"

GUARDS = (
    Guard(
        "a task's cause speaks once: the dedup key",
        PLAN,
        (
            Cut(SCHEDULE_INDEXES, '    op.create_index(task, table, ["task_id", "kind", key], unique=True)\n', ""),
            Cut(
                OUTBOX_TABLES, '        Index("uq_scheduled_task", "task_id", "kind", "dedup_key", unique=True),\n', ""
            ),
        ),
        (f"{TEST_SCHEDULE}::test_a_tasks_cause_speaks_once[sqlite]",),
    ),
    Guard(
        "a day's list of calls comes once: the dedup key",
        PLAN,
        cut(
            "services/outbox/schedule.py",
            "dialect.insert(ScheduledRow).on_conflict_do_nothing()",
            "dialect.insert(ScheduledRow)",
        ),
        (f"{TEST_SCHEDULE}::test_a_days_list_of_calls_comes_once[sqlite]",),
    ),
    Guard(
        "a deal has one timer of a rule that waits: unique",
        PLAN,
        (
            Cut(
                SCHEDULE_INDEXES,
                'op.create_index(timer, table, ["deal_id", "rule"], unique=True,',
                'op.create_index(timer, table, ["deal_id", "rule"],',
            ),
            Cut(
                OUTBOX_TABLES,
                """where="done_at IS NULL AND kind = 'timer'", unique=True)""",
                """where="done_at IS NULL AND kind = 'timer'")""",
            ),
        ),
        (f"{TEST_SCHEDULE}::test_a_deal_has_one_timer_of_a_rule_that_waits[sqlite]",),
    ),
    Guard(
        "a message is marked as being sent before its call",
        PLAN,
        cut(LANE, "        await self._shared.units.run(mark)\n"),
        (f"{DELIVERY}::test_a_sender_killed_while_sending_costs_one_marked_repeat[sqlite]",),
    ),
    Guard(
        "a repeat says that it may be one",
        PLAN,
        cut(LANE, "repeat=rows[0].tries > 0)", "repeat=False)"),
        (
            f"{DELIVERY}::test_a_lost_answer_leads_to_one_marked_repeat[sqlite-doubt0]",
            f"{DELIVERY}::test_a_429_on_the_repeat_keeps_the_mark[sqlite]",
        ),
    ),
    Guard(
        "the words «возможно, повтор» are in the message",
        PLAN,
        cut(
            "handlers/notices/compose.py",
            "notices.single(view, reader.now, t, repeat=repeat)",
            "notices.single(view, reader.now, t)",
        ),
        ("tests/handlers/test_repeats.py::test_a_repeat_says_so_and_nothing_else_does[sqlite-alone-True]",),
    ),
    Guard(
        "the words «возможно, повтор» are in a message of several",
        PLAN,
        cut(
            "handlers/notices/compose.py",
            "notices.digests(views, work.now, t, repeat=repeat)",
            "notices.digests(views, work.now, t)",
        ),
        ("tests/handlers/test_repeats.py::test_a_repeat_says_so_and_nothing_else_does[sqlite-several in one-True]",),
    ),
    Guard(
        "the words «возможно, повтор» are in a message with a card of its own",
        PLAN,
        cut(
            "handlers/notices/compose.py",
            "    if screen is None or not repeat:\n",
            "    if screen is None or screen:\n",
        ),
        (
            "tests/handlers/test_repeats.py::test_a_repeat_with_a_card_of_its_own_says_so_and_nothing_else_does[sqlite-True]",
        ),
    ),
    Guard(
        "what was on its way when its sender died counts as tried",
        PLAN,
        cut(LANE, "tries=row.tries + (row.delivery_state is DeliveryState.SENDING)", "tries=row.tries"),
        (f"{DELIVERY}::test_a_sender_killed_while_sending_costs_one_marked_repeat[sqlite]",),
    ),
    Guard(
        "what was on its way when its sender was stopped counts as tried",
        PLAN,
        cut(LANE, "tries=row.tries + (row.id in self._flying)", "tries=row.tries"),
        (f"{DELIVERY}::test_a_sender_stopped_in_the_middle_of_a_call_says_that_it_may_have_arrived[sqlite]",),
    ),
    Guard(
        "an outcome that the database did not take is written later",
        FAULTS,
        cut("bot/delivery/outcomes.py", "                self._owed.appendleft(first)\n"),
        (
            f"{DELIVERY}"
            "::test_an_outcome_that_the_database_did_not_take_is_written_later_and_nothing_is_repeated[sqlite]",
        ),
    ),
    Guard(
        "a press's screen is owed from its own transaction on",
        FAULTS,
        cut(
            "bot/updates/update_handler.py",
            "            self.owed.owe(tx, incoming.chat_id, item.id, calls, answered.person)\n",
            "",
        ),
        ("tests/stories/core/test_outages.py::test_a_screen_that_could_not_be_shown_is_shown_when_it_can_be[502]",),
    ),
    # --- not lost ---------------------------------------------------------------------------------------------------
    Guard(
        "while Telegram is away nothing is sent but a probe",
        FAULTS,
        cut(BREAKER, '        self.state = "open"\n', '        self.state = "closed"\n'),
        (
            f"{DELIVERY}::"
            "test_while_telegram_is_away_only_a_probe_asks_and_everything_goes_in_order_afterwards[sqlite-hanging]",
        ),
    ),
    Guard(
        "an unanswered call is asked about at Telegram itself",
        FAULTS,
        cut(BREAKER, "or not await self._answers():\n            self._open()", "or False:\n            self._open()"),
        (f"{DELIVERY}::test_a_chat_without_an_answer_is_an_outage_if_telegram_itself_does_not_answer_either[sqlite]",),
    ),
    Guard(
        "after an outage one message goes first",
        FAULTS,
        cut(BREAKER, '            self.state = "trying"\n', '            self.state = "closed"\n'),
        (f"{DELIVERY}::test_after_an_outage_one_message_goes_first[sqlite]",),
    ),
    Guard(
        "a message of doubt is repeated until it is known",
        FAULTS,
        cut(LANE, "unknown[0].tries >= MOST_UNKNOWN", "unknown[0].tries >= 2"),
        (f"{DELIVERY}::test_a_message_of_doubt_is_repeated_until_it_is_known[sqlite]",),
    ),
    Guard(
        "a message that is given up is told to somebody",
        FAULTS,
        cut(LANE, "                self._shared.hooks.lost(work, rows, why)\n", "                pass\n"),
        (f"{DELIVERY}::test_a_chat_that_never_answers_while_others_do_ends_in_doubt_and_somebody_is_told[sqlite]",),
    ),
    Guard(
        "the messages of somebody who blocked the bot are passed on",
        PLAN,
        cut(LANE, "            self._shared.hooks.undeliverable(work, rows, why)\n"),
        (f"{DELIVERY}::test_somebody_who_blocked_the_bot_is_noted_and_his_messages_are_passed_on[sqlite]",),
    ),
    Guard(
        "the owner hears from when to when Telegram was away",
        FAULTS,
        cut(BREAKER, "            self.ended.append((self.since, self._clock()))\n"),
        (
            f"{DELIVERY}::"
            "test_while_telegram_is_away_only_a_probe_asks_and_everything_goes_in_order_afterwards[sqlite-refused]",
        ),
    ),
    Guard(
        "one bad row does not silence the others",
        PLAN,
        cut(LANE, "            if len(rows) > 1:  # one bad", "            if len(rows) < 0:  # one bad"),
        (f"{DELIVERY}::test_a_letter_that_cannot_be_written_does_not_silence_the_others[sqlite]",),
    ),
    Guard(
        "a wait that began after now is none: the clock was set back",
        FAULTS,
        cut(QUEUE, "DUE = or_(COME, SET_BACK)", "DUE = or_(COME, and_(SET_BACK, ScheduledRow.id < 0))"),
        (f"{DELIVERY}::test_a_clock_that_is_set_back_prolongs_no_wait[sqlite]",),
    ),
    Guard(
        "what is no longer true is not said",
        PLAN,
        cut("handlers/notices/compose.py", "    if not obsolete_notices.is_obsolete(work, row):\n", "    if row:\n"),
        ("tests/handlers/test_repeats.py::test_what_is_no_longer_true_is_not_said[sqlite]",),
    ),
    # --- corrected where it stands ----------------------------------------------------------------------------------
    Guard(
        "a message in whose place something else stands by now is not written over",
        REVIEW,
        cut("services/operation/lead_notices.py", ", ScheduledRow.turned.is_(None),", ","),
        ("tests/stories/words/test_lead_taken.py::test_what_somebody_looks_at_in_its_place_stays",),
    ),
    Guard(
        "of a lead that a colleague has taken nobody reads whom it is about",
        REVIEW,
        cut(
            "handlers/deals/lead_notices.py",
            "opens = deal if deal_queries.can_open(reader, deal) else None",
            "opens = deal",
        ),
        ("tests/stories/words/test_lead_taken.py::test_G1_the_other_s_message_says_who_has_taken_it",),
    ),
)
