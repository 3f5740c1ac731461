"""What keeps a deal, its money and its visits right when two act at once."""

from __future__ import annotations

from tests.guards.guard import PLAN, REVIEW, Cut, Guard, cut

CHANGES = "services/deals/changes.py"
BOOKINGS = "services/visits/bookings.py"
FOUNDATION = "models/migrations/versions/0001_foundation.py"
AT_ONCE = "tests/services/deals/test_changes_at_once.py"
PAYMENTS = "tests/services/test_payments.py"
TIMERS = "tests/services/test_timers.py"

GUARDS = (
    # --- moves ------------------------------------------------------------------------------------------------------
    Guard(
        "a deal is changed only in the version that was read",
        PLAN,
        cut(CHANGES, 'DealRow.version == bindparam("seen")', 'DealRow.version >= bindparam("seen")'),
        (f"{AT_ONCE}::test_who_is_outrun_between_the_look_and_the_step_changes_nothing",),
    ),
    Guard(
        "a change that hits no row is refused",
        PLAN,
        cut(
            CHANGES, ".rowcount != 1:\n        raise history.outdated", ".rowcount > 1:\n        raise history.outdated"
        ),
        (f"{AT_ONCE}::test_who_is_outrun_between_the_look_and_the_step_changes_nothing",),
    ),
    Guard(
        "no step of a deal is written twice: unique (deal, version, place) in its history",
        PLAN,
        (
            Cut(
                FOUNDATION,
                "sa.UniqueConstraint('deal_id', 'version', 'seq', name=op.f('uq_event_deal_id_version_seq'))",
                "",
            ),
            Cut("models/tables/deals.py", 'UniqueConstraint("deal_id", "version", "seq"),', ""),
        ),
        (f"{AT_ONCE}::test_the_database_itself_refuses_the_same_step_of_a_deal_twice",),
    ),
    Guard(
        "a button of an earlier version of the card moves nothing",
        PLAN,
        cut("services/deals/deal_queries.py", "version is not None and version != found.version", "version == -1"),
        ("tests/stories/core/test_forms_story.py::test_a_press_on_an_old_card_moves_nothing",),
    ),
    Guard(
        "what only reminds makes no new version of the card",
        REVIEW,
        cut(CHANGES, "(1 if changes.lines else 0)", "1"),
        (f"{TIMERS}::test_a_reminder_leaves_the_buttons_good_that_people_look_at_promise_3[sqlite]",),
    ),
    Guard(
        "where a deal came from follows a renamed stage",
        REVIEW,
        cut(
            "services/deals/stage_renames.py",
            "    tx.execute(update(DealRow).where(*here, DealRow.came_from == old).values(came_from=new))\n",
        ),
        (
            "tests/services/deals/test_stage_renames.py"
            "::test_a_failed_deal_is_taken_back_to_the_stage_that_was_renamed_meanwhile[sqlite]",
        ),
    ),
    Guard(
        "a move makes the reminders of the stage that was left void",
        PLAN,
        cut(CHANGES, "        schedule.void_timers(work, key)\n    else:", "        pass\n    else:"),
        (f"{AT_ONCE}::test_what_reminded_of_a_stage_is_void_when_the_deal_leaves_it",),
    ),
    # --- who is told ------------------------------------------------------------------------------------------------
    Guard(
        "a responsible who has left sales is not reminded",
        REVIEW,
        cut(
            "services/outbox/recipients.py",
            "if one.id == responsible_id and one.role in access.SALES]",
            "if one.id == responsible_id]",
        ),
        (f"{TIMERS}::test_a_responsible_who_has_left_sales_is_not_reminded_but_those_above_promise_5[sqlite]",),
    ),
    Guard(
        "what he does himself on his old deal is told to those above",
        REVIEW,
        cut(
            "services/outbox/recipients.py",
            "actor.id == responsible_id and actor.role in access.SALES",
            "actor.id == responsible_id",
        ),
        (f"{TIMERS}::test_what_he_does_himself_on_his_old_deal_is_told_to_those_above_promise_5[sqlite]",),
    ),
    Guard(
        "the responsible hears of no task that his own move takes back",
        REVIEW,
        cut(
            "services/tasks/task_effects.py",
            "not in (changes.work.actor_id, changes.responsible_id)",
            "!= changes.work.actor_id",
        ),
        (
            "tests/services/tasks/test_taken_back.py"
            "::test_c_5_the_responsible_sees_his_deal_move_and_needs_no_word_of_the_task_it_leaves[sqlite]",
        ),
    ),
    Guard(
        "a visit that is over is not called off",
        REVIEW,
        (
            Cut(
                "services/visits/visit_effects.py",
                "visit.last_ends_at is not None and visit.last_ends_at > now",
                "visit.last_ends_at is not None",
            ),
            Cut(
                "services/visits/visit_effects.py",
                "visit.current or not was.is_ahead(changes.work.now)",
                "visit.current",
            ),
        ),
        (
            "tests/services/tasks/test_taken_back.py"
            "::test_c_5_a_visit_that_is_over_is_not_called_off_when_another_is_booked[sqlite]",
        ),
    ),
    # --- money ------------------------------------------------------------------------------------------------------
    Guard(
        "a payment that was taken back is not taken back again",
        PLAN,
        cut("services/payments.py", "    if line.is_reversed:\n        raise AlreadyDone(None)\n"),
        (f"{PAYMENTS}::test_nothing_is_taken_back_twice[sqlite]",),
    ),
    Guard(
        "a payment is taken back once by two at once: its reversal is unique",
        PLAN,
        (
            Cut(
                "models/migrations/versions/0002_shop.py",
                "sa.UniqueConstraint('reverses_id', name=op.f('uq_payment_reverses_id'))",
                "",
            ),
            Cut(
                "models/tables/payments.py",
                'mapped_column(ForeignKey("payment.id"), unique=True)',
                'mapped_column(ForeignKey("payment.id"))',
            ),
        ),
        (f"{PAYMENTS}::test_the_database_itself_refuses_to_take_a_payment_back_twice[sqlite]",),
    ),
    Guard(
        "no more comes in than there is to pay",
        PLAN,
        cut("services/payment_effects.py", "account.left < agreed:", "account.left < agreed - 10**9:"),
        (f"{PAYMENTS}::test_one_after_the_other_the_second_hears_that_it_is_too_much[sqlite]",),
    ),
    Guard(
        "no more is given back than came in",
        PLAN,
        cut("services/payment_effects.py", "(changes.fields.get(name) or Decimal(0)) < 0:", "False:"),
        (f"{PAYMENTS}::test_no_more_is_given_back_than_came_whoever_checked_before[sqlite]",),
    ),
    Guard(
        "the same payment entered twice is asked about",
        PLAN,
        cut("services/payments.py", "            if not one.is_reversed\n", "            if one.is_reversed\n"),
        (f"{PAYMENTS}::test_the_same_sum_day_and_method_is_known_unless_it_was_taken_back[sqlite]",),
    ),
    # --- visits -----------------------------------------------------------------------------------------------------
    Guard(
        "nobody has two visits in one half hour: its primary key",
        PLAN,
        (
            Cut(
                "models/migrations/versions/0004_visits.py",
                "sa.PrimaryKeyConstraint('employee_id', 'cell', name=op.f('pk_visit_cell'))",
                "",
            ),
        ),
        (
            "tests/services/visits/test_bookings_at_once.py::test_the_database_itself_refuses_a_half_hour_twice_promise_6[sqlite]",
        ),
    ),
    Guard(
        "who lost the race for a window hears who has it and keeps what he had",
        PLAN,
        cut(
            BOOKINGS,
            "    except IntegrityError:\n        why = _why_not",
            "    except ZeroDivisionError:\n        why = _why_not",
        ),
        (
            "tests/services/visits/test_bookings_at_once.py"
            "::test_who_is_outrun_between_the_look_and_the_step_is_refused_and_keeps_what_he_had_promise_6[sqlite]",
        ),
    ),
    Guard(
        "nobody books a day while it is being taken away: the lock of its people",
        PLAN,
        cut(
            "services/visits/booking_rows.py",
            "    .order_by(EmployeeRow.id)\n    .with_for_update(key_share=True)\n",
            "    .order_by(EmployeeRow.id)\n",
        ),
        (
            "tests/services/visits/test_bookings_at_once.py"
            "::test_nobody_books_a_day_while_it_is_being_taken_away_promise_6",
        ),
    ),
    Guard(
        "a window that was held is looked at anew when it is booked",
        REVIEW,
        cut(BOOKINGS, "    _check(work, place)\n    if known is None:", "    if known is None:"),
        ("tests/services/visits/test_bookings.py::test_a_held_window_is_looked_at_anew_when_it_is_booked_K20[sqlite]",),
    ),
)
