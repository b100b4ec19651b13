"""How pictures look: their colours by light and by dark, and the rules that all of them share.

1. A page may set any colour itself (`--proeftuin-ink`, and so on); otherwise light and dark follow the reader's own.
2. Nothing is told by colour alone: a word, a sign, a pattern or the weight of a line tells it too.
3. There are classes only and no style attributes, so that a page that allows no style inside itself can take the rules
   into its own sheet (`PICTURE_STYLE`) and the drawings without.
"""

import re
from collections.abc import Mapping

# Name -> by light, by dark. Blue and orange are told apart by all common kinds of colour blindness.
COLOURS: Mapping[str, tuple[str, str]] = {
    "paper": ("#ffffff", "#14181f"),
    "ink": ("#1b2430", "#e8edf4"),
    "soft": ("#4f5b6a", "#aab6c5"),
    "line": ("#8a95a3", "#6f7c8c"),
    "rule": ("#dfe4ea", "#2c3541"),
    "box": ("#f4f6f9", "#1d2430"),
    "been": ("#d9e6f6", "#1d3656"),
    "strong": ("#1d4f91", "#8fbcf5"),
    "here": ("#1d4f91", "#2a62ad"),
    "on-here": ("#ffffff", "#ffffff"),
    "care": ("#9a3d00", "#ffb27a"),
    "heat-1": ("#fdf3e0", "#2b2318"),
    "heat-2": ("#fbe0b4", "#453212"),
    "heat-3": ("#f6c77f", "#5d420e"),
    "heat-4": ("#eda94b", "#73500b"),
    "step-1": ("#e3edf9", "#1b2c45"),
    "step-2": ("#c6dbf3", "#22406a"),
    "step-3": ("#a3c5ec", "#2a5288"),
    "step-4": ("#85b1e4", "#305b92"),
    "step-5": ("#6aa0dd", "#35639c"),
}
HEATS, STEPS = 4, 5

_RULES = """
.pt text{font-family:system-ui,sans-serif;font-size:13px;fill:var(--pt-ink)}
.pt .pt-s{font-size:12px}
.pt .pt-t{font-size:11px;fill:var(--pt-soft)}
.pt .pt-n{font-size:11px}
.pt .pt-o{paint-order:stroke;stroke:var(--pt-paper);stroke-width:3px;stroke-linejoin:round}
.pt .pt-h{font-size:14px;font-weight:bold}
.pt .pt-f{font-weight:bold}
.pt .pt-w{fill:var(--pt-on-here)}
.pt .pt-c{fill:var(--pt-care)}
.pt .pt-m{text-anchor:middle}
.pt .pt-e{text-anchor:end}
.pt-paper{fill:var(--pt-paper)}
.pt-ink{fill:var(--pt-ink)}
.pt-line{fill:none;stroke:var(--pt-line);stroke-width:1.3}
.pt-gone{fill:none;stroke:var(--pt-strong);stroke-width:2.8}
.pt-rule{fill:none;stroke:var(--pt-rule);stroke-width:1}
.pt-today{fill:none;stroke:var(--pt-care);stroke-width:1.5;stroke-dasharray:5 3}
.pt-box{fill:var(--pt-box);stroke:var(--pt-line);stroke-width:1.3}
.pt-been{fill:var(--pt-been);stroke:var(--pt-strong);stroke-width:1.6}
.pt-here{fill:var(--pt-here);stroke:var(--pt-strong);stroke-width:3}
.pt-in{fill:none;stroke:var(--pt-line);stroke-width:1}
.pt-tip{fill:var(--pt-line)}
.pt-gtip{fill:var(--pt-strong)}
.pt-strong{fill:var(--pt-strong)}
.pt-open{fill:var(--pt-paper);stroke:var(--pt-strong);stroke-width:1.8}
.pt-care{fill:var(--pt-care)}
.pt-ocare{fill:var(--pt-paper);stroke:var(--pt-care);stroke-width:1.8}
.pt-hatch{fill:none;stroke:var(--pt-ink);stroke-width:1.2}
.pt-bar{stroke:var(--pt-paper);stroke-width:1}
"""


def _rules() -> str:
    fills = "\n".join(
        f".pt-{kind}-{number}{{fill:var(--pt-{kind}-{number})}}"
        for kind, last in (("heat", HEATS), ("step", STEPS))
        for number in range(1, last + 1)
    )
    return f"{_RULES.strip()}\n{fills}\n"


def _set(dark: bool) -> str:  # noqa: FBT001  # one of two
    return "".join(f"--pt-{name}:var(--proeftuin-{name},{both[dark]});" for name, both in COLOURS.items())


PICTURE_STYLE = f"""\
:where(svg.pt){{max-width:100%;height:auto}}
.pt{{{_set(dark=False)}}}
@media (prefers-color-scheme:dark){{.pt{{{_set(dark=True)}}}}}
{_rules()}"""

_NAMED = re.compile(r"var\(--pt-([a-z0-9-]+)\)")


def flat_style() -> str:
    """Return the rules with the colours by light written out, for what knows no custom properties."""
    return _NAMED.sub(lambda found: COLOURS[found[1]][0], _rules())
