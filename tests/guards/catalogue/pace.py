"""What keeps Telegram from being asked too much."""

from __future__ import annotations

from tests.guards.guard import FAULTS, PLAN, Guard, cut

PACE = "bot/delivery/rate_limits.py"
LIMITS = "tests/bot/test_limits.py"

GUARDS = (
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
