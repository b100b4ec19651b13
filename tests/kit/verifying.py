"""Verifications that do not look closely enough, over a good store."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

import pytest

from proeftuin import codec
from proeftuin.spi import Entry
from proeftuin.storage import verify
from tests.kit.mutant import InMemory


class M42(InMemory):
    """Leaves the actor out of what is hashed."""

    named: ClassVar[tuple[str, ...]] = ("K03",)

    @classmethod
    @contextmanager
    def at_work(cls) -> Iterator[None]:
        real = codec.chain

        def chain(previous: str, body: bytes) -> str:
            return real(previous, re.sub(rb'"actor":"[^"]*",', b"", body))

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(codec, "chain", chain)
            yield


class M43(InMemory):
    """Looks whether the links of the chain are there, and never hashes what they are to vouch for."""

    named: ClassVar[tuple[str, ...]] = ("K03",)

    @classmethod
    @contextmanager
    def at_work(cls) -> Iterator[None]:
        def event(self: Any, entry: Entry) -> Any:
            for version in range(self._seen + 1, entry.version):
                self._note(version, "it is missing")
            self._seen = entry.version
            return self._body(entry)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(verify._Check, "_event", event)
            yield


class Careless(InMemory):
    """Verifies as `verify` does, but for one thing."""

    replaced: ClassVar[str]

    @classmethod
    @contextmanager
    def at_work(cls) -> Iterator[None]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(verify._Check, cls.replaced, cls.careless)
            yield

    @staticmethod
    def careless(self: Any, *given: Any) -> Any:  # noqa: PLW0211  # it becomes a method of another class
        raise NotImplementedError


class SkipsMissing(Careless):
    """Goes on where a version is missing, and takes the digest that it then finds."""

    named: ClassVar[tuple[str, ...]] = ("K04",)
    replaced = "_event"

    @staticmethod
    def careless(self: Any, *given: Any) -> Any:  # noqa: PLW0211  # it becomes a method of another class
        (entry,) = given
        event = self._body(entry)
        if entry.version == self._seen + 1 and entry.digest not in {
            verify._chained(previous, entry.body) for previous in self._before
        }:
            self._note(entry.version, "changed")
        self._before, self._seen = {entry.digest}, entry.version
        return event


class IgnoresTheTail(Careless):
    """Does not look whether the history ends where the head does."""

    named: ClassVar[tuple[str, ...]] = ("K05", "K06")
    replaced = "_check_tail"

    @staticmethod
    def careless(self: Any, *given: Any) -> Any:  # noqa: PLW0211  # it becomes a method of another class
        return None


class IgnoresTheHead(Careless):
    """Does not look whether the head is that of the history."""

    named: ClassVar[tuple[str, ...]] = ("K09",)
    replaced = "_check_head"

    @staticmethod
    def careless(self: Any, *given: Any) -> Any:  # noqa: PLW0211  # it becomes a method of another class
        return None


class LooksAtTheFirst(Careless):
    """Believes every event but the first."""

    named: ClassVar[tuple[str, ...]] = ("K03", "K07", "K08", "K09")
    replaced = "_event"

    @staticmethod
    def careless(self: Any, *given: Any) -> Any:  # noqa: PLW0211  # it becomes a method of another class
        (entry,) = given
        self._seen = entry.version
        return codec.decode_event(entry.body, entry.digest)


class SeesGhosts(Careless):
    """Finds something wrong with every head."""

    named: ClassVar[tuple[str, ...]] = ("K02", "K11")
    replaced = "_check_head"

    @staticmethod
    def careless(self: Any, *given: Any) -> Any:  # noqa: PLW0211  # it becomes a method of another class
        self._note(None, "it is haunted")
