"""Check an export of pilots without proeftuin: read this page, then run it. It needs Python, and nothing else.

    python verify.py pilots.jsonl                       what `export_pilots` gave
    python verify.py pilots.jsonl checkpoint.jsonl      and whether all that a checkpoint knows is still in it

It prints what is wrong, and where, and ends with 1; or it says how much is whole, and ends with 0.

1. Every event has a digest: SHA-256 of `proeftuin/1`, the digest before it, and its body, which is JSON with its keys
   in order and no white space. Before the first event stands SHA-256 of the pilot's id. So nobody can change, drop, add
   or move an event without changing every digest behind it. Of each pilot the first break is told.
2. The first event of a pilot names the hash of its workflow: SHA-256 of the text of that, as it stands in the export.
3. The event that first names a participant holds SHA-256 of a salt and the ref. Refs that were exported have to fit.
4. The end of each pilot, and of the file, names SHA-256 of all lines before it. So nothing was lost on the way.
5. All of that can be computed anew by whoever owns the database. What somebody else kept, a checkpoint, cannot be.
"""  # noqa: INP001  # it is run as it is, and part of no package

import json
import sys
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from typing import Any

Line = dict[str, Any]


def sha(data: bytes) -> str:
    """Return the hash of bytes, in hex."""
    return sha256(data).hexdigest()


class Export:
    """What is in an export, and what is wrong with it."""

    def __init__(self, lines: Iterable[bytes]) -> None:
        """Read all lines."""
        self.faults: list[str] = []
        self.digests: dict[str, list[str]] = {}  # of each pilot: what stands before its first event, and those of all
        self.workflows: dict[str, str] = {}
        self.pilot: Line = {}
        self.commitments: Line = {}
        self.broken = self.ended = False
        self.pilots = 0
        hashed = sha256()
        self.number = 0
        for self.number, raw in enumerate(lines, 1):
            try:
                self.line(json.loads(raw), hashed.hexdigest())
            except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
                self.check(f"it cannot be read: {error!r}", holds=False)
            hashed.update(raw.rstrip(b"\r\n") + b"\n")
        self.check("it is cut off: the last line is missing", holds=self.ended)

    def check(self, problem: str, *, holds: bool) -> None:
        """Note a problem, unless all is well."""
        if not holds:
            self.faults.append(f"line {self.number}: {problem}")

    def line(self, line: Line, before: str) -> None:
        """Look at one line; `before` is the hash of those before it."""
        self.check("there is more behind the last line", holds=not self.ended)
        self.check("it does not begin as an export", holds=self.number > 1 or line["export"] == 1)
        if "event" in line:
            self.event(line, line["body"])
        elif "workflow" in line:
            text = json.dumps(line["body"], separators=(",", ":"), ensure_ascii=False)
            self.workflows[line["workflow"]] = sha(text.encode())
            self.check("the workflow was changed", holds=line["hash"] == sha(text.encode()))
        elif "pilot" in line:
            self.pilot, self.commitments, self.broken, self.pilots = line, {}, False, self.pilots + 1
            self.digests[line["pilot"]] = [sha(line["pilot"].encode())]
        elif "personal" in line:
            ref = sha(bytes.fromhex(line["salt"]) + line["ref"].encode())
            self.check("another ref was committed to", holds=self.commitments[line["personal"]] == ref)
        elif "end" in line or "pilots" in line:
            self.end(line, before)

    def event(self, line: Line, body: Line) -> None:
        """Look at one event, unless the chain is broken before it."""
        name, known = self.pilot["pilot"], self.digests[self.pilot["pilot"]]
        version, previous = len(known), known[-1]
        known.append(line["digest"])
        text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        digest = sha(b"proeftuin/1" + bytes.fromhex(previous) + text.encode())
        told = (body["pilot_id"], body["version"], body["type"], line["event"], line["digest"])
        fits = told == (name, version, line["type"], version, digest)
        if version == 1:
            fits = fits and self.workflows.get(body["data"]["workflow"]) == body["data"]["hash"]
        self.check(f"{name}, event {version}: it was changed, or is another one", holds=fits or self.broken)
        self.broken = self.broken or not fits
        self.commitments |= body["data"].get("commitments", {})

    def end(self, line: Line, before: str) -> None:
        """Look at the end of a pilot, or of the file."""
        self.check("a line before it was changed, or is missing", holds=line["hash"] == before)
        if "pilots" in line:
            self.ended = True
            self.check("there are pilots missing", holds=line["pilots"] == self.pilots)
            return
        known, name = self.digests[self.pilot["pilot"]], self.pilot["pilot"]
        whole = (line["end"], len(known) - 1, known[-1]) == (name, self.pilot["version"], self.pilot["digest"])
        self.check(f"{name}, event {len(known)}: it is missing, or should be", holds=whole or self.broken)


def compare(export: Export, lines: Iterable[bytes]) -> None:
    """Note what a checkpoint knows, and the export does not hold."""
    hashed, last = sha256(), ""
    for number, told in enumerate(lines, 1):
        raw = told.removeprefix(b"\xef\xbb\xbf") if number == 1 else told  # an editor may have put it there
        if last and not raw.strip():  # or an empty line at the end
            continue
        try:
            line = json.loads(raw)
            last = line.get("hash", "")
        except (ValueError, AttributeError, RecursionError) as error:
            export.faults.append(f"line {number} of the checkpoint cannot be read: {error!r}")
            return
        if "pilot" in line:
            held = export.digests.get(line["pilot"], [])[line["version"] : line["version"] + 1]
            if held != [line["digest"]]:
                export.faults.append(f"{line['pilot']}, event {line['version']}: the checkpoint knows another one")
        if not last:
            hashed.update(raw.rstrip(b"\r\n") + b"\n")
    if last != hashed.hexdigest():
        export.faults.append("the checkpoint itself was cut off or changed")


def main(path: str, checkpoint: str | None = None) -> int:
    """Check a file, print what was found, return the exit code."""
    with Path(path).open("rb") as lines:
        export = Export(lines)
    if checkpoint is not None:
        with Path(checkpoint).open("rb") as lines:
            compare(export, lines)
    events = sum(map(len, export.digests.values())) - len(export.digests)
    print("\n".join(export.faults) or f"whole: {len(export.digests)} pilots, {events} events")  # noqa: T201  # its work
    return 1 if export.faults else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
