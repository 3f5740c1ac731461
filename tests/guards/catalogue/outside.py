"""What keeps strangers outside of the doors over HTTP, and secrets and customers inside of the log."""

from __future__ import annotations

from tests.guards.guard import FAULTS, PLAN, Guard, cut

HTTP = "bot/http/http_server.py"
LEADS = "bot/http/lead_requests.py"
LOG = "bot/log.py"
TEST_HTTP = "tests/bot/test_http.py"
HOSTILE = "tests/bot/http/test_hostile_requests.py"
GROUPS = "tests/stories/rights/test_groups.py"
TEST_LOG = "tests/bot/log/test_log.py"
TEST_ROADS = "tests/bot/log/test_log_roads.py"
KEPT = "tests/bot/database/test_what_is_kept.py"
TOKEN = "123456789:AAF-abcdefghijklmnopqrstuvwxyz_12345"

GUARDS = (
    Guard(
        "a webhook's secret is compared",
        PLAN,
        cut(HTTP, '        if not same(given, self._secret or ""):\n', "        if given is None:\n"),
        (f"{TEST_HTTP}::test_a_forged_webhook_is_refused_and_stored_nowhere[sqlite-wrong]",),
    ),
    Guard(
        "a secret is compared whole",
        PLAN,
        cut(
            LEADS,
            'hmac.compare_digest(given.encode("utf-8", "surrogateescape"), wanted.encode())',
            "wanted.startswith(given)",
        ),
        (f"{TEST_HTTP}::test_a_forged_webhook_is_refused_and_stored_nowhere[sqlite-None]",),
    ),
    Guard(
        "a secret may hold anything: it is compared as bytes",
        PLAN,
        cut(
            LEADS,
            'hmac.compare_digest(given.encode("utf-8", "surrogateescape"), wanted.encode())',
            "hmac.compare_digest(given, wanted)",
        ),
        (f"{TEST_HTTP}::test_a_forged_webhook_is_refused_and_stored_nowhere[sqlite-hook-secret\\xe9]",),
    ),
    Guard(
        "an empty secret opens nothing",
        PLAN,
        cut(LEADS, "return bool(wanted) and hmac", "return hmac"),
        (f"{TEST_HTTP}::test_an_empty_secret_opens_nothing",),
    ),
    Guard(
        "a webhook without a secret does not start",
        PLAN,
        cut(
            "bot/settings.py",
            "if self.webhook_url is not None and self.webhook_secret is None:",
            "if self.webhook_url == self:",
        ),
        ("tests/bot/test_settings.py::test_a_webhook_without_a_secret_is_refused",),
    ),
    Guard(
        "a body of more than a megabyte is refused",
        PLAN,
        cut(HTTP, "client_max_size=LARGEST", "client_max_size=0"),
        (f"{TEST_HTTP}::test_a_body_of_more_than_a_megabyte_is_refused[sqlite]",),
    ),
    Guard(
        "a library tells no exception's text",
        PLAN,
        cut(LOG, "    handler.addFilter(library_lines.LibraryLines(describe, render))\n"),
        (f"{TEST_LOG}::test_a_task_that_failed_unheard_is_told_without_what_was_typed",),
    ),
    Guard(
        "our own lines tell no exception's text",
        PLAN,
        cut(LOG, 'code = next(filter(None, map(_code, _causes(error))), "")', "code = str(error)"),
        (f"{TEST_ROADS}::test_by_no_road_does_the_log_tell_what_was_typed[our line, exc_info-nested]",),
    ),
    Guard(
        "what Python prints by itself goes the log's road",
        PLAN,
        cut(LOG, "    sys.excepthook = lambda _, error, __: unheard(error)\n"),
        (f"{TEST_ROADS}::test_python_itself_prints_nothing_of_it_on_stderr",),
    ),
    Guard(
        "the bot goes out of a group",
        PLAN,
        cut(
            "handlers/telegram.py",
            'if message.chat.type != "private":\n        await',
            'if message.chat.type == "private?":\n        await',
        ),
        (f"{GROUPS}::test_where_it_was_before_it_goes_when_somebody_writes[group]",),
    ),
    Guard(
        "a group is told once a day why the bot goes",
        PLAN,
        cut("services/operation/group_chats.py", "says=is_new", "says=True"),
        (f"{GROUPS}::test_put_there_again_it_goes_again_and_says_so_once_a_day",),
    ),
    Guard(
        "figures are shown to no stranger",
        PLAN,
        cut(HTTP, "is_inside = callers.is_inside(request.remote) and", "is_inside = True or"),
        (f"{TEST_HTTP}::test_figures_are_shown_to_no_stranger_without_the_token[sqlite-203.0.114.9]",),
    ),
    Guard(
        "figures are not shown through a proxy",
        PLAN,
        cut(HTTP, " and callers.FORWARDED not in request.headers", ""),
        (f"{TEST_HTTP}::test_figures_are_not_shown_through_a_proxy[sqlite]",),
    ),
    Guard(
        "a body that never ends is closed",
        PLAN,
        cut("bot/http/request_bodies.py", "asyncio.timeout(PATIENCE)", "asyncio.timeout(None)"),
        (f"{HOSTILE}::test_a_request_that_never_ends_is_closed[JSON]",),
    ),
    Guard(
        "a head that never ends is closed",
        PLAN,
        cut(HTTP, "keepalive_timeout=IDLE, ", ""),
        (f"{HOSTILE}::test_who_sends_a_letter_now_and_then_gains_nothing_by_it",),
    ),
    Guard(
        "a form that cannot be read is refused, and breaks nothing",
        PLAN,
        cut("bot/http/request_bodies.py", "    except BROKEN:\n", "    except ZeroDivisionError:\n"),
        (f"{HOSTILE}::test_wrong_input_is_refused_and_never_breaks_anything[lead-charset of a form]",),
    ),
    Guard(
        "a lead comes in with the right token only",
        PLAN,
        cut(LEADS, "is_right = same(given, self._token)", "is_right = given is not None"),
        (f"{TEST_HTTP}::test_a_lead_without_the_right_token_is_refused[sqlite-Bearer wrong]",),
    ),
    Guard(
        "who asks too often waits",
        PLAN,
        cut(LEADS, "        if len(times) >= self._most:\n", "        if len(times) < 0:\n"),
        (f"{TEST_HTTP}::test_who_asks_too_often_waits_even_with_guessed_tokens[sqlite]",),
    ),
    Guard(
        "who guesses tokens uses up nobody else's pace",
        PLAN,
        cut(LEADS, "(self._pace if is_right else self._guesses)", "self._pace"),
        (f"{TEST_HTTP}::test_an_outsiders_guesses_stop_nobodys_leads[sqlite]",),
    ),
    Guard(
        "a forwarded address counts only from a proxy of ours",
        PLAN,
        cut("bot/http/callers.py", "while named and _is_in(who, trusted):", "while named:"),
        ("tests/bot/http/test_callers.py::test_without_proxies_the_connection_counts",),
    ),
    Guard(
        "the same lead sent again is one lead",
        PLAN,
        cut("services/deals/lead_intake.py", "    if earlier is not None:\n", "    if earlier is False:\n"),
        (f"{TEST_HTTP}::test_the_same_lead_sent_again_is_one_lead[sqlite]",),
    ),
    Guard(
        "the same lead sent twice at once is one lead",
        PLAN,
        cut(LEADS, "                except IntegrityError:\n", "                except ZeroDivisionError:\n"),
        (f"{TEST_HTTP}::test_the_same_lead_sent_twice_at_once_is_one_lead[postgres]",),
    ),
    Guard(
        "a lead that cannot be stored has to come again",
        FAULTS,
        cut(HTTP, "        if database_faults.kind_of(error) is not None:\n", "        if error is None:\n"),
        (f"{TEST_HTTP}::test_a_lead_that_cannot_be_stored_has_to_come_again",),
    ),
    Guard(
        "of a calendar's link only a hash is kept",
        PLAN,
        cut("services/visits/calendar_feed.py", "return hashlib.sha256(secret.encode()).hexdigest()", "return secret"),
        (
            "tests/services/visits/test_calendar_feed.py"
            "::test_of_a_link_only_a_hash_is_kept_and_a_new_one_ends_the_old_K21[sqlite]",
        ),
    ),
    # --- the log ----------------------------------------------------------------------------------------------------
    Guard(
        "tokens are cut out of the log",
        PLAN,
        cut(LOG, 'PHONE.sub("<phone>", TOKEN.sub("<token>", text))', 'PHONE.sub("<phone>", text)'),
        (f"{TEST_LOG}::test_tokens_are_cut_out_of_our_lines_and_of_the_libraries[{TOKEN}]",),
    ),
    Guard(
        "phone numbers are cut out of the log",
        PLAN,
        cut(LOG, 'PHONE.sub("<phone>", TOKEN.sub("<token>", text))', 'TOKEN.sub("<token>", text)'),
        (f"{TEST_LOG}::test_phones_are_cut_out_of_texts_values_and_nested_values[79123456789]",),
    ),
    Guard(
        "what libraries log goes through the cutter",
        PLAN,
        cut(LOG, "            _cutter,\n"),
        (f"{TEST_LOG}::test_tokens_are_cut_out_of_our_lines_and_of_the_libraries[{TOKEN}]",),
    ),
    Guard(
        "an exception is told without what was typed",
        PLAN,
        cut(LOG, "{QUOTED.sub('…', cut(message))}", "{cut(message)}"),
        (f"{TEST_LOG}::test_an_exception_is_told_without_what_was_typed",),
    ),
    Guard(
        "an error of SQLite does not repeat the parameters of its statement",
        PLAN,
        cut("bot/database.py", "poolclass=StaticPool, hide_parameters=True)", "poolclass=StaticPool)"),
        (f"{KEPT}::test_an_error_does_not_repeat_the_parameters_of_its_statement[sqlite]",),
    ),
    Guard(
        "an error of PostgreSQL does not repeat the parameters of its statement",
        PLAN,
        cut(
            "bot/database.py",
            "            hide_parameters=True,  # a failed statement is logged; whose phone was in it is not\n",
        ),
        (f"{KEPT}::test_an_error_does_not_repeat_the_parameters_of_its_statement[postgres]",),
    ),
    Guard(
        "no failure of a call tells the token",
        PLAN,
        cut(
            "bot/telegram_client.py",
            'raise NotConnected(_method(method, given), f"not reached: {type(error).__name__}") from None',
            'raise NotConnected(_method(method, given), f"not reached: {self._base}")',
        ),
        ("tests/bot/test_api.py::test_a_server_that_is_not_there_surely_did_not_take_the_call",),
    ),
)
