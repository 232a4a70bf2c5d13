"""Which numbers are figures: no dates, ordinals, names, thresholds or idioms. The criteria are data (figures.toml)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from kg.figures.numbers import SCALES
from kg.figures.units import Amount
from kg.schema import toml

_LOWER_END = re.compile(r"[\d.]+[-至到]$")  # of a range: what stands before 3至 stands before 3至5天


@dataclass(frozen=True, slots=True)
class _Rules:
    before: re.Pattern[str]
    after: re.Pattern[str]
    threshold_before: re.Pattern[str]
    threshold_after: re.Pattern[str]
    time_before: re.Pattern[str]
    time_after: re.Pattern[str]
    group_before: re.Pattern[str]
    group_after: re.Pattern[str]
    group_units: frozenset[str]
    minimum: dict[str, float]
    never: frozenset[str]
    threshold_measure: re.Pattern[str]
    units_after: dict[str, str]
    chinese_never: frozenset[str]
    moved: re.Pattern[str]
    numbered: dict[str, str]
    rungs: frozenset[str]
    signed: frozenset[str]
    minus: re.Pattern[str]


@cache
def _rules() -> _Rules:
    data = toml("patterns/figures.toml")
    skip, group = data["skip"], data["group"]
    names = ("before", "after", "threshold_before", "threshold_after", "threshold_measure", "time_before", "time_after")
    return _Rules(
        **{name: re.compile(skip[name]) for name in names},
        group_before=re.compile(group["before"]),
        group_after=re.compile(group["after"]),
        group_units=frozenset(group["units"]),
        minimum=skip["chinese_minimum"],
        units_after=skip["units_after"],
        never=frozenset(skip["units_never"]),
        chinese_never=frozenset(skip["chinese_units_never"]),
        moved=re.compile(skip["moved"]),
        numbered=skip["numbered"],
        rungs=frozenset(skip["rungs"]),
        signed=frozenset(data["number"]["signed"]),
        minus=re.compile(data["number"]["minus"]),
    )


def rule(amount: Amount, folded: str) -> str:
    """``figure``, ``group-count`` (N个项目: the count of a group of projects) or an empty string for no figure."""
    rules = _rules()
    before, after = folded[max(0, amount.start - 14) : amount.start], folded[amount.end : amount.end + 18]
    before = _LOWER_END.sub("", before)
    if rules.before.search(before) or amount.unit in rules.never:
        return ""
    if amount.chinese and (before.endswith(("“", '"')) or not _chinese(amount, rules)):
        return ""
    if amount.unit in rules.rungs and rules.moved.search(before):
        return ""
    if amount.kind == "age" or (amount.unit == "个" and rules.after.match(after)):
        return ""
    unit = amount.unit.lstrip("".join(SCALES))
    if unit in rules.numbered and re.search(rules.numbered[unit], before):
        return ""
    needed = rules.units_after.get(unit)
    if needed and not re.search(needed, _LOWER_END.sub("", folded[max(0, amount.start - 60) : amount.start])):
        return ""
    if amount.kind in ("measure", "money") and rules.threshold_measure.match(after):
        return ""
    if amount.kind == "time" and not (rules.time_before.search(before) or rules.time_after.match(after)):
        return ""
    if amount.kind == "time" and amount.unit == "年" and 1900 <= amount.value < 2100:
        return ""
    if amount.kind == "money" and rules.threshold_after.match(after):
        limit = rules.threshold_before.search(before) or after.startswith(("以上", "以下"))
        if limit:
            return ""
    if amount.unit in rules.group_units and (rules.group_after.match(after) or rules.group_before.search(before)):
        return "group-count"
    return "figure"


def negative(amount: Amount, folded: str) -> bool:
    """Whether a minus sign stands before a number that may be below nought: 最低气温-23.5℃, 自然增长率-2.73‰."""
    rules = _rules()
    return amount.unit in rules.signed and bool(rules.minus.search(folded[max(0, amount.start - 3) : amount.start]))


def _chinese(amount: Amount, rules: _Rules) -> bool:
    """Whether a Chinese numeral is told as a quantity rather than as an idiom or in passing."""
    if amount.unit in rules.chinese_never:
        return False
    if amount.kind == "tenth" and not amount.about:
        return False
    size = amount.base_value if amount.kind in ("count", "people", "bare", "money") else amount.value
    return size >= rules.minimum.get(amount.kind, 2)
