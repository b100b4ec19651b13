"""A small workflow, one pilot under it, and an engine that knows its next version too."""

from datetime import UTC, date, datetime, timedelta

from proeftuin import Actor, Engine, Pilot
from proeftuin.core.migration.moving import Judged
from proeftuin.definitions import load_workflow
from proeftuin.migrating import MigrationPlan
from proeftuin.storage import open_store
from tests.unit.engines import Clock
from tests.versions.pilots import WHY

FLOW = """
format: 1
workflow: offers
version: 1
label: {en: Offers, nl: Aanbiedingen}
timezone: Europe/Amsterdam
roles:
  lead: {side: client, label: {en: Lead, nl: Trekker}}
  buyer: {side: client, label: {en: Buyer, nl: Inkoper}}
  seller: {side: supplier, label: {en: Seller, nl: Verkoper}}
  system: {label: {en: System, nl: Systeem}}
records:
  note: {label: {en: Note, nl: Notitie}, fields: {text: {type: text, required: true}, mark: {type: integer}}}
start:
  to: open
  allow: [lead]
  data: {title: {type: text, required: true}}
states:
  open: {phase: exploration, label: {en: Open, nl: Open}}
  asked: {phase: supplier_talks, label: {en: Asked, nl: Gevraagd}}
  lapsed: {phase: closed, final: true, label: {en: Lapsed, nl: Vervallen}}
  done: {phase: closed, final: true, label: {en: Done, nl: Klaar}}
edges:
  - {trigger: ask, from: open, to: asked, allow: [lead]}
  - {trigger: expire, from: asked, to: lapsed, outcome: lapsed, allow: [system]}
  - {trigger: finish, from: asked, to: done, outcome: done, sign: [lead, buyer], data: {price: {type: integer}}}
  - {trigger: note, from: any_open, allow: [lead], progress: false, records: [{add: note}]}
  - {trigger: pause, from: any_open, hold: pause, allow: [lead]}
  - {trigger: resume, from: any_open, hold: resume, paused: allowed, allow: [lead]}
tracks:
  offer:
    label: {en: Offer, nl: Aanbod}
    states:
      made: {label: {en: Made, nl: Gedaan}}
      seen: {label: {en: Seen, nl: Gezien}}
      taken: {done: true, label: {en: Taken, nl: Aangenomen}}
    edges:
      - {trigger: offer, opens: offer, to: made, allow: [seller], set: {origin: seller}}
      - {trigger: look, from: made, to: seen, allow: [lead]}
      - {trigger: take, from: seen, to: taken, allow: [lead]}
      - {trigger: back, from: seen, to: previous, allow: [lead]}
clocks:
  answer: {since: asked, due: 28 days, remind: {lead: [14 days, 21 days]}, fire: expire}
  look: {since: offer.made, due: 10 days, remind: {lead: 5 days}}
words:
  ask: {en: Ask, nl: Vragen}
  expire: {en: Expire, nl: Vervallen}
  finish: {en: Finish, nl: Afronden}
  note: {en: Note, nl: Noteren}
  pause: {en: Pause, nl: Pauzeren}
  resume: {en: Resume, nl: Hervatten}
  offer: {en: Offer, nl: Aanbieden}
  look: {en: Look, nl: Bekijken}
  take: {en: Take, nl: Aannemen}
  back: {en: Put back, nl: Terugleggen}
"""
HEAD = "migrate: offers\nfrom: {version: 1}\nto: {version: 2}\n"
ONE = load_workflow(FLOW)
LEAD, BUYER = Actor("lead-1", roles={"lead"}), Actor("buyer-1", roles={"buyer"})
SELLER = Actor("joris", roles={"seller"}, party="alpha")
BEGAN = date(2026, 3, 2)
ANSWER = "answer: {since: asked, due: 28 days, remind: {lead: [14 days, 21 days]}, fire: expire}"


def edited(text: str, edits: tuple[tuple[str, str], ...]) -> str:
    """A text in which each of these is changed."""
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    return text


class Case:
    """A pilot whose sellers were asked on 2 March and have 28 days, and an engine that knows the next version too."""

    def __init__(
        self, *edits: tuple[str, str], url: str = "memory://", first: tuple[tuple[str, str], ...] = ()
    ) -> None:
        self.clock = Clock(datetime(2026, 3, 2, 9, tzinfo=UTC))
        self.one = load_workflow(edited(FLOW, first))
        self.two = load_workflow(edited(FLOW.replace("version: 1", "version: 2"), (*first, *edits)))
        self.engine = Engine(open_store(url), workflows=[self.one, self.two], time=self.clock)
        self.engine.start("offers@1", id="p", actor=LEAD, data={"title": "Lunches"})
        self.engine.fire("p", "ask", actor=LEAD)

    def wait(self, days: int) -> None:
        """Let so many days pass, with a tick on each."""
        for _ in range(days):
            self.clock.at += timedelta(days=1)
            self.engine.tick()

    def plan(self, lines: str = "") -> MigrationPlan:
        return self.engine.plan_migration("offers@1", 2, f"{HEAD}{lines}\n")

    def judge(self, lines: str = "") -> Judged:
        (judged,) = self.plan(lines)
        return judged

    def migrate(self, lines: str = "") -> Pilot:
        assert 1 == self.engine.migrate(self.plan(lines), **WHY).done
        return self.engine.get("p")

    def due(self) -> dict[str, date | None]:
        """When each running term is due."""
        (case,) = self.engine._reader.cases(self.clock.at)
        return {one.key: one.due() for one in case.terms}

    def told(self) -> list[tuple[str, tuple[str, ...], date]]:
        """What clocks did, and on which days."""
        events = (one for one in self.engine.history("p") if one.type.startswith("clock."))
        return [(one.type, one.data["done"], one.on) for one in events]


def shorter(to: str) -> tuple[str, str]:
    """The term for an answer, with another length."""
    return ANSWER, ANSWER.replace("28 days", to).replace("[14 days, 21 days]", "[7 days]")
