from proeftuin.core.guards import Answer, Param, Question, guard
from tests.unit.core.small import codes_of, question


def nothing(question: Question) -> Answer:
    """Nothing stands in the way.

    Whatever is asked.
    """
    assert question.params
    return None


def test_a_function_becomes_a_guard_of_its_own_name() -> None:
    """It is summed up by its first line, keeps what it declares, and is not asked again unless it says so."""
    kind = Param("text", default="note")
    made = guard(reads=("a", "$kind"), codes=("b",), kind=kind)(nothing)
    assert ("nothing", nothing, {"kind": kind}, ("a", "$kind"), ("b",), "Nothing stands in the way.") == (
        made.name,
        made.check,
        made.params,
        made.reads,
        made.codes,
        made.summary,
    )
    assert (False, True, "other") == (
        made.mended,
        guard(mended=True)(nothing).mended,
        guard(name="other")(nothing).name,
    )


def test_a_guard_is_asked_with_its_defaults() -> None:
    """What the question leaves out of the parameters is filled in from what the guard declares."""
    made = guard(codes=("b",), kind=Param("text", default="note"))(nothing)
    assert () == codes_of(made(question()))
