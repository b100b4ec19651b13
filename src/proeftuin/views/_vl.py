"""The one door to `vl_convert`: charts as SVG, and SVG as PNG, by no program beside Python.

1. It carries a JavaScript engine of 80 MB, which takes some two seconds to wake: it is imported when a chart is asked
   for. SVG becomes PNG without that engine, within milliseconds.
2. Nothing is fetched: an address in a chart is refused. A drawing of ours names no other file.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from proeftuin.errors import BadArgument

if TYPE_CHECKING:
    from types import ModuleType


def vega_svg(spec: Mapping[str, Any]) -> str:
    """Return a chart as SVG.

    Args:
        spec: of Vega-Lite, with its data in it.

    Raises:
        BadArgument: where `vl_convert` is not installed, or the chart cannot be drawn.
    """
    vl_convert = _installed()
    try:
        return str(vl_convert.vegalite_to_svg(dict(spec), allowed_base_urls=[]))
    except ValueError as error:
        raise BadArgument("spec", f"it cannot be drawn: {error}".partition("\n    at ")[0]) from error


def png(svg: str, scale: float = 2) -> bytes:
    """Return a drawing as PNG.

    Args:
        svg: without custom properties, which are not known here.
        scale: how many pixels go on one of the drawing.

    Raises:
        BadArgument: where `vl_convert` is not installed.
    """
    return bytes(_installed().svg_to_png(svg, scale=scale))


def _installed() -> "ModuleType":
    try:
        import vl_convert  # noqa: PLC0415  # only who draws charts or makes PNG needs it
    except ImportError as missing:
        raise BadArgument("vl_convert", "it is not installed; pip install proeftuin[report]") from missing
    return vl_convert
