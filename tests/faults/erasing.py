"""An erasure that is killed: a script, so that the process that forks has no threads and no test runner.

A child erases a ref that three pilots know, and is killed before or after its n-th statement; then another one asks for
the same again. What must hold: then the ref is gone, each pilot says so once, and every chain is whole.

    python -m tests.faults.erasing URL
"""

import json
import os
import re
import signal
import sys
from itertools import count

from proeftuin import Actor, Engine
from tests.faults.statements import heard
from tests.faults.watching import watching
from tests.stores import spying
from tests.unit.engines import LEAD, TODAY, engine, start

OFFICER = Actor("officer-1", roles={"privacy_officer"})
WRITES = re.compile(r"(BEGIN|COMMIT|INSERT|UPDATE|DELETE|WITH|VACUUM|OPTIMIZE|PRAGMA wal_checkpoint|SELECT)\b")
PILOTS = 3


def peopled(on: Engine, ref: str, name: str) -> list[str]:
    """Pilots that know a ref, and another one each."""
    names = [start(on, id=f"{name}-{number}") for number in range(PILOTS)]
    for pilot in names:
        on.fire(pilot, "identify", actor=LEAD, track="acme")
        for who in (ref, f"{ref}-other"):
            facts = {"participant": who, "start": TODAY, "kind": "training"}
            on.fire(pilot, "place", actor=LEAD, track="acme", data=facts)
    return names


def erase(on: Engine, ref: str) -> tuple[str, ...]:
    return on.erase(ref, actor=OFFICER, reason="asked").pilots


def dies(url: str, ref: str, nth: int, *, late: bool) -> bool:
    """Have a child erase a ref and kill it at its n-th statement; return whether it came that far."""
    child = os.fork()
    if child == 0:
        seen = 0

        def strike(statement: str, after: bool) -> None:  # noqa: FBT001  # the listener's own signature
            nonlocal seen
            if after is late and WRITES.match(statement):
                seen += 1
                if seen == nth:
                    os.kill(os.getpid(), signal.SIGKILL)

        try:
            with spying(), engine(url) as on, heard(strike):
                erase(on, ref)
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


def faults(on: Engine, names: list[str], ref: str) -> list[str]:
    """What is wrong after an erasure was asked for again."""
    found = [f"{name} knows it" for name in names if on.subject(name, ref) is not None]
    found += [f"{name} forgot another" for name in names if on.subject(name, f"{ref}-other") is None]
    for name in names:
        times = sum(event.type == "data.erased" for event in on.history(name))
        found += [f"{name} says so {times} times"] if times != 1 else []
    return found + [str(one) for name in names for one in on.verify(name)]


def main() -> None:
    """Kill an erasure at each of its statements, and print what was wrong, how often it died, and how much was left."""
    url, wrong, left, deaths = sys.argv[1], list[str](), set[int](), 0
    with watching(url) as watch:
        for late in (False, True):
            for nth in count(1):
                name = f"{'after' if late else 'before'}-{nth}"
                with engine(url) as on:
                    names = peopled(on, f"ref-planted-{name}", name)
                died = dies(url, f"ref-planted-{name}", nth, late=late)
                watch.alone()
                with engine(url) as on:
                    left.add(len(erase(on, f"ref-planted-{name}")))
                    wrong += [f"{name}: {one}" for one in faults(on, names, f"ref-planted-{name}")]
                deaths += died
                if not died:
                    break
    print(json.dumps({"faults": wrong, "deaths": deaths, "left": sorted(left)}))  # noqa: T201  # what the test reads


if __name__ == "__main__":
    main()
