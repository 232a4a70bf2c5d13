"""All division names in a text, with the divisions that each may mean.

One Aho-Corasick automaton holds the names of the whole country down to towns; a small one, made for the article's own
areas, their town stems and villages. What stands around a name, and which names stand directly beside each other
(贵州省毕节市威宁县石门乡), decide what is believed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache
from typing import NamedTuple

from kg.gazetteer import matches, names, store
from kg.gazetteer.index import FORMS, Index, closeness
from kg.gazetteer.matches import Match, Patterns, Readings, common_words, free_before
from kg.gazetteer.store import Division
from kg.schema import toml

RANK = {form: rank for rank, form in enumerate((*FORMS, "variant", "village", "bare"))}
_PLAIN_TOWN = ("镇", "乡", "街道", "苏木")
_VARIANTS = ("镇", "乡", "街道", "街道办事处", "街道办", "办事处")


class Found(NamedTuple):
    """A name at ``start:end`` of the text.

    ``candidates``: the divisions it may mean, nearest to the context first. ``division``: the one that it does mean, or
    None where undecided. ``form``: full, short (威宁县), stem (章丘), former (章丘市), variant (a town's stem with
    another suffix), village (徐毛村) or bare (徐毛).
    """

    start: int
    end: int
    name: str
    candidates: tuple[Division, ...]
    form: str
    division: Division | None

    @property
    def bare(self) -> bool:
        """A village's name without 村 or 社区, which may well be something else."""
        return self.form == "bare"


class Finder(Index):
    """Adds to the index the search in texts."""

    @cached_property
    def _nationwide(self) -> Patterns:
        full = [n for n, codes in self.full.items() if len(n) > 1 and (n.endswith(_PLAIN_TOWN) or len(codes[0]) == 6)]
        former = [name for name in self.former if len(name) > 2]
        return Patterns([*full, *self.areas["short"], *self.areas["stem"], *former], self._nationwide_readings)

    def _nationwide_readings(self, name: str) -> dict[str, str]:
        readings: dict[str, str] = {}
        for form, codes in self.forms(name, towns=False):
            for code in codes:
                readings.setdefault(code, form)
        return readings

    @lru_cache(maxsize=256)  # noqa: B019  one gazetteer lives as long as the process
    def _towns(self, county: str) -> Readings:
        readings = Readings()
        not_alone = store.ordinary_words() | common_words() | self.areas["stem"].keys()
        for town in self.children(county):
            readings.put("full", {town.name: [town.code]})
            if town.stem != town.name:
                if town.stem not in not_alone:
                    readings.put("stem", {town.stem: [town.code]})
                readings.put("variant", {town.stem + suffix: [town.code] for suffix in _VARIANTS})
        return readings

    def _local(self, text: str, context: Sequence[str]) -> Patterns | None:
        """The towns and villages of the context's counties that can be in the text; bare villages of its towns."""
        readings, common = Readings(), common_words()
        areas = [code for code in context if store.level_of(code) not in ("province", "city")]
        for county in dict.fromkeys(code[:6] for code in areas):
            for name, codes in self._towns(county).items():
                readings.setdefault(name, {}).update(codes)
            for root, rows in self.villages_by_root(county).items():
                if root in text:
                    for code, official in rows:
                        readings.put("village", {form: [code] for form in names.village_forms(official)})
        for town in dict.fromkeys(code[:9] for code in areas if len(code) >= 9):
            for root, rows in self.villages_by_root(town).items():
                if len(root) > 1 and root in text and root not in store.ordinary_words() and root not in common:
                    readings.put("bare", {root: [code for code, _ in rows]})
        return Patterns(readings, readings.__getitem__) if readings else None

    def find(self, text: str, context: Sequence[str] = ()) -> list[Found]:
        """The names of provinces, cities, counties and towns, and of the villages of the context's counties.

        ``context`` holds the codes of the article's own areas (see ``home``). Finds do not overlap and are in the
        order of the text. Stems that are ordinary words (和平, 公安) count only beside another division's name.
        """
        found = [m for m in self._nationwide.matches(text) if matches.stands(text, m)]
        local = self._local(text, context)
        if local:
            found += [m for m in local.matches(text) if matches.stands(text, m)]
        chosen = matches.without_overlaps(found)
        candidates = [dict(match.readings) for match in chosen]
        matches.chain(chosen, candidates, self.town_stems)
        matches.elsewhere(candidates, context)
        matches.drop_unknown(text, chosen, candidates, context)
        stated = {code for match in chosen for code, form in match.readings.items() if form in ("full", "short")}
        finds = []
        for at, (match, readings) in enumerate(zip(chosen, candidates, strict=True)):
            linked = matches.linked_at(chosen, candidates, at)
            if readings and (linked or self._believed(text, match, readings, context, stated)):
                finds.append(self._found(match, readings, context, linked))
        listed = list(self._listed(text, context))
        spans = [(one.start, one.end) for one in listed]
        apart = (one for one in finds if not any(one.start < end and start < one.end for start, end in spans))
        return sorted([*apart, *listed]) if listed else finds

    def _listed(self, text: str, context: Sequence[str]) -> Iterator[Found]:
        """Towns of the article's own county that a row names without their suffixes: 七星泡、青原、龙头3个镇."""
        counties = dict.fromkeys(code[:6] for code in context if store.level_of(code) not in ("province", "city"))
        stems = {town.stem: town for county in counties for town in self.children(county)}
        rules = toml("patterns/names.toml")["listed_towns"]
        for row in re.finditer(rules["row"], text) if stems else ():
            for item in re.finditer(rules["item"], row["row"]):
                end = row.start("row") + item.end()
                town = next((stems[item[0][at:]] for at in range(len(item[0]) - 1) if item[0][at:] in stems), None)
                if town is not None:
                    yield Found(end - len(town.stem), end, town.stem, (town,), "stem", town)

    def _believed(
        self, text: str, match: Match, readings: dict[str, str], context: Sequence[str], stated: set[str]
    ) -> bool:
        """Whether a name without an area's name beside it is a place's here, by its form and what else is named."""
        forms = set(readings.values())
        if forms & {"full", "short"}:
            near = any(closeness(code, context) >= 4 for code in readings)
            rather_countryside = text[match.end - 1 : match.end + 1] == "乡村" and matches.stem_is_word(match)
            if match.name in common_words() or rather_countryside:
                return near and free_before(text, match)
            return near or len(match.name) > 2 or match.name not in store.ordinary_words()
        if forms & {"variant", "village", "bare"}:
            return True
        if "stem" in forms:
            if match.name in common_words():
                return False
            return any(
                len(code) == 9 or code.endswith("00") or code in stated or closeness(code, context) >= 4
                for code in readings
            ) or (match.name not in store.ordinary_words() and free_before(text, match))
        return True

    def _found(self, match: Match, readings: dict[str, str], context: Sequence[str], linked: bool) -> Found:
        ranked = {code: RANK[form] for code, form in readings.items()}
        best = min(readings.values(), key=RANK.__getitem__, default="full")
        division = self.decide(ranked, () if linked and len(ranked) == 1 else context)
        order = sorted(ranked, key=lambda code: (-closeness(code, context), ranked[code], code))
        if division:
            best = readings[division.code]
        return Found(match.start, match.end, match.name, self._divisions(order), best, division)
