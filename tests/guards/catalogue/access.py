"""What keeps people to what their role may, and strangers outside."""

from __future__ import annotations

from tests.guards.guard import FAULTS, PLAN, Cut, Guard, cut

ROUTES = "handlers/routes.py"
EMPLOYEES = "services/people/employees.py"
INVITATIONS = "services/invitations.py"
STORY = "tests/stories/rights/test_invitations.py"
QUERIES = "services/deals/deal_queries.py"
CALLBACKS = "keyboards/callback_data.py"
WHO_MAY = "tests/stories/core/test_who_may.py"
PEOPLE = "tests/services/test_people_service.py"
PRESSES = "tests/keyboards/test_callback_data.py"
KEPT_UNUSED = """InvitationRow.used_at.is_(None), InvitationRow.revoked_at.is_(None))
    .values(used_at="""
HIDDEN = "tests/keyboards/test_hidden_screens.py"
HIDDEN_STORY = "tests/stories/rights/test_hidden_fields.py"
NOTICES = "tests/services/outbox/test_notice_rights.py"
FORGED = f"{PRESSES}::test_what_is_cut_off_padded_forged_or_of_the_wrong_type_is_no_press"

RESTRICTED = "tests/handlers/test_press_registry.py::test_what_not_everybody_may_press_is_written_down"


def widened(what: str, file: str, press: str, roles: str) -> Guard:
    """A press that is everybody's all at once."""
    by = f"@on_callback({press}, access."
    return Guard(f"not everybody may {what}", PLAN, cut(file, f"{by}{roles})", f"{by}EVERYONE)"), (RESTRICTED,))


GUARDS = (
    # --- what each press may: a sample of each kind; one table holds all of them ------------------------------------
    widened("move a deal", "handlers/deals/deal_actions.py", "MoveDeal", "SALES"),
    widened("delete a deal", "handlers/deals/deal_actions.py", "DeleteDeal", "MANAGEMENT"),
    widened("dismiss somebody", "handlers/people/team.py", "DismissMember", "MANAGEMENT"),
    widened("see the key of a backup", "handlers/backups.py", "ShowBackupKey", "OWNER"),
    widened("change the company's requisites", "handlers/documents/requisites.py", "ChangeRequisite", "OWNER"),
    Guard(
        "a right reaches no further than its cell",
        PLAN,
        cut("models/rights.py", "any(held and tie in reach for tie, held in ties.items())", "any(ties.values())"),
        ("tests/house/test_rights.py::test_a_right_reaches_as_far_as_its_cell",),
    ),
    # --- default deny -----------------------------------------------------------------------------------------------
    Guard(
        "a press is refused to who may not press it",
        PLAN,
        cut(ROUTES, "    if request.me.role not in known.roles:\n", "    if not known.roles:\n"),
        (f"{WHO_MAY}::test_c_8_an_installer_who_presses_a_managers_button_is_refused",),
    ),
    Guard(
        "a command is refused to who may not give it",
        PLAN,
        cut(ROUTES, "            if request.me.role not in roles:\n", "            if not roles:\n"),
        ("tests/handlers/test_press_registry.py::test_a_command_is_refused_to_who_may_not_give_it",),
    ),
    Guard(
        "a message is not handled for who may not say it",
        PLAN,
        cut(ROUTES, "        if request.me.role in roles:\n", "        if roles:\n"),
        ("tests/handlers/test_press_registry.py::test_a_message_is_given_to_no_handler_of_other_roles",),
    ),
    Guard(
        "a press that nobody may press does not start",
        PLAN,
        cut(ROUTES, "for press, known in CALLBACKS.items() if not known.roles)", "for press, known in ())"),
        ("tests/handlers/test_press_registry.py::test_a_press_without_a_handler_and_a_handler_for_nobody_are_named",),
    ),
    Guard(
        "a command without a permission does not start",
        PLAN,
        cut("handlers/request.py", "if name in COMMANDS or not roles:", "if name in COMMANDS:"),
        ("tests/handlers/test_press_registry.py::test_a_command_without_a_permission_does_not_start",),
    ),
    # --- read from the database at the press ------------------------------------------------------------------------
    Guard(
        "the role is read at every press",
        PLAN,
        cut(
            "bot/updates/update_handler.py",
            "        person = employees.find_by_telegram(work, incoming.telegram_id)\n        if incoming.kind",
            "        found = employees.find_by_telegram(work, incoming.telegram_id)\n"
            "        person = self.__dict__.setdefault(str(incoming.telegram_id), found)\n        if incoming.kind",
        ),
        (f"{WHO_MAY}::test_c_8_a_role_taken_away_is_gone_at_the_very_next_press",),
    ),
    Guard(
        "who was dismissed is a stranger",
        PLAN,
        cut(
            EMPLOYEES,
            "return replace(_read(row), question=row.stands) if row and row.active else None",
            "return replace(_read(row), question=row.stands) if row else None",
        ),
        (f"{WHO_MAY}::test_c_8_old_buttons_of_somebody_dismissed_do_nothing",),
    ),
    Guard(
        "another's deal is not seen",
        PLAN,
        cut(
            QUERIES,
            "    if work.actor and not can_open(work, found):\n",
            "    if work.actor is False:\n",
        ),
        (f"{WHO_MAY}::test_c_8_another_managers_deal_stays_closed_to_forged_buttons",),
    ),
    Guard(
        "another's deal is not found by its number",
        PLAN,
        cut(
            QUERIES,
            "return found if work.actor is None or access.can_view(work.actor, found) else None",
            "return found",
        ),
        ("tests/services/deals/test_who_sees_deals.py::test_another_managers_deal_is_not_found_by_its_number[sqlite]",),
    ),
    Guard(
        "another's deal is not among those of its client",
        PLAN,
        cut(QUERIES, "[one for one in found if work.actor is None or access.can_view(work.actor, one)]", "found"),
        (
            "tests/services/deals/test_who_sees_deals.py::test_another_managers_deal_is_not_among_those_of_its_client[sqlite]",
        ),
    ),
    Guard(
        "who sees a deal by his task does not change it",
        PLAN,
        cut(
            QUERIES,
            "    if work.actor and not access.can_edit(work.actor, found):\n",
            "    if work.actor and not found:\n",
        ),
        ("tests/services/deals/test_who_sees_deals.py::test_who_sees_a_deal_by_his_task_does_not_change_it[sqlite]",),
    ),
    Guard(
        "a field of other roles is not filled in",
        PLAN,
        cut(
            "models/access.py",
            "process.fields[name].can_fill(role) and name not in hidden_fields(role, process)",
            "name not in hidden_fields(role, process)",
        ),
        ("tests/services/deals/test_who_sees_deals.py::test_a_field_of_other_roles_is_not_filled_in[sqlite]",),
    ),
    Guard(
        "prices are not for those who drive out",
        PLAN,
        cut(
            "services/payments.py",
            "if work.actor is not None and not access.can_see_account(work.actor.role, process):",
            "if work.actor is False:",
        ),
        ("tests/services/test_payments.py::test_who_drives_out_does_not_see_money[sqlite]",),
    ),
    Guard(
        "a card is read without what is hidden from its reader's role",
        PLAN,
        cut("models/access.py", "    if hidden.isdisjoint(deal.fields) and", "    if hidden or"),
        (f"{HIDDEN}::test_a_view_has_neither_title_nor_value_nor_visit_of_what_is_hidden",),
    ),
    Guard(
        "a line of the history about a hidden field is hidden",
        PLAN,
        cut(
            "keyboards/deals/history_words.py",
            "    return hides is not None and hides(one.line, view)\n",
            "    return False\n",
        ),
        (f"{HIDDEN}::test_history_tells_nothing_of_a_hidden_field_nor_of_a_file_that_lay_there",),
    ),
    Guard(
        "a message is read by today's rights",
        PLAN,
        cut("handlers/notices/compose.py", "if not notice_rights.may_read(reader, one)", "if not one"),
        (f"{HIDDEN_STORY}::test_what_waits_for_a_manager_who_becomes_an_installer_tells_him_nothing",),
    ),
    Guard(
        "a message about a deleted deal is closed to whom the deal was closed",
        FAULTS,
        cut("services/notice_rights.py", "deal_queries.find_even_deleted(", "deal_queries.find("),
        (f"{NOTICES}::test_a_deleted_deal_stays_closed_to_whom_it_was_closed",),
    ),
    Guard(
        "a message of a version before is not for whoever asks",
        FAULTS,
        cut(
            "services/notice_rights.py",
            "_sees_as_much(me.role, _written_for(row))",
            "row.envelope.role in (None, me.role)",
        ),
        (f"{NOTICES}::test_one_without_a_deal_is_read_by_those_it_was_addressed_to_and_by_owners",),
    ),
    Guard(
        "a message that was sent to somebody else is not found",
        PLAN,
        cut(
            "services/outbox/schedule.py",
            "if row is None or not OPEN.allows(work.actor, addressed=row.employee_id == work.actor_id):",
            "if row is None:",
        ),
        (
            "tests/services/outbox/test_schedule.py::test_c_8_a_message_is_found_by_whom_it_was_sent_to_and_by_nobody_else[sqlite]",
        ),
    ),
    Guard(
        "a supervisor makes nobody an owner",
        PLAN,
        cut(INVITATIONS, "if work.actor and role not in access.roles_given_by(work.actor.role):", "if not role:"),
        (
            "tests/handlers/test_team_handlers.py::test_a_supervisor_invites_no_owner_even_by_a_forged_button_C8[sqlite]",
        ),
    ),
    # --- invitations ------------------------------------------------------------------------------------------------
    Guard(
        "an invitation works once",
        PLAN,
        (
            Cut(INVITATIONS, '    if row.used_at is not None:\n        return "used"\n', ""),
            Cut(INVITATIONS, KEPT_UNUSED, "InvitationRow.id > 0)\n    .values(used_at="),
        ),
        (f"{WHO_MAY}::test_c_8_an_invitation_opens_the_door_once_and_with_its_role",),
    ),
    Guard(
        "of two at once on one invitation one gets in",
        PLAN,
        cut(
            INVITATIONS,
            KEPT_UNUSED,
            "InvitationRow.id > 0)\n    .values(used_at=",
        ),
        (f"{PEOPLE}::test_of_two_at_once_on_one_invitation_exactly_one_gets_in_C8[postgres]",),
    ),
    Guard(
        "who was outrun on an invitation does not get in",
        PLAN,
        cut(INVITATIONS, "person.id}).rowcount != 1:", "person.id}).rowcount > 1:"),
        (f"{PEOPLE}::test_of_two_at_once_on_one_invitation_exactly_one_gets_in_C8[postgres]",),
    ),
    Guard(
        "of an invitation only a hash is kept",
        PLAN,
        cut(INVITATIONS, "return hashlib.sha256(token.encode()).hexdigest()", "return token"),
        (f"{PEOPLE}::test_an_invitation_keeps_only_a_hash_of_its_token[sqlite]",),
    ),
    Guard(
        "an invitation cannot be guessed",
        PLAN,
        cut(INVITATIONS, "secrets.token_urlsafe(24)", "secrets.token_urlsafe(8)"),
        (f"{PEOPLE}::test_an_invitation_keeps_only_a_hash_of_its_token[sqlite]",),
    ),
    Guard(
        "an invitation lives 48 hours",
        PLAN,
        cut(INVITATIONS, 'return "expired" if row.expires_at <= work.now else None', "return None"),
        (f"{PEOPLE}::test_an_invitation_lives_for_exactly_48_hours[sqlite]",),
    ),
    Guard(
        "what somebody who leaves, or may not give a role any more, has made lets nobody in",
        FAULTS,
        cut(EMPLOYEES, "    work.tx.execute(END_INVITATIONS, given)\n", ""),
        (
            f"{STORY}::test_it_dies_with_the_place_of_who_made_it_and_does_not_come_back_with_him",
            f"{STORY}::test_what_a_demoted_one_may_not_give_any_more_is_dead",
        ),
    ),
    Guard(
        "nobody takes back what he may not give",
        FAULTS,
        cut(INVITATIONS, "    if not found.may_revoke:\n", "    if found is None:\n"),
        (f"{STORY}::test_a_supervisor_takes_no_owners_invitation_back",),
    ),
    Guard(
        "a form ends with the role that began it",
        FAULTS,
        cut(EMPLOYEES, '    work.tx.execute(DROP_FORM, {"who": employee_id})\n', ""),
        (f"{STORY}::test_a_form_that_was_open_ends_with_the_role_that_began_it",),
    ),
    # --- forged buttons ---------------------------------------------------------------------------------------------
    Guard(
        "a button that is padded is none",
        PLAN,
        cut(CALLBACKS, "match = self.shape.fullmatch(raw)", "match = self.shape.match(raw)"),
        (f"{FORGED}[v1:deal:1:2]", f"{FORGED}[v1:deal:1\\n]"),
    ),
    Guard(
        "a button longer than Telegram lets one be is none",
        PLAN,
        cut(CALLBACKS, "if len(raw) <= MOST_BYTES else None", "if raw else None"),
        (f"{FORGED}[v1:section:1:{'x' * 60}]",),
    ),
    Guard(
        "a number that no database can hold is none",
        PLAN,
        cut(CALLBACKS, '"-?[0-9a-z]{1,12}"', '"-?[0-9a-z]{1,20}"'),
        (f"{FORGED}[v1:deal:zzzzzzzzzzzzz]",),
    ),
    Guard(
        "what is read out of a forged button goes to no handler",
        PLAN,
        cut(ROUTES, "    if press is None:\n", "    if form is None:\n"),
        ("tests/handlers/test_press_registry.py::test_a_cut_off_button_of_a_deal_shows_the_deal_as_well",),
    ),
)
