"""A process with an engine of its own on a store: threads that fire at one pilot, or one that answers questions.

python -m tests.faults.firing URL race THREADS WINS     fires when told, and prints what each command came to, as JSON
python -m tests.faults.firing URL ask                   answers each line `ROLE TRIGGER` with the codes, as JSON
"""

import json
import sys
import threading
from typing import Any

from proeftuin import Conflict, Engine, Refused
from tests.domain.life import Clock, person

PILOT = "pilot-1"


def fire(engine: Engine, name: str, wins: int, told: list[Any]) -> None:
    """Write down lessons, each on the version that was seen last, until so many were taken."""
    won = 0
    while won < wins:
        seen = engine.get(PILOT).version
        try:
            result = engine.fire(
                PILOT,
                "add_lesson",
                actor=person(f"coordinator:{name}"),
                data={"text": f"{name} {won}"},
                key=f"{name}-{won}",
                expect=seen,
            )
        except Conflict as lost:
            told.append(["lost", lost.expected, lost.actual])
        except Exception as error:  # noqa: BLE001  # any other error is what the test looks for
            told.append(["error", type(error).__name__, str(error)])
            return
        else:
            told.append(["won", result.pilot.version, f"{name} {won}"])
            won += 1


def race(engine: Engine, threads: int, wins: int) -> None:
    """Let threads fire at once, when told what their names begin with."""
    told: list[Any] = []
    start = sys.stdin.readline().strip()
    workers = [
        threading.Thread(target=fire, args=(engine, f"{start}-{number}", wins, told)) for number in range(threads)
    ]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    print(json.dumps(told))  # noqa: T201  # what the test reads


def answer(engine: Engine) -> None:
    """Fire what each line asks for, and print the codes of the refusal."""
    for line in sys.stdin:
        role, trigger = line.split()
        codes: tuple[str, ...] = ()
        try:
            engine.fire(PILOT, trigger, actor=person(role))
        except Refused as no:
            codes = no.codes
        print(json.dumps(codes), flush=True)  # noqa: T201  # what the test reads


def main() -> None:
    """Open the store, and do what was asked."""
    with Engine.open(sys.argv[1], time=Clock()) as engine:
        print("ready", flush=True)  # noqa: T201  # what the test waits for
        if sys.argv[2] == "race":
            race(engine, int(sys.argv[3]), int(sys.argv[4]))
        else:
            answer(engine)


if __name__ == "__main__":
    main()
