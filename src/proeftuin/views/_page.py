"""Where the parts of a picture of lifecycles go: beside each other as far as there is room, then below."""

from collections.abc import Iterable, Sequence
from datetime import date

from attrs import Factory, define

from proeftuin.views._letters import BOLD, SMALL, STRONG, TINY, Lines
from proeftuin.views._lifecycle import Lifecycle, Station, Way
from proeftuin.views.picture import Canvas, Picture

MARGIN, GUTTER = 14, 30
CARD, INSIDE = 310, 14
TITLE_LINES, REASON_LINES = 3, 5
DAY = 80  # what a day takes beside the name of a state


@define
class Page:
    """A picture on its way.

    Attributes:
        limit: how wide it may be; one part goes on it however wide that is.
        left, top: where the next lifecycle goes; `bottom` is where the ones beside it end, `right` how far any comes.
        columns: of cards, beside the last lifecycle or below: where each begins, and how far down it comes.
    """

    limit: float
    canvas: Canvas = Factory(Canvas)
    left: float = MARGIN
    top: float = MARGIN
    bottom: float = MARGIN
    right: float = 0
    columns: list[list[float]] = Factory(list)

    def lifecycle(self, title: str, stations: Sequence[Station], ways: Sequence[Way]) -> None:
        """Add a lifecycle."""
        if self.left > MARGIN:
            wide, _ = Lifecycle(title, stations, ways, Canvas()).draw()
            if self.left + wide + MARGIN > self.limit:
                self.left, self.top = MARGIN, self.bottom + GUTTER
        wide, high = Lifecycle(title, stations, ways, self.canvas, self.left, self.top).draw()
        self._took(self.left, self.top, wide, high)
        self.left += wide + GUTTER

    def card(self, title: str, paragraphs: Iterable[str]) -> None:
        """Add a card with paragraphs."""
        lines = BOLD.lines(title, CARD - 2 * INSIDE, most=TITLE_LINES)
        told = [SMALL.lines(one, CARD - 2 * INSIDE, most=REASON_LINES) for one in paragraphs]
        left, y = self._card(lines, sum(one.height + 6 for one in told))
        for one in told:
            self.canvas.lines(left, y, one)
            y += one.height + 6

    def stops(self, title: str, stops: Sequence[tuple[str, date]], before: str) -> None:
        """Add a card with the states that a track came to, each with the day; the last is where it is.

        Args:
            title: of the track.
            stops: the last of them.
            before: what is told of those before; "" for none.
        """
        lines = BOLD.lines(title, CARD - 2 * INSIDE, most=TITLE_LINES)
        room = CARD - 2 * INSIDE - 22 - DAY
        told = [
            ((STRONG if number == len(stops) else SMALL).lines(label, room), day)
            for number, (label, day) in enumerate(stops, start=1)
        ]
        heights = [words.height + 9 for words, _ in told]
        left, y = self._card(lines, sum(heights) + (24 if before else 0))
        if before:
            self.canvas.text(left + 22, y + 2, before, TINY, room=room)
            y += 24
        if len(told) > 1:
            self.canvas.line(f"M{left + 6:g} {y + 12:g}v{sum(heights[:-1])}", "pt-gone")
        for number, (words, day) in enumerate(told, start=1):
            self._stop(left, y, words, day, here=number == len(told))
            y += heights[number - 1]

    def _stop(self, left: float, y: float, words: Lines, day: date, *, here: bool) -> None:
        canvas = self.canvas
        look, radius = ("here", 6) if here else ("been", 5)
        canvas.add(f'<circle class="pt-{look}" cx="{left + 6:g}" cy="{y + 12:g}" r="{radius}"/>')
        canvas.lines(left + 22, y + 3, words)
        canvas.text(left + CARD - 2 * INSIDE, y + 4, day, TINY.also("pt-e"))

    def _card(self, title: Lines, more: float) -> tuple[float, float]:
        """Draw an empty card in the shortest column, and return where what is in it begins."""
        high = 2 * INSIDE + title.height + 4 + more
        column = min(self._columns(), key=lambda one: one[1])
        left, top = column
        self.canvas.box(left, top, CARD, high, "pt-box")
        self.canvas.lines(left + INSIDE, top + INSIDE, title)
        column[1] += high + GUTTER / 2
        self._took(left, top, CARD, high)
        return left + INSIDE, top + INSIDE + title.height + 4

    def _columns(self) -> list[list[float]]:
        """Return the columns that there is room for: beside the lifecycle, or else below it."""
        if not self.columns:
            if self.left + CARD + MARGIN > self.limit:
                self.left, self.top = MARGIN, self.bottom + GUTTER
            count = max(1, int((self.limit - MARGIN - self.left + GUTTER / 2) / (CARD + GUTTER / 2)))
            self.columns = [[self.left + number * (CARD + GUTTER / 2), self.top] for number in range(count)]
        return self.columns

    def _took(self, left: float, top: float, wide: float, high: float) -> None:
        self.right = max(self.right, left + wide)
        self.bottom = max(self.bottom, top + high)

    def picture(self, title: str, text: str, heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Picture:
        """Return the picture."""
        wide, high = round(self.right + MARGIN), round(self.bottom + MARGIN)
        return Picture(title, text, heads, tuple(rows), wide, high, self.canvas.body())
