"""A workflow with clocks of every kind, and an engine on which days go by; days are told as numbers, 0 is `TODAY`."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from proeftuin import Actor, Engine
from proeftuin.agenda import Agenda, Deadline
from tests.unit.engines import BEGAN, TODAY, Clock, engine

FLOW = """
format: 1
workflow: talks
version: 1
label: {en: Talks, nl: Gesprekken}
timezone: Europe/Amsterdam
roles:
  coordinator: {side: client, label: {en: Coordinator, nl: Projectleider}}
  boss: {side: client, label: {en: Boss, nl: Opdrachtgever}}
  buyer: {side: client, label: {en: Buyer, nl: Inkoper}}
  seller: {side: supplier, label: {en: Seller, nl: Leverancier}}
  coach: {label: {en: Coach, nl: Begeleider}}
  facilitator: {label: {en: Facilitator, nl: Procesbegeleider}}
  monitor: {label: {en: Monitor, nl: Monitor}}
  system: {label: {en: System, nl: Systeem}}
records:
  assignment:
    label: {en: Assignment, nl: Taak}
    fields:
      duty: {type: choice, of: [coordinator, boss, buyer, seller, coach, contact_client], required: true}
      person: {type: person, required: true}
      track: {type: track}
      until: {type: date}
  step:
    label: {en: Next step, nl: Volgende stap}
    fields: {what: {type: text, required: true}, who: {type: person, required: true}, due: {type: date, required: true}}
  goal:
    label: {en: Goal, nl: Doel}
    fields:
      kind: {type: choice, of: [short, horizon], required: true}
      text: {type: text, required: true}
      due: {type: date}
      review: {type: date}
      owner: {type: person}
  check_in:
    label: {en: Check-in, nl: Hoe gaat het}
    fields: {date: {type: date, required: true}, mood: {type: choice, of: [going_well, stuck], required: true}}
  report:
    label: {en: Report, nl: Verslag}
    fields: {text: {type: text, required: true}}
  answer:
    label: {en: Answer, nl: Antwoord}
    fields: {placement: {type: record, record: placement, required: true}, weeks: {type: choice, of: [13, 26]}}
  placement:
    label: {en: Placement, nl: Plaatsing}
    interval: [start, end]
    fields: {participant: {type: subject, required: true}, start: {type: date, required: true}, end: {type: date}}
start:
  to: talking
  allow: [coordinator, boss]
  data: {title: {type: text, required: true}, organisation: {type: text}}
states:
  talking: {phase: exploration, label: {en: Talking, nl: In gesprek}}
  judging: {phase: evaluation, label: {en: Judging, nl: Beoordelen}}
  closed: {phase: closed, final: true, label: {en: Closed, nl: Gesloten}}
edges:
  - {trigger: judge, from: talking, to: judging, allow: [boss]}
  - {trigger: close, from: any_open, to: closed, allow: [boss]}
  - {trigger: pause, from: any_open, hold: pause, progress: false, allow: [coordinator], data: {by: {type: date, required: true}}}
  - {trigger: resume, from: any_open, hold: resume, paused: allowed, progress: false, allow: [buyer]}
  - {trigger: assign, from: any_open, allow: [coordinator, boss], records: [{add: assignment}]}
  - {trigger: plan, from: any_open, allow: [coordinator], records: [{add: step}]}
  - {trigger: finish, from: any_open, allow: [coordinator], data: {step: {type: record, record: step, required: true}}, records: [{end: step, by: step}]}
  - {trigger: aim, from: any_open, allow: [coordinator], records: [{add: goal}]}
  - {trigger: check_in, from: any_open, allow: [coordinator], records: [{add: check_in}]}
  - {trigger: report, from: any_open, allow: [buyer], records: [{add: report}]}
  - {trigger: note, from: any, allow: [coordinator, seller, boss], data: {text: {type: text}}}
tracks:
  supplier:
    label: {en: Supplier, nl: Leverancier}
    party_from: key
    states:
      invited: {label: {en: Invited, nl: Uitgenodigd}}
      willing: {label: {en: Willing, nl: Bereid}}
      gone: {done: true, label: {en: Gone, nl: Weg}}
    edges:
      - {trigger: invite, opens: supplier, to: invited, while: any_open, allow: [coordinator]}
      - {trigger: agree, from: invited, to: willing, while: any_open, allow: [seller]}
      - {trigger: place, from: willing, while: any_open, allow: [seller, coordinator], records: [{add: placement}]}
      - {trigger: answer, from: any, while: any, allow: [coach], records: [{add: answer}]}
      - {trigger: part, from: willing, to: gone, while: any_open, allow: [boss]}
      - {trigger: lapse, from: invited, to: gone, while: any_open, allow: [system]}
clocks:
  life:
    label: {en: Sign of life, nl: Levensteken}
    since: progress
    due: 7 days
    remind: {coordinator: [8 days, 14 days]}
    escalate: {boss: 21 days}
    signal: {stalled: 28 days, tell: [facilitator]}
  invitation: {label: {en: Invitation, nl: Uitnodiging}, since: supplier.invited, due: 20 days, remind: {coordinator: [10 days]}, fire: lapse}
  judged: {label: {en: Report, nl: Verslag}, since: judging, until: report, due: 5 days, remind: {coordinator: [3 days]}, signal: {unjudged: 5 days}}
  stay:
    label: {en: Still at work, nl: Nog aan het werk}
    per: placement
    since: start
    due: [13 weeks, 26 weeks]
    until: {record: answer, where: {placement: of, weeks: due}}
    remind: {coach: [7 days after due]}
    after_closing: true
  goal: {label: {en: Dated goal, nl: Doel met een datum}, per: goal, due: {field: due}, remind: {owner: [7 days before due]}}
  held: {while: paused, due: {field: by}, remind: {coordinator: [0 days after due]}, shifts: false}
metrics: [persons_placed]
words:
  start: {en: Start, nl: Begin}
"""  # noqa: E501  # a workflow file, one edge a line

LEAD = Actor("lead-1", roles={"coordinator"})
OTHER = Actor("lead-2", roles={"coordinator"})
BOSS = Actor("boss-1", roles={"boss"})
BUYER = Actor("buyer-1", roles={"buyer"})
COACH = Actor("coach-1", roles={"coach"})
SELLER = Actor("seller-1", roles={"seller"}, party="acme")
RIVAL = Actor("seller-2", roles={"seller"}, party="rival")
HELPER = Actor("helper-1", roles={"facilitator"})


def day(number: int) -> date:
    return TODAY + timedelta(days=number)


class Play:
    """An engine whose clock stands at nine in the morning of a day."""

    def __init__(self, text: str = FLOW) -> None:
        self.clock = Clock()
        self.engine: Engine = engine(text=text, time=self.clock)

    def on(self, number: int) -> Engine:
        """Let it be a day; what is due is not done before `tick`."""
        self.clock.at = BEGAN + timedelta(days=number)
        return self.engine

    def start(self, pilot: str = "p", title: str = "Catering", actor: Actor = LEAD) -> str:
        data = {"title": title, "organisation": "UU"}
        return self.engine.start("talks", actor=actor, data=data, id=pilot).pilot.id

    def do(
        self, trigger: str, actor: Actor = LEAD, *, pilot: str = "p", track: str | None = None, **data: object
    ) -> Mapping[str, Any]:
        """Fire a trigger, and return the data of its last event."""
        return self.engine.fire(pilot, trigger, actor=actor, track=track, data=data).events[-1].data

    def assign(self, duty: str, person: str, *, pilot: str = "p", **more: object) -> None:
        data = {"duty": duty, "person": person, **more}  # the track is a field of it
        self.engine.fire(pilot, "assign", actor=LEAD, data=data)

    def agenda(self, number: int, actor: Actor, days: int = 7) -> Agenda:
        return self.on(number).agenda(actor=actor, days=days)

    def actions(self, number: int, actor: Actor, days: int = 7) -> list[str]:
        return told(self.agenda(number, actor, days).actions)


def told(found: tuple[Deadline, ...]) -> list[str]:
    """Deadlines as lines: day, pilot and key, and as what."""
    return [
        " ".join(
            [
                str((one.due - TODAY).days),
                f"{one.pilot_id}/{one.key}",
                *([f"as {'+'.join(one.roles)}"] if one.roles else []),
            ]
        )
        for one in found
    ]
