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

    def error(self, code: str, text: str, *path: str | int, key: bool = False) -> None:
        """Add a fault that refuses the workflow; `key` says that it is about the key at the end of the path."""
        self.faults.append(Fault(code, text, path, key=key or code == "misplaced-key"))

    def warn(self, code: str, text: str, *path: str | int) -> None:
        """Add a fault that does not."""
        self.faults.append(Fault(code, text, path, "warning"))

    def wrong(self) -> frozenset[tuple[str | int, ...]]:
        """Return the paths at which, or below which, there is an error: what would follow from them is not sure."""
        paths = (one.path for one in self.faults if one.level == "error")
        return frozenset(path[:end] for path in paths for end in range(1, len(path) + 1))

    def known(self, what: str, word: str, known: Collection[str], *path: str | int) -> bool:
        """Whether a word is known; add a fault `unknown-...` where it is not. One that ends its path is a key."""
        if word in known:
            return True
        self._hints += 1
        hint = did_you_mean(word, known) if self._hints <= HINTS else ""
        text = f"there is no {what} `{word}` here{hint}"
        self.error(f"unknown-{what.replace(' ', '-')}", text, *path, key=word == path[-1])
        return False
