"""A long life: one pilot with a hundred thousand events, in one process, whose memory and handles stay as they are."""

import gc
import os
import sys
from pathlib import Path

import pytest

from proeftuin import Actor, Engine, load_workflow
from proeftuin.storage import open_store

STEPS = int(os.environ.get("PROEFTUIN_TEST_SOAK_STEPS", "100000"))
GROWTH = 0.01  # of the memory after a fifth of the way, at the most
FLOW = """
format: 1
workflow: long
version: 1
label: {en: Long, nl: Lang}
timezone: Europe/Amsterdam
roles: {lead: {side: client, label: {en: Lead, nl: Projectleider}}}
records:
  mood:
    label: {en: Mood, nl: Stemming}
    keep: latest
    fields: {text: {type: text, required: true, label: {en: Text, nl: Tekst}}}
start: {to: open, allow: [lead], data: {title: {type: text, label: {en: Title, nl: Titel}}}}
states:
  open: {phase: exploration, label: {en: Open, nl: Open}}
  closed: {phase: closed, final: true, label: {en: Closed, nl: Gesloten}}
edges:
  - {trigger: tell, from: open, allow: [lead], label: {en: Tell, nl: Vertel}, records: [{add: mood}]}
  - {trigger: close, from: open, to: closed, allow: [lead], label: {en: Close, nl: Sluit}}
"""
LEAD = Actor("ann", roles={"lead"})


def resident() -> int:
    """The memory of this process, in pages."""
    gc.collect()
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])


def handles() -> int:
    """The open files and sockets of this process."""
    return len(os.listdir("/proc/self/fd"))  # noqa: PTH208  # a name may be gone before it is looked at


@pytest.mark.release
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks into /proc")
def test_a_hundred_thousand_events_leave_memory_and_handles_flat(url: str) -> None:
    """From a fifth of the way on memory grows by less than a hundredth and handles not at all, and all verifies."""
    engine = Engine(open_store(url), workflows=[load_workflow(FLOW)])
    pilot_id = engine.start("long", actor=LEAD, data={"title": "Long"}).pilot.id
    seen: list[tuple[int, int]] = []
    for number in range(STEPS):
        engine.fire(pilot_id, "tell", actor=LEAD, data={"text": f"mood {number}"}, key=f"key {number}")
        if number in (STEPS // 5, STEPS - 1):
            seen.append((resident(), handles()))
    (warm, some), (end, last) = seen
    assert (end - warm) / warm < GROWTH
    assert some == last
    assert STEPS + 1 == sum(1 for _ in engine.history(pilot_id)) == engine.get(pilot_id).version
    assert () == engine.verify()
    assert engine.fire(pilot_id, "tell", actor=LEAD, data={"text": "mood 0"}, key="key 0").duplicate
    engine.close()
