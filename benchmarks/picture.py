"""Bars, as an SVG file: two for each number of processes, ours as a part of the other's written above them."""

from collections.abc import Iterator, Mapping, Sequence

WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 640, 320, 64, 48, 56
BAR = 44
COLOURS = {"proeftuin": "#1d4f91", "pgbench": "#b0b7c3"}
TEXT = 'font-family="sans-serif" font-size="13" fill="#222"'


def bars(title: str, groups: Sequence[int], sides: Sequence[Mapping[int, float]]) -> str:
    """Return a picture of what ours does, and pgbench, in each group."""
    most = _round_up(max(max(side.values()) for side in sides))
    parts = [*_grid(most), *_groups(groups, sides, most), *_legend()]
    told = "; ".join(f"{group}: {sides[0][group]:.0f} against {sides[1][group]:.0f}" for group in groups)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{title}">\n'
        f"<title>{title}</title>\n<desc>{told}</desc>\n"
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>\n'
        f'<text x="{LEFT}" y="22" {TEXT} font-weight="bold">{title}</text>\n' + "\n".join(parts) + "\n</svg>\n"
    )


def _round_up(value: float) -> int:
    """Return a round number that is not smaller, of which a quarter is round too."""
    step = int("1".ljust(len(f"{int(value)}"), "0"))
    return next(step * times // 5 for times in (5, 10, 20, 40, 50) if step * times / 5 >= value)


def _height(value: float, most: int) -> float:
    return (HEIGHT - BOTTOM - TOP) * value / most


def _grid(most: int) -> Iterator[str]:
    for part in range(5):
        value = most * part // 4
        y = HEIGHT - BOTTOM - _height(value, most)
        yield f'<line x1="{LEFT}" x2="{WIDTH - 16}" y1="{y:.1f}" y2="{y:.1f}" stroke="#ddd"/>'
        yield f'<text x="{LEFT - 8}" y="{y + 4:.1f}" {TEXT} text-anchor="end">{value:,}</text>'


def _groups(groups: Sequence[int], sides: Sequence[Mapping[int, float]], most: int) -> Iterator[str]:
    wide = (WIDTH - LEFT - 16) / len(groups)
    for place, group in enumerate(groups):
        middle = LEFT + wide * (place + 0.5)
        for offset, (side, colour) in enumerate(zip(sides, COLOURS.values(), strict=True)):
            tall = _height(side[group], most)
            x, y = middle + (offset - 1) * BAR, HEIGHT - BOTTOM - tall
            yield f'<rect x="{x:.1f}" y="{y:.1f}" width="{BAR - 4}" height="{tall:.1f}" fill="{colour}"/>'
        above = HEIGHT - BOTTOM - _height(max(side[group] for side in sides), most) - 8
        share = sides[0][group] / sides[1][group]
        yield f'<text x="{middle:.1f}" y="{above:.1f}" {TEXT} text-anchor="middle">{share:.2f}</text>'
        name = f"{group} process{'es' * (group > 1)}"
        yield f'<text x="{middle:.1f}" y="{HEIGHT - BOTTOM + 20}" {TEXT} text-anchor="middle">{name}</text>'


def _legend() -> Iterator[str]:
    for place, (name, colour) in enumerate(COLOURS.items()):
        x = WIDTH - 220 + place * 110
        yield f'<rect x="{x}" y="12" width="12" height="12" fill="{colour}"/>'
        yield f'<text x="{x + 18}" y="22" {TEXT}>{name}</text>'
