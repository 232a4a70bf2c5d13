"""A source file to a Document: layout, characters, sentences, title, author, date."""

from __future__ import annotations

import re
from array import array
from contextlib import suppress
from datetime import date

from kg.model import Block, Document, Edit, Source, Span
from kg.repair import characters, glyphs, layout
from kg.repair.mapped import Mapped, differences
from kg.schema import toml

_MARKUP = re.compile(r"^(?:#{1,6}\s*|>{1,}\s*|[-*]\s+)|\*\*|__|`")
_SENTENCE = re.compile(r"[^。！？!?\n]*[。！？!?]+[”’」』）)\"]*|[^。！？!?\n]+\n?|\n")


def document(source: Source) -> Document:
    """The article with its text repaired. Every character of the text maps to one of the source."""
    pieces: list[tuple[Mapped, str]] = []
    page, edits = glyphs.readable(source.text)
    for paragraph in layout.paragraphs(page.text):
        text, changed = _clean(page, paragraph, source.text)
        edits.extend(changed)
        if text.text:
            pieces.append((text, paragraph.kind))
    return _assemble(source, pieces, edits)


def _clean(page: Mapped, paragraph: layout.Paragraph, source: str) -> tuple[Mapped, list[Edit]]:
    text = _strip_markup(page.part(paragraph.mapped()))
    edits: list[Edit] = []
    text = characters.drop_spaces(text, keep_words=paragraph.kind in ("title", "heading", "byline", "caption"))
    for rule in (characters.unify_widths, characters.pair_quotes, characters.mend_misread):
        after = rule(text)
        edits.extend(differences(text, after, source, rule.__name__))
        text = after
    return text, edits


def _strip_markup(text: Mapped) -> Mapped:
    if not _MARKUP.search(text.text):
        return text
    gone = {i for match in _MARKUP.finditer(text.text) for i in range(*match.span())}
    return text.keep(i for i in range(len(text)) if i not in gone)


def _assemble(source: Source, pieces: list[tuple[Mapped, str]], edits: list[Edit]) -> Document:
    chunks: list[str] = []
    origin = array("l")
    blocks: list[Block] = []
    at = 0
    for text, kind in pieces:
        blocks.append(Block(Span(at, at + len(text)), kind))
        chunks.append(text.text + "\n")
        origin.extend(text.origin)
        origin.append(text.origin[-1])  # the paragraph's end maps to its last character
        at += len(text) + 1
    whole = "".join(chunks)
    return Document(
        source=source,
        text=whole,
        origin=origin,
        blocks=tuple(blocks),
        sentences=sentences(whole),
        edits=tuple(edits),
        title=_title(pieces),
        author="、".join(authors("\n".join(text.text for text, kind in pieces if kind == "byline"))),
        date=_date(pieces),
    )


def sentences(text: str) -> tuple[Span, ...]:
    """Sentences with their end marks and closing quotes; together they cover the text."""
    return tuple(Span(*match.span()) for match in _SENTENCE.finditer(text))


def _title(pieces: list[tuple[Mapped, str]]) -> str:
    titles: list[str] = []
    for text, kind in pieces:
        if kind in ("byline", "body") and titles:
            break
        if kind == "title":
            titles.append(text.text.strip(" —"))
    titles = [title for title in titles if not layout.numbered(title)] or titles
    whole = [title for title in titles if len(title) > 5] or titles
    if whole:
        return " ".join(whole[:3])
    return pieces[0][0].text[:40] if pieces else ""


def authors(text: str) -> list[str]:
    """Names in bylines: 通讯员 李 聪 → 李聪; 韩立新 孟凡珂 → both."""
    names: list[str] = []
    stop = re.compile(toml("patterns/layout.toml")["byline_words"])
    for line in text.splitlines():
        match = layout.byline(line)
        if not match:
            continue
        tail = line[match.start("names") :]
        for group in re.split(r"[、，,/／()（）:：]", stop.sub("、", tail)):
            names.extend(name for name in _spaced_names(group) if name not in names)
    return names


def _spaced_names(group: str) -> list[str]:
    """Chinese names in a spaced row; a lone character belongs to the next one (李 聪, 覃 玉 兰)."""
    names: list[str] = []
    held = ""
    for part in group.split():
        if not re.fullmatch(r"[\u4e00-\u9fff·]+", part):
            held = ""
            continue
        held += part
        if len(part) == 1 and len(held) < 2:
            continue
        if len(part) == 1 and names and len(names[-1]) == 2 and len(held) == 1:
            continue
        names.append(held)
        held = ""
    if len(held) == 1 and names and len(names[-1]) == 2:
        names[-1] += held
    return [name for name in names if 2 <= len(name) <= 4 or "·" in name]


def _date(pieces: list[tuple[Mapped, str]]) -> str:
    pattern = re.compile(toml("patterns/layout.toml")["date"][0])
    for text, kind in pieces[:6] + pieces[-2:]:
        match = pattern.search(text.text) if kind != "body" or len(text) < 40 else None
        with suppress(ValueError):  # 2月30日
            if match:
                return date(int(match[1]), int(match[2]), int(match[3])).isoformat()
    return ""
