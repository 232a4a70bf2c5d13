"""Growth and ranks printed beside an amount: 同比增长8.1%, 下降22%, 分别增长14.2%、10.5%, 位列全省第一."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from kg.figures.units import Amount
from kg.schema import toml


@dataclass(frozen=True, slots=True)
class _Rules:
    gap: re.Pattern[str]
    own: re.Pattern[str]
    then: re.Pattern[str]
    plan: re.Pattern[str]
    rank: re.Pattern[str]


@cache
def _rules() -> _Rules:
    data = toml("patterns/figures.toml")
    growth = data["growth"]
    verb = f"(?:(?P<up>{growth['up']})|(?P<down>{growth['down']}))"
    behind = f"(?:(?P<up>{growth['gain']}|{growth['up']})|(?P<down>{growth['loss']}|{growth['down']}))"
    compare, link = growth["compare"], growth["link"]
    return _Rules(
        gap=re.compile(
            rf"^(?:人民币)?(?:以上|左右|以下|上下)?[,;、]?(?:\([^)\d]{{0,8}}\))?(?:{compare}|{growth['subject']})*{behind}{link}$"
        ),
        own=re.compile(rf"{compare}*{verb}{link}$"),
        then=re.compile(growth["then"]),
        plan=re.compile(growth["plan"]),
        rank=re.compile(data["rank"]["after"]),
    )


def _sign(match: re.Match[str]) -> int:
    return 1 if match["up"] else -1


def linked(before: Amount, after: Amount, folded: str) -> bool:
    """Whether two amounts are told in a row (8%、9%和10%)."""
    return after.start - before.end == 1 and folded[before.end] in "、,和与及至到-"


def own_sign(amount: Amount, folded: str) -> tuple[int, int]:
    """For a ratio that stands alone: its sign (-1 for a fall, 0 for no growth) and where its growth words begin."""
    window = max(0, amount.start - 24)
    before = folded[window : amount.start]
    if " " in before:
        match = _rules().own.search(before.replace(" ", ""))
        return (_sign(match), amount.start - len(match[0])) if match else (0, amount.start)
    match = _rules().own.search(before)
    return (_sign(match), window + match.start()) if match else (0, amount.start)


def rank(end: int, folded: str) -> str:
    """The rank printed right behind ``end``: 位列全省第一."""
    match = _rules().rank.match(folded[end : end + 24].split("\n", maxsplit=1)[0])
    return match[1] if match else ""


def attach(amounts: list[Amount], folded: str) -> tuple[dict[int, float], set[int]]:
    """Growth by the index of the amount that grew, and the indices of the percentages used up for it."""
    growth: dict[int, float] = {}
    used: set[int] = set()
    index = 1
    while index < len(amounts):
        ratio, before = amounts[index], amounts[index - 1]
        if not _percent(ratio) or index - 1 in used or linked(before, ratio, folded):
            index += 1
            continue
        gap = _gap(before, ratio, folded)
        match = _rules().gap.match(gap) if len(gap) <= 40 else None
        if match:
            run = _run(amounts, index, folded) if "分别" in gap or "依次" in gap else 1
            first = index - min(run, index)
            for offset in range(run):
                target = _base(amounts, first + offset, folded) if run == 1 else first + offset
                if target >= 0 and target not in used:
                    growth[target] = _sign(match) * amounts[index + offset].value
                    used.add(index + offset)
            index += run
            continue
        _before(amounts, index, folded, growth, used)
        index += 1
    if amounts and _percent(amounts[0]):
        _before(amounts, 0, folded, growth, used)
    return growth, used


def _percent(amount: Amount) -> bool:
    """Growth is in percent; points (提高1.2个百分点) and multiples are figures of their own."""
    return amount.kind == "ratio" and amount.unit in ("%", "％")


def _gap(before: Amount, after: Amount, folded: str) -> str:
    return re.sub(r"[\s●]", "", folded[before.end : after.start])


def _base(amounts: list[Amount], index: int, folded: str) -> int:
    """The amount that grew, where the one at ``index`` is only the increase (余额9亿元,较年初增加1亿元,增速9%) or a
    share of the plan (收入6.8亿元,为预算的101.3%,增长7.9%)."""
    if index > 0:
        gap = _gap(amounts[index - 1], amounts[index], folded)
        increase = amounts[index - 1].base_unit == amounts[index].base_unit and _rules().gap.match(gap)
        if len(gap) <= 30 and (increase or (_percent(amounts[index]) and _rules().plan.match(gap))):
            return index - 1
    return index


def _run(amounts: list[Amount], index: int, folded: str) -> int:
    """How many ratios stand in a row from ``index`` (8%、9%和10%)."""
    run = 1
    while index + run < len(amounts) and amounts[index + run].kind == "ratio":
        if not linked(amounts[index + run - 1], amounts[index + run], folded):
            break
        run += 1
    return run


def _before(amounts: list[Amount], index: int, folded: str, growth: dict[int, float], used: set[int]) -> None:
    """Growth printed before its amount: 产值增长11.6%,达到58.9亿元."""
    ratio = amounts[index]
    if index + 1 >= len(amounts) or amounts[index + 1].kind == "ratio":
        return
    sign, _ = own_sign(ratio, folded)
    if sign and _rules().then.match(_gap(ratio, amounts[index + 1], folded)):
        growth[index + 1] = sign * ratio.value
        used.add(index)
