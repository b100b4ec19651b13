"""A digest as a letter: in Dutch or English, as plain text and as HTML with the same words.

Words are filled in by plain substitution, and whatever came from a pilot is made harmless first: on one line, without
what cannot be seen, and escaped where it stands in HTML. Nothing in a letter is fetched when somebody opens it.
"""

import hashlib
from contextlib import suppress
from datetime import date
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from html import escape
from itertools import groupby
from types import MappingProxyType
from urllib.parse import quote, urlsplit

from attrs import frozen

from proeftuin.engine import Engine
from proeftuin.errors import BadArgument
from proeftuin.notices import Item, Notice
from proeftuin.views import plain
from proeftuin.views.days import day_text
from proeftuin.views.words import said, word

WORDS = MappingProxyType(
    {
        "en": {
            "one": "1 message about your pilots, {day}",
            "several": "{count} messages about your pilots, {day}",
            "greeting": "Hello,",
            "opening": "This was due on {day}.",
            "reminder": "Reminder",
            "escalation": "Passed on to you, as it was not done in time",
            "signal": "Signal: this has stood still for too long",
            "since": "since {day}",
            "until": "on {day}",
            "look": "Look at this pilot",
            "role": "You get this because nobody has been assigned as: {role}.",
            "closing": "This message was made automatically. You get one a day at most.",
        },
        "nl": {
            "one": "1 bericht over uw proeftuinen, {day}",
            "several": "{count} berichten over uw proeftuinen, {day}",
            "greeting": "Goedendag,",
            "opening": "Dit was aan de orde op {day}.",
            "reminder": "Herinnering",
            "escalation": "Aan u doorgegeven, omdat het niet op tijd is gedaan",
            "signal": "Signaal: dit staat te lang stil",
            "since": "sinds {day}",
            "until": "op {day}",
            "look": "Bekijk deze proeftuin",
            "role": "U krijgt dit omdat niemand is aangewezen als: {role}.",
            "closing": "Dit bericht is automatisch gemaakt. U krijgt er hoogstens één per dag.",
        },
    }
)
LANGUAGES = tuple(WORDS)


@frozen
class Letter:
    """A message, and what it is called when it is told of: whom it is for, and how many things it tells."""

    to: str
    count: int
    message: EmailMessage


def name_of(notice: Notice) -> str:
    """Return whom a notice is for: the id of a person, or a role with an `@` before it."""
    return notice.to if notice.person is not None else f"@{notice.to}"


def checked_link(link: str | None) -> str | None:
    """Return where a pilot can be looked at, with `{pilot}` in it.

    Raises:
        BadArgument: for what is no such link.
    """
    if link is None:
        return None
    with suppress(ValueError):  # it is no URL at all
        parts = urlsplit(link)
        if parts.scheme == "https" and parts.netloc and link.count("{pilot}") == 1 and link.isprintable():
            return link
    raise BadArgument("link", "write https://..., with {pilot} where the id of the pilot goes")


def checked_address(text: str, argument: str = "address") -> str:
    """Return an address of e-mail.

    Raises:
        BadArgument: for what is none; it is not in the message.
    """
    try:
        address = Address(addr_spec=text)
    except Exception:  # noqa: BLE001  # the parser of the standard library raises whatever it stumbles over
        raise BadArgument(argument, "it is no address; write name@example.org") from None
    if not (text.isascii() and address.domain):
        raise BadArgument(argument, "it is no address; write name@example.org, in ASCII")
    return address.addr_spec


def written(engine: Engine, notice: Notice, to: str, lang: str, *, sender: str, link: str | None) -> Letter:
    """Return a notice as a letter.

    Args:
        engine: whose workflows say what a role is called.
        notice: what is told.
        to: the address that it goes to, checked.
        lang: `nl` or `en`.
        sender: the address that it comes from, checked.
        link: where a pilot can be looked at; None for no links.
    """
    words, count = WORDS[lang], len(notice.items)
    day = day_text(notice.day, lang)
    known = _fingerprint(engine._parts["tenant"], notice)  # noqa: SLF001  # two tenants may have pilots of one id
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = to
    message["Subject"] = words["one" if count == 1 else "several"].format(count=count, day=day)
    message["Message-ID"] = f"<{known}.digest@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    because = None if notice.role is None else words["role"].format(role=_role(engine, notice, lang))
    text, html = _texts(notice, lang, because, link)
    message.set_content(text, cte="quoted-printable")
    message.add_alternative(html, subtype="html", cte="quoted-printable")
    message["Content-Language"] = lang  # the calls above would have given it to the plain text alone
    message.set_boundary(f"=_{known}")  # chance would make each repeat another text
    return Letter(name_of(notice), count, message)


def _fingerprint(tenant: str, notice: Notice) -> str:
    """Return what a repeat has in common with the letter itself, and no other letter has."""
    told = [tenant, f"{notice.day}", name_of(notice)]
    told += [f"{one.pilot_id}/{one.kind}/{one.key}/{one.on}" for one in notice.items]
    return hashlib.sha256("\n".join(told).encode("utf-8")).hexdigest()[:32]


def _texts(notice: Notice, lang: str, because: str | None, link: str | None) -> tuple[str, str]:
    words = WORDS[lang]
    opening = words["opening"].format(day=day_text(notice.day, lang))
    lines, html = [words["greeting"], "", opening], [f"<p>{words['greeting']}</p><p>{escape(opening)}</p>"]
    for pilot_id, items in groupby(notice.items, key=lambda one: one.pilot_id):
        told = list(items)
        title, sentences = plain(told[0].title), [_sentence(one, notice.day, lang) for one in told]
        url = None if link is None else link.replace("{pilot}", quote(pilot_id, safe=""))
        lines += ["", title, *(f"- {one}" for one in sentences), *([f"  {url}"] if url else [])]
        html += [f"<h2>{escape(title)}</h2><ul>", *(f"<li>{escape(one)}</li>" for one in sentences), "</ul>"]
        html += [f'<p><a href="{escape(url)}">{words["look"]}</a></p>'] if url else []
    ending = [*([because] if because else []), words["closing"]]
    lines += ["", *ending, ""]
    html += [f"<p>{escape(one)}</p>" for one in ending]
    head = f'<!doctype html>\n<html lang="{lang}"><head><meta charset="utf-8"></head><body>'
    return "\n".join(lines), "\n".join([head, *html, "</body></html>", ""])


def _sentence(item: Item, day: date, lang: str) -> str:
    words = WORDS[lang]
    what = plain(said(item.label, lang))
    where = f" ({plain(item.track)})" if item.track else ""
    when = words["until" if item.since > day else "since"].format(day=day_text(item.since, lang))
    return f"{what}{where}, {when}. {words[item.kind]}."


def _role(engine: Engine, notice: Notice, lang: str) -> str:
    workflow = engine.workflow(engine.get(notice.items[0].pilot_id).workflow)
    return word(workflow, notice.role, lang)
