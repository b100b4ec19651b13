"""One lifecycle as a drawing: its states below each other, and the ways between them, with room for every word.

The places follow from the order of the states; nothing is tried and nothing moved apart afterwards:

1. A way from a state to the next one goes straight down, with its words beside it.
2. Any other way leaves its state on the right, as a line under its own words, and goes along a lane to where it leads.
   All ways to one state share a lane; lanes that do not meet share a column.
3. A state is as high as the words on its right need. So no text lies on another, and no line runs through a text.
"""

from collections.abc import Sequence

from attrs import Factory, define, frozen

from proeftuin.views._letters import BOLD, HEAD, NOTE, PLAIN, SMALL, Lines
from proeftuin.views.picture import Canvas

BOX, LABELS, STUB, LANE = 200, 200, 14, 13
INSIDE = 12  # between the edge of a box and its words
ENTRY = 15  # the height of where a lane comes in
TURN = 5
LABEL_LINES = 3


@frozen
class Station:
    """A state as it is drawn.

    Attributes:
        label: what it is called; `notes` are lines below that.
        look: `box`, `been`, `here`, or `heat-1` and so on.
        final: whether it ends the lifecycle, which gives it a double edge.
        share: how much of a bar at its foot is filled, 0 to 1; None for no bar.
    """

    name: str
    label: str
    notes: tuple[str, ...] = ()
    look: str = "box"
    final: bool = False
    share: float | None = None


@frozen
class Way:
    """A way to a state, from another one or from nowhere (None); `gone` where it was taken."""

    source: str | None
    target: str
    label: str
    gone: bool = False


@define
class _Port:
    """Where a way leaves or enters a state, in its right edge.

    Attributes:
        lines: its words; none for a lane that comes in.
        y: of its line, once that is known.
    """

    way: Way | None
    lines: Lines | None = None
    y: float = 0

    @property
    def height(self) -> float:
        return ENTRY if self.lines is None else self.lines.height + 8


@define
class _Lane:
    """What leads to one state: where it comes in, and the ports of the ways to it."""

    target: str
    entry: _Port
    ports: list[_Port] = Factory(list)
    column: int = 0

    @property
    def ends(self) -> tuple[float, float]:
        ys = [self.entry.y, *(one.y for one in self.ports)]
        return min(ys), max(ys)


@define
class Lifecycle:
    """A lifecycle to be drawn: states in order, and the ways between them."""

    title: str
    stations: Sequence[Station]
    ways: Sequence[Way]
    canvas: Canvas
    left: float = 0
    top: float = 0
    tops: dict[str, float] = Factory(dict)
    heights: dict[str, float] = Factory(dict)
    ports: dict[str, list[_Port]] = Factory(dict)
    lanes: dict[str, _Lane] = Factory(dict)

    def draw(self) -> tuple[float, float]:
        """Draw it, and return its width and height."""
        self._find_ports()
        bottom = self._place()
        self._share_columns()
        for gone in (False, True):  # what was gone lies above the rest
            for lane in self.lanes.values():
                self._draw_lane(lane, gone=gone)
        self._draw_entries()
        for station in self.stations:
            self._draw_station(station)
        columns = max((one.column + 1 for one in self.lanes.values()), default=0)
        return BOX + STUB + LABELS + 10 + columns * LANE, bottom - self.top

    # -- places ----------------------------------------------------------------------------------------------------

    def _straight(self, number: int) -> Way | None:
        """Return the way that leads straight down to a state from the one above it, or from the beginning."""
        source = self.stations[number - 1].name if number else None
        target = self.stations[number].name
        return next((one for one in self.ways if (one.source, one.target) == (source, target)), None)

    def _find_ports(self) -> None:
        straight = {id(self._straight(number)) for number in range(len(self.stations))}
        others = [one for one in self.ways if id(one) not in straight]
        leaving: dict[str, list[_Port]] = {one.name: [] for one in self.stations}
        for way in others:
            port = _Port(way, SMALL.lines(way.label, LABELS - 8, most=LABEL_LINES))
            leaving[way.target if way.source is None else way.source].append(port)
            if way.source is not None:
                self.lanes.setdefault(way.target, _Lane(way.target, _Port(None))).ports.append(port)
        for name, ports in leaving.items():
            self.ports[name] = [self.lanes[name].entry, *ports] if name in self.lanes else ports

    def _place(self) -> float:
        """Find where each state and each port is, and return how far down it all goes."""
        title = HEAD.lines(self.title, BOX + LABELS)
        self.canvas.lines(self.left, self.top, title)
        y = self.top + title.height + 7
        for number, station in enumerate(self.stations):
            y = self._gap(number, y)
            self.tops[station.name] = y
            right = y + 8
            for port in self.ports[station.name]:
                right += port.height
                port.y = right - (ENTRY / 2 if port.lines is None else 3)
            words = 18 + self._label(station).height + len(station.notes) * NOTE.step
            words += 10 if station.share is not None else 0
            self.heights[station.name] = max(words, right + 6 - y, 38)
            y += self.heights[station.name]
        return y + 4

    def _label(self, station: Station) -> Lines:
        return (BOLD if station.look == "here" else PLAIN).lines(station.label, BOX - 2 * INSIDE)

    def _gap(self, number: int, top: float) -> float:
        """Draw the way straight down to a state, and return where that state begins."""
        way = self._straight(number)
        if way is None:
            return top + (14 if number else 0)
        lines = SMALL.lines(way.label, BOX + LABELS - 50)
        bottom = top + max(lines.height + 16, 34)
        x, begins = self.left + 22, top
        if way.source is None:
            self.canvas.add(f'<circle class="pt-{"g" if way.gone else ""}tip" cx="{x}" cy="{top + 7:g}" r="6"/>')
            begins += 13
        self.canvas.line(f"M{x} {begins:g}V{bottom - 8:g}", _line(way))
        self.canvas.line(f"M{x} {bottom - 1:g}l-5 -9h10z", _tip(way))
        self.canvas.lines(x + 14, (top + bottom - lines.height) / 2 - 1, lines)
        return bottom

    def _share_columns(self) -> None:
        """Give each lane a column, the short ones near the states; lanes that do not meet may share one."""
        columns: list[list[tuple[float, float]]] = []
        for lane in sorted(self.lanes.values(), key=lambda one: one.ends[1] - one.ends[0]):
            first, last = lane.ends
            for number, taken in enumerate(columns):  # noqa: B007  # used behind the loop
                if all(last + LANE < one or first - LANE > other for one, other in taken):
                    break
            else:
                number = len(columns)
                columns.append([])
            columns[number].append((first, last))
            lane.column = number

    # -- lines -----------------------------------------------------------------------------------------------------

    def _draw_lane(self, lane: _Lane, *, gone: bool) -> None:
        x = self.left + BOX + STUB + LABELS + 6 + lane.column * LANE
        edge, end = self.left + BOX, lane.entry.y
        ports = [one for one in lane.ports if one.way is not None and one.way.gone == gone]
        for port in ports:
            turn = TURN if end > port.y else -TURN
            there, back = f"q{TURN} 0 {TURN} {turn}", f"q0 {turn} -{TURN} {turn}"
            path = f"M{edge} {port.y:g}H{x - TURN}{there}V{end - turn:g}{back}H{edge + 8}"
            self.canvas.line(path, _line(port.way))
            self._draw_words(port)
        if ports:
            self.canvas.line(f"M{edge + 1} {end:g}l9 -5v10z", _tip(ports[0].way))

    def _draw_entries(self) -> None:
        """Draw the ways that come from nowhere to a state other than the first."""
        edge = self.left + BOX
        for ports in self.ports.values():
            for port in ports:
                if port.way is not None and port.way.source is None:
                    gone = "g" if port.way.gone else ""
                    self.canvas.line(f"M{edge + 8} {port.y:g}H{edge + STUB + LABELS - 8}", _line(port.way))
                    self.canvas.add(
                        f'<circle class="pt-{gone}tip" cx="{edge + STUB + LABELS - 6}" cy="{port.y:g}" r="5"/>'
                    )
                    self.canvas.line(f"M{edge + 1} {port.y:g}l9 -5v10z", _tip(port.way))
                    self._draw_words(port)

    def _draw_words(self, port: _Port) -> None:
        if port.lines is not None:
            self.canvas.lines(self.left + BOX + STUB, port.y - 4 - port.lines.height, port.lines)

    def _draw_station(self, station: Station) -> None:
        canvas, left, top = self.canvas, self.left, self.tops[station.name]
        high, here = self.heights[station.name], station.look == "here"
        kind = f"pt-box pt-{station.look}" if station.look.startswith("heat") else f"pt-{station.look}"
        canvas.box(left, top, BOX, high, kind)
        if station.final:
            canvas.box(left + 4, top + 4, BOX - 8, high - 8, "pt-in", round_=3)
        lines, white = self._label(station), "pt-w" if here else ""
        canvas.lines(left + INSIDE, top + 9, lines, white)
        for number, note in enumerate(station.notes):
            y = top + 10 + lines.height + number * NOTE.step
            canvas.text(left + INSIDE, y, note, NOTE.also(white), room=BOX - 2 * INSIDE)
        if station.share is not None:
            y = top + 12 + lines.height + len(station.notes) * NOTE.step
            canvas.box(left + INSIDE, y, BOX - 2 * INSIDE, 6, "pt-in", round_=0)
            canvas.box(left + INSIDE, y, (BOX - 2 * INSIDE) * station.share, 6, "pt-strong", round_=0)


def _line(way: Way | None) -> str:
    return "pt-gone" if way is not None and way.gone else "pt-line"


def _tip(way: Way | None) -> str:
    return "pt-gtip" if way is not None and way.gone else "pt-tip"
