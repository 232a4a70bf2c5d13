"""Places for labelled nodes that do not overlap, the same on every machine: no randomness, no iteration to rest.

Every node is a rectangle that holds its mark and its label. Each is put at the free spot nearest to where it wants
to be, tried along a spiral, the more telling nodes first (greedy placement as map makers label cities).
The page's ``layout.js`` does the same for what is opened later, with the same measures.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

FONT = 13.0
HUB_FONT = 15.0
LINE = 1.25
WRAP = 9.0  # widths of a Chinese character on a line of label
LINES = 2
GAP = 7.0


@dataclass(frozen=True, slots=True)
class Box:
    """Half-width, and heights above and below the node's centre."""

    half: float
    above: float
    below: float


def width(text: str) -> float:
    """In widths of a Chinese character: others take 0.56 of it (what Noto Sans measures on Latin text, rounded up)."""
    return sum(1.0 if ord(c) > 0x2E7F else 0.56 for c in text)


_CLOSING = "”’」』》）)】、，。：；！？…%"  # never begin a line
_OPENING = "“‘「『《（(【"  # never end one


def wrap(text: str) -> list[str]:
    """At most ``LINES`` lines of ``WRAP`` widths, evenly filled, the last ending with … if something is left."""
    limit = min(WRAP, max(width(text) / LINES + 0.5, 4.0)) if width(text) > WRAP else WRAP
    lines: list[str] = []
    line, used = "", 0.0
    for i, c in enumerate(text):
        w = width(c)
        if used + w > limit and line and c not in _CLOSING:
            if len(lines) == LINES - 1:
                if used + width(text[i:]) <= WRAP:
                    return [*lines, line + text[i:]]
                return [*lines, line[:-1] + "…"]
            kept = line[-1:] if line[-1:] in _OPENING and len(line) > 1 else ""
            lines.append(line[: len(line) - len(kept)])
            line, used = kept, width(kept)
        line, used = line + c, used + w
    return [*lines, line] if line else lines


def box(label: str, radius: float, hub: bool, note: bool = False) -> Box:
    """The rectangle of a node: a hub's label is inside its pill, others' below their mark; ``note`` is a line more."""
    if hub:
        half = width(label[:14]) * HUB_FONT / 2 + 16
        return Box(half, HUB_FONT * 0.5 + 11, HUB_FONT * 0.5 + 11)
    lines = wrap(label)
    half = max(radius, max((width(line) for line in lines), default=0) * FONT / 2)
    return Box(half, radius, radius + 4 + (len(lines) + note) * FONT * LINE)


class Plane:
    """Rectangles placed so far, in a grid of cells for quick tests."""

    CELL = 120.0

    def __init__(self) -> None:
        self._cells: dict[tuple[int, int], list[tuple[float, float, float, float]]] = {}

    def free(self, x: float, y: float, b: Box, gap: float = GAP) -> bool:
        left, right, top, bottom = x - b.half - gap, x + b.half + gap, y - b.above - gap, y + b.below + gap
        for cell in self._span(left, right, top, bottom):
            for l, r, t, d in self._cells.get(cell, ()):  # noqa: E741
                if l < right and left < r and t < bottom and top < d:
                    return False
        return True

    def put(self, x: float, y: float, b: Box) -> None:
        rectangle = (x - b.half, x + b.half, y - b.above, y + b.below)
        for cell in self._span(*rectangle):
            self._cells.setdefault(cell, []).append(rectangle)

    def nearest(self, x: float, y: float, b: Box, start: float = 0.0, inner: float = 0.0) -> tuple[float, float]:
        """The first free spot on a spiral around (x, y), from angle ``start`` and radius ``inner``; it is taken."""
        angle, radius = start, inner
        for _ in range(4000):
            px, py = x + radius * math.cos(angle) * 1.25, y + radius * math.sin(angle)
            if self.free(px, py, b):
                break
            step = 14.0 / max(radius, 14.0)
            angle += step
            radius += 14.0 * step / math.tau * 1.3
        px, py = round(px, 1), round(py, 1)
        self.put(px, py, b)
        return px, py

    def _span(self, left: float, right: float, top: float, bottom: float) -> list[tuple[int, int]]:
        c = self.CELL
        columns = range(math.floor(left / c), math.floor(right / c) + 1)
        return [(i, j) for i in columns for j in range(math.floor(top / c), math.floor(bottom / c) + 1)]


@dataclass(slots=True)
class Star:
    """A hub at (0, 0) with its nodes around it, as one rectangle."""

    hub: str
    places: dict[str, tuple[float, float]]
    left: float
    right: float
    top: float
    bottom: float


def star(hub: str, hub_box: Box, members: list[tuple[str, Box]]) -> Star:
    """``members`` around ``hub``, in order: the first nearest, shared out over the circle."""
    plane = Plane()
    plane.put(0, 0, hub_box)
    places = {hub: (0.0, 0.0)}
    boxes = {hub: hub_box}
    for i, (name, b) in enumerate(members):
        angle = -math.pi / 2 + math.tau * i / max(len(members), 1)
        places[name] = plane.nearest(0, 0, b, angle, inner=64.0)
        boxes[name] = b
    return Star(
        hub,
        places,
        min(x - boxes[n].half for n, (x, _) in places.items()),
        max(x + boxes[n].half for n, (x, _) in places.items()),
        min(y - boxes[n].above for n, (_, y) in places.items()),
        max(y + boxes[n].below for n, (_, y) in places.items()),
    )


def pack(stars: list[Star], aspect: float = 1.55, gap: float = 40.0) -> dict[str, tuple[float, float]]:
    """Stars in rows, in their order; of all numbers of rows the one whose whole comes nearest to ``aspect``."""

    def rows_of(count: int) -> list[list[Star]]:
        short, more = divmod(len(stars), count)
        sizes = [short + (i < more) for i in range(count)]
        starts = [sum(sizes[:i]) for i in range(count)]
        return [stars[a : a + n] for a, n in zip(starts, sizes, strict=True)]

    def shape(rows: list[list[Star]]) -> float:
        wide = max(sum(s.right - s.left + gap for s in row) for row in rows)
        high = sum(max(s.bottom - s.top for s in row) + gap for row in rows)
        return abs(math.log(wide / high / aspect))

    rows = min((rows_of(n) for n in range(1, len(stars) + 1)), key=shape)
    limit = max(sum(s.right - s.left for s in row) for row in rows)
    places: dict[str, tuple[float, float]] = {}
    y = 0.0
    for row in rows:
        height = max(s.bottom - s.top for s in row)
        free = (limit - sum(s.right - s.left for s in row)) / max(len(row), 1) + gap
        x = 0.0
        for s in row:
            dx = x - s.left + free / 2
            dy = y - s.top + (height - (s.bottom - s.top)) / 2
            for name, (px, py) in s.places.items():
                places[name] = (round(px + dx, 1), round(py + dy, 1))
            x += s.right - s.left + free
        y += height + gap
    return places
