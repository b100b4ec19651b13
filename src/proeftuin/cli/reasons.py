"""Why not, in words: each blocker's text, and below it what would help: what, with which data, by whom, where."""

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches

from rich.text import Text

from proeftuin.cli.screen import BAD, CARE, GOOD, SOFT, Screen
from proeftuin.cli.words import tell
from proeftuin.core.commands import Blocker, Option, Remedy
from proeftuin.core.workflow import Workflow
from proeftuin.errors import Refused
from proeftuin.views import plain, word
from proeftuin.views.words import value

ROLES = 3


def roles_in_words(workflow: Workflow, roles: Sequence[str], lang: str, limit: int = ROLES) -> str:
    """Return roles by their labels, the first few where there are many."""
    named = [word(workflow, role, lang) for role in roles]
    if len(named) > limit + 1:
        return tell(lang, "or-more", roles=", ".join(named[:limit]), count=len(named) - limit)
    return tell(lang, "or").join(filter(None, (", ".join(named[:-1]), named[-1]))) if named else tell(lang, "nobody")


def as_typed(remedy: Remedy) -> str:
    """Return what to type behind `proeftuin fire PILOT` for a remedy; nested data is left for who fires to fill in."""
    data = [f"{name}={value}" for name, value in remedy.data.items() if isinstance(value, str | int)]
    track = [] if remedy.track is None else [f"--track {remedy.track}"]
    return plain(" ".join((remedy.trigger, *data, *track)))


def _data_in_words(workflow: Workflow, data: Mapping[str, object], lang: str) -> str:
    parts = {name: value(workflow, one, lang) for name, one in data.items() if isinstance(one, str | int)}
    return ", ".join(f"{word(workflow, name, lang).lower()} {one}" for name, one in parts.items())


def remedy_in_words(workflow: Workflow, remedy: Remedy, lang: str, said: str = "") -> Text:
    """Return one thing that would help: what, with which data, on which track, by whom; and what to type."""
    told = [word(workflow, remedy.trigger, lang)]
    if data := _data_in_words(workflow, remedy.data, lang):
        told.append(tell(lang, "with", data=data))
    if remedy.track is not None:
        told.append(tell(lang, "on-track", track=remedy.track))
    if not all(word(workflow, role, lang) in said for role in remedy.roles):  # who may is told once
        told.append(tell(lang, "by", roles=roles_in_words(workflow, remedy.roles, lang)))
    if remedy.not_before is not None:
        told.append(tell(lang, "from-day", day=remedy.not_before))
    return Text(" ".join(told)).append(f"  [{as_typed(remedy)}]", SOFT)


def show_blockers(screen: Screen, workflow: Workflow, blockers: Iterable[Blocker], *, indent: int = 0) -> None:
    """Write each blocker with its code and its remedies."""
    for blocker in blockers:
        text = _text(blocker, screen.lang)
        screen.item(Text("-", BAD), Text(text).append(f"  {blocker.code}", SOFT), indent=indent)
        for remedy in blocker.missing:
            screen.item(Text("->", GOOD), remedy_in_words(workflow, remedy, screen.lang, text), indent=indent + 2)


def show_close(screen: Screen, workflow: Workflow, trigger: str, codes: Sequence[str]) -> None:
    """Write what somebody may have meant who named a trigger that there is not."""
    known = {edge.trigger for edge in workflow.all_edges}
    close = get_close_matches(trigger[:64], known, n=3) if "unknown-trigger" in codes else []
    if close:
        screen.item(Text("->", GOOD), screen.tell("did-you-mean", words=tell(screen.lang, "or").join(close)), indent=2)


def show_warnings(screen: Screen, warnings: Iterable[Blocker], *, indent: int = 0) -> None:
    """Write what to think of."""
    for warning in warnings:
        screen.item(Text(f"{screen.tell('note')}:", CARE), _text(warning, screen.lang), indent=indent)


def _text(blocker: Blocker, lang: str) -> str:
    return plain(blocker.text(lang))


def complain(error: Refused, lang: str) -> None:
    """Write a refusal to stderr where no workflow is at hand: its reasons alone."""
    screen = Screen(lang=lang, error=True)
    screen.show(Text(f"{tell(lang, 'refused')}: {plain(error.trigger)}", BAD))
    for blocker in error.blockers:
        screen.item(Text("-", BAD), Text(_text(blocker, lang)).append(f"  {blocker.code}", SOFT))


def label(option: Option, lang: str) -> str:
    """Return what people call an option, with its track and what picks it."""
    return plain(option.label.get(lang) or option.trigger)


def to_give(option: Option) -> str:
    """Return the fields of an option, those that must be given marked and first."""
    fields = sorted(option.fields.items(), key=lambda pair: not pair[1]["required"])
    return ", ".join(
        f"{plain(name)}{'*' if one['required'] else ''}" for name, one in fields if name not in option.preset
    )
