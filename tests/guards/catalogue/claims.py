"""What keeps a row of the schedule in one bot's hands, and a person's messages in order."""

from __future__ import annotations

from tests.guards.guard import FAULTS, PLAN, REVIEW, Guard, cut

QUEUE = "services/outbox/queue.py"
TEST_QUEUE = "tests/services/outbox/test_queue.py"
DELIVERY = "tests/bot/test_delivery.py"
ANYBODYS = '.where(ScheduledRow.id == bindparam("key"), ScheduledRow.attempts >= bindparam("attempt"), PENDING)'
LOST_CLAIM = f"{TEST_QUEUE}::test_who_lost_his_claim_does_nothing_to_what_somebody_else_has_taken_over"

GUARDS = (
    Guard(
        "nothing rings while another bot, perhaps a dead one, has earlier ones in hand",
        FAULTS,
        cut(QUEUE, "or_(JOB, ~RUNG_ELSEWHERE)", "or_(JOB, ~JOB)"),
        (f"{TEST_QUEUE}::test_nothing_rings_while_another_bot_has_earlier_ones_in_hand_but_jobs_go_on[sqlite]",),
    ),
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
