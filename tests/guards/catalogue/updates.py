"""What keeps an update from being lost or carried out twice, and one person's flood from costing another his time."""

from __future__ import annotations

from tests.guards.guard import FAULTS, PLAN, Cut, Guard, cut

INBOX = "bot/updates/inbox.py"
QUEUES = "bot/updates/chat_queues.py"
STRANGERS = "bot/updates/strangers.py"
FOUNDATION = "models/migrations/versions/0001_foundation.py"
TEST_INTAKE = "tests/bot/test_intake.py"
AWAY = "tests/stories/troubles/test_database_away_story.py"
DEAF = "tests/stories/troubles/test_deaf_story.py"
FAIRNESS = "tests/bot/test_fairness.py"
INLINE = "tests/stories/finding/test_inline.py"
INLINE_QUERIES = "bot/updates/inline_queries.py"
KEY = "sa.UniqueConstraint('bot_id', 'update_id', name=op.f('uq_inbox_bot_id_update_id'))"
NO_BOT = "sa.UniqueConstraint('update_id', name=op.f('uq_inbox_bot_id_update_id'))"

GUARDS = (
    # --- once -------------------------------------------------------------------------------------------------------
    Guard(
        "an update that comes again is stored once: the inbox's key",
        PLAN,
        (
            Cut(FOUNDATION, KEY, ""),
            Cut("models/tables/updates.py", '        UniqueConstraint("bot_id", "update_id"),\n', ""),
            Cut(INBOX, '    .on_conflict_do_nothing(index_elements=["bot_id", "update_id"])\n', ""),
        ),
        (f"{TEST_INTAKE}::test_a_redelivered_batch_stores_nothing_new[sqlite]",),
    ),
    Guard(
        "another bot's update of the same number is another one: the bot is in the inbox's key",
        PLAN,
        (
            Cut(FOUNDATION, KEY, NO_BOT),
            Cut("models/tables/updates.py", 'UniqueConstraint("bot_id", "update_id")', 'UniqueConstraint("update_id")'),
            Cut(INBOX, 'index_elements=["bot_id", "update_id"]', 'index_elements=["update_id"]'),
        ),
        (f"{TEST_INTAKE}::test_the_same_number_of_another_bot_is_another_update[sqlite]",),
    ),
    Guard(
        "an update takes effect once: its mark must hit a row",
        PLAN,
        cut(INBOX, "        if hit != 1:\n", "        if hit > 1:\n"),
        (
            f"{TEST_INTAKE}::test_two_replicas_hold_an_update_and_one_takes_effect[sqlite]",
            f"{TEST_INTAKE}::test_marking_twice_raises_so_that_the_transaction_rolls_back[sqlite]",
        ),
    ),
    Guard(
        "the mark of an update and its effects are one transaction",
        PLAN,
        cut(
            "bot/updates/update_handler.py",
            "        item.mark_done(tx)\n        work = UnitOfWork(tx, self.clock(), self.company)\n        reply,",
            "        work = UnitOfWork(tx, self.clock(), self.company)\n        reply,",
        ),
        ("tests/stories/core/test_once.py::test_an_update_that_another_bot_has_carried_out_changes_nothing",),
    ),
    Guard(
        "the mark of a refused update is there too",
        PLAN,
        cut(
            "bot/updates/update_handler.py",
            "        item.mark_done(tx)\n        work = UnitOfWork(tx, self.clock(), self.company)\n        person = ",
            "        work = UnitOfWork(tx, self.clock(), self.company)\n        person = ",
        ),
        ("tests/stories/core/test_once.py::test_an_update_that_another_bot_has_refused_is_not_refused_again",),
    ),
    Guard(
        "a replica overtakes no earlier update of the same chat",
        PLAN,
        cut(INBOX, "        if self.shared:\n", "        if not self.chat_id:\n"),
        (f"{TEST_INTAKE}::test_a_replica_does_not_overtake_an_earlier_update_of_the_same_chat[sqlite]",),
    ),
    # --- not lost ---------------------------------------------------------------------------------------------------
    Guard(
        "an update is confirmed only after it was stored",
        PLAN,
        cut(
            "bot/updates/poller.py",
            "                updates = await self._store(updates, offset)\n",
            "                doing = asyncio.ensure_future(self._store(updates, offset))  # noqa: F841\n",
        ),
        ("tests/bot/test_poller.py::test_updates_are_in_the_table_before_they_are_confirmed[sqlite]",),
    ),
    Guard(
        "a webhook's update is answered only after it was stored",
        PLAN,
        cut(
            "bot/http/http_server.py",
            "status=200 if await self._stored(self._intake, update) else 503)",
            "status=200 if asyncio.ensure_future(self._stored(self._intake, update)) else 503)",
        ),
        ("tests/bot/test_http.py::test_an_update_that_cannot_be_stored_is_not_acknowledged",),
    ),
    Guard(
        "an update that fails is put aside at the third try",
        PLAN,
        cut("bot/updates/attempts.py", "MOST_ATTEMPTS = 3", "MOST_ATTEMPTS = 4"),
        (f"{TEST_INTAKE}::test_an_update_that_fails_three_times_is_put_aside_and_the_next_is_served[sqlite]",),
    ),
    Guard(
        "an update that ends the bot each time is put aside",
        PLAN,
        cut(
            "bot/updates/update_intake.py",
            "if item.left and not item.counted and not await self._is_begun(item):",
            "if False:",
        ),
        (f"{TEST_INTAKE}::test_an_update_that_ends_the_program_three_times_is_put_aside_before_the_fourth[sqlite]",),
    ),
    Guard(
        "a failure of the database is not held against the update",
        PLAN,
        cut("bot/updates/update_intake.py", "return item.spared <= MOST_SPARED", "return False"),
        (f"{TEST_INTAKE}::test_what_fails_because_the_database_is_away_is_not_put_aside_for_it[sqlite]",),
    ),
    Guard(
        "an update that brings the database down each time is put aside all the same",
        PLAN,
        cut("bot/updates/update_intake.py", "return item.spared <= MOST_SPARED", "return True"),
        (f"{TEST_INTAKE}::test_what_brings_the_database_down_each_time_is_put_aside_in_the_end[sqlite]",),
    ),
    Guard(
        "people hear of a gap in which Telegram may have forgotten what they pressed",
        PLAN,
        cut("services/operation/update_gaps.py", "if work.now - since <= KEPT_BY_TELEGRAM:", "if True:"),
        (f"{DEAF}::test_after_two_days_without_the_bot_everybody_hears_from_when_to_when",),
    ),
    Guard(
        "nobody hears of a gap in which Telegram kept everything",
        PLAN,
        cut("services/operation/update_gaps.py", "if work.now - since <= KEPT_BY_TELEGRAM:", "if False:"),
        (f"{DEAF}::test_a_night_without_the_bot_is_told_to_nobody",),
    ),
    Guard(
        "while nothing can be written, what is refused by how things stand then is not done with",
        FAULTS,
        cut("bot/updates/update_handler.py", "if not self._refuses:", "if False:"),
        (f"{AWAY}::test_a_press_that_names_what_an_earlier_one_will_have_made_is_done_after_it",),
    ),
    Guard(
        "while nothing can be written, what follows something that waits is not looked at before it",
        FAULTS,
        cut("bot/updates/unstored.py", "            self._waiting.add(chat)\n"),
        (f"{AWAY}::test_what_follows_something_that_waits_is_done_in_its_turn_and_refused_nothing",),
    ),
    Guard(
        "what an earlier run left undone is taken up",
        PLAN,
        cut("bot/updates/update_intake.py", "        await self._backlog.find_left()\n"),
        (f"{TEST_INTAKE}::test_what_was_stored_before_a_crash_is_handled_after_it_in_order[sqlite]",),
    ),
    Guard(
        "what the database cannot hold is cleaned out of an update",
        PLAN,
        cut(INBOX, "    if not ODD.search(body):\n", "    if body:\n"),
        (f"{TEST_INTAKE}::test_hostile_text_is_stored_and_handed_on_clean[sqlite]",),
    ),
    # --- fairness ---------------------------------------------------------------------------------------------------
    Guard(
        "a chat's updates are carried out one after the other",
        PLAN,
        cut(
            QUEUES,
            "            insort(queue, item, key=lambda one: one.id)\n",
            "            insort(queue, item, key=lambda one: one.id)\n            self._make_ready(item.chat_id)\n",
        ),
        (f"{TEST_INTAKE}::test_order_holds_within_a_chat_while_chats_go_on_at_once[sqlite]",),
    ),
    Guard(
        "who presses a great deal waits behind the others",
        FAULTS,
        cut(QUEUES, "if self._budget.take(chat) else QueuePriority.EAGER", "if self._budget else QueuePriority.EAGER"),
        (f"{FAIRNESS}::test_who_presses_a_great_deal_waits_behind_the_others_and_his_budget_comes_back",),
    ),
    Guard(
        "nobody waits for ever",
        FAULTS,
        cut(QUEUES, "if self._passed[lane] >= PATIENCE]", "if self._passed[lane] < 0]"),
        (f"{FAIRNESS}::test_nobody_waits_for_ever",),
    ),
    Guard(
        "strangers hold two workers at most",
        FAULTS,
        cut(QUEUES, "STRANGERS_AT_ONCE = 2", "STRANGERS_AT_ONCE = 8"),
        (f"{FAIRNESS}::test_strangers_hold_two_workers_at_most_and_staff_goes_first[sqlite]",),
    ),
    Guard(
        "a backlog of one chat stays in the table",
        FAULTS,
        cut(
            "bot/updates/backlog.py",
            "        if full or len(self._queues.of(chat)) >= self._share:\n",
            "        if full:\n",
        ),
        (f"{TEST_INTAKE}::test_what_a_chat_has_waiting_beyond_its_share_stays_in_the_table[sqlite]",),
    ),
    Guard(
        "while a full batch is stored nothing is begun",
        FAULTS,
        cut("bot/updates/backlog.py", "            self._queues.crowd()\n", "            pass\n"),
        (f"{TEST_INTAKE}::test_a_full_batch_is_stored_before_anything_else_is_begun[sqlite]",),
    ),
    Guard(
        "an answer that is being shown holds no worker",
        FAULTS,
        cut("bot/updates/update_handler.py", "            item.committed()\n"),
        (
            "tests/stories/core/test_once.py::test_a_worker_is_free_when_the_transaction_is_over_and_not_when_telegram_has_answered",
        ),
    ),
    Guard(
        "a stranger has a budget",
        FAULTS,
        cut(STRANGERS, "        return budget.take(item.chat_id)\n", "        return budget is not None\n"),
        (f"{FAIRNESS}::test_a_stranger_is_heard_once_then_put_by_and_heard_again_later[sqlite]",),
    ),
    Guard(
        "an invitation that is good is not put by in a flood",
        FAULTS,
        cut(STRANGERS, "        silent = list(takewhile(lambda one: _invitation(one) not in valid, silent))\n"),
        (f"{FAIRNESS}::test_whoever_is_invited_gets_in_out_of_his_own_flood_and_loses_nothing_after_it[sqlite]",),
    ),
    Guard(
        "nothing that somebody of the company sends is put by",
        FAULTS,
        cut(
            STRANGERS,
            "        if self._recognise(work, {waiting[0].chat_id}):\n            return []\n",
        ),
        (f"{FAIRNESS}::test_who_has_become_one_of_us_meanwhile_loses_nothing[sqlite]",),
    ),
    # --- `@bot 1042` in any chat --------------------------------------------------------------------------------------
    Guard(
        "who searches for nothing in the bot is offered nothing in other chats",
        PLAN,
        cut(
            "handlers/clients/inline_search.py",
            "    if request.me.role not in access.SALES:\n",
            "    if not access.SALES:\n",
        ),
        (f"{INLINE}::test_nobody_from_outside_is_offered_anything",),
    ),
    Guard(
        "what somebody is offered in other chats is shown to nobody else",
        PLAN,
        cut(INLINE_QUERIES, '        "is_personal": True,\n', '        "is_personal": False,\n'),
        (f"{INLINE}::test_a_colleagues_client_is_found_with_whose_he_is_and_nothing_else",),
    ),
    Guard(
        "a stranger's keys cost a few answers",
        FAULTS,
        cut(INLINE_QUERIES, "if is_new or (self._is_strange(who) and not self._budget.take(who)):", "if is_new:"),
        (f"{INLINE}::test_a_stranger_costs_no_more_than_a_few_answers",),
    ),
    Guard(
        "no inline query is stored",
        FAULTS,
        cut(
            INLINE_QUERIES,
            "        return [one for one in updates if KIND not in one]\n",
            "        return list(updates)\n",
        ),
        (f"{INLINE}::test_no_query_is_kept_and_a_slow_or_failed_answer_holds_up_nobody",),
    ),
    Guard(
        "by a sum that is hidden from one's role no deal is told from another",
        PLAN,
        cut("services/search/deal_sums.py", " if me is None or access.can_see_field(me, process, name) else None", ""),
        (
            "tests/services/search/test_narrowed.py::test_by_a_sum_that_is_hidden_from_ones_role_nothing_is_told[sqlite]",
        ),
    ),
    Guard(
        "what is posted into a chat says the number of the deal only",
        PLAN,
        cut("keyboards/clients/inline_page.py", "_posted(one.id, one.number,", "_posted(one.id, title,"),
        (f"{INLINE}::test_what_is_posted_says_the_number_only_and_opens_the_card_by_right",),
    ),
)
