"""What a candidate looks at around its names: attention (Bahdanau et al. 2015) over the characters near them.

A candidate's query is compared with the key of each character in a window; how near a character stands, and on which
side, counts too. The values of the characters, weighed by that, are what the candidate sees. Places are rows of the
table of states; a seat holds the first and last row of one name and of the other (the same one again where a candidate
has only one name). training/reader.py learns with the same windows.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from kg.recognize.language import Floats, Places, softmax

HEADS = 2  # each sees its own half of keys and values
REACH = 60  # characters looked at on either side
WIDE = 70  # names farther apart than this: only the later one's surroundings are looked at
_STEPS = np.array([2, 4, 8, 16, 32])  # distances of one step
_SIDE = len(_STEPS) + 1
_ONE, _OTHER, _BETWEEN, _AFTER = _SIDE, _SIDE + 1, _SIDE + 2, _SIDE + 5
OUTSIDE = _AFTER + _SIDE  # of the window
ZONES = OUTSIDE + 1
_BLOCK = 256  # candidates computed together


def windows(seats: Places, rows: int | Places) -> tuple[Places, Places]:
    """First row and width of each seat's window, in tables of that many rows."""
    first, last = np.minimum(seats[:, 0], seats[:, 2]), np.maximum(seats[:, 1], seats[:, 3])
    later = np.maximum(seats[:, 0], seats[:, 2])
    low = np.maximum(np.where(last - first > WIDE, later, first) - REACH, 0)
    return low, np.minimum(last + 1 + REACH, rows) - low


def zones(seats: Places, low: Places, width: Places) -> tuple[Places, Places]:
    """For each seat the rows it looks at, and where each of them stands: its zone. Narrower windows end OUTSIDE."""
    steps = np.arange(int(width.max()))
    rows = low[:, None] + steps[None, :]
    one, other = (seats[:, :2], seats[:, 2:])
    turned = (seats[:, 0] > seats[:, 2])[:, None]
    early, late = np.where(turned, other, one), np.where(turned, one, other)
    before, after = early[:, :1] - rows, rows - late[:, 1:]
    inner = np.minimum(rows - early[:, 1:], late[:, :1] - rows)
    found = _BETWEEN + np.searchsorted(_STEPS[1:4:2], inner)
    found = np.where(before > 0, np.searchsorted(_STEPS, before), found)
    found = np.where(after > 0, _AFTER + np.searchsorted(_STEPS, after), found)
    for name, zone in ((other, _OTHER), (one, _ONE)):
        found = np.where((rows >= name[:, :1]) & (rows <= name[:, 1:]), zone, found)
    outside = steps[None, :] >= width[:, None]
    return np.where(outside, low[:, None], rows), np.where(outside, OUTSIDE, found)


def attend(queries: Floats, keys: Floats, values: Floats, seats: Places, near: Floats) -> Floats:
    """What each candidate sees; ``near`` says for each zone how much it counts, a column for each head."""
    blocks = [slice(at, at + _BLOCK) for at in range(0, len(seats), _BLOCK)]
    return np.concatenate([_attend(queries[block], keys, values, seats[block], near) for block in blocks])


def _attend(queries: Floats, keys: Floats, values: Floats, seats: Places, near: Floats) -> Floats:
    rows, zone = zones(seats, *windows(seats, len(keys)))
    seen: list[npt.NDArray[np.float32]] = []
    for head in range(HEADS):
        query, key, value = (np.split(table, HEADS, axis=1)[head] for table in (queries, keys, values))
        scores = np.matmul(key[rows], query[:, :, None])[:, :, 0] + near[zone, head]
        scores[zone == OUTSIDE] = -np.inf
        seen.append(np.matmul(softmax(scores)[:, None, :], value[rows])[:, 0])
    return np.concatenate(seen, 1)
