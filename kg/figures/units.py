"""Units, classifiers and the expression that finds a number with its unit, built from ontology/lexicon/units.tsv."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from kg.figures.numbers import SCALES, fold, number
from kg.schema import toml, words

LARGEST = 1e21  # beyond any amount that is told: a slip of the print
ARABIC = r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?"
CHINESE = r"[零〇一二两三四五六七八九十百千万亿]+(?:点[零〇一二三四五六七八九]+)?"


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit or classifier; ``kind`` is money, measure, ratio, tenth, people, count, time or age."""

    name: str
    base: str
    factor: float
    kind: str


class Amount(NamedTuple):
    """A number with its unit, before it is decided whether it is a figure at all."""

    start: int
    end: int
    value: float
    unit: str
    base_value: float
    base_unit: str
    kind: str
    about: bool
    chinese: bool


@cache
def units() -> dict[str, Unit]:
    """All units by their printed form (half width)."""
    return {fold(row[0]): Unit(fold(row[0]), fold(row[1]), float(row[2]), row[3]) for row in words("units.tsv")}


@cache
def pattern() -> re.Pattern[str]:
    """A number, a scale and a unit, with about-words between them."""
    alternatives = []
    for row in sorted(words("units.tsv"), key=lambda row: (-len(row[0]), row[0])):
        blocked = f"(?!{row[4]})" if len(row) > 4 and row[4] else ""
        alternatives.append(re.escape(fold(row[0])) + blocked)
    unit = "|".join(alternatives)
    data = toml("patterns/figures.toml")
    scales = "|".join(sorted((scale for scale in SCALES if scale not in "十百"), key=len, reverse=True))
    more = data["about"]["infix"]
    bare = data["number"]["bare_scale"]
    nouns = "|".join(f"(?={source.removeprefix('^')})" for source, _ in data["number"]["bare_units"])
    return re.compile(
        rf"(?<![\d.A-Za-z_])(?P<number>{ARABIC}|{CHINESE})(?P<more>{more})?"
        rf"[ \n]?(?P<scale>{scales})?(?P<more2>{more})?[ \n]?"
        rf"(?:(?P<unit>{unit})(?P<variant>\((?:{unit})\))?(?P<per>/(?:{unit}))?|(?P<bare>(?<=[万亿余多])(?:{bare}|(?:{nouns}))))"
    )


def _amount(match: re.Match[str], data: dict[str, Any], text: str) -> Amount | None:
    """The amount that a match of :func:`pattern` in the folded text is, or None where it is no number."""
    numeral, scale = match["number"], match["scale"] or ""
    start, end = match.span()
    is_chinese = not numeral[0].isascii()
    unit = units().get(match["unit"] or "") or Unit("", "", 1.0, "bare")
    about = bool(match["more"] or match["more2"])
    before = text[max(0, match.start() - 4) : match.start()]
    if is_chinese:
        if not about and numeral in SCALES and not data["bare_before"].search(before):
            return None  # 千家万户, 百亩方: no number
        head = numeral.rstrip("万亿")
        if head != numeral and not scale and not set(head) & {"万", "亿"}:
            numeral, scale = head or "一", numeral[len(head) :]
    value = number(numeral)
    if value is None or (scale and scale not in SCALES):
        return None
    noun = ""
    if not match["unit"]:
        noun = next((name for source, name in data["bare_units"] if re.match(source, text[end : end + 12])), "")
        unit = units().get(noun, unit)
    printed = "" if noun and scale else unit.name + (match["variant"] or "") + (match["per"] or "")
    if not scale + printed:
        return None
    about = about or bool(data["before"].search(before) or data["after"].match(text[end : end + 6]))
    if not is_chinese:
        value, scale, start, split = _put_together(value, scale, start, text)
        about = about or split
    base = round(value * SCALES.get(scale, 1.0) * unit.factor, 6)
    if base > LARGEST:
        return None
    base_unit = unit.base + (match["per"] or "")
    return Amount(start, end, value, scale + printed, base, base_unit, unit.kind, about, is_chinese)


def _put_together(value: float, scale: str, start: int, text: str) -> tuple[float, str, int, bool]:
    """Value, scale and start with the part of the number in front (3亿|5千万元, 15、|6家), and whether it is vague."""
    before, around = text[max(0, start - 16) : start], _around()
    size = SCALES.get(scale, 1.0)
    if (upper := around["upper"].search(before)) and value * size < SCALES[upper[2]]:
        start -= len(upper[0])
        if scale == "万":
            return round(value + (number(upper[1]) or 0) * 1e4, 6), scale, start, False  # 1亿2351.3万元
        return round((number(upper[1]) or 0) + value * size / SCALES[upper[2]], 6), upper[2], start, False
    near = around["or"].search(before)
    if near and value < 10 and value == int(near[1][-1]) + 1:
        return float(near[1]), scale, start - len(near[0]), True
    return value, scale, start, False


@cache
def _around() -> dict[str, Any]:
    data = toml("patterns/figures.toml")
    sources = {key: data["about"][key] for key in ("before", "after")} | {"bare_before": data["number"]["bare_before"]}
    lower = rf"(?<![\d.A-Za-z第])({ARABIC}|{CHINESE})(余|多)?(万|亿)?{data['number']['range']}$"
    sources |= {"lower": lower, "upper": rf"(?<![\d.,])({ARABIC})([亿万])$", "or": r"(?<=[一-龥])(\d+)、$"}
    sources["row"] = data["number"]["row"].replace("NUMBER", ARABIC)
    patterns: dict[str, Any] = {key: re.compile(source) for key, source in sources.items()}
    return patterns | {"bare_units": data["number"]["bare_units"]}


def _lower(amount: Amount, text: str) -> list[Amount]:
    """The lower end of a range (3-5万元, 30万至50万元), which has no unit of its own."""
    window = max(0, amount.start - 16)
    match = _around()["lower"].search(text[window : amount.start])
    if not match:
        return []
    value = number(match[1])
    scale = next((s for s in sorted(SCALES, key=len, reverse=True) if amount.unit.startswith(s)), "")
    if value is None or (value >= amount.value and not match[3]):
        return []
    unit = amount.unit if scale or not match[3] else match[3] + amount.unit
    factor = _factor(amount)
    if match[3] and not scale:
        factor *= SCALES[match[3]]
    start = window + match.start()
    base = round(value * factor, 6)
    end = window + match.end() - 1
    return [amount._replace(start=start, end=end, value=value, unit=unit, base_value=base, about=bool(match[2]))]


def _row(amount: Amount, text: str) -> list[Amount]:
    """The numbers in front that share the amount's unit (分别提高10.6和|11.3个百分点)."""
    window = max(0, amount.start - 60)
    match = None if amount.chinese else _around()["row"].search(text[window : amount.start])
    if not match:
        return []
    found, first = [], window + match.start("row")
    for one in re.finditer(ARABIC, match["row"]):
        value = number(one[0]) or 0.0
        base = round(value * _factor(amount), 6)
        found.append(amount._replace(start=first + one.start(), end=first + one.end(), value=value, base_value=base))
    return found


def _factor(amount: Amount) -> float:
    """How many plain units one of the printed ones is."""
    return amount.base_value / amount.value if amount.value else 1.0


def amounts(folded: str) -> list[Amount]:
    """Every number with a unit in the folded text, in order, whatever it means."""
    found: list[Amount] = []
    around = _around()
    for match in pattern().finditer(folded):
        amount = _amount(match, around, folded)
        if amount is None:
            continue
        for one in (*_lower(amount, folded), *_row(amount, folded)):
            if not found or found[-1].end <= one.start:
                found.append(one)
        found.append(amount)
    return found
