"""An article's own area, guessed from what its title, opening and whole text name."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from kg.gazetteer import store
from kg.gazetteer.find import Finder, Found
from kg.gazetteer.index import below
from kg.gazetteer.store import Division

_OPENING, _LEAD = 120, 500  # characters: title and byline; first paragraphs
_UNKNOWN_TOWN = re.compile(r"[\u4e00-\u9fff]{1,5}?(?:镇|乡|街道|苏木)")
_COUNTY = re.compile(r"(?P<county>[\u4e00-\u9fff]{2}[县市区旗])(?P<town>(?=[\u4e00-\u9fff]{1,5}?(?:镇|乡|街道|苏木)))?")


def home(finder: Finder, text: str) -> tuple[Division, ...]:
    """The most specific areas that the text is about, best first; empty where nothing supports any.

    Counties collect the weight of their own names and of their towns' names, more in the opening; names that stand
    in several counties share theirs; the county's city and province add to it. Then one of its towns, where the opening
    or most mentions name it. A town that the gazetteer does not have gives its county, such a county its city.
    """
    finds = finder.find(text)
    scores = _scores(finder, finds, _title_end(text))
    counties = sorted(_supported(finds, scores), key=lambda c: (-scores[c], c))
    if _unknown_county(text, finds):
        counties = []
    if len(counties) > 1 and scores[counties[1]] > 0.8 * scores[counties[0]]:
        counties = _by_villages(finder, text, counties, scores)
    county = counties[0] if counties and scores[counties[0]] >= 1.5 else ""
    wider = _wider(finder, finds, county, scores)
    if wider is not None:
        return wider
    if not county:
        return ()
    town = _town(finder, text, county)
    second = [c for c in counties[1:2] if scores[c] >= 0.8 * scores[county] and scores[c] >= 6 and not town]
    return tuple(d for code in (town or county, *second) if (d := finder.by_code(code)))


def _supported(finds: Sequence[Found], scores: dict[str, float]) -> set[str]:
    """The counties that are named themselves, or by two of their towns, or by a town that the country has once."""
    towns: dict[str, set[str]] = defaultdict(set)
    named: set[str] = set()
    for found in finds:
        for division in _provinces_first(found):
            if division.level == "county":
                named.add(division.code)
            elif division.level == "town":
                towns[_county(division)].add(division.name)
                if len(found.candidates) == 1 and found.start < _OPENING:
                    named.add(_county(division))
    several = {county for county, names in towns.items() if len(names) > 1}
    return {code for code in scores if store.level_of(code) in ("county", "city") and code in named | several
            and (store.level_of(code) == "county" or code in towns)}  # fmt: skip


def _unknown_county(text: str, finds: Sequence[Found]) -> bool:
    """Whether the opening names a county that the gazetteer lacks, and none that it has."""
    opening = [f for f in finds if f.start < _OPENING]
    if any(d.level in ("county", "town") for f in opening if f.form in ("full", "short") for d in f.candidates):
        return False
    covered = {position for f in finds for position in range(f.start, f.end)}
    starts = {f.end for f in finds}
    for match in _COUNTY.finditer(text, 0, _OPENING):
        if match.start() in covered or match.end() - 1 in covered:
            continue
        letter = text[match.start() - 1 : match.start()] or " "
        bounded = not "\u4e00" <= letter <= "\u9fff" or match.start() in starts or letter in "进到在对访的"
        if bounded and (match["town"] or text.count(match["county"]) > 1):
            return True
    return False


def _title_end(text: str) -> int:
    """Where the first line ends; 0 where that is no title."""
    end = len(text) - len(text.lstrip()) + len(text.lstrip().split("\n", 1)[0])
    return end if end < _OPENING else 0


def _weight(found: Found, title: int) -> float:
    place = 8.0 if found.start < title else 4.0 if found.start < _OPENING else 2.0 if found.start < _LEAD else 1.0
    return place * {"full": 1.0, "short": 1.0, "former": 0.4}.get(found.form, 0.5)


def _scores(finder: Finder, finds: Sequence[Found], title: int) -> dict[str, float]:
    own: dict[str, float] = defaultdict(float)
    towns: dict[str, float] = defaultdict(float)
    seen: dict[str, int] = defaultdict(int)
    for found in finds:
        seen[found.name] += 1
        candidates = _provinces_first(found)
        weight = _weight(found, title) / len(candidates or "1") / (1 if seen[found.name] < 4 else 2)
        for division in candidates:
            if division.level == "town":
                towns[_county(division)] += weight
            else:
                own[division.code] += weight
    total = {code: own[code] + towns[code] for code in sorted({*own, *towns})}
    for code in total:
        if not code.endswith("00"):
            above = [own[d.code] for d in finder.parents(code)]
            total[code] *= 1 + 0.5 * sum(score > 0 for score in above)
    return total


def _provinces_first(found: Found) -> tuple[Division, ...]:
    """A province's bare name is the province as long as nothing is known of the article: 海南 is not 乌海's 海南区."""
    provinces = tuple(division for division in found.candidates if division.level == "province")
    return provinces if provinces and found.form == "stem" else found.candidates


def _county(town: Division) -> str:
    """The town's county; its city where that has no counties (东莞市)."""
    return town.parent


def _by_villages(finder: Finder, text: str, counties: list[str], scores: dict[str, float]) -> list[str]:
    """Namesakes are told apart by the villages that the text names: those of the best few counties are read."""
    for county in [c for c in counties[:8] if scores[c] > 0.8 * scores[counties[0]]]:
        roots = [root for root in finder.villages_by_root(county) if len(root) > 1 and root in text]
        named = [root for root in roots if root + "村" in text or root + "社区" in text]
        scores[county] += 0.5 * len(named)
    return sorted(counties, key=lambda c: (-scores[c], c))


def _wider(
    finder: Finder, finds: Sequence[Found], county: str, scores: dict[str, float]
) -> tuple[Division, ...] | None:
    """A city or province, where the text is about it rather than about one of its counties."""
    cities = sorted((c for c in scores if c.endswith("00")), key=lambda c: (-scores[c], c))
    opening = [f for f in finds if f.start < _OPENING and f.form in ("full", "short") and f.division]
    named = {f.division.code for f in opening if f.division}
    if county:
        inside = named & ({county} | {c for c in scores if c == county})
        towns = {d.parent for f in opening for d in f.candidates if d.level == "town"}
        rivals = [c for c in scores if not c.endswith("00") and c != county]
        share = scores[county] / (scores[county] + sum(scores[c] for c in rivals))
        city = finder.parents(county)[0].code
        siblings = {d.code for f in finds for d in f.candidates if d.level == "county" and d.parent == city}
        if len(siblings) > 2 and share < 0.4 and city in named and scores[city] > scores[county]:
            return finder.parents(county)[:1]
        if inside or county in towns or share >= 0.4:
            return None
    for code in cities:
        full = sum(f.form in ("full", "short") and f.division is not None and f.division.code == code for f in finds)
        if scores[code] >= 2 and (code in named or full >= 2):
            lower = [c for c in cities if below(c, code) and c in named]
            division = finder.by_code(lower[0] if lower else code)
            return (division,) if division else None
    return None if county else ()


def _town(finder: Finder, text: str, county: str) -> str:
    """The county's town that the opening names, or most of the mentions of its towns do; '' where neither."""
    weights: dict[str, float] = defaultdict(float)
    finds = finder.find(text, (county,))
    title = _title_end(text)
    of_county = [f.start for f in finds if f.division and f.division.code == county]
    counts: dict[str, int] = defaultdict(int)
    for found in finds:
        division = found.division
        if division and division.code == county and found.start < _OPENING and _unknown_town(text, found, finds):
            return ""
        if division and division.level == "town" and division.parent == county:
            counts[division.code] += 1 + 3 * (found.start < title)
            weights[division.code] += 12.0 if found.start < title else 4.0 if found.start < _OPENING else 1.0
    ranked = sorted(weights, key=lambda code: (-weights[code], code))
    if not ranked:
        return ""
    best = weights[ranked[0]]
    if of_county and of_county[0] < title and counts[ranked[0]] < 3:
        return ""  # the title names the county, and hardly anything the town
    return ranked[0] if best >= 3 and best >= 0.6 * sum(weights.values()) else ""


def _unknown_town(text: str, found: Found, finds: Sequence[Found]) -> bool:
    """Whether a town that we do not know stands right behind the county's name."""
    after = _UNKNOWN_TOWN.match(text, found.end)
    return bool(after) and not any(f.start == found.end and f.candidates for f in finds)
