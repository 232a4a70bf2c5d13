"""Writers named in a byline."""

from __future__ import annotations

import re

from kg.model import Document, Mention, Span


def find(document: Document) -> list[Mention]:
    """The article's authors where its bylines print them; a letter-spaced name (李 聪) covers its spaces."""
    mentions: list[Mention] = []
    for author in document.author.split("、"):
        if not author:
            continue
        pattern = re.compile(r"\s*".join(map(re.escape, author)))
        for block in document.blocks:
            if block.kind != "byline":
                continue
            match = pattern.search(document.text, block.span.start, block.span.end)
            if match:
                mentions.append(Mention(Span(*match.span()), match.group(), "Person", "byline", 0.95, name=author))
    return mentions
