"""Digests by e-mail: `notify`."""

import csv
import io
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, cast

from attrs import asdict
from cyclopts import Parameter
from rich.text import Text

from proeftuin.cli.exits import OK, REFUSED, Usage
from proeftuin.cli.options import At, Store
from proeftuin.cli.screen import BAD, CARE, GOOD, SOFT, Screen
from proeftuin.core.days import day_of
from proeftuin.digests import Digests, Lang, Recipient, Sent
from proeftuin.digests.letters import LANGUAGES
from proeftuin.errors import BadArgument
from proeftuin.sinks.email import Mailer

HEADINGS = ("who", "address", "language")


def notify(
    *,
    addresses: Annotated[Path, Parameter(env_var="PROEFTUIN_ADDRESSES")],
    sender: Annotated[str, Parameter(env_var="PROEFTUIN_SENDER")],
    smtp: Annotated[str | None, Parameter(env_var="PROEFTUIN_SMTP")] = None,
    day: str | None = None,
    link: str | None = None,
    dry_run: Annotated[bool, Parameter(negative=())] = False,
    at: Store = At(),  # noqa: B008  # a frozen value
) -> int:
    """Send what was to be said on a day, by e-mail: one message for each person.

    Send each day once, after its last `tick`. Exits with 1 where a message could not be sent.

    Args:
        addresses: a CSV file with the headings who (an id; @ROLE; @ROLE:PARTY for a supplier's), address and language
            (nl or en).
        sender: the address that messages come from.
        smtp: the mail server, smtp://USER:PASSWORD@HOST:587; in the variable, as it holds a password.
        day: the day, YYYY-MM-DD; today if left out.
        link: where a pilot can be looked at: https://... with {pilot} in it.
        dry_run: only say who would get what.
        at: where pilots are kept.
    """
    asked, screen = _day(day), at.screen
    known = _addresses(addresses)
    with at.engine() as engine:
        digests = Digests(
            engine, sender=sender, of_person=known.get, of_role=lambda role: known.get(f"@{role}"), link=link
        )
        counts = {name: 0 if letter is None else letter.count for name, letter in digests.letters(asked)}
        came = _tried(counts) if dry_run else digests.send(asked, _mailer(smtp))
    if screen.json:
        failed = [{"who": name, "problem": problem} for name, problem in came.failed]
        screen.data({**asdict(came), "failed": failed, "day": asked.isoformat(), "dry_run": dry_run})
    else:
        _show(screen, came, counts, "n-would" if dry_run else "n-sent", addresses)
        if not counts:
            screen.show(screen.tell("n-nothing", day=asked.isoformat()))
    return REFUSED if came.failed else OK


def _mailer(smtp: str | None) -> Mailer:
    if smtp is None:
        raise Usage("n-no-smtp")
    return Mailer.at(smtp)


def _tried(counts: Mapping[str, int]) -> Sent:
    """Return what would come of it, if the server took everything."""
    return Sent(
        tuple(name for name, count in counts.items() if count), tuple(n for n, c in counts.items() if not c), ()
    )


def _show(screen: Screen, came: Sent, counts: Mapping[str, int], how: str, file: Path) -> None:
    for name in came.sent:
        things = screen.tell("n-thing" if counts[name] == 1 else "n-things", count=counts[name])
        screen.item(Text("+", GOOD), screen.tell(how, who=name, count=things))
    for name in came.unaddressed:
        screen.item(Text("-", CARE), screen.tell("n-unaddressed", who=name, file=file))
    for name, problem in came.failed:
        screen.item(Text("x", BAD), screen.tell("n-failed", who=name, problem=problem))
    if came.failed:
        screen.show(screen.tell("n-again"), style=SOFT)


def _day(given: str | None) -> date:
    if given is None:
        return datetime.now().astimezone().date()
    found = day_of(given)
    if found is None:
        raise Usage("n-bad-day", given=given)
    return found


def _addresses(file: Path) -> dict[str, Recipient]:
    """Return who gets mail where, as a file says.

    Raises:
        Usage: with the line that makes no sense.
    """
    found: dict[str, Recipient] = {}
    for number, (who, address, language) in _rows(file):
        if not who or who in found:
            raise Usage("n-bad-who", file=file, line=number)
        if language not in ("", *LANGUAGES):
            raise Usage("n-bad-language", file=file, line=number)
        try:
            found[who] = Recipient(address, cast("Lang", language or "nl"))
        except BadArgument:
            raise Usage("n-bad-address", file=file, line=number) from None
    return found


def _rows(file: Path) -> Iterator[tuple[int, tuple[str, str, str]]]:
    """Give the rows of a CSV file below its headings, each with the number of its line."""
    try:
        text = file.read_text(encoding="utf-8-sig")
        heads = text.partition("\n")[0]
        rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=";" if ";" in heads else ",", strict=True)
        if not set(HEADINGS[:2]) <= {*(rows.fieldnames or ())}:
            raise Usage("n-bad-sheet", file=file)
        for row in rows:
            cells = [(row.get(name) or "").strip() for name in HEADINGS]
            if any(cells):
                yield rows.line_num, (cells[0], cells[1], cells[2])
    except (UnicodeDecodeError, csv.Error):
        raise Usage("n-bad-sheet", file=file) from None
