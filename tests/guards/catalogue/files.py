"""What keeps files and backups whole, private and where they belong."""

from __future__ import annotations

from tests.guards.guard import FAULTS, PLAN, REVIEW, Guard, cut

BLOBS = "services/files/blobs.py"
BACKUP = "bot/backup/backup.py"
SQLITE = "bot/backup/backup_sqlite.py"
CLI = "tests/bot/test_cli.py"
SOUND = "tests/bot/backup/test_sound_copies.py"
TEST_BLOBS = "tests/services/files/test_blobs.py"

GUARDS = (
    Guard(
        "a hash is never a way out of the folder",
        PLAN,
        cut(BLOBS, "    if not SHA.fullmatch(sha):\n", "    if not sha:\n"),
        (f"{TEST_BLOBS}::test_a_hash_is_never_a_way_out_of_the_folder[../../etc/passwd]",),
    ),
    Guard(
        "a damaged file is noticed",
        PLAN,
        cut(BLOBS, "    if sha_of(data) != sha:\n", "    if not sha:\n"),
        (f"{TEST_BLOBS}::test_a_missing_file_and_a_damaged_one_are_noticed",),
    ),
    Guard(
        "a disk that takes nothing leaves nothing half written",
        PLAN,
        cut(BLOBS, "        Path(name).unlink(missing_ok=True)\n        raise\n", "        raise\n"),
        (f"{TEST_BLOBS}::test_a_disk_that_fills_up_while_it_is_written_leaves_nothing_behind",),
    ),
    Guard(
        "the bytes of the owner's template are used",
        REVIEW,
        cut(
            "services/files/stored_files.py",
            '    select(PaperTemplateRow.id).where(PaperTemplateRow.sha == bindparam("hash")).limit(1),\n',
        ),
        (
            "tests/bot/test_stored_files.py"
            "::test_the_bytes_of_the_owner_s_template_stay_when_a_file_with_the_same_bytes_is_removed[sqlite]",
        ),
    ),
    Guard(
        "what was stored lately is not forgotten",
        PLAN,
        cut(BLOBS, "        if path.stat().st_mtime >= older_than.timestamp():\n", "        if path.stat() is None:\n"),
        (f"{TEST_BLOBS}::test_only_what_was_not_stored_lately_is_forgotten",),
    ),
    Guard(
        "a removed file is in no folder",
        FAULTS,
        cut("services/files/deal_files.py", "    .where(KEPT)\n"),
        (
            "tests/services/files/test_file_bin.py"
            "::test_a_removed_file_is_in_no_folder_and_comes_back_as_the_same_one_where_it_was[sqlite]",
        ),
    ),
    Guard(
        "the bin shows nobody what he may not see",
        FAULTS,
        cut("services/files/file_bin.py", " if deal_files.sees(work, home, one.file)]", "]"),
        ("tests/services/files/test_file_bin.py::test_the_bin_shows_nobody_what_he_may_not_see[sqlite]",),
    ),
    Guard(
        "a program is not kept, whatever it is called",
        FAULTS,
        cut("services/files/file_contents.py", '    if found.kind == "program":\n', '    if found.kind == "none":\n'),
        ("tests/bot/jobs/test_looked_through.py::test_a_file_in_the_bin_is_refused_there_too[sqlite]",),
    ),
    Guard(
        "of a cleaned picture Telegram's own copy is not sent",
        FAULTS,
        cut(
            "services/files/received_files.py",
            'telegram_id="" if changed else None',
            "telegram_id=None",
        ),
        (
            "tests/bot/jobs/test_looked_through.py"
            "::test_a_picture_sent_as_a_file_comes_back_without_its_place_and_not_by_telegrams_copy[sqlite]",
        ),
    ),
    Guard(
        "a personal file that is kept from somebody is not passed on",
        FAULTS,
        cut("bot/delivery/stored_file_sender.py", "screen.protect or protected or None", "screen.protect or None"),
        (
            "tests/bot/jobs/test_looked_through.py::test_a_personal_file_that_is_kept_from_somebody_is_not_passed_on[sqlite]",
        ),
    ),
    # --- backups ----------------------------------------------------------------------------------------------------
    Guard(
        "a backup is proven by restoring it before it gets its name",
        PLAN,
        cut(BACKUP, "return made, engine.prove(url, copy, found.rows)", "return made, True"),
        (f"{SOUND}::test_a_backup_that_cannot_be_restored_gets_no_name",),
    ),
    Guard(
        "a backup of other rows than it says is refused",
        PLAN,
        cut(SQLITE, "    if check(copied) != rows:\n", "    if not copied:\n"),
        (f"{CLI}::test_a_backup_with_other_rows_than_it_says_is_refused",),
    ),
    Guard(
        "a copy is held against the database itself",
        PLAN,
        cut(SQLITE, "        if not wrong and before.keys() == copied.keys():\n", "        if before:\n"),
        (f"{SOUND}::test_a_copy_that_lacks_rows_of_the_database_is_none",),
    ),
    Guard(
        "a damaged backup is refused: its checksum",
        PLAN,
        cut("bot/backup/backup_archive.py", "    if checksum(copy) != manifest.checksum:\n", "    if not copy:\n"),
        (f"{SOUND}::test_a_backup_whose_database_was_changed_is_refused",),
    ),
    Guard(
        "a copy whose rows point at nothing is refused",
        PLAN,
        cut(SQLITE, ' or db.execute("PRAGMA foreign_key_check").fetchone() is not None', ""),
        (f"{SOUND}::test_a_copy_whose_rows_point_at_nothing_is_refused",),
    ),
    Guard(
        "a copy that has lost rows of an index is refused",
        PLAN,
        cut(SQLITE, 'if said != "ok" or db.execute', "if db.execute"),
        (f"{SOUND}::test_a_copy_that_lost_rows_of_an_index_is_refused",),
    ),
    Guard(
        "a restore does not replace data unasked",
        PLAN,
        cut(SQLITE, "        if any(old.get(name) for name in MATTERS):\n", "        if not MATTERS:\n"),
        (f"{CLI}::test_restore_refuses_to_replace_data_unless_forced_and_then_keeps_it",),
    ),
    Guard(
        "what a restore replaces is kept",
        PLAN,
        cut(SQLITE, "        kept = _set_aside(path)\n"),
        (f"{CLI}::test_restore_refuses_to_replace_data_unless_forced_and_then_keeps_it",),
    ),
    Guard(
        "a backup of a newer version is refused",
        PLAN,
        cut(
            "bot/backup/backup_archive.py", "    if manifest.version not in known:\n", "    if not manifest.version:\n"
        ),
        (f"{SOUND}::test_a_backup_of_a_newer_version_is_refused",),
    ),
    Guard(
        "a file is private from its first byte",
        FAULTS,
        cut(
            "bot/private_files.py",
            "os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)",
            "os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)",
        ),
        (
            "tests/bot/backup/test_private_files.py"
            "::test_a_file_is_private_before_a_byte_is_in_it_even_in_the_place_of_an_open_one",
        ),
    ),
    Guard(
        "of many that ask at once one makes the night's backup",
        FAULTS,
        cut("services/operation/backups.py", "new).rowcount == 1", "new).rowcount >= 0"),
        ("tests/services/test_backups.py::test_who_is_outrun_between_the_look_and_the_step_makes_no_backup[sqlite]",),
    ),
)
