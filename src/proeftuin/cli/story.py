"""A scenario told as a story: when, who, what, accepted or refused and why. Alike steps in a row are told once.

What clocks did between two steps stands before the second, taken together by what was said to whom.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from attrs import define
from rich.text import Text

from proeftuin.cli.screen import BAD, CARE, GOOD, SOFT, Screen
from proeftuin.core.workflow import Workflow
from proeftuin.scenario import Outcome
from proeftuin.views import plain, timeline, word
from proeftuin.views.words import said, value

TELLING = ("title", "duty", "type", "route", "kind", "outcome", "supplier")
TEXT = 60
MOST = 6
MOVES = ("pilot.moved", "track.opened", "track.moved")
UNTOLD = ("clock.fired", "signal.cleared")  # the move says it; whoever ended the signal is told next


@define
class _Beat:
    """One step, or several alike ones, on their way to the screen."""

    outcomes: list[Outcome]
    alike: str

    @property
    def outcome(self) -> Outcome:
        """The first of them, which speaks for all."""
        return self.outcomes[0]


class Story:
    """Tells outcomes as they come.

    Args:
        screen: where to.
        workflow: the one that the scenario follows.
    """

    def __init__(self, screen: Screen, workflow: Workflow) -> None:
        self._screen = screen
        self._workflow = workflow
        self._beat: _Beat | None = None
        self._day = ""

    def tell(self, outcome: Outcome) -> None:
        """Take in what came of a step; it is written with the next one that differs from it."""
        beat = self._made(outcome)
        fresh = outcome.step.note or outcome.due
        if self._beat is not None and beat.alike == self._beat.alike and not fresh:
            self._beat.outcomes.append(outcome)
            return
        self.flush()
        self._beat = beat

    def flush(self) -> None:
        """Write what was taken in."""
        if self._beat is not None:
            self._write(self._beat)
            self._beat = None

    def _made(self, outcome: Outcome) -> _Beat:
        step, came = outcome.step, outcome.came
        why = tuple(blocker.text(self._screen.lang) for blocker in came.blockers)
        parts = (step.at.date(), step.by, step.trigger, step.tracks, came.codes, why, came.pending, outcome.ok)
        alike = "|".join(str(one) for one in parts) if step.kind == "fire" else str(step.number)
        return _Beat([outcome], alike)

    def _what(self, beat: _Beat) -> str:
        step, lang, answer = beat.outcome.step, self._screen.lang, beat.outcome.came.answer
        if step.ask is not None:
            named = said(answer.label, lang) if answer is not None and answer.label else step.ask.metric
            wanted = [named, *(word(self._workflow, one, lang) for one in (step.ask.of, *step.ask.by) if one)]
            return self._screen.tell("d-asks", metric=", ".join(wanted))
        told = word(self._workflow, step.trigger, lang)
        given: list[Mapping[str, object]] = [one.step.data or {} for one in beat.outcomes]
        details = [
            value(self._workflow, one, lang)
            for name in TELLING
            for one in dict.fromkeys(data.get(name) for data in given)
            if one is not None
        ]
        if details and len(details) <= MOST:
            told = f"{told}: {', '.join(plain(one, TEXT) for one in details)}"
        return f"{told} ({', '.join(plain(one) for one in step.tracks)})" if step.tracks else told

    def _write(self, beat: _Beat) -> None:
        screen, step, came = self._screen, beat.outcome.step, beat.outcome.came
        self._write_meanwhile(beat.outcome)
        if step.kind == "look" and not step.note and beat.outcome.ok:
            return  # nobody did anything, and all is as expected
        day = step.at.date().isoformat()
        note = Text(plain(said(step.note, screen.lang)) if step.note else "", "italic")
        if day != self._day:
            screen.show()
            screen.item(Text(day, SOFT), note)
        elif step.note:
            screen.show()
            screen.show(note, indent=2)
        self._day = day
        if step.kind == "look" and beat.outcome.ok:
            return
        who = (
            ", ".join(word(self._workflow, role, screen.lang) for role in sorted(step.actor.roles))
            if step.actor
            else ""
        )
        line = Text(f"{who}: " if who else "").append(self._what(beat), "bold")
        if len(beat.outcomes) > 1:
            line.append(f"  ({len(beat.outcomes)}x)")
        screen.item(
            Text("x", BAD) if came.refused else Text("+", GOOD), line.append(self._led_to(beat.outcome), GOOD), indent=2
        )
        for after in self._afterwards(beat.outcome):
            screen.item(*after, indent=4)

    def _write_meanwhile(self, outcome: Outcome) -> None:
        """Write what clocks did since the step before: each move, and what was said, with how often."""
        screen = self._screen
        rows = timeline(self._workflow, (one for one in outcome.due if one.type not in UNTOLD), lang=screen.lang)
        said_so = [row.what if row.type in MOVES else ", ".join((row.head, *row.details[-1:])) for row in rows]
        if said_so:
            screen.show()
        for told_once, times in Counter(said_so).items():
            screen.item(Text("~", SOFT), Text(f"{told_once}  ({times}x)" if times > 1 else told_once, SOFT), indent=2)

    def _led_to(self, outcome: Outcome) -> str:
        """Return where the step led to: a state of the pilot or of a track."""
        result, lang = outcome.came.result, self._screen.lang
        events = result.events if result else ()
        moved = [one for one in events if one.type in MOVES]
        states = [str(one.data["to"]) for one in moved if one.data.get("from") != one.data["to"]]
        states += [str(one.data["state"]) for one in events if one.type == "pilot.started"]
        return "".join(f" -> {word(self._workflow, state, lang)}" for state in states)

    def _afterwards(self, outcome: Outcome) -> Iterator[tuple[Text, Text]]:
        """Give what is written below a step: reasons and what would help, warnings, who is to sign, an answer."""
        screen, came, lang = self._screen, outcome.came, self._screen.lang
        for blocker in came.blockers:
            yield Text("-", BAD), Text(plain(blocker.text(lang)))
        if came.error and not came.blockers:
            yield Text("-", BAD), Text(plain(came.error))
        for warning in came.warnings:
            yield Text(f"{screen.tell('note')}:", CARE), Text(plain(warning.text(lang)))
        if came.pending:
            roles = screen.tell("and").join(word(self._workflow, role, lang) for role in came.pending)
            yield Text("...", CARE), Text(screen.tell("waits", roles=roles))
        if came.answer is not None:
            yield Text("=", GOOD), Text(value(self._workflow, came.answer.value, lang))


def told(screen: Screen, workflow: Workflow, outcomes: Iterable[Outcome]) -> Iterator[Outcome]:
    """Tell outcomes as they come, and pass them on."""
    story = Story(screen, workflow)
    for outcome in outcomes:
        story.tell(outcome)
        yield outcome
    story.flush()
