from proeftuin.core.faults import Fault, did_you_mean


def test_a_fault_reads_as_place_code_and_sentence() -> None:
    """A fault prints as file:line:column, its code and its text, as editors and people expect."""
    assert "a.yaml:3:7: dead-end: mend it" == str(Fault("dead-end", "mend it", file="a.yaml", line=3, column=7))


def test_a_near_miss_is_named() -> None:
    """A word close to a known one is answered with that one."""
    assert "; did you mean `advance`?" == did_you_mean("advanse", ("advance", "retreat"))


def test_a_few_known_words_are_all_listed() -> None:
    """Where nothing is close and little is known, all of it is listed."""
    assert "; known are `a`, `b`" == did_you_mean("zzz", ["b", "a"])


def test_nothing_is_listed_where_nothing_helps() -> None:
    """Where nothing is close and there is nothing or much to list, nothing is added."""
    assert "" == did_you_mean("zzz", ())
    assert "" == did_you_mean("zzz", [f"name{number}" for number in range(9)])


def test_a_huge_word_list_is_not_searched() -> None:
    """Among more words than can be compared quickly no guess is made."""
    assert "" == did_you_mean("word1", (f"word{number}x" for number in range(2_000)))
