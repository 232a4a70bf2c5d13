"""What a candidate looks at: its window, where each character in it stands, and the weighing."""

from __future__ import annotations

import numpy as np
import pytest

from kg.relate import attention
from kg.relate.attention import REACH, WIDE, ZONES

ROWS = 1000
CHANCE = np.random.default_rng(1)


def seats(*rows: tuple[int, int, int, int]) -> attention.Places:
    return np.array(rows, np.int64)


@pytest.mark.parametrize(
    ("seat", "first", "last"),
    [
        ((500, 503, 510, 512), 500 - REACH, 512 + REACH),
        ((510, 512, 500, 503), 500 - REACH, 512 + REACH),  # the other name first
        ((500, 503, 500, 503), 500 - REACH, 503 + REACH),  # one name
        ((5, 6, 9, 9), 0, 9 + REACH),
        ((980, 981, 990, 999), 980 - REACH, ROWS - 1),
        ((100, 103, 104 + WIDE, 106 + WIDE), 104 + WIDE - REACH, 106 + WIDE + REACH),  # far: around the later one
    ],
)
def test_window(seat: tuple[int, int, int, int], first: int, last: int) -> None:
    low, width = attention.windows(seats(seat), ROWS)
    assert (low[0], low[0] + width[0] - 1) == (first, last)


def test_zones_tell_sides_names_and_distances() -> None:
    some = seats((500, 502, 510, 511), (510, 511, 500, 502))
    rows, zone = attention.zones(some, *attention.windows(some, ROWS))
    assert (rows[0] == rows[1]).all()
    at = {int(row): place for place, row in enumerate(rows[0])}
    one, other = zone
    assert len({one[at[row]] for row in (500, 501, 502)}) == 1
    assert one[at[500]] == other[at[510]]  # a name's role counts, not its side
    assert one[at[510]] == other[at[500]]
    assert one[at[500]] != one[at[510]]
    assert one[at[499]] != one[at[470]]  # near, far
    assert one[at[499]] != one[at[512]]  # before, after
    assert one[at[506]] not in (one[at[499]], one[at[512]])
    assert zone.max() < ZONES


def test_narrower_windows_are_filled_with_what_does_not_count() -> None:
    some = seats((500, 502, 560, 561), (0, 1, 3, 3))
    keys, values = CHANCE.normal(size=(ROWS, 4)), CHANCE.normal(size=(ROWS, 6))
    queries, near = CHANCE.normal(size=(2, 4)), CHANCE.normal(size=(ZONES, attention.HEADS))
    together = attention.attend(queries, keys, values, some, near)
    alone = [attention.attend(queries[at : at + 1], keys, values, some[at : at + 1], near)[0] for at in (0, 1)]
    assert np.allclose(together, alone)


def test_attends_to_the_key_that_fits() -> None:
    keys, values = np.zeros((ROWS, 4)), np.zeros((ROWS, 6))
    keys[530], values[530] = 40, 7
    keys[700], values[700] = 80, 9  # out of reach
    seen = attention.attend(np.ones((1, 4)), keys, values, seats((500, 502, 500, 502)), np.zeros((ZONES, 2)))
    assert np.allclose(seen, 7)


def test_many_candidates_are_computed_as_few_are() -> None:
    some = seats(*((at, at + 1, at + 5, at + 6) for at in range(0, 900, 3)))
    keys, values = CHANCE.normal(size=(ROWS, 4)), CHANCE.normal(size=(ROWS, 6))
    queries, near = CHANCE.normal(size=(len(some), 4)), CHANCE.normal(size=(ZONES, attention.HEADS))
    every = attention.attend(queries, keys, values, some, near)
    assert every.shape == (len(some), 6)
    last = attention.attend(queries[-1:], keys, values, some[-1:], near)
    assert np.allclose(every[-1], last[0])
