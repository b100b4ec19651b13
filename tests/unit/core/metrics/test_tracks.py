from tests.unit.core.metrics.people import ago, one, one_pilot, stop

SUPPLIERS = [
    stop("identified", 60, track="a"), stop("identified", 60, track="b"), stop("invited", 50, track="a"),
    stop("invited", 50, track="b"), stop("talking", 40, track="a"), stop("declined", 40, track="b"),
    stop("willing", 30, track="a"), stop("invited", 20, track="b"), stop("agreed", 20, track="a"),
    stop("open", 10, track="flowers"),
]  # fmt: skip
PILOT = one_pilot(path=SUPPLIERS, kinds={"flowers": "category"})


def test_suppliers_are_counted_where_they_are() -> None:
    """Each supplier is in one state, on every day, and tracks of another kind are not suppliers."""
    found = one(PILOT, "track_response")
    assert {"agreed": 1, "invited": 1} == {state: number for state, number in found.value.items() if number}
    assert ({"agreement_rate": "1/1"}, (1, 1)) == (found.ratios, found.coverage)


def test_each_supplier_has_answered_for_itself() -> None:
    """Broken down by track each supplier is the one that it is."""
    assert {"a": 1, "b": 1} == one(PILOT, "track_response", by=["track"]).value


def test_a_state_that_was_left_again_counts_on_its_days() -> None:
    """Who declined and was invited again had declined then."""
    then = one(PILOT, "track_response", as_of=ago(30))
    assert ((1, 1, 0), {"agreement_rate": "0/1"}) == (
        tuple(then.value[state] for state in ("willing", "declined", "invited")),
        then.ratios,
    )
    assert ((0, 1), {}) == (
        one(PILOT, "track_response", as_of=ago(61)).coverage,
        one(PILOT, "track_response", as_of=ago(55)).ratios,
    )


def test_agreement_is_pooled_over_pilots() -> None:
    """The rate of a portfolio is of all who answered, not the average of the pilots' rates; later states count."""
    late = [stop(state, 9, track=state) for state in ("delivering", "completed", "withdrawn", "lapsed", "parked")]
    held = [one_pilot(path=late), one_pilot(path=[stop("declined", 9, track="x")], id="p2"), one_pilot(id="p3")]
    found = one(held, "track_response")
    assert ({"agreement_rate": "3/5"}, (2, 3)) == (found.ratios, found.coverage)


def test_states_of_tracks_add_up_to_the_tracks() -> None:
    """Every track is in one state of its kind."""
    assert {"category.open": 1, "supplier.agreed": 1, "supplier.invited": 1} == one(PILOT, "tracks_by_state").value
    assert {"a": 1, "b": 1, "flowers": 1} == one(PILOT, "tracks_by_state", by=["track"]).value
    assert 1 == one(PILOT, "tracks_by_state", of="category.open").value
