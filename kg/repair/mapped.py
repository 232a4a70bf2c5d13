"""Text whose every character knows its source offset."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field

from kg.model import Edit


@dataclass(slots=True)
class Mapped:
    """``origin[i]`` is the source offset of ``text[i]``."""

    text: str
    origin: array[int] = field(default_factory=lambda: array("l"))

    @classmethod
    def of(cls, text: str, start: int = 0) -> Mapped:
        return cls(text, array("l", range(start, start + len(text))))

    def __len__(self) -> int:
        return len(self.text)

    def __getitem__(self, where: slice) -> Mapped:
        return Mapped(self.text[where], self.origin[where])

    def keep(self, positions: Iterable[int]) -> Mapped:
        """Only the characters at ``positions``, in that order."""
        chosen = list(positions)
        return Mapped("".join(self.text[i] for i in chosen), array("l", (self.origin[i] for i in chosen)))

    def part(self, of_text: Mapped) -> Mapped:
        """What was cut out of this text, whose offsets it knows, with the offsets of the source."""
        return Mapped(of_text.text, array("l", (self.origin[i] for i in of_text.origin)))

    def rewrite(self, text: str) -> Mapped:
        """The same characters written otherwise: ``text`` has the same length."""
        if len(text) != len(self.text):
            raise ValueError(f"a rewrite keeps the length: {len(self.text)} characters became {len(text)}")
        return Mapped(text, self.origin)


def differences(before: Mapped, after: Mapped, source: str, rule: str) -> list[Edit]:
    """The rewritten characters of two equally long texts, neighbours together."""
    edits: list[Edit] = []
    if before.text == after.text:
        return edits
    start = -1
    for i in range(len(after.text) + 1):
        differs = i < len(after.text) and before.text[i] != after.text[i]
        if differs and start < 0:
            start = i
        elif not differs and start >= 0:
            low, high = after.origin[start], after.origin[i - 1] + 1
            edits.append(Edit(low, high, source[low:high], after.text[start:i], rule))
            start = -1
    return edits
