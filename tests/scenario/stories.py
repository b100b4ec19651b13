"""Short stories in the words of a scenario file: what happens beside the main road of `existing-contract`.

Each is played by `test_existing_contract`, on the workflow as it is, and on the workflow with something taken out.
"""

from collections.abc import Mapping

ACTORS = """\
scenario: story
workflow: existing-contract
actors:
  board: {id: board-1, roles: [board]}
  owner: {id: owner-1, roles: [client_owner]}
  lead: {id: lead-1, roles: [coordinator]}
  hr: {id: hr-1, roles: [hr]}
  buyer: {id: buyer-1, roles: [procurement]}
  manager: {id: manager-1, roles: [contract_manager]}
  budget: {id: budget-1, roles: [budget_holder]}
  coach: {id: coach-1, roles: [supervisor]}
  guide: {id: guide-1, roles: [facilitator]}
  anna: {id: anna-1, roles: [supplier_lead], party: anna}
  anna_hr: {id: anna-2, roles: [supplier_hr], party: anna}
  bo: {id: bo-1, roles: [supplier_lead], party: bo}
  bo_hr: {id: bo-2, roles: [supplier_hr], party: bo}
steps:
"""

BEGUN = (
    "at: 2026-01-05, by: lead, start: {title: Catering, organisation: UU, category: catering, sector: facilities}",
    "at: 2026-01-05, by: anna, fire: propose, track: anna, data: {supplier: Anna}, then: {tracks: {anna: identified}}",
    "at: 2026-01-05, by: manager, fire: identify, track: bo, data: {supplier: Bo, contract: C-2}",
)

SESSION = (
    "at: 2026-01-12, by: lead, fire: log_activity, data: {type: joint_session, date: 2026-01-12,"
    " present: [{person: hr-1, role: hr}, {person: buyer-1, role: procurement}, {person: manager-1, role: contract_manager}]}"
)

EXPLORED = (
    *BEGUN,
    SESSION,
    "at: 2026-01-12, by: lead, fire: add_evidence, data: {type: inventory, date: 2026-01-12, reference: D-1}",
    "at: 2026-01-12, by: lead, fire: choose_route, data: {route: existing-contract, rationale: It fits}",
    "at: 2026-01-12, by: lead, fire: complete_exploration, then: {state: committing}",
)

COMMITTED = (
    "at: 2026-01-19, by: board, fire: record_decision, data: {date: 2026-01-19, reference: B-1}",
    "at: 2026-01-19, by: lead, fire: assign, data: {duty: client_owner, person: owner-1}",
    "at: 2026-01-19, by: lead, fire: add_evidence, data: {type: action_plan, date: 2026-01-19, reference: D-2}",
    "at: 2026-01-19, by: lead, fire: set_goal, data: {kind: short, text: Talk, due: 2026-02-16}, keep: talk",
    "at: 2026-01-19, by: lead, fire: set_goal, data: {kind: horizon, text: Everywhere}, keep: dot",
)

ENGAGED = (*EXPLORED, *COMMITTED, "at: 2026-01-19, by: owner, fire: open_supplier_talks, then: {state: engaging}")

BOTH = "present: [{person: manager-1, role: contract_manager}, {person: x-1, role: supplier_lead}]"

AGREED = (
    *ENGAGED,
    "at: 2026-01-26, by: lead, fire: invite, track: [anna, bo], then: {tracks: {anna: invited, bo: invited}}",
    f"at: 2026-01-27, by: manager, fire: start_talk, track: [anna, bo], data: {{date: 2026-01-27, {BOTH}}}",
    "at: 2026-01-28, by: anna, fire: express_willingness, track: anna",
    "at: 2026-01-28, by: bo, fire: express_willingness, track: bo",
    "at: 2026-02-02, by: owner, fire: sign_agreement, track: anna,"
    " data: {places: {day_activity: 1, employment: 1, bundled: 1}, from: 2026-02-02}, pending: [supplier_lead]",
    "at: 2026-02-02, by: anna, fire: sign_agreement, track: anna, then: {tracks: {anna: agreed, bo: willing}}",
    "at: 2026-02-02, by: bo, fire: sign_agreement, track: bo,"
    " data: {places: {day_activity: 2, bundled: 1}, from: 2026-02-02}, pending: [client_owner]",
    "at: 2026-02-02, by: owner, fire: sign_agreement, track: bo, then: {tracks: {bo: agreed}}",
)

STAFFED = (
    "at: 2026-02-03, by: lead, fire: assign, data: {duty: contact_client, person: manager-1}",
    "at: 2026-02-03, by: lead, fire: assign, data: {duty: supervision, person: coach-1}",
    "at: 2026-02-03, by: owner, fire: assign, data: {duty: contact_supplier, person: anna-1, track: anna}",
    "at: 2026-02-03, by: owner, fire: assign, data: {duty: contact_supplier, person: bo-1, track: bo}",
)

RUNNING = (
    *AGREED,
    *STAFFED,
    "at: 2026-02-09, by: manager, fire: assign, data: {duty: contract_manager, person: manager-1}, refused: [forbidden-role]",
    "at: 2026-02-09, by: lead, fire: start_implementation, warns: [], then: {state: implementing}",
    "at: 2026-02-09, by: anna, fire: start_delivery, track: anna, then: {tracks: {anna: delivering, bo: agreed}}",
)


def placement(who: str, kind: str = "day_activity", **more: str) -> str:
    fields = {
        "participant": f"person-{who}",
        "kind": kind,
        "weekly_hours": "16",
        "start": "2026-02-16",
        "paid": "false",
        "counts_for_banenafspraak": '"no"',
        **more,
    }
    return "data: {" + ", ".join(f"{name}: {value}" for name, value in fields.items()) + "}"


def report(day: str) -> str:
    return f"at: {day}, by: hr, fire: add_evidence, data: {{type: report, date: {day}, reference: D-9}}"


PLACED = (
    *RUNNING,
    f"at: 2026-02-16, by: anna_hr, fire: start_placement, track: anna, {placement('one')}, keep: one",
    f"at: 2026-02-16, by: hr, fire: start_placement, track: bo, {placement('two')}, keep: two",
)

REPORTED = (
    *PLACED,
    "at: 2026-04-01, by: lead, fire: start_evaluation, warns: [], then: {state: evaluating}",
    report("2026-04-02"),
)

ENDED = (
    "at: 2026-05-01, by: anna_hr, fire: end_placement, track: anna,"
    " data: {placement: $one, end: 2026-05-01, reason: moved_on}",
    "at: 2026-05-01, by: anna, fire: complete, track: anna, then: {tracks: {anna: completed}}",
)

DONE = (
    "at: 2026-05-04, by: bo, fire: withdraw, track: bo, data: {reason: Sold}, refused: [missing-placement-plan]",
    "at: 2026-05-04, by: bo, fire: withdraw, track: bo, data: {reason: Sold, placement_plan: The municipality takes over},"
    " then: {tracks: {bo: withdrawn}}",
)

STORIES: Mapping[str, tuple[str, ...]] = {
    "the exploration needs a pair, an inventory and a route": (
        *BEGUN,
        "at: 2026-01-06, by: lead, fire: log_activity, data: {type: workshop, date: 2026-01-06,"
        " present: [{person: hr-1, role: hr}, {person: hr-1, role: procurement}]}",
        "at: 2026-01-06, by: lead, fire: complete_exploration, refused: [missing-pair, missing-inventory, missing-route]",
        "at: 2026-01-07, by: lead, fire: log_activity, data: {type: workshop, date: 2026-01-07,"
        " present: [{person: hr-1, role: hr}, {person: buyer-1, role: procurement}]}",
        "at: 2026-01-07, by: lead, fire: complete_exploration, refused: [missing-inventory, missing-route]",
        "at: 2026-01-07, by: lead, fire: add_evidence, data: {type: inventory, date: 2026-01-07, reference: D-1}",
        "at: 2026-01-07, by: lead, fire: complete_exploration, refused: [missing-route]",
        "at: 2026-01-07, by: lead, fire: choose_route, data: {route: existing-contract, rationale: It fits}",
        "at: 2026-01-07, by: lead, fire: complete_exploration, warns: [no-contract-manager], then: {state: committing}",
    ),
    "one person is no coalition": (
        *BEGUN,
        "at: 2026-01-06, by: lead, fire: log_activity, data: {type: workshop, date: 2026-01-06,"
        " present: [{person: x, role: facilitator}]}",
        "at: 2026-01-06, by: lead, fire: complete_exploration, refused: [missing-pair, missing-inventory, missing-route]",
    ),
    "the talks open with commitment, an owner, a plan and goals; the rest is advice": (
        *EXPLORED,
        "at: 2026-01-19, by: owner, fire: open_supplier_talks,"
        " refused: [missing-commitment, missing-owner, missing-plan, missing-goals]",
        *COMMITTED[:3],
        "at: 2026-01-19, by: lead, fire: set_goal, data: {kind: short, text: Late, due: 2026-12-31}",
        "at: 2026-01-19, by: lead, fire: set_goal, data: {kind: horizon, text: Everywhere}",
        "at: 2026-01-19, by: owner, fire: open_supplier_talks, refused: [missing-goals]",
        "at: 2026-01-19, by: lead, fire: set_goal, data: {kind: short, text: No day}, refused: [missing-field]",
        COMMITTED[3],
        "at: 2026-01-19, by: board, fire: endorse_publicly, data: {date: 2025-07-01, reference: P-1}",
        "at: 2026-01-19, by: lead, fire: add_evidence, data: {type: mission_link, date: 2026-01-19, reference: D-3}",
        "at: 2026-01-19, by: board, fire: endorse_publicly, data: {date: 2026-01-15, reference: P-2}",
        "at: 2026-01-19, by: lead, fire: open_supplier_talks, warns: [], then: {state: engaging}",
    ),
    "a withdrawn decision stops new steps and lets people work on": (
        *PLACED,
        "at: 2026-02-20, by: lead, fire: pause, data: {reason: Summer, resume_by: 2026-03-20}, warns: [active-placements]",
        "at: 2026-02-20, by: board, fire: withdraw_commitment, data: {reason: New policy}",
        "at: 2026-02-20, by: hr, fire: change_hours, track: bo, data: {placement: $two, weekly_hours: 24, from: 2026-02-20}",
        "at: 2026-02-20, by: coach, fire: record_retention, track: anna, data: {placement: $one, weeks: 13, answer: unknown}",
        "at: 2026-02-20, by: hr, fire: end_placement, track: anna,"
        " data: {placement: $one, end: 2026-02-20, reason: ended_early}",
        f"at: 2026-02-20, by: anna_hr, fire: start_placement, track: anna, {placement('five', start='2026-02-20')},"
        " refused: [paused, commitment-withdrawn]",
        "at: 2026-02-20, by: lead, fire: resume",
        "at: 2026-02-20, by: board, fire: update_details, data: {title: Other}, refused: [forbidden-role]",
        f"at: 2026-02-23, by: bo_hr, fire: start_placement, track: bo, {placement('three', start='2026-02-23')},"
        " refused: [commitment-withdrawn]",
        f"at: 2026-02-23, by: anna_hr, fire: start_placement, track: anna, {placement('four', 'employment', start='2026-02-23')},"
        " refused: [commitment-withdrawn]",
        "at: 2026-02-23, by: owner, fire: amend_agreement, track: bo, data: {places: {day_activity: 3}, from: 2026-02-23},"
        " refused: [commitment-withdrawn]",
        "at: 2026-02-23, by: manager, fire: identify, track: cas, data: {supplier: Cas}",
        "at: 2026-02-23, by: manager, fire: invite, track: cas, refused: [commitment-withdrawn]",
        "at: 2026-02-23, by: hr, fire: change_hours, track: bo, data: {placement: $two, weekly_hours: 20, from: 2026-02-23}",
        "at: 2026-02-23, by: board, fire: record_decision, data: {date: 2026-02-23, reference: B-2, mission_link: Ours}",
        "at: 2026-02-23, by: manager, fire: invite, track: cas, then: {tracks: {cas: invited}}",
    ),
    "a withdrawn decision stops signatures, invitations anew, and new suppliers": (
        *ENGAGED,
        "at: 2026-01-26, by: buyer, fire: invite, track: [anna, bo]",
        f"at: 2026-01-27, by: anna, fire: start_talk, track: anna, data: {{date: 2026-01-27, {BOTH}}}",
        "at: 2026-01-28, by: anna, fire: express_willingness, track: anna",
        "at: 2026-01-28, by: bo, fire: decline, track: bo, data: {reason: capacity}, then: {tracks: {bo: declined}}",
        "at: 2026-01-29, by: board, fire: withdraw_commitment, data: {reason: New policy}",
        "at: 2026-01-30, by: owner, fire: sign_agreement, track: anna, data: {places: {training: 1}, from: 2026-02-01},"
        " refused: [commitment-withdrawn]",
        "at: 2026-01-30, by: lead, fire: reinvite, track: bo, refused: [commitment-withdrawn]",
    ),
    "a talk needs both sides, and may begin on either": (
        *ENGAGED,
        "at: 2026-01-26, by: manager, fire: start_talk, track: anna,"
        " data: {date: 2026-01-26, present: [{person: manager-1, role: contract_manager}]},"
        " refused: [wrong-state, missing-counterpart]",
        "at: 2026-01-26, by: buyer, fire: invite, track: anna",
        "at: 2026-01-27, by: lead, fire: start_talk, track: anna,"
        " data: {date: 2026-01-27, present: [{person: anna-1, role: supplier_hr}]}, refused: [missing-counterpart]",
        f"at: 2026-01-27, by: anna, fire: start_talk, track: anna, data: {{date: 2026-01-27, {BOTH}}},"
        " then: {tracks: {anna: talking}, records: {activity: 2}}",
    ),
    "who declines says why, and the client only that it does not suit": (
        *ENGAGED,
        "at: 2026-01-26, by: buyer, fire: invite, track: [anna, bo]",
        "at: 2026-01-27, by: owner, fire: decline, track: anna, data: {reason: capacity}, refused: [unilateral]",
        "at: 2026-01-27, by: owner, fire: decline, track: anna, data: {reason: not_suitable}, then: {tracks: {anna: declined}}",
        "at: 2026-01-27, by: bo, fire: decline, track: bo, data: {reason: not_suitable}, then: {tracks: {bo: declined}}",
        "at: 2026-01-28, by: anna, fire: reinvite, track: anna, refused: [unilateral]",
        "at: 2026-01-28, by: lead, fire: reinvite, track: anna, then: {tracks: {anna: invited}}",
    ),
    "a parked supplier comes back to where it was": (
        *ENGAGED,
        "at: 2026-01-26, by: buyer, fire: invite, track: [anna, bo]",
        f"at: 2026-01-27, by: buyer, fire: start_talk, track: anna, data: {{date: 2026-01-27, {BOTH}}}",
        "at: 2026-01-28, by: anna, fire: park, track: anna, data: {until: 2026-01-28}, refused: [bad-value]",
        "at: 2026-01-28, by: anna, fire: park, track: anna, data: {until: 2026-03-01}, then: {tracks: {anna: parked}}",
        "at: 2026-01-28, by: lead, fire: park, track: bo, data: {until: 2026-03-01}, then: {tracks: {bo: parked}}",
        "at: 2026-02-28, by: lead, fire: unpark, track: anna, then: {tracks: {anna: talking}}",
        "at: 2026-02-28, by: lead, fire: reinvite, track: bo, then: {tracks: {bo: invited}}",
    ),
    "both sides sign the same": (
        *ENGAGED,
        "at: 2026-01-26, by: buyer, fire: invite, track: anna",
        f"at: 2026-01-27, by: buyer, fire: start_talk, track: anna, data: {{date: 2026-01-27, {BOTH}}}",
        "at: 2026-01-28, by: anna, fire: express_willingness, track: anna",
        "at: 2026-02-02, by: anna, fire: sign_agreement, track: anna, data: {places: {training: 1}, from: 2026-02-02,"
        " conditions: Call 06-12345678}, refused: [privacy-violation]",
        "at: 2026-02-02, by: anna, fire: sign_agreement, track: anna, data: {places: {}, from: 2026-02-02},"
        " refused: [missing-field]",
        "at: 2026-02-02, by: anna, fire: sign_agreement, track: anna, data: {places: {training: 0}, from: 2026-02-02},"
        " refused: [bad-value]",
        "at: 2026-02-02, by: anna, fire: sign_agreement, track: anna, data: {places: {training: 1}, from: 2026-02-02},"
        " pending: [client_owner], then: {tracks: {anna: willing}}",
        "at: 2026-02-02, by: owner, fire: sign_agreement, track: anna, data: {places: {training: 2}, from: 2026-02-02},"
        " pending: [supplier_lead], then: {tracks: {anna: willing}}",
        "at: 2026-02-02, by: anna, fire: sign_agreement, track: anna, then: {tracks: {anna: agreed},"
        " metrics: {places_agreed: {training: 2}}}",
    ),
    "the implementation starts together, with everyone in place": (
        *AGREED[: len(ENGAGED)],
        "at: 2026-01-26, by: buyer, fire: invite, track: [anna, bo]",
        f"at: 2026-01-27, by: buyer, fire: start_talk, track: anna, data: {{date: 2026-01-27, {BOTH}}}",
        "at: 2026-01-28, by: anna, fire: express_willingness, track: anna",
        "at: 2026-01-29, by: lead, fire: start_implementation, refused: [missing-signature, missing-roles]",
        "at: 2026-02-02, by: owner, fire: sign_agreement, track: anna, data: {places: {training: 1}, from: 2026-02-02}",
        "at: 2026-02-02, by: anna, fire: sign_agreement, track: anna",
        *STAFFED[:2],
        "at: 2026-02-03, by: lead, fire: start_implementation, refused: [missing-roles]",
        STAFFED[2],
        "at: 2026-02-03, by: manager, fire: start_implementation, refused: [missing-counterpart]",
        "at: 2026-02-03, by: owner, fire: assign, data: {duty: coordinator, person: lead-1}",
        "at: 2026-02-03, by: manager, fire: start_implementation, warns: [undecided-tracks], then: {state: implementing}",
    ),
    "a pilot on hold lets little through": (
        *ENGAGED,
        "at: 2026-01-20, by: lead, fire: resume, refused: [wrong-state]",
        "at: 2026-01-20, by: lead, fire: pause, data: {reason: Moving, resume_by: 2026-01-20}, refused: [bad-value]",
        "at: 2026-01-20, by: lead, fire: pause, data: {reason: Moving, resume_by: 2026-07-22}, refused: [bad-value]",
        "at: 2026-01-20, by: owner, fire: pause, data: {reason: Moving, resume_by: 2026-07-21}, warns: [], then: {hold: paused}",
        "at: 2026-01-21, by: buyer, fire: invite, track: anna, refused: [paused]",
        "at: 2026-01-21, by: lead, fire: set_goal, data: {kind: horizon, text: More}, refused: [paused]",
        "at: 2026-01-21, by: guide, fire: add_lesson, data: {text: Begin small}",
        "at: 2026-01-21, by: hr, fire: log_activity, data: {type: coffee, date: 2026-01-21}, keep: coffee",
        "at: 2026-01-21, by: hr, fire: correct, data: {record: $coffee, fields: {type: call}, reason: A slip}",
        "at: 2026-01-22, by: owner, fire: resume, then: {hold: running, state: engaging}",
    ),
    "a pilot that stops leaves a lesson": (
        *BEGUN,
        "at: 2026-01-20, by: lead, fire: pause, data: {reason: Moving, resume_by: 2026-02-01}",
        "at: 2026-01-21, by: lead, fire: stop, data: {reason: No budget}, refused: [forbidden-role]",
        "at: 2026-01-21, by: owner, fire: stop, data: {reason: No budget}, refused: [missing-lessons]",
        "at: 2026-01-21, by: hr, fire: add_lesson, data: {text: Begin small}",
        "at: 2026-01-21, by: owner, fire: stop, data: {reason: No budget}, then: {state: closed, outcome: stopped}",
        "at: 2026-04-21, by: guide, fire: check_in, data: {date: 2026-04-21, mood: going_well}, warns: []",
        "at: 2026-04-21, by: lead, fire: spawn_follow_up, data: {title: Again}, refused: [wrong-state]",
    ),
    "a pilot that stops has a plan for who is placed": (
        *PLACED,
        "at: 2026-03-02, by: hr, fire: add_lesson, data: {text: Begin small}",
        "at: 2026-03-02, by: board, fire: stop, data: {reason: No budget}, refused: [missing-placement-plan]",
        "at: 2026-03-02, by: board, fire: stop, data: {reason: No budget, placement_plan: All go on}, then: {outcome: stopped}",
        "at: 2026-05-20, by: coach, fire: record_retention, track: anna,"
        " data: {placement: $one, weeks: 13, answer: same_or_better}",
    ),
    "places are limits, and persons are in one place at a time": (
        *PLACED,
        f"at: 2026-02-17, by: anna, fire: start_placement, track: anna, {placement('three', start='2026-02-17')},"
        " refused: [capacity-exceeded]",
        f"at: 2026-02-17, by: bo, fire: start_placement, track: bo, {placement('one', start='2026-02-17')}, refused: [overlap]",
        f"at: 2026-02-17, by: bo_hr, fire: start_placement, track: anna, {placement('four', 'employment')},"
        " refused: [forbidden-role]",
        f"at: 2026-02-17, by: bo_hr, fire: start_placement, track: bo, {placement('four', 'employment')},"
        " refused: [capacity-exceeded]",
        f"at: 2026-02-17, by: anna_hr, fire: start_placement, track: anna, {placement('two', 'employment')}, refused: [overlap]",
        f"at: 2026-02-17, by: anna_hr, fire: start_placement, track: anna,"
        f" {placement('five', 'employment', employer='call 06-12345678')}, refused: [privacy-violation]",
        f"at: 2026-02-17, by: bo_hr, fire: start_placement, track: bo,"
        f" {placement('six', start='2026-02-17', employer='call 06-12345678')}, refused: [privacy-violation]",
        "at: 2026-02-17, by: bo_hr, fire: move_placement, track: bo,"
        " data: {placement: $two, start: 2026-02-17, kind: employment}, refused: [capacity-exceeded]",
        "at: 2026-02-17, by: hr, fire: move_placement, track: bo,"
        " data: {placement: $two, start: 2026-02-17, kind: employment, to_track: anna}, keep: two",
        "at: 2026-02-17, by: anna_hr, fire: move_placement, track: anna,"
        " data: {placement: $two, start: 2026-03-17, to_track: bo, kind: day_activity}, refused: [forbidden-role]",
        "at: 2026-02-17, by: owner, fire: amend_agreement, track: anna, data: {places: {day_activity: 1}, from: 2026-02-17},"
        " refused: [capacity-exceeded]",
        "at: 2026-02-17, by: owner, fire: amend_agreement, track: anna, data: {places: {employment: 1, day_activity: 1},"
        " from: 2026-02-17, conditions: Call 06-12345678}, refused: [privacy-violation]",
        "at: 2026-02-17, by: anna_hr, fire: correct, data: {record: $one, fields: {kind: employment}, reason: A slip},"
        " refused: [capacity-exceeded]",
        "at: 2026-02-17, then: {metrics: {placements_started: 3, placements_active: 2}}",
    ),
    "a move cannot run into what is planned for the same person": (
        *PLACED,
        "at: 2026-02-18, by: hr, fire: end_placement, track: bo,"
        " data: {placement: $two, end: 2026-03-01, reason: contract_end}",
        f"at: 2026-02-18, by: anna_hr, fire: start_placement, track: anna,"
        f" {placement('two', 'employment', start='2026-03-01', end='2026-04-01')}, keep: later",
        f"at: 2026-02-18, by: hr, fire: start_placement, track: bo, {placement('seven', start='2026-02-18')}, keep: seven",
        f"at: 2026-02-18, by: hr, fire: start_placement, track: bo,"
        f" {placement('two', start='2026-04-01')}, keep: last",
        "at: 2026-02-18, by: anna_hr, fire: move_placement, track: anna,"
        " data: {placement: $later, start: 2026-03-15, kind: bundled}, refused: [overlap, missing-field]",
        "at: 2026-02-18, by: hr, fire: correct, data: {record: $last, fields: {start: 2026-03-31}, reason: A slip},"
        " refused: [overlap]",
        "at: 2026-02-18, by: hr, fire: end_placement, track: bo,"
        " data: {placement: $last, end: 2026-04-02, reason: contract_end}",
    ),
    "one job may be made of the tasks of two suppliers": (
        *RUNNING,
        f"at: 2026-02-16, by: hr, fire: start_placement, track: anna, {placement('one', 'bundled')}, refused: [missing-field]",
        f"at: 2026-02-16, by: hr, fire: start_placement, track: bo,"
        f" {placement('one', 'bundled', contributions='[{track: anna, weekly_hours: 8}, {track: bo, weekly_hours: 4}]')},"
        " refused: [bad-value]",
        f"at: 2026-02-16, by: hr, fire: start_placement, track: anna,"
        f" {placement('one', 'bundled', contributions='[{track: anna, weekly_hours: 8}, {track: bo, weekly_hours: 4}]')},"
        " refused: [bad-value]",
        f"at: 2026-02-16, by: hr, fire: start_placement, track: anna,"
        f" {placement('one', 'bundled', contributions='[{track: anna, weekly_hours: 12}, {track: bo, weekly_hours: 4}]')},"
        " keep: job, then: {metrics: {placements_active: 1, persons_placed: 1}}",
        f"at: 2026-02-17, by: hr, fire: start_placement, track: bo,"
        f" {placement('two', 'bundled', contributions='[{track: anna, weekly_hours: 8}, {track: bo, weekly_hours: 8}]')},"
        " refused: [capacity-exceeded]",
        "at: 2026-02-17, by: hr, fire: move_placement, track: anna,"
        " data: {placement: $job, start: 2026-02-17, weekly_hours: 20}, refused: [bad-value]",
        "at: 2026-02-17, by: hr, fire: start_delivery, track: bo, refused: [forbidden-role]",
        "at: 2026-02-17, by: bo, fire: start_delivery, track: bo",
        "at: 2026-02-17, by: bo, fire: complete, track: bo, refused: [placements-active]",
        "at: 2026-02-17, by: bo, fire: complete, track: bo, data: {handed_over: [$job]}, then: {tracks: {bo: completed},"
        " metrics: {placements_active: 1}}",
    ),
    "agreed is enough to place, once the pilot implements": (
        *AGREED,
        f"at: 2026-02-03, by: bo_hr, fire: start_placement, track: bo, {placement('one')}, refused: [wrong-state]",
        *STAFFED,
        "at: 2026-02-09, by: lead, fire: start_implementation",
        f"at: 2026-02-16, by: bo_hr, fire: start_placement, track: bo, {placement('one', end='2026-06-01')}, keep: one",
        f"at: 2026-02-16, by: bo_hr, fire: start_placement, track: bo, {placement('one', start='2026-03-01')}, keep: two,"
        " refused: [overlap]",
        f"at: 2026-02-16, by: bo_hr, fire: start_placement, track: bo, {placement('two')}, keep: two",
        f"at: 2026-02-16, by: bo_hr, fire: start_placement, track: bo, {placement('three')}, refused: [capacity-exceeded]",
        f"at: 2026-02-16, by: bo_hr, fire: start_placement, track: bo,"
        f" {placement('three', 'bundled', contributions='[{track: anna, weekly_hours: 8}, {track: bo, weekly_hours: 4}]')},"
        " refused: [bad-value]",
        "at: 2026-02-18, by: bo_hr, fire: end_placement, track: bo,"
        " data: {placement: $two, end: 2026-03-01, reason: contract_end}",
        f"at: 2026-02-18, by: hr, fire: start_placement, track: anna,"
        f" {placement('two', 'employment', start='2026-03-01')}",
        "at: 2026-02-18, by: bo_hr, fire: move_placement, track: bo,"
        " data: {placement: $one, start: 2026-02-18, kind: bundled}, refused: [missing-field]",
        "at: 2026-02-18, by: bo_hr, fire: move_placement, track: bo,"
        " data: {placement: $one, start: 2026-02-18, kind: training}, refused: [capacity-exceeded]",
        f"at: 2026-02-18, by: hr, fire: start_placement, track: bo, {placement('one', start='2026-06-01')}",
        "at: 2026-02-18, by: bo_hr, fire: move_placement, track: bo, data: {placement: $one, start: 2026-02-18, paid: true},"
        " refused: [overlap]",
        "at: 2026-02-18, by: bo_hr, fire: move_placement, track: bo,"
        " data: {placement: $one, start: 2026-02-18, end: 2026-06-01, paid: true}",
    ),
    "a round of evaluation ends in another round, or in new suppliers": (
        *PLACED,
        "at: 2026-03-02, by: anna, fire: add_obstacle, data: {text: No bus}, keep: bus",
        "at: 2026-04-01, by: lead, fire: widen, refused: [forbidden-role]",
        "at: 2026-04-01, by: owner, fire: start_evaluation, warns: [open-obstacles], then: {state: evaluating}",
        "at: 2026-04-01, by: owner, fire: iterate, refused: [missing-report]",
        "at: 2026-04-01, by: owner, fire: widen, refused: [missing-report]",
        "at: 2026-04-01, by: owner, fire: conclude, data: {outcome: ended}, refused: [missing-report, open-tracks]",
        "at: 2026-04-02, by: guide, fire: resolve_obstacle, data: {obstacle: $bus}",
        report("2026-04-02"),
        "at: 2026-04-03, by: board, fire: withdraw_commitment, data: {reason: New policy}",
        "at: 2026-04-03, by: owner, fire: widen, refused: [commitment-withdrawn]",
        "at: 2026-04-03, by: board, fire: record_decision, data: {date: 2026-04-03, reference: B-2}",
        "at: 2026-04-03, by: owner, fire: widen, then: {state: engaging, cycle: 2}",
        "at: 2026-04-03, by: lead, fire: start_implementation, refused: [missing-counterpart]",
        "at: 2026-04-03, by: lead, fire: assign, data: {duty: contract_manager, person: manager-1}",
        "at: 2026-04-03, by: lead, fire: start_implementation, then: {state: implementing, cycle: 2}",
        "at: 2026-04-30, by: lead, fire: start_evaluation",
        "at: 2026-04-30, by: owner, fire: iterate, refused: [missing-report]",
        report("2026-04-30"),
        "at: 2026-04-30, by: owner, fire: iterate, then: {state: implementing, cycle: 3}",
        "at: 2026-05-01, by: manager, fire: complete, track: anna, refused: [missing-counterpart, placements-active]",
        "at: 2026-05-01, by: manager, fire: complete, track: anna, data: {handed_over: [$one]}, refused: [missing-counterpart]",
        "at: 2026-05-01, by: lead, fire: assign, data: {duty: supplier_lead, person: anna-1, track: anna}",
        "at: 2026-05-01, by: manager, fire: complete, track: anna, data: {handed_over: [$one]},"
        " then: {tracks: {anna: completed}}",
    ),
    "a follow-up takes over what was parked": (
        *PLACED,
        "at: 2026-03-02, by: buyer, fire: identify, track: cas, data: {supplier: Cas}",
        "at: 2026-03-02, by: buyer, fire: invite, track: cas",
        "at: 2026-03-02, by: lead, fire: park, track: cas, data: {until: 2026-09-01}",
        *REPORTED[len(PLACED) :],
        *ENDED,
        "at: 2026-05-01, by: owner, fire: conclude, data: {outcome: follow_up, carry: [cas, bo]}, refused: [open-tracks]",
        *DONE,
        "at: 2026-05-05, by: owner, fire: conclude, data: {outcome: follow_up}, refused: [open-tracks]",
        "at: 2026-05-05, by: board, fire: conclude, data: {outcome: embedded, carry: [cas]},"
        " refused: [unknown-field, open-tracks, missing-embedding]",
        "at: 2026-05-05, by: owner, fire: conclude, data: {outcome: follow_up, carry: [cas]}, warns: [no-story],"
        " then: {state: closed, outcome: follow_up, tracks: {cas: parked}}",
    ),
    "an ended pilot is closed to all but a few things": (
        *REPORTED,
        *ENDED,
        *DONE,
        "at: 2026-05-06, by: lead, fire: share_story, data: {title: Hello, url: https://example.org/1, consent: a@example.org,"
        " scope: site, consent_date: 2026-05-06}, refused: [privacy-violation]",
        "at: 2026-05-06, by: owner, fire: conclude, data: {outcome: embedded}, refused: [forbidden-role]",
        "at: 2026-05-06, by: board, fire: conclude, data: {outcome: embedded}, refused: [missing-embedding]",
        "at: 2026-05-06, by: board, fire: conclude, data: {outcome: ended}, refused: [forbidden-role]",
        "at: 2026-05-06, by: owner, fire: conclude, data: {outcome: ended}, warns: [no-story],"
        " then: {state: closed, outcome: ended}",
        "at: 2026-05-07, by: hr, fire: set_goal, data: {kind: horizon, text: More}, refused: [forbidden-role]",
        "at: 2026-05-07, by: lead, fire: set_goal, data: {kind: horizon, text: More}, refused: [wrong-state]",
        "at: 2026-05-07, by: hr, fire: add_lesson, data: {text: Begin small}",
        "at: 2026-05-07, by: hr, fire: record_retention, track: bo, data: {placement: $two, weeks: 13, answer: left}",
        "at: 2026-05-07, by: hr, fire: record_retention, track: bo, data: {placement: $two, weeks: 14, answer: left},"
        " refused: [bad-value]",
        "at: 2026-05-07, by: lead, fire: spawn_follow_up, data: {title: Again}, refused: [wrong-state]",
    ),
    "a follow-up begins where the first pilot ended": (
        *REPORTED,
        *ENDED,
        "at: 2026-05-04, by: lead, fire: spawn_follow_up, data: {title: Again}, refused: [wrong-state]",
        *DONE,
        "at: 2026-05-04, by: lead, fire: share_story, data: {title: Hello, url: https://example.org/1, consent: ref-1,"
        " scope: site, consent_date: 2026-05-04}, keep: story",
        "at: 2026-05-05, by: owner, fire: conclude, data: {outcome: follow_up}, warns: [], then: {outcome: follow_up}",
        "at: 2026-05-06, by: lead, fire: withdraw_story, data: {story: $story, date: 2026-05-06}, then: {records: {story: 0}}",
        "at: 2026-05-06, by: lead, fire: spawn_follow_up, data: {title: Again}, as: again, then: {state: closed}",
        "at: 2026-05-07, pilot: again, then: {state: exploring}",
    ),
    "what people plan, meet and learn is written down": (
        *ENGAGED,
        "at: 2026-01-20, by: guide, fire: check_in, data: {date: 2026-01-20, mood: stuck, help_from: DNZ}, warns: [no-next-step]",
        "at: 2026-01-20, by: guide, fire: plan_step, data: {what: Call, who: lead-1, due: 2026-01-23}, keep: call",
        "at: 2026-01-20, by: owner, fire: check_in, data: {date: 2026-01-20, mood: going_well, channel: form}, warns: []",
        "at: 2026-01-23, by: buyer, fire: finish_step, data: {step: $call}, then: {records: {step: 0, check_in: 2}}",
        "at: 2026-01-23, by: buyer, fire: finish_step, data: {step: $call}, refused: [bad-reference]",
        "at: 2026-01-23, by: owner, fire: close_goal, data: {goal: $talk, status: met}",
        "at: 2026-01-23, by: budget, fire: record_sponsorship, data: {date: 2026-01-23}, then: {records: {sponsorship: 1}}",
        "at: 2026-01-23, by: lead, fire: update_details, data: {title: Cleaning, organisation: DJI}, refused: [unknown-field]",
        "at: 2026-01-23, by: lead, fire: update_details, data: {title: Cleaning}",
        "at: 2026-01-23, by: lead, fire: correct, data: {record: $dot, fields: {text: Nearly everywhere}, reason: Too much}",
        "at: 2026-01-23, by: owner, fire: correct, data: {record: $dot, fields: {text: Mine}, reason: Mine},"
        " refused: [forbidden-role]",
        "at: 2026-01-23, by: lead, fire: share_story, data: {title: Hello, url: https://example.org/1, consent: ref-1,"
        " scope: site, consent_date: 2026-01-23}, keep: story",
        "at: 2026-01-23, by: lead, fire: pause, data: {reason: Moving, resume_by: 2026-02-01}",
        "at: 2026-01-23, by: lead, fire: withdraw_story, data: {story: $story, date: 2026-01-23}",
        "at: 2026-01-23, by: lead, fire: resume",
        "at: 2026-01-23, by: board, fire: log_activity, data: {type: coffee, date: 2026-01-24}, refused: [future-dated]",
        "at: 2026-01-23, by: board, fire: record_decision, data: {date: 2026-01-24, reference: B-2}, refused: [future-dated]",
    ),
    "the board is not the coordinator": (
        *BEGUN,
        "at: 2026-01-06, by: lead, fire: assign, data: {duty: board, person: hr-1}",
        "at: 2026-01-06, by: lead, fire: assign, data: {duty: coordinator, person: lead-1}",
        "at: 2026-01-06, by: manager, fire: assign, data: {duty: hr, person: hr-1}, refused: [forbidden-role]",
    ),
}


def scenario_text(steps: tuple[str, ...]) -> str:
    """A whole scenario file."""
    return ACTORS + "".join(f"  - {{{step}}}\n" for step in steps)
