"""Stores that take commits as they are made, and do something else with them than they should."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import ClassVar

from proeftuin.spi import Commit
from proeftuin.spi.checks import in_turn
from tests.kit.mutant import InMemory

Recorded = Callable[[object], None] | None


class OneByOne(InMemory):
    """Writes each commit as soon as it is made, so that those before a misfit stay."""

    named: ClassVar[tuple[str, ...]] = ("B12",)

    def append_each(self, commits: Iterator[Commit], *, recorded: Recorded = None) -> None:
        for one in in_turn(commits):
            super().append(one)
        if recorded is not None:
            recorded(None)


class UpToTheFailure(InMemory):
    """Writes what was made before the making failed, and raises that on."""

    named: ClassVar[tuple[str, ...]] = ("B12",)

    def append_each(self, commits: Iterator[Commit], *, recorded: Recorded = None) -> None:
        made: list[Commit] = []
        try:
            made.extend(in_turn(commits))
        finally:
            super().append(*made, recorded=recorded)


class QuietAboutFailures(InMemory):
    """Takes the failing of what makes the commits for the end of them, and writes nothing then."""

    named: ClassVar[tuple[str, ...]] = ("B12",)

    def append_each(self, commits: Iterator[Commit], *, recorded: Recorded = None) -> None:
        with suppress(RuntimeError):
            super().append(*in_turn(commits), recorded=recorded)


class FailuresOfItsOwn(InMemory):
    """Tells another error than the one that the making failed with."""

    named: ClassVar[tuple[str, ...]] = ("B12",)

    def append_each(self, commits: Iterator[Commit], *, recorded: Recorded = None) -> None:
        try:
            made = [*in_turn(commits)]
        except OverflowError as error:
            raise OverflowError(*error.args) from error
        super().append(*made, recorded=recorded)


class InAnyOrder(InMemory):
    """Takes commits in whatever order they come, and so may wait in a circle."""

    named: ClassVar[tuple[str, ...]] = ("B12",)

    def append_each(self, commits: Iterator[Commit], *, recorded: Recorded = None) -> None:
        super().append(*commits, recorded=recorded)


class CalledForEach(InMemory):
    """Calls back for each of the commits."""

    named: ClassVar[tuple[str, ...]] = ("B12",)

    def append_each(self, commits: Iterator[Commit], *, recorded: Recorded = None) -> None:
        made = [*in_turn(commits)]

        def each(connection: object) -> None:
            for _ in made:
                if recorded is not None:
                    recorded(connection)

        super().append(*made, recorded=each)


class ALastPartTooFew(InMemory):
    """Leaves out what does not fill a part."""

    named: ClassVar[tuple[str, ...]] = ("B12",)

    def append_each(self, commits: Iterator[Commit], *, recorded: Recorded = None) -> None:
        made = [*in_turn(commits)]
        super().append(*made[: max(len(made) // 50 * 50, 1)], recorded=recorded)
