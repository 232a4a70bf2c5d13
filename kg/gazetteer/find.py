"""All division names in a text, with the divisions that each may mean.

One Aho-Corasick automaton holds the names of the whole country down to towns; a small one, made for the article's own
areas, their town stems and villages. What stands around a name, and which names stand directly beside each other
(贵州省毕节市威宁县石门乡), decide what is believed.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, cached_property, lru_cache
from typing import NamedTuple

import ahocorasick_rs

from kg.gazetteer import names, store
from kg.gazetteer.index import FORMS, Index, closeness, significant
from kg.gazetteer.store import Division

RANK = {form: rank for rank, form in enumerate((*FORMS, "variant", "village", "bare"))}
_PLAIN_TOWN = ("镇", "乡", "街道", "苏木")
_VARIANTS = ("镇", "乡", "街道", "街道办事处", "街道办", "办事处")
# A county's suffix right before a town's name, unless it is 全县, 我县 …
_UNKNOWN_COUNTY = re.compile(r"[^全我该本各两]{2}[县旗]$|[^全我该本各城超]{2}[市区](?<!小区)(?<!社区)(?<!园区)(?<!山区)$")
_LONGER_TOWN = re.compile(r"[\u4e00-\u9fff](?:街道|镇|乡)")


class Found(NamedTuple):
    """A name at ``start:end`` of the text.

    ``candidates``: the divisions it may mean, nearest to the context first. ``division``: the one that it does mean, or
    None where undecided. ``form``: full, short (威宁县), stem (章丘), former (章丘市), variant (town stem with another suffix),
    village (徐毛村) or bare (徐毛).
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


class _Match(NamedTuple):
    start: int
    end: int
    name: str
    readings: dict[str, str]  # code → form


class Patterns:
    """An automaton over names; ``readings`` tells what a matched name may mean."""

    def __init__(self, patterns: Iterable[str], readings: Callable[[str], dict[str, str]]) -> None:
        self._names = list(dict.fromkeys(patterns))
        self._readings = readings
        self._automaton = ahocorasick_rs.AhoCorasick(
            self._names, matchkind=ahocorasick_rs.MatchKind.LeftmostLongest, store_patterns=False
        )

    def matches(self, text: str) -> Iterator[_Match]:
        for which, start, end in self._automaton.find_matches_as_indexes(text):
            name = self._names[which]
            yield _Match(start, end, name, self._readings(name))


class _Readings(dict[str, dict[str, str]]):
    """Name → code → form; the first form put for a code stays."""

    def put(self, form: str, found: Mapping[str, Iterable[str]]) -> None:
        for name, codes in found.items():
            here = self.setdefault(name, {})
            for code in codes:
                here.setdefault(code, form)


@cache
def _common() -> frozenset[str]:
    return frozenset(names.rules()["words"]["common"])


class Finder(Index):
    """Adds to the index the search in texts."""

    @cached_property
    def _nationwide(self) -> Patterns:
        full = [n for n, codes in self.full.items() if len(n) > 1 and (n.endswith(_PLAIN_TOWN) or len(codes[0]) == 6)]
        former = [name for name in self.former if len(name) > 2]
        return Patterns([*full, *self.areas["short"], *self.areas["stem"], *former], self._nationwide_readings)

    def _nationwide_readings(self, name: str) -> dict[str, str]:
        readings: dict[str, str] = {}
        for form, codes in self.forms(name):
            for code in codes:
                if form != "stem" or len(code) == 6:
                    readings.setdefault(code, form)
        return readings

    @lru_cache(maxsize=64)  # noqa: B019  one gazetteer lives as long as the process
    def _local(self, context: tuple[str, ...]) -> Patterns | None:
        """The towns and villages of the context's counties; bare village names of its towns."""
        readings = _Readings()
        words, common = store.ordinary_words(), _common()
        for county in dict.fromkeys(code[:6] for code in context if store.level_of(code) not in ("province", "city")):
            for town in self.children(county):
                readings.put("full", {town.name: [town.code]})
                if town.stem != town.name:
                    if town.stem not in words and town.stem not in common and town.stem not in self.areas["stem"]:
                        readings.put("stem", {town.stem: [town.code]})
                    readings.put("variant", {town.stem + suffix: [town.code] for suffix in _VARIANTS})
            readings.put("village", self.villages_by_name(county))
        for town in dict.fromkeys(code[:9] for code in context if len(code) >= 9):
            roots = {n: c for n, c in self.village_roots(town).items() if n not in words and n not in common}
            readings.put("bare", roots)
        return Patterns(readings, readings.__getitem__) if readings else None

    def find(self, text: str, context: Sequence[str] = ()) -> list[Found]:
        """The names of provinces, cities, counties and towns, and of the villages of the context's counties.

        ``context`` holds the codes of the article's own areas (see ``home``). Finds do not overlap and are in the
        order of the text. Stems that are ordinary words (和平, 公安) count only beside another division's name.
        """
        found = [m for m in self._nationwide.matches(text) if _stands(text, m)]
        local = self._local(tuple(context))
        if local:
            found += [m for m in local.matches(text) if _stands(text, m)]
        chosen = _without_overlaps(found)
        candidates = [dict(match.readings) for match in chosen]
        _chain(chosen, candidates)
        _unknown(text, chosen, candidates, context)
        stated = {code for match in chosen for code, form in match.readings.items() if form in ("full", "short")}
        finds = []
        for at, (match, readings) in enumerate(zip(chosen, candidates, strict=True)):
            linked = _linked(chosen, candidates, at)
            if readings and (linked or self._believed(text, match, readings, context, stated)):
                finds.append(self._found(match, readings, context, linked))
        return finds

    def _believed(
        self, text: str, match: _Match, readings: dict[str, str], context: Sequence[str], stated: set[str]
    ) -> bool:
        forms = set(readings.values())
        if forms & {"full", "short"}:
            near = any(closeness(code, context) >= 4 for code in readings)
            if match.name in _common() or text[match.end - 1 : match.end + 1] == "乡村" and _stem_is_word(match):
                return near and _free_before(text, match)
            return near or len(match.name) > 2 or match.name not in store.ordinary_words()
        if forms & {"variant", "village", "bare"}:
            return True
        if "stem" in forms:
            if match.name in _common():
                return False
            return any(
                len(code) == 9 or code.endswith("00") or code in stated or closeness(code, context) >= 4
                for code in readings
            ) or (match.name not in store.ordinary_words() and _free_before(text, match))
        return True

    def _found(self, match: _Match, readings: dict[str, str], context: Sequence[str], linked: bool) -> Found:
        ranked = {code: RANK[form] for code, form in readings.items()}
        best = min(readings.values(), key=RANK.__getitem__, default="full")
        division = self.decide(ranked, () if linked and len(ranked) == 1 else context)
        order = sorted(ranked, key=lambda code: (-closeness(code, context), ranked[code], code))
        if division:
            best = readings[division.code]
        return Found(match.start, match.end, match.name, self._divisions(order), best, division)


def _stands(text: str, match: _Match) -> bool:
    """Whether the characters around leave the name a name (not 新城镇化, 大安市场, 中山路)."""
    rules = names.rules()
    forms = set(match.readings.values())
    if text.startswith(tuple(rules["not_after"].get(match.name[-1], ())), match.end):
        return False
    if forms <= {"stem"}:
        side = rules["stem"]
        if text.startswith(tuple(side["not_before"]), match.end) and not text.startswith("山区", match.end):
            return False
        if _LONGER_TOWN.match(text, match.end) and any(len(code) == 9 for code in match.readings):
            return False
        return not (len(match.name) == 2 and text[match.start - 1 : match.start] in side["not_behind"])
    if forms <= {"village", "bare"}:
        before = text[match.start - 1 : match.start]
        side = rules["village"]
        if len(match.name) < 3:
            return not before or not "\u4e00" <= before <= "\u9fff" or before in side["behind_single"]
        return not before or before not in side["not_behind"]
    return True


def _without_overlaps(matches: list[_Match]) -> list[_Match]:
    """Leftmost, then longest; readings of the same span are brought together."""
    chosen: list[_Match] = []
    for match in sorted(matches, key=lambda m: (m.start, -m.end)):
        last = chosen[-1] if chosen else None
        if last and (match.start, match.end) == (last.start, last.end):
            chosen[-1] = last._replace(readings=match.readings | last.readings)
        elif not last or match.start >= last.end:
            chosen.append(match)
    return chosen


def _linked(chosen: list[_Match], candidates: list[dict[str, str]], at: int) -> bool:
    """Whether the name stands directly beside that of an area around it or within it."""
    here = candidates[at]
    if at and chosen[at - 1].end == chosen[at].start and any(_below(c, a) for c in here for a in candidates[at - 1]):
        return True
    after = at + 1 < len(chosen) and chosen[at].end == chosen[at + 1].start
    return after and any(_below(c, a) for c in candidates[at + 1] for a in here)


def _stem_is_word(match: _Match) -> bool:
    """振兴乡 before 村: rather 振兴 + 乡村."""
    return match.name[:-1] in store.ordinary_words()


def _free_before(text: str, match: _Match) -> bool:
    """Whether no letter stands before the name that could belong to a word with it (夕阳西下 is not 阳西)."""
    before = text[max(0, match.start - 1) : match.start]
    return not before or not _letter(before) or before in names.rules()["before"]["letters"]


def _chain(chosen: list[_Match], candidates: list[dict[str, str]]) -> None:
    """Names in a row are taken as areas in each other: each keeps the readings that the ones before it allow.

    Where a full name allows none of the next one's readings, that one is a name we do not know: no readings.
    """
    for at in range(1, len(chosen)):
        if chosen[at - 1].end != chosen[at].start or not candidates[at - 1]:
            continue
        above, here = candidates[at - 1], candidates[at]
        inside = {c: f for c, f in here.items() if any(_below(c, a) for a in above)}
        if inside:
            candidates[at] = inside
            back = at
            while back > 0 and chosen[back - 1].end == chosen[back].start:
                kept = {a: f for a, f in candidates[back - 1].items() if any(_below(c, a) for c in candidates[back])}
                candidates[back - 1] = kept or candidates[back - 1]
                back -= 1
        elif any(f == "full" and len(a) == 6 for a, f in above.items()) and all(len(c) > 6 for c in here):
            candidates[at] = {}


def _unknown(text: str, chosen: list[_Match], candidates: list[dict[str, str]], context: Sequence[str]) -> None:
    """Takes the readings from towns' names that are only the tail of a name we do not know.

    So they are behind an unknown county (徽源县棠溪镇), a county and a few letters more (怀柔区柳石峪镇), and where
    the same letter stands before the name wherever it occurs (柳石峪镇, 柳石峪镇). Towns of the context stay.
    """
    before: dict[str, list[str]] = defaultdict(list)
    for match in chosen:
        before[match.name].append(text[max(0, match.start - 1) : match.start])
    ends = {match.end: at for at, match in enumerate(chosen)}
    refused: set[str] = set()
    kept: set[str] = set()
    for at, (match, readings) in enumerate(zip(chosen, candidates, strict=True)):
        if any(closeness(code, context) >= 6 for code in readings) or match.start in ends and readings:
            kept.add(match.name)
        elif not readings or _tail_only(text, match, before[match.name]) or _skips(text, chosen, candidates, at, ends):
            candidates[at] = {}
            refused.add(match.name)
    for at, match in enumerate(chosen):
        if match.name in refused - kept:
            candidates[at] = {}


def _letter(char: str) -> bool:
    return "\u4e00" <= char <= "\u9fff"


def _tail_only(text: str, match: _Match, before: list[str]) -> bool:
    """Whether the name is the end of a longer one, by what stands before it here and elsewhere."""
    forms = set(match.readings.values())
    if not forms & {"full", "short", "former"}:
        return False
    inside = not _free_before(text, match)
    if len(match.name) == 2:
        return inside
    if any(len(code) == 6 for code in match.readings):
        return False
    head = text[max(0, match.start - 4) : match.start]
    return bool(_UNKNOWN_COUNTY.search(head)) or inside and len(before) > 1 and len(set(before)) == 1


def _skips(
    text: str, chosen: list[_Match], candidates: list[dict[str, str]], at: int, ends: dict[int, int]
) -> bool:
    """Whether one to three letters stand between an area's full name and this town, which is not in it."""
    start = chosen[at].start
    gap = next((ends[e] for e in range(start - 3, start) if e in ends), None)
    if gap is None or any(len(code) == 6 for code in candidates[at]):
        return False
    between = text[chosen[gap].end : start]
    if not all(map(_letter, between)) or _free_before(text, chosen[at]):
        return False
    areas = [a for a, form in candidates[gap].items() if form in ("full", "short") and len(a) == 6]
    return bool(areas) and not any(_below(code, area) for code in candidates[at] for area in areas)


def _below(code: str, area: str) -> bool:
    return code != area and code.startswith(significant(area))
