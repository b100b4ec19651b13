"""Digests: what was to be said on a day, by e-mail, one message for each person.

1. What is said is what `engine.notices(day)` holds. Nothing is kept of what was sent: the host sends each day once,
   after the last `tick` of that day.
2. The `Message-ID` follows from the tenant, the day, the person and what is told. So a digest that is sent again is
   known as the same message, and one that has come to tell more, after a later `tick`, is another.
3. Who has which address is known to the host alone, and is written nowhere: not in an error, not in a log.
4. A letter tells of terms and pilots. There is no participant in it, as there is none in a notice.
"""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Literal

from attrs import field, frozen

from proeftuin import log
from proeftuin.digests.letters import LANGUAGES, Letter, checked_address, checked_link, name_of, written
from proeftuin.engine import Engine
from proeftuin.errors import BadArgument
from proeftuin.notices import Notice
from proeftuin.sinks.email import Mailer, NotSent

Lang = Literal["en", "nl"]

__all__ = ["Digests", "Lang", "Letter", "Recipient", "Sent"]


@frozen
class Recipient:
    """Where a person, or a role, gets mail, and in which language.

    Raises:
        BadArgument: for an address that is none, or a language that there is not.
    """

    address: str = field(repr=False, converter=checked_address)
    lang: Lang = field(default="nl")

    @lang.validator
    def _known(self, _: object, lang: str) -> None:
        if lang not in LANGUAGES:
            raise BadArgument("lang", f"there is {' and '.join(LANGUAGES)}")


Find = Callable[[str], Recipient | None]


@frozen
class Sent:
    """What came of the digests of a day.

    Attributes:
        sent: to whom a message went: ids of persons, and roles with an `@` before them.
        unaddressed: who has no address.
        failed: to whom nothing went, each with what went wrong. Sending again later sends these too.
    """

    sent: tuple[str, ...]
    unaddressed: tuple[str, ...]
    failed: tuple[tuple[str, str], ...]


class Digests:
    """Writes and sends the digests of an engine.

    Args:
        engine: whose pilots.
        sender: the address that they come from.
        of_person: where a person gets mail, by the id that the host gave; None for nowhere.
        of_role: the same for a role that nobody holds on a pilot, `ROLE:PARTY` for a supplier's; None where such
            notices are not sent.
        link: where a pilot can be looked at: `https://...` with `{pilot}` in it; None for no links.

    Raises:
        BadArgument: for a sender or a link that is none.
    """

    def __init__(
        self, engine: Engine, *, sender: str, of_person: Find, of_role: Find | None = None, link: str | None = None
    ) -> None:
        self._engine = engine
        self._sender = checked_address(sender, "sender")
        self._of_person = of_person
        self._of_role = of_role
        self._link = checked_link(link)

    def letters(self, day: date | str) -> tuple[tuple[str, Letter | None], ...]:
        """Return the letters of a day, each with whom it is for; None for who has no address.

        Raises:
            BadArgument: for what is no day.
        """
        return tuple((name_of(one), self._letter(one)) for one in self._engine.notices(day))

    def send(self, day: date | str, mailer: Mailer) -> Sent:
        """Send the digests of a day. One that the server does not take does not stop the others.

        Raises:
            BadArgument: for what is no day.
        """
        found = self.letters(day)
        letters = [one for _, one in found if one is not None]
        sent, failed = _sent(letters, mailer) if letters else ((), ())
        for name, problem in failed:
            log.warning("not-sent", to=name, reason=problem)
        return Sent(sent, tuple(name for name, one in found if one is None), failed)

    def _letter(self, notice: Notice) -> Letter | None:
        find = self._of_person if notice.person is not None else self._of_role
        to = None if find is None else find(notice.to)
        if to is None:
            return None
        return written(self._engine, notice, to.address, to.lang, sender=self._sender, link=self._link)


def _sent(letters: Sequence[Letter], mailer: Mailer) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
    """Send letters over one connection; return to whom one went, and to whom not and why."""
    sent: list[str] = []
    failed: list[tuple[str, str]] = []
    try:
        with mailer.connected() as post:
            for one in letters:
                try:
                    post.send(one.message)
                except NotSent as error:
                    if error.all:
                        raise
                    failed.append((one.to, error.problem))
                else:
                    sent.append(one.to)
    except NotSent as error:
        done = {*sent, *(name for name, _ in failed)}
        failed += [(one.to, error.problem) for one in letters if one.to not in done]
    return tuple(sent), tuple(failed)
