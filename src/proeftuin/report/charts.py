"""Figures as drawings, by Vega-Lite: bars with their label above and their number behind, and phases over time.

1. A drawing is 320 wide, so that it can be read on a telephone as it is; on wider pages drawings stand side by side.
   It names its colours by custom properties of the page, so that it follows light and dark.
2. It is made of the rows of the table beside it, so it cannot tell what these do not. Where one of them is hidden there
   is no drawing at all: the length of the others would tell about it.
3. Text has room for letters a fifth wider than those of the font that was measured by.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

from attrs import frozen

from proeftuin.templates import Markup
from proeftuin.views._vl import vega_svg
from proeftuin.views.words import plain

WIDE, BAR, STEP, ROOM = 320, 11, 40, 100  # pixels: all, of a bar, from bar to bar, behind the longest bar
LABEL = 40  # characters above a bar
PLOT, TOP, RIGHT = 150, 6, 290  # pixels: how high phases over time are, what is above them, where they end
SIZE = 13
_ROOT = re.compile(r"<svg [^>]*>")
_NOISE = re.compile(r' (?:role|aria-roledescription|class|font-family|stroke-miterlimit|aria-hidden)="[^"]*"')
_FRAME = re.compile(r"<path [^>]*(?:display=\"none\"|d=\"M0,0h\d+v\d+h-\d+Z\")/>")


@frozen
class Bar:
    """One bar.

    Attributes:
        label: what stands above it; `shown` is the number behind it, as the table shows it.
        amount: how long it is.
        colour: the name of a custom property.
        limit: where a line stands that it should reach, None for none.
    """

    label: str
    amount: float
    shown: str
    colour: str = "bar"
    limit: float | None = None


def bars(title: str, rows: Sequence[Bar]) -> Markup | None:
    """Return bars, longest possible; None where there is nothing to compare."""
    most = max((max(one.amount, one.limit or 0) for one in rows), default=0)
    if most <= 0:
        return None
    long = (WIDE - ROOM) / most
    values: list[dict[str, Any]] = [
        {
            "label": plain(one.label, LABEL),
            "shown": one.shown,
            "colour": f"var(--{one.colour})",
            "y": 18 + STEP * place,
            "end": max(one.amount * long, 1.5),
            "limit": None if one.limit is None else one.limit * long,
        }
        for place, one in enumerate(rows)
    ]
    layers = [
        _mark(
            {"type": "rect", "cornerRadius": 2}, y=_at("y"), y2=_at("low"), x={"value": 0}, x2=_at("end"), fill=_own()
        ),
        _text("label", x={"value": 0}, y=_at("y"), dy=-5),
        _text("shown", x=_at("behind"), y=_at("y"), dx=6, dy=10, weight="bold"),
    ]
    if any(one.limit is not None for one in rows):
        line = {"type": "rule", "stroke": "var(--ink)", "strokeWidth": 2}
        layers.append(_mark(line, x=_at("limit"), y=_at("above"), y2=_at("below")))
    for one in values:
        y: Any = one["y"]
        one |= {"low": y + BAR, "above": y - 2, "below": y + BAR + 2, "behind": max(one["end"], one["limit"] or 0)}
    return _drawn(title, STEP * len(rows), values, layers)


def flow(title: str, ends: Sequence[str], phases: Mapping[str, Sequence[int]]) -> Markup | None:
    """Return how many pilots lay in each phase over time, stacked, with the phases named below in the same order.

    Args:
        title: what it is.
        ends: what the first and the last moment are called.
        phases: what each is called, with its numbers; the first stands at the bottom.
    """
    most = max((sum(column) for column in zip(*phases.values(), strict=True)), default=0)
    moments = max(len(one) for one in phases.values()) if phases else 0
    if most <= 0 or moments < 2:  # noqa: PLR2004  # one moment is no course
        return None
    across, up = RIGHT / (moments - 1), PLOT / most
    areas, names = [], []
    below = [0] * moments
    for place, (name, numbers) in enumerate(phases.items()):
        above = [low + more for low, more in zip(below, numbers, strict=True)]
        colour = f"var(--phase-{place % 6})"
        areas += [
            {"phase": place, "colour": colour, "x": across * at, "y": _down(high, up), "low": _down(low, up)}
            for at, (low, high) in enumerate(zip(below, above, strict=True))
        ]
        y = TOP + PLOT + 44 + 20 * (len(phases) - 1 - place)
        names.append({"name": plain(name, LABEL), "shown": str(numbers[-1]), "colour": colour, "y": y, "top": y - 10})
        below = above
    edge_x = {"value": RIGHT}
    edge = {"type": "area", "stroke": "var(--card)", "strokeWidth": 1}
    layers = [
        _mark(edge, areas, x=_at("x"), y=_at("y"), y2=_at("low"), fill=_own(), detail={"field": "phase"}),
        _mark({"type": "rect", "width": 12, "height": 12, "cornerRadius": 2, "align": "left", "baseline": "top"},
              names, x={"value": 0}, x2={"value": 12}, y=_at("top"), y2=_at("y2"), fill=_own()),
        _text("name", names, x={"value": 20}, y=_at("y")),
        _text("shown", names, x=edge_x, y=_at("y"), align="right", weight="bold"),
        _text("name", [{"name": ends[0]}], x={"value": 0}, y={"value": TOP + PLOT + 16}, colour="soft"),
        _text("name", [{"name": ends[1]}], x=edge_x, y={"value": TOP + PLOT + 16}, align="right", colour="soft"),
        _text("name", [{"name": f"{most}"}], x={"value": WIDE}, y={"value": TOP + 10}, align="right", colour="soft"),
    ]  # fmt: skip
    for one in names:
        one["y2"] = one["top"] + 12  # type: ignore[operator]  # a number, as was just given
    return _drawn(title, TOP + PLOT + 40 + 20 * len(phases), [], layers)


def _down(number: int, up: float) -> float:
    return TOP + PLOT - number * up


def _at(field: str) -> dict[str, Any]:
    return {"field": field, "type": "quantitative", "scale": None, "axis": None}


def _own() -> dict[str, Any]:
    return {"field": "colour", "type": "nominal", "scale": None, "legend": None}


def _mark(mark: Mapping[str, Any], values: object = None, /, **encoding: object) -> dict[str, Any]:
    return {"mark": mark, "encoding": encoding, **({} if values is None else {"data": {"values": values}})}


def _text(
    field: str,
    values: object = None,
    /,
    *,
    x: object,
    y: object,
    align: str = "left",
    colour: str = "ink",
    weight: str = "normal",
    **moved: float,
) -> dict[str, Any]:
    mark = {
        "type": "text",
        "align": align,
        "baseline": "alphabetic",
        "fontSize": SIZE,
        "fontWeight": weight,
        "color": f"var(--{colour})",
        **moved,
    }
    return _mark(mark, values, text={"field": field, "type": "nominal"}, x=x, y=y)


def _drawn(title: str, height: int, values: object, layers: Iterable[object]) -> Markup:
    spec = {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "background": None,
        "padding": 0,
        "autosize": {"type": "none"},
        "width": WIDE,
        "height": height,
        "config": {"view": {"stroke": None}, "aria": False, "font": "Arial"},
        "data": {"values": values},
        "layer": list(layers),
    }
    inside = _FRAME.sub("", _NOISE.sub("", vega_svg(spec)))
    root = f'<svg class="chart" role="img" aria-label="{escape(plain(title))}" viewBox="0 0 {WIDE} {height}">'
    return Markup(_ROOT.sub(lambda _: root, inside, count=1))  # Vega escapes text, and we the title
