"""How faults are collected."""

from collections.abc import Collection

from attrs import define, field

from proeftuin.core.faults import Fault, did_you_mean

HINTS = 100


@define
class Report:
    """The faults found so far. Of unknown words the first hundred come with a hint; finding one takes time."""

    faults: list[Fault] = field(factory=list)
    _hints: int = 0

    def error(self, code: str, text: str, *path: str | int) -> None:
        """Add a fault that refuses the workflow."""
        self.faults.append(Fault(code, text, path))

    def warn(self, code: str, text: str, *path: str | int) -> None:
        """Add a fault that does not."""
        self.faults.append(Fault(code, text, path, "warning"))

    def wrong(self) -> frozenset[tuple[str | int, ...]]:
        """Return the paths at which, or below which, there is an error: what would follow from them is not sure."""
        paths = (one.path for one in self.faults if one.level == "error")
        return frozenset(path[:end] for path in paths for end in range(1, len(path) + 1))

    def known(self, what: str, word: str, known: Collection[str], *path: str | int) -> bool:
        """Whether a word is known; add a fault `unknown-...` where it is not."""
        if word in known:
            return True
        self._hints += 1
        hint = did_you_mean(word, known) if self._hints <= HINTS else ""
        self.error(f"unknown-{what.replace(' ', '-')}", f"there is no {what} `{word}` here{hint}", *path)
        return False
