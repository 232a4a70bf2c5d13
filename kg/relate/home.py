"""What an article reports on: its own area, village or zone, and what else it may be about.

Mentions count, those in the title and the opening more, and words that point back to an area of a level (全村, 我镇)
for the most named area of that level; the smaller area wins a near tie (ontology/patterns/home.toml).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import cache, cached_property
from typing import Any

from kg.model import Document, Entity
from kg.recognize.nation import spoken_of
from kg.schema import toml

_OPENING = 120  # characters at the beginning of the body
_PROVINCE = 2  # digits of an official code that name the province


class Reported:
    """The areas among an article's entities, and how much speaks for each as what the article reports on.

    ``kind`` tells what the block at a place is: title, body …
    """

    def __init__(self, document: Document, entities: Sequence[Entity], kind: Callable[[int], str]) -> None:
        self._document, self._entities, self._kind = document, entities, kind
        self._weights: dict[str, Any] = toml("patterns/home.toml")
        self._levels = list(map(level, entities))
        self._areas = [index for index, name in enumerate(self._levels) if self._weights["levels"].get(name)]

    @cached_property
    def home(self) -> int:
        """The area, village or zone that the article reports on, or -1."""
        return self._best(self._areas)

    @cached_property
    def home_area(self) -> int:
        """The same without villages: many are of one name, so names are unique in their area; or -1."""
        return self._best(index for index in self._areas if self._entities[index].type != "Village")

    @cached_property
    def topic(self) -> int:
        """What the article is about where that is not its home: a farm, a zone, a bureau, one village; or -1.

        The title names it, or the text opens with it, and it is spoken of again.
        """
        weights = self._weights["topic"]
        if self._digest:
            return -1
        best, best_score = -1, float(weights["least"])
        for index, entity in enumerate(self._entities):
            if entity.type not in weights["types"] or index == self.home or self._levels[index] == "nation":
                continue
            starts = [mention.span.start for mention in entity.mentions]
            titled = any(self._kind(start) == "title" for start in starts)
            opens = any(start < self._opening and self._kind(start) == "body" for start in starts)
            score = len(starts) + titled * weights["title"] + opens * weights["opening"]
            if (titled or opens) and score > best_score:
                best, best_score = index, score
        return best

    def _best(self, areas: Iterable[int]) -> int:
        best = max(areas, key=lambda index: self._scores[index], default=-1)
        if self._digest:
            return -1
        weak = best < 0 or self._scores[best] < self._weights["least"]
        return self._nation if weak or self._one_of_many(best) else best

    @cached_property
    def _nation(self) -> int:
        """The whole country, where it is among the entities, or -1."""
        return next((index for index, name in enumerate(self._levels) if name == "nation"), -1)

    def _one_of_many(self, index: int) -> bool:
        """Is an area one of so many all over the country that the article reports on none of them?"""
        rules, entities = self._weights["spread"], self._entities
        provinces: Counter[str] = Counter()
        for entity in entities:
            if entity.type == "AdministrativeArea" and entity.code:
                provinces[entity.code[:_PROVINCE]] += len(entity.mentions)
        mentions = entities[index].mentions
        if len(provinces) < rules["provinces"] or any(self._kind(m.span.start) == "title" for m in mentions):
            return False
        own, all_of_them = len(mentions), provinces.total()
        if code := entities[index].code:
            own = provinces[code[:_PROVINCE]]
        else:
            all_of_them += own
        return bool(own < rules["share"] * all_of_them)

    @cached_property
    def _digest(self) -> bool:
        """Is it a row of items of many areas (国内联播快讯)?"""
        titles = [block.span for block in self._document.blocks if block.kind == "title"]
        called = titles and re.search(self._weights["digest"]["title"], self._document.text[slice(*titles[0])])
        return bool(called) and not any(titles[0].start <= start < titles[0].end for start in self._starts)

    @cached_property
    def _scores(self) -> dict[int, float]:
        scores = {index: self._named(index) for index in self._areas}
        for name, times in self._pointed_back().items():
            alike = [index for index in self._areas if self._levels[index] == name and scores[index] > 0]
            if alike:
                scores[max(alike, key=lambda index: scores[index])] += self._weights["pointed"] * times
        return {index: score * self._weights["levels"][self._levels[index]] for index, score in scores.items()}

    def _named(self, index: int) -> float:
        """How much an area's mentions speak for it.

        An area right in front of a smaller one (瑞安市 in 瑞安市飞云街道) says where that is: this mention does not
        count, and if it stands in a title, none does. A zone has to stand in a title.
        """
        weights = self._weights
        mentions = [mention.span for mention in self._entities[index].mentions]
        leading = [span for span in mentions if span.end in self._starts]
        titled = {span for span in mentions if self._kind(span.start) == "title"}
        if titled.intersection(leading) or (self._entities[index].type == "Place" and not titled):
            return 0.0
        return sum(
            weights["title"] if span in titled else weights["opening"] if span.start < self._opening else 1.0
            for span in mentions
            if span not in leading
        )

    def _pointed_back(self) -> dict[str, int]:
        """How often words point back to an area of each level, up to so many times."""
        levels, most = self._weights["suffixes"], self._weights["most_pointed"]
        words = (match["level"] or match["bare"] for match in reference().finditer(self._document.text))
        counts = Counter(levels.get(word, "village") for word in words)
        return {name: min(count, most) for name, count in counts.items()}

    @cached_property
    def _starts(self) -> set[int]:
        """Where areas, villages and zones begin."""
        return {mention.span.start for index in self._areas for mention in self._entities[index].mentions}

    @cached_property
    def _opening(self) -> int:
        """The end of the opening."""
        bodies = (block.span for block in self._document.blocks if block.kind == "body")
        return next((min(span.end, span.start + _OPENING) for span in bodies), 0)


@cache
def reference() -> re.Pattern[str]:
    """Words that point back to an area (全镇, 该村, 街道)."""
    rules = toml("patterns/home.toml")["reference"]
    return re.compile(f"{spoken_of(rules['words'])}|{rules['alone']}")


def level(entity: Entity) -> str:
    """Of what level an area is (town, county …), by what its forms end in; empty for what is none."""
    weights = toml("patterns/home.toml")
    if entity.type == "Village":
        return "village"
    if entity.type == "Place" and entity.name.endswith(tuple(weights["zones"]["suffixes"])):
        return "zone"
    if entity.type != "AdministrativeArea":
        return ""
    for form in (entity.name, *entity.aliases):
        for suffix, name in weights["suffixes"].items():
            if form.endswith(suffix):
                return str(name)
    return "other"
