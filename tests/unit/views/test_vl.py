import struct
import sys

import pytest

from proeftuin.errors import BadArgument
from proeftuin.views import _vl

PLAIN = '<svg xmlns="http://www.w3.org/2000/svg" width="30" height="20"><rect width="30" height="20"/></svg>'
CHART = {
    "data": {"values": [{"state": "Exploring", "pilots": 3}]},
    "mark": "bar",
    "encoding": {"x": {"field": "pilots", "type": "quantitative"}, "y": {"field": "state", "type": "nominal"}},
}


def test_a_chart_becomes_svg_with_its_words() -> None:
    """A chart with its data in it is drawn as SVG in which its labels are text."""
    assert "Exploring</text>" in _vl.vega_svg(CHART)


def test_a_chart_fetches_nothing() -> None:
    """A chart that names its data by an address is refused, and told which address that is."""
    with pytest.raises(BadArgument, match=r"http://127\.0\.0\.1:9/pilots\.json"):
        _vl.vega_svg({**CHART, "data": {"url": "http://127.0.0.1:9/pilots.json"}})


@pytest.mark.parametrize(("scale", "size"), [(1, (30, 20)), (3, (90, 60))])
def test_a_drawing_becomes_png_of_the_size_asked_for(scale: int, size: tuple[int, int]) -> None:
    """A PNG has as many pixels for each of the drawing as were asked for."""
    made = _vl.png(PLAIN, scale)
    assert (b"\x89PNG", size) == (made[:4], struct.unpack(">II", made[16:24]))


def test_without_its_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the library is missing, the error names the extra that brings it."""
    monkeypatch.setitem(sys.modules, "vl_convert", None)
    with pytest.raises(BadArgument, match=r"pip install proeftuin\[report\]"):
        _vl.png(PLAIN)
