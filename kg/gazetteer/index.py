"""Divisions by code and by name, and the choice among namesakes by an article's own areas."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, cached_property, lru_cache

from kg.gazetteer import names, store
from kg.gazetteer.store import Division
from kg.schema import words

# How well a name fits: the name itself, a printed short form, the name without its suffix, a name of other times.
FORMS = ("full", "short", "stem", "former")


def shared(code: str, other: str) -> int:
    """How many leading digits two codes share, counted in whole levels: 0, 2, 4, 6, 9 or 12."""
    depth = 0
    for length in (2, 4, 6, 9, 12):
        part, twin = code[:length], other[:length]
        if len(part) < length or part != twin or (part.endswith("00") and length in (4, 6)):
            break
        depth = length
    return depth


def closeness(code: str, context: Iterable[str]) -> int:
    """The deepest level that ``code`` shares with any code of ``context``."""
    return max((shared(code, area) for area in context), default=0)


@cache
def lookalikes() -> dict[str, str]:
    """Character → the characters easily read for it (``lookalikes.tsv`` and ``misreadings.tsv`` of the lexicon)."""
    table = {row[0]: row[1] for row in words("lookalikes.tsv")}
    for one, other in words("misreadings.tsv"):
        for read, meant in ((one, other), (other, one)):
            if meant not in table.get(read, ""):
                table[read] = table.get(read, "") + meant
    return table


class Index:
    """Lookups by code and name. Provinces to towns are at hand; villages are read a prefecture at a time."""

    @cached_property
    def _names(self) -> dict[str, str]:
        return store.division_names()

    @cached_property
    def _codes(self) -> list[str]:
        return list(self._names)

    @cached_property
    def full(self) -> dict[str, list[str]]:
        """Official name → codes, provinces to towns."""
        found: dict[str, list[str]] = defaultdict(list)
        for code, name in self._names.items():
            found[name].append(code)
        return found

    @cached_property
    def former(self) -> dict[str, list[str]]:
        """Names of other times → codes of today."""
        found: dict[str, list[str]] = defaultdict(list)
        for name, code in store.renamed():
            if code in self._names and code not in self.full.get(name, ()):
                found[name].append(code)
        return found

    @cached_property
    def areas(self) -> dict[str, dict[str, list[str]]]:
        """For provinces to counties: form (short, stem) → name → codes."""
        found: dict[str, dict[str, list[str]]] = {"short": defaultdict(list), "stem": defaultdict(list)}
        for code, name in self._names.items():
            if len(code) == 6:
                level = store.level_of(code)
                stem = names.stem(name, level)
                if stem != name:
                    found["stem"][stem].append(code)
                for form in (*names.short_forms(name, level), *names.rules()["aliases"].get(code, ())):
                    found["short"][form].append(code)
        return found

    @cached_property
    def _ethnic_towns(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for name, codes in self.full.items():
            if "族" in name and len(codes[0]) == 9:
                found[names.stem(name, "town")] += codes
        return found

    def town_stems(self, stem: str) -> list[str]:
        """The towns whose name is ``stem`` with a suffix: 刁镇 → 刁镇街道, 那楼 → 那楼瑶族乡."""
        if len(stem) < 2:
            return []
        found = [
            code for suffix in names.suffixes("town") for code in self.full.get(stem + suffix, ()) if len(code) == 9
        ]
        return sorted(dict.fromkeys(found + self._ethnic_towns.get(stem, [])))

    @lru_cache(maxsize=1 << 15)  # noqa: B019  one gazetteer lives as long as the process
    def by_code(self, code: str) -> Division | None:
        """The division with this code, or None."""
        name = self._names.get(code)
        if name is None and len(code) == 12:
            name = store.villages(code[:4]).get(code[:9], {}).get(code)
        if name is None:
            return None
        return Division(code, name, store.level_of(code), store.parent_code(code, self._names))

    def _divisions(self, codes: Iterable[str]) -> tuple[Division, ...]:
        return tuple(found for code in codes if (found := self.by_code(code)))

    def parents(self, code: str) -> tuple[Division, ...]:
        """The divisions above ``code``, nearest first, up to the province."""
        found = []
        above = store.parent_code(code, self._names)
        while above:
            found.append(above)
            above = store.parent_code(above, self._names)
        return self._divisions(found)

    def children(self, code: str) -> tuple[Division, ...]:
        """The divisions right below ``code`` in the order of codes; the villages of a town; provinces for ''."""
        if len(code) == 9:
            return self._divisions(store.villages(code[:4]).get(code, {}))
        prefix = significant(code)
        below = self._codes[bisect_left(self._codes, prefix) : bisect_left(self._codes, prefix + ":")]
        return self._divisions(c for c in below if store.parent_code(c, self._names) == code)

    def full_name(self, code: str) -> str:
        """The name with all that is above it: 山东省济南市章丘区刁镇街道; empty for an unknown code."""
        division = self.by_code(code)
        if division is None:
            return ""
        return "".join(above.name for above in reversed(self.parents(code))) + division.label

    @lru_cache(maxsize=256)  # noqa: B019
    def villages_by_root(self, within: str) -> dict[str, list[tuple[str, str]]]:
        """Root (徐毛) → (code, official name) of the villages in a county or a town."""
        found: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for town, villages in store.villages(within[:4]).items():
            if town.startswith(within):
                for code, name in villages.items():
                    found[names.village_root(name)].append((code, name))
        return found

    def _villages(self, name: str, within: str) -> list[str]:
        rows = self.villages_by_root(within).get(names.village_root(name), ())
        return [code for code, official in rows if name in names.village_forms(official)]

    def forms(self, name: str, within: str = "", towns: bool = True) -> Iterator[tuple[str, list[str]]]:
        """(form, codes) for each way in which ``name`` can be read, best first; ``towns``: by their stems too."""
        yield "full", self.full.get(name, [])
        yield "short", self.areas["short"].get(name, [])
        yield "stem", self.areas["stem"].get(name, []) + (self.town_stems(name) if towns else [])
        yield "former", [] if name in self.full or name in self.areas["short"] else self.former.get(name, [])
        if len(within) in (6, 9) and not within.endswith("00"):
            yield "village", self._villages(name, within)
            yield "bare", [code for code, _ in self.villages_by_root(within).get(name, ()) if len(name) > 1]

    def lookup(self, name: str, within: str = "") -> tuple[Division, ...]:
        """All divisions of that name: official name, short form, stem, former name, best fit first.

        ``within`` is a code that the divisions must lie below (or be); villages are looked for only when it is a
        county's or a town's.
        """
        prefix = significant(within)
        codes = [code for _, found in self.forms(name, within) for code in found if code.startswith(prefix)]
        return self._divisions(dict.fromkeys(codes))

    def resolve(self, name: str, context: Sequence[str] = ()) -> Division | None:
        """The one division that ``name`` means in an article about the areas with the codes ``context``.

        The candidate with the deepest ancestor in common with an area of the context wins; among equals the better
        form (official before short before stem before former), then the higher level. A
        town outside the context's prefectures is not believed, nor a name that stands for several. A town's name with
        another suffix (六库镇, today 六库街道) is believed within the context's counties.
        """
        ranked: dict[str, int] = {}
        scopes = dict.fromkeys(["", *(area[:9] for area in context), *(area[:6] for area in context)])
        for scope in scopes:
            for rank, (_, codes) in enumerate(self.forms(name, scope)):
                for code in codes:
                    ranked[code] = min(rank, ranked.get(code, rank))
        if not ranked and context and name.endswith(names.suffixes("town")):
            towns = self.town_stems(names.stem(name, "town"))
            ranked = {code: 0 for code in towns if closeness(code, context) >= 6}
        return self.decide(ranked, context)

    def decide(self, ranked: dict[str, int], context: Sequence[str]) -> Division | None:
        """The choice of :meth:`resolve` among codes with the rank of their form (0 is best)."""
        scored = []
        for code, rank in ranked.items():
            near = closeness(code, context)
            if len(code) > 6 and context and near < 4:
                continue
            height = names.LEVELS.index(store.level_of(code))
            scored.append((-near, rank, height, code))
        scored.sort()
        if not scored or (len(scored) > 1 and scored[0][:3] == scored[1][:3]):
            return None
        return self.by_code(scored[0][3])

    def near(self, name: str, within: str) -> tuple[Division, ...]:
        """Divisions below ``within`` whose name is ``name`` but for one look-alike character (刀镇 → 刁镇).

        Official names, stems of two characters and more and the printed forms of villages count; ``within`` is a
        county's or a town's code, or a city's or province's (towns and above only).
        """
        found: dict[str, None] = {}
        for position, char in enumerate(name):
            for twin in lookalikes().get(char, ""):
                for division in self.lookup(name[:position] + twin + name[position + 1 :], within):
                    if division.code != within:
                        found[division.code] = None
        return self._divisions(sorted(found))


def significant(code: str) -> str:
    """The digits that all codes below ``code`` begin with: 370000 → 37, 370100 → 3701, 370114 → 370114."""
    if len(code) == 6:
        return code[:2] if code.endswith("0000") else code[:4] if code.endswith("00") else code
    return code


def below(code: str, area: str) -> bool:
    """Does one division lie in the other, by their codes?"""
    return code != area and code.startswith(significant(area))
