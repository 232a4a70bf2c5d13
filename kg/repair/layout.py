"""Lines of a page to paragraphs: hard wraps undone, captions taken out of the sentences that they interrupt."""

from __future__ import annotations

import re
from array import array
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from kg.repair.lines import END, FULL, WIDE, Line, is_closed, lines, pattern
from kg.repair.mapped import Mapped
from kg.schema import toml

_STOP = re.compile(r"[。！？!?；;]")
_PLAIN_STOP = re.compile("[。；;]")  # that no title has
_PAUSE = "，,、；;：:"
_SENTENCE_MARK = re.compile(r"[。！？；，,、]")
_REACH = 8  # paragraphs in which a cut sentence's other part is looked for


@dataclass(slots=True)
class Paragraph:
    """Lines that belong together, and what they are: title, heading, byline, caption, furniture or body."""

    lines: list[Line]
    kind: str = "body"

    @property
    def text(self) -> str:
        return "".join(line.text for line in self.lines)

    def mapped(self) -> Mapped:
        """The lines in a row; a wrap between two Latin words leaves a space."""
        parts: list[str] = []
        origin = array("l")
        for line in self.lines:
            if parts and _is_latin(parts[-1][-1]) and _is_latin(line.text[0]):
                parts.append(" ")
                origin.append(origin[-1] + 1)
            parts.append(line.text)
            origin.extend(range(line.start, line.start + len(line.text)))
        return Mapped("".join(parts), origin)


def _is_latin(char: str) -> bool:
    return char.isascii() and char.isalpha()


def byline(text: str) -> re.Match[str] | None:
    """Does this line name the article's writers? The group ``names`` holds them."""
    for each in toml("patterns/layout.toml")["byline"]:
        match = re.match(each, text)  # not searched: each is anchored at the line's start
        if match:
            return match
    return None


def _is_caption(text: str) -> bool:
    """Does the text say that it is a caption, in its first or last words?"""
    captions = pattern("caption")
    return bool(captions.match(text) or captions.search(text, max(0, len(text) - END)))


def numbered(text: str) -> bool:
    """Is this a section's heading (一、基本情况; 第二节 人口)?"""
    return (
        re.match(
            r"[一二三四五六七八九十]{1,3}、|第[一二三四五六七八九十]{1,3}[章节篇]|[(（][一二三四五六七八九十]", text
        )
        is not None
    )


def _is_fresh(line: Line) -> bool:
    return bool(pattern("fresh").match(line.text)) or byline(line.text) is not None


def _is_heading(text: str) -> bool:
    return len(text) <= 36 and not is_closed(text) and not _STOP.search(text[:-1])


def _calls_out(text: str) -> bool:
    """Is this, as the first line, a title that calls out: 喜报！两个村上榜?"""
    return len(text) <= 40 and _PLAIN_STOP.search(text) is None


def _unwrap(all_lines: Sequence[Line]) -> list[Paragraph]:
    """Neighbouring lines joined where the first one was cut at the column's edge."""
    paragraphs: list[Paragraph] = []
    columns = _columns(all_lines)
    for i, line in enumerate(all_lines):
        previous = all_lines[i - 1] if i else None
        if (
            previous is not None
            and line.blank_before == 0
            and not line.indented
            and not _is_fresh(line)
            and not _is_whole_caption(line.text, previous.text)
            and _continues(paragraphs[-1], *columns[i - 1])
        ):
            paragraphs[-1].lines.append(line)
        else:
            paragraphs.append(Paragraph([line]))
    return paragraphs


def _is_whole_caption(text: str, previous: str) -> bool:
    """Is this line a caption with who took the picture, inside a wrapped sentence, and not the end of a longer one?"""
    return bool(pattern("credit").match(text)) and not pattern("fresh_caption").match(previous)


def _columns(all_lines: Sequence[Line]) -> list[tuple[float, bool]]:
    """For each line the width of the column that it stands in, and whether several lines reach its edge.

    The width is that of the widest line of its unbroken run.
    """
    found: list[tuple[float, bool]] = []
    start = 0
    for i in range(1, len(all_lines) + 1):
        if i == len(all_lines) or all_lines[i].blank_before:
            widths = [line.width for line in all_lines[start:i]]
            widest = max(widths)
            found += [(widest, sum(width >= FULL * widest for width in widths) > 1)] * (i - start)
            start = i
    return found


def _continues(paragraph: Paragraph, column: float, edged: bool) -> bool:
    """Does the next line go on with this paragraph? ``column`` is the width around, ``edged`` if it has an edge."""
    previous = paragraph.lines[-1]
    if _is_caption(previous.text):
        return False
    if is_closed(previous.text):
        return edged and previous.width >= FULL * column and column < WIDE
    if previous.text.endswith(("，", ",", "、", "；", ";", "——")):
        return True
    opener = pattern("fresh").match(previous.text)
    running = (
        re.search(r"[，,。；;：:]", previous.text[opener.end() :]) if opener else _SENTENCE_MARK.search(previous.text)
    )
    if column < WIDE and (running or (len(paragraph.lines) > 1 and not opener)) and previous.width >= 0.3 * column:
        return True
    if opener and previous.width < 0.7 * column:
        return False
    return previous.width >= 0.62 * column


def _opens(text: str, surely: bool) -> bool:
    """Was this paragraph cut before its sentence ended? ``surely`` asks for more than figures in an unended line."""
    if is_closed(text) or text.endswith(("：", ":", "”", '"')):
        return False
    if _is_caption(text) or byline(text):
        return False
    if len(text) >= 45 or (_PLAIN_STOP if surely else _STOP).search(text) or (text[-1] in _PAUSE and len(text) >= 12):
        return True
    return not surely and len(text) >= 20 and any(char.isdigit() for char in text)


def _is_caption_like(paragraph: Paragraph) -> bool:
    text = paragraph.text
    if _is_caption(text):
        return True
    return len(text) <= 32 and len(paragraph.lines) <= 2 and not _SENTENCE_MARK.search(text)


def rejoin(paragraphs: list[Paragraph]) -> list[Paragraph]:
    """Joins sentences that a caption, a boxed lead or an empty line cut in two; what stood between follows them."""
    result: list[Paragraph] = []
    rest = deque(paragraphs)
    seen_body = False
    while rest:
        paragraph = rest.popleft()
        text = paragraph.text  # grows with the paragraph: what asks about it may not read it all each time
        while paragraph.kind == "body" and _opens(text, surely=not seen_body):
            j = _continuation(paragraph, text[-1], islice(rest, _REACH))
            if j is None or (j == 0 and not _opens(text, surely=True)):
                break
            for between in islice(rest, j):
                if between.kind != "body" or _is_caption_like(between):
                    between.kind = "caption"
            text += rest[j].text
            paragraph.lines += rest[j].lines
            del rest[j]
        seen_body = seen_body or is_closed(text)
        result.append(paragraph)
    return result


def _continuation(paragraph: Paragraph, end: str, following: Iterable[Paragraph]) -> int | None:
    """Which of the paragraphs that follow goes on with one that ends in the character ``end``."""
    for j, candidate in enumerate(following):
        first = candidate.lines[0]
        if candidate.kind == "byline" or pattern("fresh").match(first.text):
            return None
        if _is_caption_like(candidate) and not is_closed(candidate.text):
            continue
        if pattern("dated").match(first.text) and is_closed(candidate.text) and end not in _PAUSE:
            continue
        if first.indented and paragraph.lines[0].indented:
            return None
        return j
    return None


def classify(paragraphs: list[Paragraph]) -> None:
    """Sets each paragraph's kind; headings before the first body paragraph are the title."""
    seen_body = False
    for paragraph in paragraphs:
        text = paragraph.text
        if paragraph.kind == "caption":
            continue
        if byline(text):
            paragraph.kind = "byline"
        elif len(text) <= 30 and pattern("furniture").search(text):
            paragraph.kind = "furniture"
        elif len(text) <= 60 and _is_caption(text):
            paragraph.kind = "caption"
        elif _is_heading(text):
            paragraph.kind = "heading" if seen_body else "title"
        elif paragraph is paragraphs[0] and _calls_out(text):
            paragraph.kind, seen_body = "title", True  # all of it
        else:
            seen_body = True


def paragraphs(text: str) -> list[Paragraph]:
    """The page's paragraphs in reading order."""
    found = _unwrap(lines(text))
    for paragraph in found:
        if byline(paragraph.text):
            paragraph.kind = "byline"
    found = rejoin(found)
    classify(found)
    return found
