"""What candidates are judged by: an article's words, clauses and placed entities."""

from __future__ import annotations

import bisect
import re
from collections import defaultdict
from collections.abc import Container, Sequence
from dataclasses import dataclass
from functools import cached_property

from kg import segment
from kg.model import Document, Entity, Span
from kg.relate.home import Reported, level
from kg.relate.triggers import trigger_classes
from kg.schema import toml

_BACK = 3  # sentences with names that are looked back over for the last name of each type
_FAR_BACK = 15  # the same, other paragraphs included
# Types that a sentence may name by their end alone: 合作社.
_ECHOED = ("Organization", "Facility", "Project", "Village", "Place", "Program")
_GROUPS = 3  # groups of projects that later sentences may add members to
_CLAUSE_END = re.compile(r"[，。；！？：:!?;\n]")


@dataclass(frozen=True, slots=True)
class Placed:
    """An entity's mention in the text; ``entity`` indexes the context's entities."""

    span: Span
    entity: int


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands on both sides of a name: a few characters, the nearer words, the last verb, trigger classes."""

    left: str
    right: str
    before: Sequence[str]
    behind: Sequence[str]
    verb: str
    triggers_before: Sequence[str]
    triggers_behind: Sequence[str]


class Context:
    """An article with its entities in place. Cheap to build; everything else is computed on demand."""

    def __init__(self, document: Document, entities: list[Entity]) -> None:
        self.document = document
        self.text = document.text
        self.entities = entities
        self._echoed: dict[int, dict[str, int]] = {}  # asked for at each figure of a sentence
        self._beside: dict[Span, Beside] = {}  # asked for at each pair that a name is in
        self.placed = sorted(
            (Placed(mention.span, i) for i, entity in enumerate(entities) for mention in entity.mentions),
            key=lambda placed: (placed.span.start, -placed.span.end, placed.entity),
        )

    def over(self, entities: list[Entity]) -> Context:
        """The article with other entities."""
        other = Context(self.document, entities)
        other.words = self.words  # most of what is costly
        return other

    @cached_property
    def words(self) -> list[segment.Word]:
        return segment.words(self.text)

    @cached_property
    def _word_starts(self) -> list[int]:
        return [word.start for word in self.words]

    @cached_property
    def clause_ends(self) -> list[int]:
        return [match.start() for match in _CLAUSE_END.finditer(self.text)]

    @cached_property
    def by_sentence(self) -> dict[int, list[Placed]]:
        """Placed entities by the start of their sentence, in text order."""
        groups: dict[int, list[Placed]] = defaultdict(list)
        for placed in self.placed:
            groups[self.document.sentence_at(placed.span.start).start].append(placed)
        return dict(groups)

    def echo(self, entity: int, sentence: Span) -> str:
        """The longest end of an entity's name (2 to 4 characters) that the sentence repeats outside of names.

        该合作社, 公司 and 景区 so point back to what was named before.
        """
        name = self.entities[entity].name.rstrip("”’》")
        taken = [placed.span for placed in self.by_sentence.get(sentence.start, [])]
        for size in range(min(4, len(name) - 1), 1, -1):
            end, at = name[-size:], self.text.find(name[-size:], sentence.start, sentence.end)
            while at >= 0:
                if not any(span.start <= at < span.end for span in taken):
                    return end
                at = self.text.find(end, at + 1, sentence.end)
        return ""

    def away(self, entity: int, start: int) -> int:
        """How many sentences with names back the entity was mentioned last before ``start``; 0 where it was not."""
        starts = [self.document.sentence_at(m.span.start).start for m in self.entities[entity].mentions]
        last = max((s for s in starts if s < start), default=-1)
        if last < 0:
            return 0
        return bisect.bisect_left(self.named, start) - bisect.bisect_left(self.named, last)

    def first_from(self, start: int) -> int:
        """Which of the placed names is the first that starts there or later."""
        return bisect.bisect_left(self.placed, start, key=lambda placed: placed.span.start)

    def within(self, start: int, end: int) -> list[Placed]:
        """The placed names that start in a stretch of the text, in their order."""
        return self.placed[self.first_from(start) : self.first_from(end)]

    def latest(self, start: int, without: Container[int] = ()) -> dict[str, Placed]:
        """The last name of each type in the few sentences of the block before ``start``, but for some entities."""
        block = self.block(start)
        return self._last([at for at in self._named_before(start, _BACK) if self.block(at) == block], without)

    def latest_afar(self, start: int, without: Container[int] = ()) -> dict[str, Placed]:
        """The same over more sentences, those of paragraphs before included."""
        return self._last(self._named_before(start, _FAR_BACK), without)

    def _named_before(self, start: int, count: int) -> list[int]:
        """The starts of that many sentences with names before ``start``."""
        number = bisect.bisect_left(self.named, start)
        return self.named[max(0, number - count) : number]

    def _last(self, sentences: Sequence[int], without: Container[int]) -> dict[str, Placed]:
        last: dict[str, Placed] = {}
        for earlier in reversed(sentences):
            for placed in reversed(self.by_sentence[earlier]):
                if placed.entity not in without:
                    last.setdefault(self.entities[placed.entity].type, placed)
        return last

    def echoed(self, start: int) -> dict[str, int]:
        """The entities of sentences before whose name's end the sentence repeats, by that end: the last one of each."""
        if start not in self._echoed:
            self._echoed[start] = self._find_echoed(start)
        return self._echoed[start]

    def _find_echoed(self, start: int) -> dict[str, int]:
        sentence = self.document.sentence_at(start)
        here = {placed.entity for placed in self.by_sentence.get(start, [])}
        found: dict[str, int] = {}
        for earlier in reversed(self._named_before(start, _FAR_BACK)):
            for entity in (placed.entity for placed in reversed(self.by_sentence[earlier])):
                if entity not in here and self.entities[entity].type in _ECHOED:
                    here.add(entity)
                    if echo := self.echo(entity, sentence):
                        found.setdefault(echo, entity)
        return found

    def groups_before(self, start: int) -> list[int]:
        """The last few groups of projects named before, the latest one first."""
        before = bisect.bisect_left(self._groups, start, key=lambda placed: placed.span.start)
        return list(dict.fromkeys(placed.entity for placed in reversed(self._groups[:before])))[:_GROUPS]

    @cached_property
    def _groups(self) -> list[Placed]:
        return [placed for placed in self.placed if self.entities[placed.entity].type == "ProjectGroup"]

    @cached_property
    def named(self) -> list[int]:
        """The starts of the sentences that hold a name."""
        return sorted(self.by_sentence)

    @cached_property
    def block_of(self) -> list[int]:
        return [block.span.start for block in self.document.blocks]

    def block(self, position: int) -> int:
        """Index of the block that holds ``position``."""
        return max(0, bisect.bisect_right(self.block_of, position) - 1)

    def clause(self, position: int) -> Span:
        """The stretch between punctuation that holds ``position``."""
        i = bisect.bisect_left(self.clause_ends, position)
        start = self.clause_ends[i - 1] + 1 if i else 0
        end = self.clause_ends[i] if i < len(self.clause_ends) else len(self.text)
        return Span(start, end)

    def clause_marks(self, start: int, end: int) -> int:
        """How many clause ends lie in ``start:end``."""
        return bisect.bisect_left(self.clause_ends, end) - bisect.bisect_left(self.clause_ends, start)

    def words_between(self, start: int, end: int) -> list[segment.Word]:
        """Words that lie wholly in ``start:end``."""
        low = bisect.bisect_left(self._word_starts, start)
        high = bisect.bisect_left(self._word_starts, end)
        return [word for word in self.words[low:high] if word.end <= end]

    def beside(self, span: Span) -> Beside:
        """What stands on both sides of a name, within its clause; the verb within its sentence."""
        if span not in self._beside:
            self._beside[span] = self._find_beside(span)
        return self._beside[span]

    def _find_beside(self, span: Span) -> Beside:
        clause, end = self.clause(span.start), self.clause(span.end).end
        sentence = self.document.sentence_at(span.start)
        verbs = [word.text for word in self.words_between(sentence.start, span.start) if word.tag.startswith("v")]
        return Beside(
            self.text[max(clause.start, span.start - 4) : span.start],
            self.text[span.end : span.end + 4],
            [word.text for word in self.words_between(clause.start, span.start)[-6:] if len(word.text) > 1],
            [word.text for word in self.words_between(span.end, min(end, span.end + 20))[:4] if len(word.text) > 1],
            verbs[-1] if verbs else "",
            trigger_classes(self.text[clause.start : span.start])[-2:],
            trigger_classes(self.text[span.end : end])[:2],
        )

    @cached_property
    def _reported(self) -> Reported:
        return Reported(self.document, self.entities, self.kind)

    @property
    def home(self) -> int:
        """The entity that the article reports on (its own area, else a village or zone), or -1."""
        return self._reported.home

    @property
    def home_area(self) -> int:
        """The area or zone that the names of the article are unique in: not the village reported on; or -1."""
        return self._reported.home_area

    @property
    def topic(self) -> int:
        """What the article is about where that is not its own area: a farm, a zone, a bureau, one village; or -1."""
        return self._reported.topic

    def kind(self, position: int) -> str:
        """What the block at ``position`` is: title, body …"""
        return self.document.blocks[self.block(position)].kind if self.document.blocks else "body"

    @property
    def home_is_town(self) -> bool:
        """Does the article report on a town or subdistrict?"""
        return self.home_level == "town"

    @property
    def home_is_local(self) -> bool:
        """Is it a town, subdistrict or village? What nobody is said to do there is its own doing."""
        return self.home_level in ("town", "village")

    @property
    def home_is_wide(self) -> bool:
        """Is it a province? Then the article is hardly its report: it is named among others in news of the country."""
        return self.home_level in ("province", "nation")

    @cached_property
    def home_level(self) -> str:
        """Of what level it is (town, county …); empty where there is none."""
        return level(self.entities[self.home]) if self.home >= 0 else ""

    def is_below(self, inner: int, outer: int) -> bool:
        """May one area lie in the other, by what their names end in? 市 may be a prefecture's or a county's."""
        order: list[str] = toml("patterns/home.toml")["order"]
        one, two = level(self.entities[inner]), level(self.entities[outer])
        if one not in order or two not in order:
            return True
        return order.index(one) > order.index(two) or one == two == "city"
