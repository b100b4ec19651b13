"""Every error of the library has one status, and is told in words of ours without what is nobody's business."""

from typing import Any

import pytest

from proeftuin import Engine, errors
from proeftuin.core.commands import Blocker
from proeftuin.storage import open_store
from proeftuin.web.api.problems import EXPECTED, OURS, STATUS, TEXTS, Fault, of_error, of_fault
from proeftuin.web.api.table import OPERATIONS
from tests.unit.engines import Wrapped, everything
from tests.unit.test_errors import EXAMPLES
from tests.web.api.calls import CALLS, EVERYTHING, FLOWS, engine
from tests.web.api.served import PEOPLE, client, served, with_pilots

KINDS = {one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, errors.ProeftuinError)}
PLACE = "postgresql://db.internal/pilots"


def test_every_error_has_a_status() -> None:
    """A new error without a status fails here; the base of them all is raised by nobody."""
    assert KINDS - {errors.ProeftuinError} == set(STATUS)


@pytest.mark.parametrize("lang", ["en", "nl"])
@pytest.mark.parametrize("error", [one for one in EXAMPLES if type(one) in STATUS], ids=lambda one: type(one).__name__)
def test_every_error_is_told_in_both_languages(error: errors.ProeftuinError, lang: str) -> None:
    """A problem has a type that is its code, its status, a title and a detail that is filled in."""
    told = of_error(error, lang)
    assert (f"urn:proeftuin:{error.code}", told.status) == (told.body["type"], told.body["status"])
    assert STATUS[type(error)] == told.status
    assert told.body["title"]
    assert "{" not in told.body["detail"]


@pytest.mark.parametrize("kind", sorted((one for one in STATUS if issubclass(one, errors.StoreError)), key=str))
def test_what_is_wrong_with_the_store_is_not_told(kind: type[errors.StoreError]) -> None:
    """Of what is ours to mend an answer has the name alone: where the store is stays in the house."""
    told = of_error(kind(f"cannot reach {PLACE}"), "en")
    assert told.status >= OURS
    assert PLACE not in repr(told)
    assert (told.status == 503) == ("Retry-After" in told.headers)


def test_a_race_that_was_lost_has_two_statuses() -> None:
    """It is 412 where the request named a version, and 409 where it did not; the facts are the same."""
    lost = errors.Conflict("p", 3, 4)
    bold, careful = of_error(lost, "en"), of_error(lost, "en", expected=True)
    assert (409, EXPECTED) == (bold.status, careful.status)
    assert {**bold.body, "status": EXPECTED} == careful.body
    assert (3, 4) == (bold.body["expected"], bold.body["actual"])
    assert 409 == of_error(errors.PilotExists("p"), "en", expected=True).status


def test_a_refusal_of_a_batch_says_which_command() -> None:
    """Each reason has the place of its command."""
    told = of_error(errors.Refused("p", "talk", [Blocker("missing-note", command=2)]), "en")
    assert [2] == [one.command for one in told.body["blockers"]]


def test_a_fault_can_be_told_in_dutch() -> None:
    """What the engine was not asked about is worded in both languages too."""
    fault = Fault(405, "wrong-method", {"Allow": "GET"}, allow="GET")
    assert "Hier kan GET." == of_fault(fault, "nl").body["detail"]
    assert all(len(one) == 4 for one in TEXTS.values())


class Failing(Wrapped):
    """A store whose every look at a pilot fails."""

    def load(self, *_: Any, **__: Any) -> Any:
        raise errors.StoreUnavailable(f"cannot reach {PLACE}")


def test_a_store_that_fails_is_told_and_logged(caplog: pytest.LogCaptureFixture) -> None:
    """The answer is 503 with its own type and when to try again, and the log says that a request failed."""
    made = Engine(Failing(open_store("memory://")), workflows=FLOWS)
    answer = client(served(made, who=lambda _: PEOPLE["keeper"])).get("pilots/p")
    assert (503, "urn:proeftuin:store-unavailable") == (answer.status_code, answer.json()["type"])
    assert "1" == answer.headers["retry-after"]
    assert PLACE not in answer.text
    assert ["request-failed"] == [one.getMessage() for one in caplog.records]


def test_reading_writes_nothing() -> None:
    """Whatever is asked with GET, what the store holds of pilots is the same, byte for byte."""
    made = engine()
    asked, before = client(served(made, who=lambda _: EVERYTHING)), everything(made._store)
    for one in OPERATIONS:
        if one.method == "GET" and one.name != "read_privacy_log":  # which first looks somebody up
            CALLS[one.name](asked)
    assert before == everything(made._store)


@pytest.mark.parametrize("who", ["keeper", "sofie"])
@pytest.mark.parametrize("named", [["nope"], ["one", "nope"], ["one", ""]])
def test_a_stream_of_lines_begins_only_where_every_pilot_is_there(who: str, named: list[str]) -> None:
    """A pilot that there is not, wherever it stands among those named, is told as a problem before any line."""
    asked = client(served(with_pilots()), who)
    answers = [asked.get("export", params=[("pilot", one) for one in named])]
    if PEOPLE[who].operator:
        answers.append(asked.post("transfer/export", json={"pilots": named}))
    assert {400 if "" in named else 404} == {one.status_code for one in answers}
    assert {"application/problem+json"} == {one.headers["content-type"] for one in answers}
