"""What the library promises, and the tests that hold it to that: `python -m tests.promises` writes docs/promises.md.

A test is named as `file::function`; what it claims is read from its docstring. `kit X00` is a case of the conformance
kit, and `kit model` its comparison with the reference; both run on each store of ours. A promise without a test is one
of later work; that list, like what is still open of the others, may only become shorter.
"""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from attrs import frozen

from proeftuin.testing.cases import CASES

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "promises.md"
MODEL = "src/proeftuin/testing/contract.py::test_model"
FAULTS, SCHEMA, PROPERTY, UNIT = "tests/faults/test_", "tests/schema/test_", "tests/property/test_", "tests/unit/"
AIO = "tests/aio/test_"


@frozen
class Promise:
    """One promise.

    Attributes:
        id: its number, which never changes.
        text: what holds.
        proofs: the tests; none where the work is yet to come.
        open: what of it no test shows yet.
    """

    id: str
    text: str
    proofs: tuple[str, ...] = ()
    open: str = ""


PROMISES = (
    Promise(
        "R1",
        "What was acknowledged is there after the process was killed, and head, history, chain and keys agree.",
        (f"{FAULTS}kill.py::test_killed_at_any_moment_nothing_acknowledged_is_lost", "kit A11", "kit B08", "kit B09"),
    ),
    Promise(
        "R2",
        "A commit that is cut off at any statement, by a death or by an error, is whole or absent.",
        (
            f"{FAULTS}kill.py::test_killed_at_each_statement_nothing_is_half",
            f"{FAULTS}failing_statements.py::test_whatever_statement_fails_nothing_is_half",
            f"{FAULTS}failing_statements.py::test_a_server_that_dies_inside_the_statement_wrote_nothing",
            f"{FAULTS}sqlite.py::test_whatever_statement_fails_nothing_is_half",
            "kit B01",
            "kit B10",
        ),
    ),
    Promise(
        "R3",
        "A database that crashes under load loses nothing acknowledged, and what nobody can know is told as such.",
        (
            f"{FAULTS}restarts.py::test_six_crashes_under_eight_writers",
            f"{FAULTS}restarts.py::test_an_hour_of_crashes",
            f"{FAULTS}server_limits.py::test_a_server_that_went_away_and_came_back",
        ),
    ),
    Promise(
        "R4",
        "Of all who write a pilot at the same version exactly one wins; the others are told which version did.",
        (
            f"{FAULTS}contention.py::test_sixty_four_writers_and_one_winner_per_version",
            f"{FAULTS}firing.py::test_sixteen_threads_in_two_processes_fire_at_one_pilot",
            f"{FAULTS}interleavings.py::test_the_last_place_is_given_once",
            f"{FAULTS}interleavings.py::test_nobody_is_placed_in_a_pilot_on_hold",
            "kit C03",
            "kit C04",
            "kit C14",
        ),
    ),
    Promise(
        "R5",
        "All that clients are told of a pilot fits one order, in which each call lies within its time.",
        (
            f"{FAULTS}linear.py::test_the_judge_agrees_with_trying_out_every_order",
            f"{FAULTS}linear.py::test_a_history_that_cannot_have_happened_is_bad",
            f"{FAULTS}contention.py::test_sixty_four_writers_and_one_winner_per_version",
            f"{FAULTS}restarts.py::test_six_crashes_under_eight_writers",
            f"{FAULTS}spread.py::test_on_eight_hosts_nothing_is_lost_and_nothing_doubled",
            f"{FAULTS}fitting.py::test_what_cannot_have_happened_is_told",
            "kit C16",
        ),
    ),
    Promise(
        "R6",
        "A command that is sent again with its key acts once and gives its first result; another one is refused.",
        (
            f"{FAULTS}keys.py::test_fifty_with_one_key_act_once",
            f"{FAULTS}keys.py::test_fifty_with_one_key_begin_one_pilot",
            f"{FAULTS}keys.py::test_one_key_for_two_commands_serves_the_first",
            f"{FAULTS}keys.py::test_a_command_of_unknown_outcome_is_settled_by_its_key",
            f"{PROPERTY}keys.py::test_a_key_acts_once_under_random_workflows",
            "kit H03",
            "kit H09",
        ),
    ),
    Promise(
        "R7",
        "Whatever is called in whatever order, a store gives what the reference gives.",
        ("kit model", f"{PROPERTY}lifecycle.py::test_no_sequence_of_commands_breaks_a_promise"),
    ),
    Promise(
        "R8",
        "Any text given as a workflow is accepted, or refused with a place, soon and without being run.",
        (
            f"{FAULTS}loader_fuzz.py::test_a_mutated_workflow_is_accepted_or_refused",
            f"{FAULTS}loader_fuzz.py::test_a_mutated_bundled_workflow_is_accepted_or_refused",
            f"{FAULTS}loader_fuzz.py::test_random_text_is_refused",
            f"{FAULTS}hostile_definitions.py::test_a_bomb_is_refused",
            f"{FAULTS}hostile_definitions.py::test_nothing_that_a_file_names_is_imported_or_called",
        ),
    ),
    Promise(
        "R9",
        "A full disk is told as such; nothing is half, all can be read, and with room again it works.",
        (
            f"{FAULTS}full_servers.py::test_a_full_disk_is_told_and_nothing_is_half",
            f"{FAULTS}full_servers.py::test_a_full_log_ends_the_server_and_loses_nothing",
            f"{FAULTS}sqlite.py::test_a_full_disk_is_told_and_nothing_is_half",
            f"{FAULTS}sqlite.py::test_a_full_disk_is_told_at_open",
            f"{FAULTS}sqlite.py::test_a_limit_of_pages_is_a_full_store",
        ),
    ),
    Promise(
        "R10",
        "Want of connections, locks, missing rights and servers that are gone are told in our words, and leak nothing.",
        (
            f"{FAULTS}server_limits.py::test_a_pool_of_one_serves_eight_threads",
            f"{FAULTS}server_limits.py::test_an_exhausted_pool_is_busy",
            f"{FAULTS}server_limits.py::test_too_many_connections_are_busy",
            f"{FAULTS}server_limits.py::test_a_locked_row_is_busy_and_works_again",
            f"{FAULTS}server_limits.py::test_ten_thousand_failures_leak_no_connection",
            f"{FAULTS}rights.py::test_accounts_may_do_what_their_rights_say",
            f"{FAULTS}rights.py::test_a_server_that_may_only_be_read_is_told",
            f"{FAULTS}rights.py::test_a_replica_is_told",
            f"{FAULTS}patience.py::test_a_server_that_works_is_waited_for",
            f"{FAULTS}sqlite.py::test_a_locked_file_is_busy_and_works_again",
            f"{FAULTS}sqlite.py::test_a_read_only_file_is_told_at_open",
            "kit Q01",
        ),
    ),
    Promise(
        "R11",
        "A clock that jumps, a change to summer time or a leap day lets nothing be due twice, or never.",
        (
            f"{UNIT}test_tick.py::test_a_clock_that_jumps_back_does_nothing_twice",
            f"{UNIT}test_tick.py::test_a_clock_that_jumps_ten_years_ahead_and_back_does_everything_once",
            f"{UNIT}test_tick.py::test_what_was_said_after_the_clock_jumped_back_is_recorded_in_order",
            f"{UNIT}test_tick.py::test_the_nights_on_which_clocks_are_changed_have_one_midnight",
            f"{UNIT}test_tick.py::test_the_hour_that_is_not_there_or_comes_twice",
            f"{UNIT}core/test_calendar.py::test_a_term_is_counted_in_calendar_days",
            f"{UNIT}test_timekeeping.py::test_the_ends_of_time_are_days_too",
            f"{PROPERTY}time.py::test_daily_ticks_and_none_give_the_same",
            f"{PROPERTY}time.py::test_ticks_on_any_days_give_the_same",
            f"{PROPERTY}time.py::test_a_second_tick_does_nothing",
            f"{FAULTS}system_clock.py::test_a_clock_that_jumps_lets_nothing_be_due_twice_or_never",
            f"{FAULTS}ticking.py::test_four_processes_at_once_do_everything_once",
            f"{FAULTS}ticking.py::test_killed_at_any_statement_the_next_tick_makes_it_whole",
            "kit G08",
            "kit T02",
        ),
    ),
    Promise(
        "R12",
        "A hook that misbehaves hurts neither the command nor the other hooks.",
        (
            f"{UNIT}test_hooks_poison.py::test_whatever_is_raised_before_the_commit_undoes_it",
            f"{UNIT}test_hooks_poison.py::test_an_error_after_the_commit_is_logged_and_breaks_nothing",
            f"{UNIT}test_hooks_poison.py::test_an_interrupt_after_the_commit_comes_when_all_were_told",
            f"{UNIT}test_hooks_poison.py::test_a_hook_cannot_change_what_it_is_told",
            f"{UNIT}test_hooks_poison.py::test_writing_before_the_commit_undoes_nothing_else",
            f"{UNIT}test_hooks_poison.py::test_a_transaction_of_the_hooks_own_cannot_write_beside_ours",
            f"{UNIT}test_hooks_poison.py::test_a_hook_that_floods_comes_to_an_end",
            f"{UNIT}test_hooks_poison.py::test_a_hook_that_prints_without_end_is_not_in_the_way",
            f"{UNIT}test_hooks_frames.py::test_what_such_a_hook_raises_is_only_logged",
            f"{UNIT}test_hooks_frames.py::test_such_a_hook_may_look_and_not_write",
        ),
    ),
    Promise(
        "R13",
        "A slow hook holds no transaction open.",
        (
            f"{FAULTS}slow.py::test_a_slow_hook_holds_no_transaction_open",
            f"{FAULTS}slow.py::test_a_slow_sink_holds_no_transaction_open",
        ),
    ),
    Promise(
        "R14",
        "Every committed event arrives, in order per pilot, and one that was rolled back never does.",
        (
            f"{FAULTS}delivering.py::test_every_webhook_arrives_in_order_whatever_fails",
            f"{FAULTS}delivering.py::test_every_event_arrives_in_order_whatever_fails",
            f"{UNIT}delivery/test_deliver.py::test_a_repeat_is_the_same_byte_for_byte",
            "kit F03",
            "kit F08",
        ),
    ),
    Promise(
        "R15",
        "Workers skip no event because another one was committed first.",
        (
            f"{FAULTS}delivering.py::test_every_webhook_arrives_in_order_whatever_fails",
            f"{FAULTS}delivering.py::test_every_event_arrives_in_order_whatever_fails",
            "kit E01",
            "kit E02",
        ),
    ),
    Promise(
        "R16",
        "One dead subscriber stops nobody else, and what it could not take can be sent again.",
        (
            f"{UNIT}delivery/test_deliver.py::test_an_hour_without_one_subscriber_is_an_hour_like_any_other_for_the_next",
            f"{UNIT}delivery/test_deliver.py::test_a_dead_subscriber_stops_nobody_else",
            f"{UNIT}delivery/test_deliver.py::test_what_is_of_no_use_to_try_again_is_parked_at_once",
            f"{UNIT}delivery/test_deliver.py::test_a_parked_lane_goes_on_in_order_when_it_is_resent",
            f"{UNIT}delivery/test_poison.py::test_whatever_a_sink_raises_is_a_failure_of_its_lane",
            f"{UNIT}delivery/test_poison.py::test_a_sink_that_hangs_is_not_waited_for",
            f"{UNIT}delivery/test_poison.py::test_a_sink_that_writes_at_each_delivery_does_not_go_on_for_ever",
            "tests/sinks/test_beside.py::test_a_hostile_endpoint_fails_its_own_lane",
            "tests/sinks/test_beside.py::test_an_hour_without_one_endpoint_is_an_hour_like_any_other_for_the_next",
            "kit F07",
        ),
    ),
    Promise(
        "R17",
        "What a dead worker held is taken over once, and a worker that wakes up too late settles nothing.",
        (
            f"{FAULTS}webhooks.py::test_a_worker_that_was_stopped_beyond_its_lease_writes_nothing",
            f"{UNIT}delivery/test_claims.py::test_what_a_dead_worker_claimed_is_free_after_the_lease",
            f"{UNIT}delivery/test_claims.py::test_a_worker_that_comes_back_too_late_writes_nothing",
            "kit G03",
            "kit G05",
        ),
    ),
    Promise(
        "R18",
        "A worker that is told to stop finishes or lets go of what it holds.",
        (
            f"{FAULTS}webhooks.py::test_a_worker_that_is_told_to_end_under_load_leaves_no_claim",
            f"{FAULTS}webhooks.py::test_a_worker_ends_although_an_endpoint_does_not_answer",
            f"{UNIT}cli/test_time.py::test_a_signal_that_another_thread_gets_ends_a_wait",
            f"{UNIT}delivery/test_deliver.py::test_a_round_ends_when_it_is_told_to",
            f"{UNIT}delivery/test_deliver.py::test_whoever_interrupts_gets_an_orderly_end",
        ),
    ),
    Promise(
        "R19",
        "A store that an earlier version wrote opens, verifies, gives the same bytes, and goes on.",
        (
            "tests/golden/test_golden.py::test_it_says_what_it_said",
            "tests/golden/test_golden.py::test_every_text_and_number_is_there",
            "tests/golden/test_golden.py::test_it_goes_on",
            "tests/golden/test_golden.py::test_what_came_due_since_is_done",
            "tests/golden/test_golden.py::test_heads_of_other_rules_are_folded_anew",
            "tests/golden/test_golden.py::test_a_migration_with_golden_stores_never_changes",
        ),
    ),
    Promise(
        "R20",
        "An upgrade resumes where it was cut off, is done once by several, and a newer schema is refused unwritten.",
        (
            f"{SCHEMA}upgrade.py::test_a_first_upgrade_resumes_wherever_it_ended",
            f"{SCHEMA}upgrade.py::test_a_later_upgrade_resumes_wherever_it_died",
            f"{SCHEMA}upgrade.py::test_several_upgrades_at_once_do_it_once",
            f"{SCHEMA}upgrade.py::test_several_later_upgrades_at_once_do_it_once",
            f"{SCHEMA}upgrade.py::test_an_upgrade_ends_where_a_new_store_begins",
            f"{SCHEMA}upgrade.py::test_an_earlier_library_refuses_what_a_later_one_made",
            f"{SCHEMA}schema.py::test_a_newer_schema_is_refused_unwritten",
            f"{SCHEMA}schema.py::test_an_older_schema_on_a_server_is_refused_unwritten",
            f"{SCHEMA}schema.py::test_tables_of_others_are_left_alone",
        ),
    ),
    Promise(
        "R21",
        "A workflow that changes under running pilots is decided on, recorded and can be replayed.",
        (
            "tests/versions/test_changes.py::test_each_is_judged_for_what_it_is",
            "tests/versions/test_changes.py::test_what_is_not_fine_stays",
            "tests/versions/test_changes.py::test_a_complete_plan_moves_every_pilot",
            "tests/versions/test_changes.py::test_an_interrupted_application_goes_on",
            "tests/versions/test_changes.py::test_undoing_restores_every_head",
            "tests/versions/test_changes.py::test_nothing_lapses_by_surprise",
            "tests/versions/test_plans.py::test_to_judge_writes_nothing",
            "tests/versions/test_plans.py::test_two_at_once_move_each_pilot_once",
            "tests/golden/test_histories.py::test_what_was_recorded_would_go_the_same",
            "tests/golden/test_histories.py::test_a_change_is_told_where_it_bites_first",
        ),
    ),
    Promise(
        "R22",
        "Every stored pilot is the fold of its history.",
        (
            f"{PROPERTY}portfolio.py::test_each_pilot_of_a_portfolio_is_the_fold_of_its_history",
            f"{PROPERTY}simulation.py::test_each_simulated_pilot_is_the_fold_of_its_history",
            f"{PROPERTY}replay.py::test_all_readings_of_a_history_agree_on_an_ordinary_pilot",
            f"{PROPERTY}replay.py::test_all_readings_of_a_history_agree_under_random_workflows",
            f"{FAULTS}moving.py::test_a_portfolio_moves_to_another_database_and_on",
        ),
    ),
    Promise(
        "R23",
        "What was changed, deleted, swapped or inserted in a history is found at its place; with a checkpoint that "
        "somebody else keeps, also what was cut or written anew together with its head.",
        (
            f"{FAULTS}tampering.py::test_each_attack_is_found_and_its_place_named",
            f"{FAULTS}tampering.py::test_every_flipped_bit_is_found",
            f"{FAULTS}tampering.py::test_only_a_checkpoint_shows_what_was_cut_or_written_anew_with_its_head",
            f"{FAULTS}tampering.py::test_honest_stores_raise_no_alarm",
            f"{FAULTS}tampering.py::test_the_page_is_run_on_its_own",
            f"{UNIT}storage/test_verify.py::test_every_flipped_bit_of_a_small_store_is_found",
            f"{UNIT}storage/test_verify.py::test_random_attacks_are_all_found",
            f"{UNIT}storage/test_verify.py::test_an_honest_store_raises_no_alarm",
            "kit K03",
            "kit K07",
            "kit K08",
        ),
    ),
    Promise(
        "R24",
        "After an erasure nothing of the person is left in any byte, while chain and counts stand.",
        (
            f"{FAULTS}erasing.py::test_in_a_file_no_byte_is_left",
            f"{FAULTS}erasing.py::test_among_many_refs_no_trace_of_one_is_left",
            f"{FAULTS}erasing.py::test_on_postgresql_no_byte_is_left_after_the_steps_of_the_page",
            f"{FAULTS}erasing.py::test_on_mariadb_no_byte_is_left_after_the_steps_of_the_page",
            f"{FAULTS}erasing.py::test_killed_at_any_statement_it_is_finished_when_asked_again",
            f"{FAULTS}erasing.py::test_failing_at_any_statement_it_is_finished_when_asked_again",
            f"{UNIT}test_engine_erase.py::test_figures_and_counts_stand",
            f"{UNIT}test_engine_erase.py::test_a_second_time_there_is_nothing_to_do",
            f"{FAULTS}outliving.py::test_processes_that_tick_at_once_forget_once",
            "kit L01",
            "kit L02",
        ),
    ),
    Promise(
        "R25",
        "Values come back as they went in, alike from every store, or are refused before a database sees them.",
        (
            f"{PROPERTY}fidelity.py::test_a_hundred_thousand_values_come_back",
            f"{PROPERTY}fidelity.py::test_names_and_instants_are_kept_or_refused_alike",
            f"{PROPERTY}fidelity.py::test_commands_are_kept_or_refused_alike",
            f"{PROPERTY}fidelity.py::test_fields_of_each_type_come_back_through_the_engine",
            f"{PROPERTY}round_trips.py::test_what_is_stored_comes_back",
            "kit D07",
            "kit D16",
        ),
    ),
    Promise(
        "R26",
        "Threads, tasks and forks do not mix up one another's work, and a cancelled task leaves nothing half.",
        (
            f"{FAULTS}sqlite.py::test_a_fork_loses_nothing",
            f"{FAULTS}sqlite.py::test_a_store_that_was_in_use_is_refused_in_the_child",
            f"{FAULTS}failing_statements.py::test_an_interrupt_during_a_wait_leaves_the_store_usable",
            f"{AIO}cancelling.py::test_a_command_that_is_cancelled_at_any_step_is_done_whole",
            f"{AIO}cancelling.py::test_what_still_waits_for_its_turn_is_never_begun",
            f"{AIO}cancelling.py::test_a_cancelled_command_is_repeated_with_its_key",
            f"{AIO}cancelling.py::test_a_cancelled_delivery_at_any_step_loses_nothing",
            f"{AIO}iterating.py::test_it_is_cancelled_at_any_step",
            f"{AIO}life.py::test_two_hundred_tasks_do_not_mix_up_their_work",
            f"{AIO}life.py::test_a_loop_that_is_closed_with_work_under_way_loses_the_answer_alone",
            f"{AIO}life.py::test_a_fork_goes_on_with_threads_of_its_own",
            "kit B11",
            "kit Q04",
        ),
    ),
    Promise(
        "R27",
        "Memory and handles stay as they are over a long life, and a long history stays usable.",
        (
            f"{FAULTS}soak.py::test_a_hundred_thousand_events_leave_memory_and_handles_flat",
            f"{FAULTS}statement_count.py::test_a_step_takes_as_many_statements_after_hundreds_as_after_one",
            "kit K10",
            "kit Q03",
        ),
    ),
    Promise(
        "R28",
        "A copy that was made under load can be restored, and its deliveries go on.",
        (
            f"{FAULTS}backup.py::test_a_copy_made_under_load_is_one_moment",
            f"{FAULTS}backup.py::test_a_restored_store_goes_on",
            f"{FAULTS}backup.py::test_subscribers_meet_known_ids_or_new_ones",
            f"{FAULTS}backup.py::test_an_erasure_is_done_again_after_a_restore",
            f"{FAULTS}backup.py::test_the_commands_of_the_page",
            f"{FAULTS}backup.py::test_a_copy_that_was_cut_off_is_noticed",
            f"{FAULTS}copied_files.py::test_a_file_that_is_copied_alone_lacks_commits",
            f"{FAULTS}copied_files.py::test_what_the_page_says_puts_a_copy_in_the_place_of_a_store",
        ),
    ),
    Promise(
        "R29",
        "The tests notice when something is wrong: each broken store, and most changes to the core.",
        (
            "tests/kit/test_mutants.py::test_a_mutant_is_caught_by_a_case_that_is_named_for_it",
            "tests/kit/test_mutants.py::test_every_case_can_fail",
        ),
        open="changes to the core are tried by `make mutants`: before a release in every tenth place of it",
    ),
    Promise(
        "R30",
        "No promise is without a test.",
        (f"{UNIT}test_promises.py::test_each_promise_has_a_test_or_is_of_later_work",),
    ),
    Promise(
        "S20",
        "A participant's ref stands in one table and nowhere else: in no event, id, receipt, lane, log or export.",
        (
            f"{FAULTS}erasing.py::test_every_trigger_that_takes_a_participant_is_planted",
            f"{FAULTS}erasing.py::test_in_memory_nothing_is_left",
            f"{UNIT}test_log.py::test_no_event_holds_personal_data",
            f"{UNIT}test_transfer.py::test_refs_stay_behind_unless_they_are_asked_for",
            "tests/domain/existing/test_planted_words.py::test_no_log_gives_them_away",
            "tests/domain/existing/test_planted_words.py::test_no_error_gives_them_away",
            "tests/domain/existing/test_planted_words.py::test_no_delivery_gives_them_away",
            "tests/domain/existing/test_planted_words.py::test_no_mail_gives_them_away",
            "tests/domain/test_delivered_words.py::test_no_log_tells_a_word",
        ),
    ),
    Promise(
        "S21",
        "What is forgotten was never hashed, but for a commitment whose salt is forgotten too.",
        (
            f"{UNIT}test_door.py::test_a_commitment_depends_on_salt_and_reference",
            f"{UNIT}test_engine_erase.py::test_the_same_ref_is_somebody_new",
            f"{UNIT}test_engine_erase.py::test_the_ref_is_gone_and_the_history_says_so",
        ),
    ),
    Promise(
        "S22",
        "Another party can check a history, without this library and against what it kept of it.",
        (
            f"{FAULTS}tampering.py::test_the_page_needs_python_alone",
            f"{FAULTS}tampering.py::test_the_page_is_run_on_its_own",
            f"{FAULTS}moving.py::test_the_page_reads_an_export_as_the_import_does",
            f"{UNIT}test_checkpoints.py::test_a_history_that_was_cut_with_its_head",
            f"{UNIT}test_checkpoints.py::test_a_history_that_was_written_anew",
            f"{UNIT}test_checkpoints.py::test_a_damaged_checkpoint_is_refused_with_its_line",
        ),
    ),
    Promise(
        "S23",
        "What is hashed has one form, which others can write too.",
        (
            f"{PROPERTY}canonical.py::test_every_event_is_written_alike",
            f"{PROPERTY}canonical.py::test_every_value_is_written_alike",
            "kit D16",
        ),
    ),
)


def claims(proof: str) -> list[tuple[str, str]]:
    """Return what a proof claims, each behind its name; none where there is no such test."""
    if proof == "kit model":
        return [(proof, claim) for _, claim in claims(MODEL)]
    if proof.startswith("kit "):
        return [(f"{proof} {case.name}", case.claim) for case in CASES if case.id == proof.removeprefix("kit ")]
    file, _, function = proof.partition("::")
    claim = _docstrings(file).get(function)
    return [(proof, claim)] if claim else []


@cache
def _docstrings(file: str) -> dict[str, str]:
    path = ROOT / file
    if not path.is_file():
        return {}
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    functions = (node for node in nodes if isinstance(node, ast.FunctionDef))
    return {one.name: " ".join((ast.get_docstring(one) or "").split()) for one in functions}


def page() -> str:
    """Return the text of the page."""
    return "\n".join([*_lines(), ""])


def _lines() -> Iterator[str]:
    yield "# Promises"
    yield ""
    yield "What the library promises of its stores and its engine, and the tests that hold it to that. This page is"
    yield "made from the tests themselves, and a test fails when it is not what they say. A *kit* case is one of the"
    yield "[conformance kit](conformance.md), which runs on each store of ours; all others are in the folder `tests`."
    for promise in PROMISES:
        if promise.proofs:
            yield ""
            yield f"## {promise.id}"
            yield ""
            yield promise.text
            yield ""
            yield from (f"- `{name}`: {claim}" for proof in promise.proofs for name, claim in claims(proof))
            if promise.open:
                yield ""
                yield f"*Not yet*: {promise.open}."
    yield ""
    yield "## Not yet"
    yield ""
    yield "These come with later work. The list can only become shorter."
    yield ""
    yield from (f"- {promise.id}: {promise.text}" for promise in PROMISES if not promise.proofs)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
