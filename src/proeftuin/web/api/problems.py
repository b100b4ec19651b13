"""What is wrong, by RFC 9457: every error of the library has one status here, and so has every fault of a request.

1. `STATUS` is total: a test holds it against the tree in `errors`. `Conflict` alone has a second one: 412 where the
   request said which version it expected (`If-Match`), 409 where it lost five races without saying so.
2. What is the caller's to mend is told with its facts. What is ours (a store that fails) is told by its name alone, and
   the log has the rest: an answer never says where the store is.
"""

from collections.abc import Mapping
from typing import Any

from attrs import field, frozen

from proeftuin import errors, log
from proeftuin.core.commands import Remedy
from proeftuin.errors import Conflict, ProeftuinError, Refused
from proeftuin.web.api.answers import Reason, reason

MEDIA = "application/problem+json"
KIND = "urn:proeftuin:"

STATUS: Mapping[type[ProeftuinError], int] = {
    errors.Refused: 409,
    errors.UnknownPilot: 404,
    errors.PilotExists: 409,
    errors.UnknownWorkflow: 404,
    errors.WorkflowChanged: 500,
    errors.DefinitionError: 400,
    errors.ScenarioError: 400,
    errors.BadArgument: 400,
    errors.Conflict: 409,
    errors.KeyReused: 422,
    errors.Reentered: 500,
    errors.StoreError: 500,
    errors.StoreUnavailable: 503,
    errors.StoreBusy: 503,
    errors.OutcomeUnknown: 503,
    errors.StoreFull: 507,
    errors.SchemaTooNew: 500,
    errors.SchemaTooOld: 500,
    errors.CorruptStore: 500,
}
EXPECTED = 412
OURS = 500
"""From this status on it is not the caller's fault."""

TEXTS: Mapping[str, tuple[str, str, str, str]] = {
    "refused": ("Refused", "Geweigerd", "", ""),
    "unknown-pilot": (
        "No such pilot", "Onbekende proeftuin",
        "There is no pilot {pilot_id!r} that you can see; GET /pilots lists those that you can.",
        "Er is geen proeftuin {pilot_id!r} die u kunt zien; GET /pilots noemt die u wel kunt zien.",
    ),
    "pilot-exists": (
        "Taken", "Bezet",
        "The id or the ref is taken by another pilot; use another, or fire at that pilot.",
        "De id of de ref is van een andere proeftuin; neem een andere, of voer iets uit op die proeftuin.",
    ),
    "unknown-workflow": (
        "No such workflow", "Onbekende workflow",
        "There is no workflow {workflow!r}; GET /workflows lists those that there are.",
        "Er is geen workflow {workflow!r}; GET /workflows noemt die er zijn.",
    ),
    "bad-argument": ("Wrong request", "Onjuist verzoek", "{argument}: {problem}", "{argument}: {problem}"),
    "definition-error": ("Faults in the text", "Fouten in de tekst", "{message}", "{message}"),
    "scenario-error": ("A fault in the text", "Een fout in de tekst", "{message}", "{message}"),
    "conflict": (
        "Somebody else was first", "Iemand anders was eerder",
        "The pilot is at version {actual}, not {expected}. Look at it again, then decide anew.",
        "De proeftuin is op versie {actual}, niet {expected}. Bekijk die opnieuw en beslis dan.",
    ),
    "key-reused": (
        "Key used before", "Sleutel al gebruikt",
        "Key {key!r} was used for another command; give each command its own.",
        "Sleutel {key!r} is voor een andere opdracht gebruikt; geef elke opdracht een eigen sleutel.",
    ),
    "outcome-unknown": (
        "Outcome unknown", "Uitkomst onbekend",
        "It may have been written. Send the same request again, with the same Idempotency-Key.",
        "Het kan geschreven zijn. Stuur hetzelfde verzoek nog eens, met dezelfde Idempotency-Key.",
    ),
    "store-busy": (
        "Busy", "Bezig",
        "Nothing was written. Send the same request again.",
        "Er is niets geschreven. Stuur hetzelfde verzoek nog eens.",
    ),
    "operators-only": (
        "Not yours to ask", "Niet aan u",
        "This is for who runs this tool; ask them.", "Dit is voor wie dit systeem beheert; vraag het hun.",
    ),
    "no-such-address": (
        "Nothing here", "Hier is niets",
        "Nothing is at this address; GET openapi.json lists what there is.",
        "Op dit adres is niets; GET openapi.json noemt wat er is.",
    ),
    "no-such-subscriber": (
        "No such subscriber", "Onbekende abonnee",
        "Nobody subscribed as {name!r}; GET /subscriptions lists who did.",
        "Niemand heeft zich als {name!r} geabonneerd; GET /subscriptions noemt wie wel.",
    ),
    "wrong-method": (
        "Wrong method", "Verkeerde methode", "Here goes {allow}.", "Hier kan {allow}.",
    ),
    "wrong-media-type": (
        "Wrong media type", "Verkeerd mediatype",
        "The body must be application/json, in UTF-8.", "De inhoud moet application/json zijn, in UTF-8.",
    ),
}  # fmt: skip
"""Per code the title and the detail, each in English and in Dutch; what is not here is ours to mend."""
BROKEN = (
    "Something is wrong here", "Er gaat hier iets mis",
    "It is not your request. The log of this tool says more.",
    "Het ligt niet aan uw verzoek. Het logboek van dit systeem zegt meer.",
)  # fmt: skip
FACTS = ("argument", "expected", "actual", "key", "workflow", "known", "ref")


class Fault(Exception):  # a word of its own; it never leaves this package
    """A request that is answered before the engine is asked anything.

    Attributes:
        code: one of `TEXTS`.
        facts: what its text is filled with.
        headers: what the answer brings besides.
    """

    def __init__(self, status: int, code: str, headers: Mapping[str, str] | None = None, **facts: object) -> None:
        self.status = status
        self.code = code
        self.headers = dict(headers or {})
        self.facts = facts
        super().__init__(code)


@frozen
class Problem:
    """What is wrong, by RFC 9457; what does not belong to this kind of problem is left out.

    Attributes:
        type: `urn:proeftuin:` and the code; the code is stable, the texts may get better.
        title, detail: for people, in the language that was asked for.
        pilot, trigger, blockers: of a refusal: every reason, roles first and alone, with what would lift it.
        argument: of a request that is wrong in itself: where.
        expected, actual: of a lost race: the versions.
    """

    type: str
    title: str
    status: int
    detail: str
    pilot: str | None = None
    trigger: str | None = None
    blockers: tuple[Reason, ...] = ()
    argument: str | None = None
    expected: int | None = None
    actual: int | None = None
    key: str | None = None
    workflow: str | None = None
    known: tuple[str, ...] = ()
    ref: str | None = None


REQUIRED = ("type", "title", "status", "detail")
PARTS = (Reason, Remedy)


@frozen
class Told:
    """A problem on its way out."""

    status: int
    body: Mapping[str, Any]
    headers: Mapping[str, str] = field(factory=dict)


def _worded(status: int, code: str, lang: str, facts: Mapping[str, object]) -> dict[str, Any]:
    title, titel, detail, uitleg = TEXTS.get(code, BROKEN)
    words = (titel, uitleg) if lang == "nl" else (title, detail)
    return {"type": KIND + code, "title": words[0], "status": status, "detail": words[1].format(**facts)}


def of_fault(fault: Fault, lang: str) -> Told:
    """Return what is told of a request that the engine was not asked about."""
    return Told(fault.status, _worded(fault.status, fault.code, lang, fault.facts), fault.headers)


def status_of(kind: type[ProeftuinError], *, expected: bool = False) -> int:
    """Return the status of a kind of error; `expected` says that the request named a version."""
    return EXPECTED if expected and kind is Conflict else STATUS[kind]


def of_error(error: ProeftuinError, lang: str, *, expected: bool = False) -> Told:
    """Return what is told of an error: of a refusal all reasons, of what is ours its name alone."""
    status = status_of(type(error), expected=expected)
    if isinstance(error, Refused):
        reasons = [reason(one, lang) for one in error.blockers]
        return Told(status, {**error.as_problem(lang), "blockers": reasons})
    facts = {**vars(error), "message": str(error)}
    told = _worded(status, error.code, lang, facts)
    if status < OURS:
        told |= {name: facts[name] for name in FACTS if facts.get(name) is not None}
    return Told(status, told, {"Retry-After": "1"} if status == 503 else {})  # noqa: PLR2004  # the status of what may be tried again


def logged(error: ProeftuinError, told: Told) -> None:
    """Log an error that is ours: the answer tells its name alone."""
    if told.status >= OURS:
        log.warning("request-failed", error=type(error).__name__)
