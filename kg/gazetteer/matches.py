"""Name matches in a text, and what stands around them: neighbours in a chain, other words, tails of longer names."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple

import ahocorasick_rs

from kg.gazetteer import names, store
from kg.gazetteer.index import below, closeness

# A county's suffix right before a town's name, unless it is 全县, 我县 …
_UNKNOWN_COUNTY = re.compile(
    r"[^全我该本各两]{2}[县旗]$|[^全我该本各城超]{2}[市区](?<!小区)(?<!社区)(?<!园区)(?<!山区)$"
)
_NO_PART = frozenset("等的和与及全各两多")  # letters behind a town's stem that do not go on with its name
_OFTEN = 3  # times that a letter stands in front of a name, to be part of it
_TOWNS = ("街道", "镇", "乡")


class Match(NamedTuple):
    """A name at ``start:end`` and its readings: code → form."""

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

    def matches(self, text: str) -> Iterator[Match]:
        for which, start, end in self._automaton.find_matches_as_indexes(text):
            name = self._names[which]
            yield Match(start, end, name, self._readings(name))


class Readings(dict[str, dict[str, str]]):
    """Name → code → form; the first form put for a code stays."""

    def put(self, form: str, found: Mapping[str, Iterable[str]]) -> None:
        for name, codes in found.items():
            here = self.setdefault(name, {})
            for code in codes:
                here.setdefault(code, form)


@cache
def common_words() -> frozenset[str]:
    """Names that are ordinary words or arise across two words (``names.toml``)."""
    return frozenset(names.rules()["words"]["common"])


def stands(text: str, match: Match) -> bool:
    """Whether the characters around leave the name a name (not 新城镇化, 大安市场, 中山路)."""
    rules = names.rules()
    forms = set(match.readings.values())
    if text.startswith(tuple(rules["not_after"].get(match.name[-1], ())), match.end):
        return False
    if forms <= {"stem"}:
        side = rules["stem"]
        if text.startswith(tuple(side["not_before"]), match.end) and not text.startswith("山区", match.end):
            return False
        if _of_longer_town(text, match) and any(len(code) == 9 for code in match.readings):
            return False
        return not (len(match.name) == 2 and text[match.start - 1 : match.start] in side["not_behind"])
    if forms == {"full"} and _ends_longer_town(text, match):
        return False
    if forms <= {"village", "bare"}:
        before = text[match.start - 1 : match.start]
        side = rules["village"]
        if len(match.name) < 3:
            return not before or not "\u4e00" <= before <= "\u9fff" or before in side["behind_single"]
        return not before or before not in side["not_behind"]
    return True


def _of_longer_town(text: str, match: Match) -> bool:
    """岩溪 in 岩溪口中学 is no town's name where the text has a 岩溪口镇."""
    letter = text[match.end : match.end + 1]
    if not _letter(letter) or letter in _NO_PART:
        return False
    return any(match.name + letter + ending in text for ending in _TOWNS)


def _ends_longer_town(text: str, match: Match) -> bool:
    """港沿镇 in 建港沿镇 is no town's name where that letter always stands in front of it, and begins a name."""
    letter = text[match.start - 1 : match.start]
    rules = names.rules()
    apart = rules["before"]["letters"] + rules["town"]["not_heading"]
    if not _letter(letter) or letter in apart or not match.name.endswith(_TOWNS):
        return False
    whole = letter + match.name
    if not _OFTEN <= text.count(whole) == text.count(match.name):
        return False
    return re.search(rf"(?:^|[^\u4e00-\u9fff]|[省市县区旗州盟]){whole}", text) is not None


def without_overlaps(matches: list[Match]) -> list[Match]:
    """Leftmost, then longest; readings of the same span are brought together."""
    chosen: list[Match] = []
    for match in sorted(matches, key=lambda m: (m.start, -m.end)):
        last = chosen[-1] if chosen else None
        if last and (match.start, match.end) == (last.start, last.end):
            chosen[-1] = last._replace(readings=match.readings | last.readings)
        elif not last or match.start >= last.end:
            chosen.append(match)
    return chosen


def linked_at(chosen: list[Match], candidates: list[dict[str, str]], at: int) -> bool:
    """Whether the name stands directly beside that of an area around it or within it."""
    here = candidates[at]
    if at and chosen[at - 1].end == chosen[at].start and any(below(c, a) for c in here for a in candidates[at - 1]):
        return True
    after = at + 1 < len(chosen) and chosen[at].end == chosen[at + 1].start
    return after and any(below(c, a) for c in candidates[at + 1] for a in here)


def stem_is_word(match: Match) -> bool:
    """振兴乡 before 村: rather 振兴 + 乡村."""
    return match.name[:-1] in store.ordinary_words()


def free_before(text: str, match: Match) -> bool:
    """Whether no letter stands before the name that could belong to a word with it (夕阳西下 is not 阳西)."""
    before = text[max(0, match.start - 1) : match.start]
    return not before or not _letter(before) or before in names.rules()["before"]["letters"]


def chain(chosen: list[Match], candidates: list[dict[str, str]], town_stems: Callable[[str], list[str]]) -> None:
    """Names in a row are taken as areas in each other: each keeps the readings that the ones before it allow.

    Where a full name allows none of the next one's readings, that one is another form of one of its towns
    (章丘区枣园镇, today 枣园街道), found by ``town_stems``, or a name we do not know: no readings.
    """
    for at in range(1, len(chosen)):
        if chosen[at - 1].end != chosen[at].start or not candidates[at - 1]:
            continue
        above, here = candidates[at - 1], candidates[at]
        inside = {c: f for c, f in here.items() if any(below(c, a) for a in above)}
        if inside:
            candidates[at] = inside
            back = at
            while back > 0 and chosen[back - 1].end == chosen[back].start:
                kept = {a: f for a, f in candidates[back - 1].items() if any(below(c, a) for c in candidates[back])}
                candidates[back - 1] = kept or candidates[back - 1]
                back -= 1
        elif any(f == "full" and len(a) == 6 for a, f in above.items()) and all(len(c) > 6 for c in here):
            towns = town_stems(names.stem(chosen[at].name, "town"))
            candidates[at] = {c: "variant" for c in towns if any(below(c, a) for a in above)}
        elif any(f == "full" and len(a) == 9 for a, f in above.items()) and all(len(c) > 9 for c in here):
            for other, match in enumerate(chosen):  # a village that only bears the name of one of another town
                if match.name == chosen[at].name:
                    candidates[other] = {}


def elsewhere(candidates: list[dict[str, str]], context: Sequence[str]) -> None:
    """Takes the readings as villages of towns that are neither the article's own nor named, where a town is its own."""
    own = {code[:9] for code in context if len(code) >= 9}
    if not own:
        return
    own |= {code for readings in candidates for code in readings if len(code) == 9}
    for at, readings in enumerate(candidates):
        candidates[at] = {code: form for code, form in readings.items() if len(code) <= 9 or code[:9] in own}


def drop_unknown(text: str, chosen: list[Match], candidates: list[dict[str, str]], context: Sequence[str]) -> None:
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
        if any(closeness(code, context) >= 6 for code in readings) or (match.start in ends and readings):
            kept.add(match.name)
        elif not readings or _tail_only(text, match, before[match.name]) or _skips(text, chosen, candidates, at, ends):
            candidates[at] = {}
            refused.add(match.name)
    for at, match in enumerate(chosen):
        if match.name in refused - kept:
            candidates[at] = {}


def _letter(char: str) -> bool:
    return "\u4e00" <= char <= "\u9fff"


def _tail_only(text: str, match: Match, before: list[str]) -> bool:
    """Whether the name is the end of a longer one, by what stands before it here and elsewhere."""
    forms = set(match.readings.values())
    if not forms & {"full", "short", "former"}:
        return False
    inside = not free_before(text, match)
    if len(match.name) == 2:
        return inside
    if any(len(code) == 6 for code in match.readings):
        return False
    head = text[max(0, match.start - 4) : match.start]
    return bool(_UNKNOWN_COUNTY.search(head)) or (inside and len(before) > 1 and len(set(before)) == 1)


def _skips(text: str, chosen: list[Match], candidates: list[dict[str, str]], at: int, ends: dict[int, int]) -> bool:
    """Whether one to three letters stand between an area's full name and this town, which is not in it."""
    start = chosen[at].start
    gap = next((ends[e] for e in range(start - 3, start) if e in ends), None)
    if gap is None or any(len(code) == 6 for code in candidates[at]):
        return False
    between = text[chosen[gap].end : start]
    if not all(map(_letter, between)) or free_before(text, chosen[at]):
        return False
    areas = [a for a, form in candidates[gap].items() if form in ("full", "short") and len(a) == 6]
    return bool(areas) and not any(below(code, area) for code in candidates[at] for area in areas)
