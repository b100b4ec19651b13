"""The commands, and the one place where an error becomes a message and an exit code."""

import contextlib
import os
import sys
from collections.abc import Sequence

from cyclopts import App, CycloptsError

from proeftuin.cli import exits
from proeftuin.cli.words import tell
from proeftuin.errors import ProeftuinError, Refused

HELP = """Runs the lifecycle of pilots: what happened, what can be done now, and why the rest cannot yet.

Begin with `proeftuin demo`. Pilots are named by their id, by the beginning of it, or by your own ref."""

EXITS = """Exit codes: 0 done; 1 refused, or play, lint, verify, doctor, conform, migrate, replay, db check, tick, \
deliver, notify or import found something; 2 wrong usage; 3 unknown pilot or workflow; 4 conflict, taken id, or reused \
key; 5 the store or a file cannot be used; 130 stopped. `proeftuin --version` tells the version."""

# Name -> where it is, and the first line of its help, which is shown without importing it.
COMMANDS = {
    "demo": (
        "tell:demo",
        "Live a pilot's whole life in a second: the story of DJI and Sodexo, on a real database file.",
    ),
    "init": ("act:init", "Make a store, and say what to do next."),
    "workflows": ("files:workflows", "List the workflows that come with proeftuin."),
    "workflow": ("own:workflow", "Write a workflow file of your own to start with, on top of another workflow."),
    "publish": ("own:publish_", "Publish workflow files: from here on, what their versions hold never changes."),
    "lint": (
        "files:lint",
        "Check workflow and scenario files, and value tables: every fault with its file, line and column.",
    ),
    "diagram": (
        "draw:diagram",
        "Draw a workflow, a pilot and the way it came, or how many pilots are where: as Mermaid text, SVG or PNG.",
    ),
    "timeline": (
        "draw:timeline",
        "Draw the life of a pilot, or the lives of many beside each other, along the months: as SVG or PNG.",
    ),
    "diff": (
        "diff:diff",
        "Show what differs between two versions of a workflow, and what that does to pilots that are running.",
    ),
    "simulate": ("simulate:simulate", "Let made-up pilots live by a workflow, and count what comes of it."),
    "play": ("tell:play", "Play a scenario file, and compare what comes with what it expects."),
    "start": ("act:start", "Begin a pilot."),
    "fire": ("act:fire", "Do one thing to a pilot."),
    "options": ("ask:options", "Show what can be done now, what not yet, and why; for one role, or for everybody."),
    "why": ("ask:why", "Explain in words why something can or cannot be done now, and what would help."),
    "show": ("look:show", "Show a pilot as it is: its state, tracks, what is kept, who is to sign, and its figures."),
    "history": ("look:history", "Show what happened to a pilot: when, who, what."),
    "list": ("look:list_", "List pilots; every filter that is given must hold."),
    "agenda": (
        "agenda:agenda",
        "Show what is next for one person: what to do, whom to call, the goals ahead.",
    ),
    "serve": (
        "serve:serve",
        "Serve the board to one person on this machine, in a browser, until it is told to stop (SIGTERM or Ctrl-C).",
    ),
    "calendar": ("agenda:calendar", "Write the due days ahead to a calendar file, for any calendar to take in."),
    "tick": ("time:tick", "Do what is due now, once: reminders, escalations, signals, and what clocks fire."),
    "work": ("time:work", "Do what is due, again and again, until it is told to stop (SIGTERM or Ctrl-C)."),
    "subscribe": (
        "lanes:subscribe",
        "Subscribe: from now on, events wait for whoever is meant until they are delivered.",
    ),
    "unsubscribe": ("lanes:unsubscribe", "Forget a subscription, and how far it was."),
    "subscriptions": ("lanes:subscriptions", "List who subscribed to what, and how far each is behind."),
    "deliver": ("deliver:deliver", "Deliver what is due now, once: to each subscriber the events that it has not had."),
    "lanes": ("lanes:lanes", "Show how far a subscriber is, pilot by pilot: what waits, what failed, and why."),
    "resend": ("lanes:resend", "Send again: what was parked, or the history of one pilot from a version on."),
    "notify": ("notify:notify", "Send what was to be said on a day, by e-mail: one message for each person."),
    "counts": ("look:counts", "Count pilots, by phase and state; every filter that is given must hold."),
    "metrics": ("figures:metrics", "Show figures of one pilot or of many, as of any day."),
    "portfolio": (
        "figures:portfolio",
        "Show many pilots together: phases, outcomes, lead times, results against goals, and what each waits for.",
    ),
    "report": (
        "report:report",
        "Write a report that prints: figures with drawings, and a page for each pilot, in one file of HTML.",
    ),
    "tenants": ("look:tenants", "List the tenants that have pilots in a store."),
    "import": (
        "keep:import_",
        "Take pilots in: from a spreadsheet (CSV), every row judged, or from what `export` wrote.",
    ),
    "export": (
        "export:export",
        "Write pilots to a file: whole for another store, or for a spreadsheet, process mining or a calendar.",
    ),
    "erase": (
        "keep:erase",
        "Forget a participant in every pilot: the ref is deleted, and each history says that it was.",
    ),
    "migrate": (
        "migrate:migrate",
        "Judge what another version of a workflow would do to running pilots; with --apply, move them to it.",
    ),
    "replay": (
        "replay:replay",
        "Hold recorded histories against a version of their workflow: where would each have gone differently first?",
    ),
    "privacy": (
        "privacy:privacy",
        "Show what was done with personal data: who was forgotten, exported or looked up, by whom, when and why.",
    ),
    "db": (
        "db:db",
        "Make or upgrade the tables of a store, tell or check their version, or scrub what was erased from its files.",
    ),
    "checkpoint": (
        "keep:checkpoint",
        "Write the version and last digest of every pilot to a file, for another party to keep.",
    ),
    "verify": ("look:verify", "Check that nothing recorded was changed, deleted, swapped or inserted."),
    "doctor": ("doctor:doctor", "Tell which pilots need something that is missing or old, and what to do."),
    "stores": ("prove:stores", "List the kinds of stores that are installed, and what each offers."),
    "conform": ("prove:conform", "Prove a store: run every case of the conformance kit on a scratch database."),
}
LANGUAGES = {"en", "nl"}


def _app() -> App:
    app = App(
        name="proeftuin",
        help=HELP,
        help_epilogue=EXITS,
        help_format="plaintext",
        version_flags=(),
        suppress_keyboard_interrupt=False,
        help_flags=["--help", "-h"],
    )
    for place, (name, (home, text)) in enumerate(COMMANDS.items()):
        app.command(f"proeftuin.cli.{home}", name=name, help=text, sort_key=place)
    return app


def run(arguments: Sequence[str]) -> int:
    """Run one command, and return its exit code."""
    for stream, errors in ((sys.stdout, "replace"), (sys.stderr, "replace"), (sys.stdin, "surrogateescape")):
        with contextlib.suppress(AttributeError, ValueError):  # what is no text on the way in, whoever reads it refuses
            stream.reconfigure(errors=errors)  # type: ignore[union-attr]  # absent where somebody captures the output
    try:
        answer = _app()(list(arguments), exit_on_error=False, print_error=False, result_action="return_value")
        sys.stdout.flush()
    except BrokenPipeError:
        return _nobody_reads()
    except KeyboardInterrupt:
        _complain(tell(_lang(arguments), "stopped"))
        return exits.STOPPED
    except CycloptsError as error:
        return _misused(error, arguments)
    except (exits.Usage, ProeftuinError, OSError) as error:
        return _failed(error, arguments)
    return answer if isinstance(answer, int) else exits.OK


def _lang(arguments: Sequence[str]) -> str:
    """Return the language that was asked for, also where the rest of the command makes no sense."""
    given = os.environ.get("PROEFTUIN_LANG", "en")
    for place, one in enumerate(arguments):
        if one == "--lang" and place + 1 < len(arguments):
            given = arguments[place + 1]
        elif one.startswith("--lang="):
            given = one.removeprefix("--lang=")
    return given if given in LANGUAGES else "en"


def _complain(text: str) -> None:
    with contextlib.suppress(BrokenPipeError):
        sys.stderr.write(f"{text}\n")


def _nobody_reads() -> int:
    """Let the process end quietly: who reads the output had enough."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return exits.OK


def _misused(error: CycloptsError, arguments: Sequence[str]) -> int:
    """Say what the parser did not understand, on as many lines as it takes."""
    lang = _lang(arguments)
    text = " ".join(str(error).split())
    if "--json" in arguments:
        _complain(exits.problem(ValueError(text), lang))
        return exits.USAGE
    command = arguments[0] if arguments and arguments[0] in COMMANDS else ""
    _complain(f"{tell(lang, 'error')}: {text}")
    _complain(tell(lang, "usage", command=command).replace("  ", " "))
    return exits.USAGE


def _failed(error: Exception, arguments: Sequence[str]) -> int:
    lang = _lang(arguments)
    if "--json" in arguments:
        _complain(exits.problem(error, lang))
    elif isinstance(error, Refused):
        from proeftuin.cli.reasons import complain

        complain(error, lang)
    else:
        _complain(f"{tell(lang, 'error')}: {exits.message(error, lang)}")
    return exits.exit_code(error)
