"""What keeps a message from being lost, doubled unmarked or out of order, and Telegram from being asked too much."""

from __future__ import annotations

from tests.guards.guard import FAULTS, PLAN, REVIEW, Cut, Guard, cut

QUEUE = "services/outbox/queue.py"
LANE = "bot/delivery/person_lane.py"
BREAKER = "bot/delivery/breaker.py"
PACE = "bot/delivery/rate_limits.py"
TEST_QUEUE = "tests/services/outbox/test_queue.py"
TEST_SCHEDULE = "tests/services/outbox/test_schedule.py"
DELIVERY = "tests/bot/test_delivery.py"
LIMITS = "tests/bot/test_limits.py"
ANYBODYS = '.where(ScheduledRow.id == bindparam("key"), ScheduledRow.attempts >= bindparam("attempt"), PENDING)'
LOST_CLAIM = f"{TEST_QUEUE}::test_who_lost_his_claim_does_nothing_to_what_somebody_else_has_taken_over"
SCHEDULE_INDEXES = "models/migrations/versions/0003_schedule.py"
OUTBOX_TABLES = "models/tables/outbox.py"

CLAIMS = (
    Guard(
        "what somebody has in hand is claimed by nobody else",
        REVIEW,
        cut(QUEUE, "FREE = and_(PENDING, ScheduledRow.holder.is_(None), DUE)", "FREE = and_(PENDING, DUE)"),
        (
            f"{TEST_QUEUE}::test_of_several_who_claim_at_the_same_moment_each_row_goes_to_one[sqlite]",
            f"{TEST_QUEUE}::test_what_somebody_holds_is_left_alone_however_long_and_free_when_he_is_dead[sqlite]",
        ),
    ),
    Guard(
        "what has become void between the look and the claim is not claimed",
        REVIEW,
        cut(
            QUEUE,
            '.where(ScheduledRow.id.in_(bindparam("ids", expanding=True)), FREE)',
            '.where(ScheduledRow.id.in_(bindparam("ids", expanding=True)), DUE)',
        ),
        (f"{TEST_QUEUE}::test_what_has_become_void_between_the_look_and_the_claim_is_not_claimed[sqlite]",),
    ),
    Guard(
        "several who claim on PostgreSQL come one after the other",
        REVIEW,
        cut(QUEUE, "        work.tx.execute(IN_TURN)\n", "        pass\n"),
        (f"{TEST_QUEUE}::test_who_claims_waits_for_who_claims_before_him",),
    ),
    Guard(
        "none of a person's messages is claimed while an earlier one is in hand",
        PLAN,
        cut(QUEUE, ".where(FREE, NOTICE, ScheduledRow.employee_id.not_in(IN_HAND))", ".where(FREE, NOTICE)"),
        (f"{TEST_QUEUE}::test_no_message_of_a_person_is_claimed_while_an_earlier_one_is[sqlite-held]",),
    ),
    Guard(
        "none of a person's messages is claimed while an earlier one waits for its next try",
        PLAN,
        cut(QUEUE, "or_(ScheduledRow.holder.is_not(None), WAITS)", "ScheduledRow.holder.is_not(None)"),
        (
            f"{TEST_QUEUE}"
            "::test_no_message_of_a_person_is_claimed_while_an_earlier_one_is[sqlite-waiting for its next try]",
        ),
    ),
    Guard(
        "what is claimed together goes in the order in which it came due",
        PLAN,
        cut(QUEUE, "key=lambda one: (one.run_at, one.id))", "key=lambda one: -one.id)"),
        (f"{DELIVERY}::test_what_is_due_arrives_in_due_order_and_what_is_not_waits[sqlite]",),
    ),
    Guard(
        "what a bot that runs has in hand is not set free",
        PLAN,
        cut(
            QUEUE,
            'SET_FREE.where(ScheduledRow.holder.not_in(bindparam("alive", expanding=True)))',
            'SET_FREE.where(or_(ScheduledRow.holder.not_in(bindparam("alive", expanding=True)), HELD))',
        ),
        (f"{TEST_QUEUE}::test_what_a_bot_that_runs_has_in_hand_is_not_set_free[sqlite]",),
    ),
    Guard(
        "an end is written only by who holds the claim",
        REVIEW,
        cut(
            QUEUE,
            "FINISH = (\n    update(ScheduledRow)\n    .where(OWN)",
            f"FINISH = (\n    update(ScheduledRow)\n    {ANYBODYS}",
        ),
        (f"{LOST_CLAIM}[sqlite-ends]", f"{LOST_CLAIM}[sqlite-refuses]"),
    ),
    Guard(
        "a message is marked as being sent only by who holds the claim",
        REVIEW,
        cut(
            QUEUE,
            "SENDING = (\n    update(ScheduledRow)\n    .where(OWN, ScheduledRow.holder.is_not(None))",
            f"SENDING = (\n    update(ScheduledRow)\n    {ANYBODYS}",
        ),
        (f"{LOST_CLAIM}[sqlite-begins to send]",),
    ),
    Guard(
        "a row is put off only by who holds the claim",
        REVIEW,
        cut(
            QUEUE,
            "LATER = (\n    update(ScheduledRow)\n    .where(OWN)",
            f"LATER = (\n    update(ScheduledRow)\n    {ANYBODYS}",
        ),
        (f"{LOST_CLAIM}[sqlite-puts off]",),
    ),
    Guard(
        "a row is given back only by who holds the claim",
        REVIEW,
        cut(
            QUEUE,
            "PUT_BACK = (\n    update(ScheduledRow)\n    .where(OWN)",
            f"PUT_BACK = (\n    update(ScheduledRow)\n    {ANYBODYS}",
        ),
        (f"{LOST_CLAIM}[sqlite-gives back]",),
    ),
    Guard(
        "a claim that was taken over is known to be lost",
        REVIEW,
        cut(QUEUE, "MINE = select(ScheduledRow.id).where(OWN, ", f"MINE = select(ScheduledRow.id){ANYBODYS}.where("),
        (f"{LOST_CLAIM}[sqlite-holds]",),
    ),
    Guard(
        "what was set free is not sent by who held it before",
        PLAN,
        cut(
            QUEUE,
            "SENDING = (\n    update(ScheduledRow)\n    .where(OWN, ScheduledRow.holder.is_not(None))",
            "SENDING = (\n    update(ScheduledRow)\n    .where(OWN)",
        ),
        (f"{TEST_QUEUE}::test_what_was_set_free_is_not_sent_by_who_held_it_before_though_nobody_has_it_yet[sqlite]",),
    ),
    Guard(
        "a job that was set free is not done by who held it before",
        PLAN,
        cut(
            QUEUE,
            "MINE = select(ScheduledRow.id).where(OWN, ScheduledRow.holder.is_not(None))",
            "MINE = select(ScheduledRow.id).where(OWN)",
        ),
        (f"{TEST_QUEUE}::test_a_job_that_was_set_free_is_not_held_by_who_held_it_before[sqlite]",),
    ),
    Guard(
        "a job that waited long makes sure that it is still its own",
        PLAN,
        cut("bot/jobs/job_runner.py", "> PATIENCE and not await self._is_mine(row)", "> PATIENCE and False"),
        ("tests/bot/jobs/test_job_claims.py::test_a_job_that_was_taken_over_while_it_waited_is_not_done[sqlite]",),
    ),
)

ONCE = (
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
            "notices.digest(views, work.now, t, repeat=repeat)",
            "notices.digest(views, work.now, t)",
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
            "        if item.id:\n            self.owed.owe(",
            "        if item.id < 0:\n            self.owed.owe(",
        ),
        ("tests/stories/core/test_outages.py::test_a_screen_that_could_not_be_shown_is_shown_when_it_can_be[502]",),
    ),
)

LOSS = (
    Guard(
        "while Telegram is away nothing is sent but a probe",
        FAULTS,
        cut(BREAKER, '        self.state = "open"\n', '        self.state = "closed"\n'),
        (
            f"{DELIVERY}::"
            "test_while_telegram_is_away_only_a_probe_asks_and_everything_goes_in_order_afterwards[sqlite-refused]",
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
        cut(QUEUE, "    ScheduledRow.tried_at > NOW,\n)\nFREE", "    ScheduledRow.tried_at < 0,\n)\nFREE"),
        (f"{DELIVERY}::test_a_clock_that_is_set_back_prolongs_no_wait[sqlite]",),
    ),
    Guard(
        "what is no longer true is not said",
        PLAN,
        cut("handlers/notices/compose.py", "    if not obsolete_notices.is_obsolete(work, row):\n", "    if row:\n"),
        ("tests/handlers/test_repeats.py::test_what_is_no_longer_true_is_not_said[sqlite]",),
    ),
)

LIMITED = (
    Guard(
        "what the bot begins keeps 28 a second",
        PLAN,
        cut(PACE, "OVERALL = 28", "OVERALL = 30"),
        (f"{LIMITS}::test_never_more_than_twenty_eight_in_any_second_and_hardly_less[0.0]",),
    ),
    Guard(
        "a place is taken until a second after the answer",
        PLAN,
        cut(
            PACE,
            "        self._landed.append(asyncio.get_running_loop().time())\n",
            "        self._landed.append(0.0)\n",
        ),
        (f"{LIMITS}::test_never_more_than_twenty_eight_in_any_second_and_hardly_less[0.0]",),
    ),
    Guard(
        "one chat gets three at once and then one a second",
        PLAN,
        cut(PACE, "RateWindow(burst, burst / per_chat)", "RateWindow(burst * 10, burst / per_chat)"),
        (f"{LIMITS}::test_one_chat_may_burst_three_and_then_gets_one_a_second",),
    ),
    Guard(
        "a group gets twenty a minute",
        PLAN,
        cut(
            PACE,
            "RateWindow(PER_GROUP, MINUTE) if chat_id < 0 else",
            "RateWindow(PER_GROUP, MINUTE) if not chat_id else",
        ),
        (f"{LIMITS}::test_a_group_gets_twenty_a_minute",),
    ),
    Guard(
        "what follows a press does not wait for what the bot begins",
        FAULTS,
        cut(
            PACE,
            "return [chat.presses, self._overall] if joined else [chat.presses]",
            "return [chat.presses, self._overall]",
        ),
        (f"{LIMITS}::test_a_thousand_presses_wait_for_nothing_of_ours_beside_a_backlog_of_notices",),
    ),
    Guard(
        "one chat gets ten answers at once and then one a second",
        FAULTS,
        cut(PACE, "PRESSES = 10  #", "PRESSES = 100  #"),
        (f"{LIMITS}::test_one_chat_gets_ten_answers_at_once_and_then_one_a_second",),
    ),
    Guard(
        "strangers are answered last and with a few places only",
        FAULTS,
        cut(PACE, "return [chat.all, self._strangers, self._overall]", "return [chat.all, self._overall]"),
        (f"{LIMITS}::test_strangers_are_answered_last_and_with_a_few_places_only",),
    ),
    Guard(
        "for a minute after a 429 answers keep the common pace",
        FAULTS,
        cut(PACE, "        self._joined_until = now + JOINED\n"),
        (f"{LIMITS}::test_for_a_minute_after_a_429_answers_keep_the_common_pace_and_go_first",),
    ),
    Guard(
        "a 429 parks its chat",
        PLAN,
        cut(PACE, "        self.park(chat_id, seconds)\n"),
        ("tests/bot/test_api.py::test_a_429_parks_the_chat",),
    ),
    Guard(
        "several 429 at once mean everybody",
        FAULTS,
        cut(PACE, "        if several or (seconds", "        if (seconds"),
        (f"{LIMITS}::test_several_refusals_at_once_mean_everybody",),
    ),
)

GUARDS = (*CLAIMS, *ONCE, *LOSS, *LIMITED)
