"""Days as places: an axis of time with its months, and rows of bars and marks along it, none on another.

1. What a row is called stands before it, in a column of its own; so every bar has its words, however short it is.
2. Words in a bar are there where they fit. What a bar or a mark is, it tells when pointed at, and the table tells.
3. Marks of one kind that would touch are one mark with their number. Words beside marks go below each other.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import Literal

from attrs import Factory, define, field, frozen

from proeftuin.views._letters import NOTE, SMALL, STRONG, TINY, Lines
from proeftuin.views._picture_words import tell
from proeftuin.views.days import month
from proeftuin.views.picture import Canvas, hatched

Shape = Literal["circle", "square", "triangle", "diamond", "down", "cross"]

Sign = tuple[Shape | Literal["hold", "bar"], str, str]
"""What stands in a legend: the shape, its class, and what it means."""

MARGIN = 14
NAMES = (120, 220, 0.28)  # the column of what rows are called: at least, at most, and how much of the whole
BAR, MARKS, COUNT, LABEL = (
    18,
    18,
    12,
    18,
)  # heights: of a bar, of marks, of the numbers above those, of marks with words
BELOW = (8, 3, 8)  # what lies between the lines of the head: title, today, months, and the first row
NEAR = 24  # marks nearer than this are one
MANY, FEW = 99, 2  # the largest number of marks that is told, and of how many one is told what they are
STEPS = (1, 2, 3, 6, 12, 24, 60, 120)  # months from one tick to the next
WEEK = 7
DAYS = (1, 2, WEEK, 2 * WEEK, 4 * WEEK, 8 * WEEK)  # where there is no room for two months
TICK = 70
A_MONTH, A_YEAR = 30.44, 12

SHAPES: dict[Shape, str] = {
    "circle": "m-6 0a6 6 0 1 0 12 0a6 6 0 1 0 -12 0z",
    "square": "m-5 -5h10v10h-10z",
    "triangle": "m0 -7l7 12h-14z",
    "diamond": "m0 -7l7 7l-7 7l-7 -7z",
    "down": "m0 6l6 -11h-12z",
    "cross": "m-6 -3l3 -3l3 3l3 -3l3 3l-3 3l3 3l-3 3l-3 -3l-3 3l-3 -3l3 -3z",
}


@frozen
class Bar:
    """A time from a day up to another; `until` is None for one that goes on.

    Attributes:
        label: what is told in it, where that fits; `short` where that does not.
        told: what it is, in words.
        look: its class, or `hold` for what is stopped.
    """

    since: date
    until: date | None
    label: str
    told: str
    look: str
    short: str = ""


@frozen
class Mark:
    """Something on a day.

    Attributes:
        shape, look: what it looks like; marks that have both alike may become one.
        told: what it is, in words.
        label: words beside it; with them it never becomes one with another.
    """

    day: date
    shape: Shape
    look: str
    told: str
    label: str = ""


@frozen
class Line:
    """A row along the axis: what it is called, what is told below that, and its bars and marks.

    Attributes:
        ends: marks behind a bar, where something ended.
        strong: whether its name stands out.
    """

    name: str
    note: str = ""
    bars: tuple[Bar, ...] = ()
    marks: tuple[Mark, ...] = ()
    ends: tuple[Mark, ...] = ()
    strong: bool = False


@define
class Axis:
    """From the first day on the left to the last one on the right.

    Attributes:
        today: the day as of which it is drawn.
        wide: of the whole drawing, in pixels; `names` of the column of names.
        left, right: where the first and the last day are.
        y: where the next row goes.
    """

    first: date
    last: date
    today: date
    lang: str
    wide: int
    canvas: Canvas = Factory(Canvas)
    y: float = MARGIN
    names: float = field(init=False)
    left: float = field(init=False)
    right: float = field(init=False)

    def __attrs_post_init__(self) -> None:
        least, most, part = NAMES
        self.names = max(least, min(most, self.wide * part))
        self.left, self.right = MARGIN + self.names, self.wide - MARGIN - 8

    def x(self, day: date) -> float:
        """Return where a day is; one beyond the axis is at its end."""
        whole = max((self.last - self.first).days, 1)
        place = min(max((day - self.first).days, 0), whole)
        return self.left + (self.right - self.left) * place / whole

    # -- months ----------------------------------------------------------------------------------------------------

    def ticks(self) -> Iterator[tuple[date, str]]:
        """Give the days that are marked below the rows, with what they are called."""
        days = max((self.last - self.first).days, 1)
        a_day = (self.right - self.left) / days
        if a_day * A_MONTH < TICK or days > 2 * A_MONTH:
            step = next((one for one in STEPS if one * A_MONTH * a_day >= TICK), STEPS[-1])
            for number in range(self.first.year * A_YEAR, (self.last.year + 1) * A_YEAR, step):
                day = date(number // A_YEAR, number % A_YEAR + 1, 1)
                if self.first <= day <= self.last:
                    yield day, f"{month(day, self.lang, short=True)} {day.year}"
            return
        step = next(one for one in DAYS if one * a_day >= TICK)
        day = self.first if step < WEEK else self.first + timedelta(-self.first.weekday() % WEEK)
        while day <= self.last:
            yield day, f"{day.day} {month(day, self.lang, short=True)}"
            day += timedelta(step)

    def begin(self, title: Lines) -> None:
        """Leave room for the head; the next row goes below it."""
        self.y = MARGIN + title.height + sum(BELOW) + 2 * TINY.step

    def head(self, title: Lines, today: str, low: float) -> Canvas:
        """Return what lies under the rows: title, months, and the day as of which it all holds, down to `low`."""
        canvas = Canvas()
        canvas.patterns()
        canvas.lines(MARGIN, MARGIN, title)
        y = MARGIN + title.height + BELOW[0]
        at = self.x(self.today)
        before = at + TINY.width(today) > self.right
        canvas.text(at, y, today, TINY.also("pt-e pt-c" if before else "pt-c"))
        y += TINY.step + BELOW[1]
        for day, name in self.ticks():
            x = self.x(day)
            canvas.line(f"M{x:.1f} {y:g}V{low:g}", "pt-rule")
            ends = x + 6 + TINY.width(name)
            if ends < self.wide and not x <= at <= ends:
                canvas.text(x + 4, y, name, TINY)
        canvas.line(f"M{at:.1f} {y - 2:g}V{low:g}", "pt-today")
        return canvas

    # -- rows ------------------------------------------------------------------------------------------------------

    def line(self, line: Line) -> None:
        """Draw a row."""
        top = bottom = self.y
        words = self._words(line)
        for bar in line.bars:
            self._bar(bar, top)
        for mark in line.ends:
            self._shape(mark, self.x(mark.day) + 8, top + BAR / 2 - 1, f"{mark.day} {mark.told}")
        bottom += BAR if line.bars or line.ends else 0
        plain = [one for one in line.marks if not one.label]
        if plain:
            bottom += self._marks(plain, bottom)
        bottom += self._labelled([one for one in line.marks if one.label], bottom)
        self.y = max(bottom, words) + 7
        self.canvas.line(f"M{MARGIN} {self.y - 4:g}H{self.wide - MARGIN}", "pt-rule")

    def _words(self, line: Line) -> float:
        """Draw what a row is called, and return how far down that comes."""
        y = self.y + 1
        for words, letters in ((line.name, STRONG if line.strong else SMALL), (line.note, TINY)):
            if words:
                lines = letters.lines(words, self.names - 16)
                self.canvas.lines(MARGIN, y, lines)
                y += lines.height
        return y + 2

    def _bar(self, bar: Bar, top: float) -> None:
        left, right = self.x(bar.since), self.x(bar.until or self.today)
        wide = max(right - left, 3)
        told = f"{bar.told}, {bar.since} \u2013 {bar.until or tell(self.lang, 'now')}"
        where = f'x="{left:.1f}" y="{top:g}" width="{wide:.1f}" height="{BAR - 2}"'
        if bar.look == "hold":
            self.canvas.shape(f'<rect class="pt-in" {where} {hatched("hold")}', told)
            return
        self.canvas.shape(f'<rect class="pt-bar pt-{bar.look}" {where}', told)
        room = wide - 6
        label = next((one for one in (bar.label, bar.short) if one and NOTE.width(one) <= room), "")
        self.canvas.text(left + 4, top + 1.5, label, NOTE.also("pt-w" if bar.look == "here" else ""))

    def _marks(self, marks: Sequence[Mark], top: float) -> float:
        """Draw marks without words, those that would touch as one with their number above; return how high that is."""
        lanes: list[list[tuple[float, list[Mark]]]] = []
        for x, together in self._near(marks):
            for lane in lanes:
                if all(abs(x - other) >= NEAR for other, _ in lane):
                    break
            else:
                lane = []
                lanes.append(lane)
            lane.append((x, together))
        y = top
        for lane in lanes:
            y += COUNT if any(len(together) > 1 for _, together in lane) else 0
            for x, together in lane:
                self._group(together, x, y)
            y += MARKS
        return y - top

    def _near(self, marks: Sequence[Mark]) -> Iterator[tuple[float, list[Mark]]]:
        """Give marks of one kind that would touch together, each group with its place."""
        groups: dict[tuple[str, str], list[list[Mark]]] = {}
        for mark in sorted(marks, key=lambda one: one.day):
            own = groups.setdefault((mark.shape, mark.look), [])
            if own and self.x(mark.day) - self.x(own[-1][0].day) < NEAR:
                own[-1].append(mark)
            else:
                own.append([mark])
        return ((self.x(group[0].day), group) for own in groups.values() for group in own)

    def _group(self, together: Sequence[Mark], x: float, y: float) -> None:
        count = len(together)
        told = "; ".join(f"{one.day} {one.told}" for one in together[:FEW]) + ("; ..." if count > FEW else "")
        self._shape(together[0], x, y + MARKS / 2, told)
        if count > 1:
            number = str(count) if count <= MANY else f"{MANY}+"
            self.canvas.text(x, y - COUNT + 1, number, TINY.also("pt-o pt-m"))

    def _labelled(self, marks: Iterable[Mark], top: float) -> float:
        """Draw marks with words beside them, below each other where they would touch; return how high that is."""
        rows: list[list[tuple[float, float]]] = []
        for mark in marks:
            x = self.x(mark.day)
            ends, begins, words = self._beside(x, mark.label)
            first, last = min(begins, x - 8), max(begins + NOTE.width(words), x + 8)
            for number, taken in enumerate(rows):  # noqa: B007  # used behind the loop
                if all(last + 6 < one or first - 6 > other for one, other in taken):
                    break
            else:
                number = len(rows)
                rows.append([])
            rows[number].append((first, last))
            y = top + number * LABEL
            self._shape(mark, x, y + 9, f"{mark.day} {mark.told}")
            look, place = ("pt-o pt-e", x - 10) if ends else ("pt-o", x + 10)
            self.canvas.text(place, y + 2.5, words, NOTE.also(look))
        return len(rows) * LABEL

    def _beside(self, x: float, label: str) -> tuple[bool, float, str]:
        """Return whether words end beside a mark, where they begin, and as many of them as fit.

        They stand where there is most room, whatever they say: the day decides, and not how long they are.
        """
        after, before = self.wide - MARGIN - x - 10, x - 10 - self.left
        words = NOTE.fitted(label, max(after, before))
        return (True, x - 10 - NOTE.width(words), words) if before > after else (False, x + 10, words)

    def _shape(self, mark: Mark, x: float, y: float, told: str) -> None:
        self.canvas.shape(f'<path class="pt-{mark.look}" d="M{x:.1f} {y:g}{SHAPES[mark.shape]}"', told)

    # -- what the signs mean ---------------------------------------------------------------------------------------

    def legend(self, signs: Iterable[Sign]) -> None:
        """Draw what signs mean: the shape, its class, and words; as many on a line as there is room for."""
        x, self.y = float(MARGIN), self.y + 6
        for shape, look, words in signs:
            shown = TINY.fitted(words, self.wide / 2)
            wide = 24 + TINY.width(shown) + 18
            if x > MARGIN and x + wide > self.wide - MARGIN:
                x, self.y = float(MARGIN), self.y + 20
            if shape == "hold":
                self.canvas.add(
                    f'<rect class="pt-in" x="{x:.1f}" y="{self.y + 1:g}" width="18" height="13" {hatched("hold")}/>'
                )
            elif shape == "bar":
                self.canvas.add(f'<rect class="pt-{look}" x="{x:.1f}" y="{self.y + 1:g}" width="18" height="13"/>')
            else:
                self.canvas.add(f'<path class="pt-{look}" d="M{x + 9:.1f} {self.y + 8:g}{SHAPES[shape]}"/>')
            self.canvas.text(x + 24, self.y + 1, shown, TINY)
            x += wide
        self.y += 22
