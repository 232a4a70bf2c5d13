"""Periods that figures speak of: printed in the sentence, carried from the one before, or from title and date."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cache

from kg.schema import toml

_HALVES = {"上半年": (1, 6), "下半年": (7, 12), "前三季度": (1, 9), "前三个季度": (1, 9), "前两季度": (1, 6)}
_QUARTERS = {"一": 1, "1": 1, "二": 2, "2": 2, "三": 3, "3": 3, "四": 4, "4": 4}
_MONTHS = {name: number for number, name in enumerate([*"一二三四五六七八九十", "十一", "十二"], 1)}


@dataclass(frozen=True, slots=True)
class Period:
    """A printed period: ``text[start:end]`` says ``value``.

    ``carried``: it opens a sentence, so later sentences of the paragraph inherit it. ``local``: it holds for the next
    number only (从2006年的56平方公里). ``until``: the end of a month, up to which flows are summed (截至6月底).
    """

    start: int
    end: int
    value: str
    carried: bool = False
    local: bool = False
    until: bool = False


@cache
def _expression() -> re.Pattern[str]:
    data = toml("patterns/figures.toml")["period"]
    year = data["year"]
    part = (
        r"(?P<half>上半年|下半年|前三个?季度|前两季度)|前(?P<first>[二三四五六七八九十]|十一|\d{1,2})个?月"
        r"|第?(?P<quarter>[一二三四1-4])季度"
        r"|(?P<from>\d{1,2})月?份?[-至到](?P<to>\d{1,2})月份?|(?P<month>\d{1,2})月(?P<day>\d{1,2}[日号])?(?:份)?"
        r"|(?P<whole>全年|年内|年度(?=完成|目标|任务|计划))"
    )
    return re.compile(
        rf"(?<![\d.])(?P<year>{year})(?:年?[-至到](?P<year2>{year}))?年度?(?:的|,|末|底)?(?:{part})?"
        rf"|(?P<relative>今年|去年|前年|本年|当年)(?:的|,)?(?:{part.replace('?P<', '?P<r_')})?"
        rf"|(?P<now>{data['now']})"
        rf"|(?<![\d.第年届]){part.replace('?P<', '?P<b_')}"
    )


def _months(groups: dict[str, str | None], prefix: str) -> tuple[int, int] | None:
    """First and last month of the printed part of a year; None for the whole year."""
    if half := groups[prefix + "half"]:
        return _HALVES[half]
    if first := groups[prefix + "first"]:
        return 1, _MONTHS.get(first) or int(first)
    if quarter := groups[prefix + "quarter"]:
        number = _QUARTERS[quarter]
        return number * 3 - 2, number * 3
    if groups[prefix + "from"] and groups[prefix + "to"]:
        return int(groups[prefix + "from"] or 0), int(groups[prefix + "to"] or 0)
    if month := groups[prefix + "month"]:
        return int(month), int(month)
    return None


def _value(year: int, months: tuple[int, int] | None) -> str:
    if months is None:
        return str(year)
    first, last = months
    if not (1 <= first <= last <= 12):
        return ""
    return f"{year}-{first:02}" if first == last else f"{year}-{first:02}/{year}-{last:02}"


def so_far(month: str) -> str:
    """The months of the year up to a month: 2024-06 → 2024-01/2024-06."""
    return f"{month[:4]}-01/{month}" if month[5:] > "01" else month


def is_stock(name: str) -> bool:
    """Whether a measure is a level (贷款余额) and not a flow (营业收入)."""
    return bool(re.search(toml("patterns/figures.toml")["period"]["stock"], name))


def title_period(title: str) -> str:
    """The period in a title: 2024年上半年工作总结 → 2024-01/2024-06; empty where it names none."""
    match = _expression().search(title)
    return _value(int(match["year"]), _months(match.groupdict(), "")) if match and match["year"] else ""


def home_year(text: str, date: str, title: str) -> tuple[int | None, bool]:
    """The year an article reports on, and whether it is sure: of title or headlines, else of its date, else guessed.

    The guess is the year that the beginning names most, goals (到2035年) left aside.
    """
    data = toml("patterns/figures.toml")["period"]
    year = data["year"]
    lines = [line for line in text[:300].split("\n") if line.strip()][:3]
    headlines = "\n".join([title, *(line for line in lines if len(line) < 45 and "。" not in line)])
    for source in (rf"(?<!\d)({year})年", rf"(?<![\d.])({year})(?![\d.])"):
        if found := re.search(source, headlines):
            return int(found[1]), True
    if date[:4].isdigit():
        return int(date[:4]), True
    goal = re.compile(data["goal_before"])
    matches = re.finditer(rf"(?<!\d){year}(?=年(?!度))", text)
    named = [match for match in matches if not goal.search(text[max(0, match.start() - 2) : match.start()])]
    if not named:
        return None, False
    latest = max(match[0] for match in named)
    report = re.compile(data["report_after"])
    mentions = [match for match in named if match[0] == latest]
    if len(mentions) > 1 or report.match(text[mentions[0].end() : mentions[0].end() + 8]):
        return int(latest), True
    early = [match[0] for match in named if match.start() < 1500] or [latest]
    return int(max(early, key=lambda one: (early.count(one), one))), False


def head_period(text: str, date: str, title: str) -> str:
    """The period an article reports on: its title's, else the first one of its year at its beginning."""
    if value := title_period(title):
        return value
    home, sure = home_year(text, date, title)
    data = toml("patterns/figures.toml")["period"]
    compare = re.compile(f"(?:{data['compare_before']})|(?:{data['from_before']})")
    for match in _expression().finditer(text[:400]):
        groups = match.groupdict()
        if compare.search(text[max(0, match.start() - 3) : match.start()]):
            continue
        if groups["year"] and int(groups["year"]) == home and not groups["month"] and not groups["year2"]:
            return _value(home, _months(groups, ""))
    return str(home) if sure and home else ""


class _Reader:
    """Turns matches into periods, remembering the year last printed."""

    def __init__(self, text: str, starts: list[int], date: str, title: str) -> None:
        data = toml("patterns/figures.toml")["period"]
        self._compare = re.compile(data["compare_before"])
        self._from, self._since = re.compile(data["from_before"]), re.compile(data["since"])
        self._founded = re.compile(data["founded"])
        self._text, self._starts = text, starts
        self._home, self._strong = home_year(text, date, title)
        self._today = date if date[:4].isdigit() and len(date) >= 7 else ""
        self._dated = int(date[:4]) if date[:4].isdigit() else self._home if self._strong else None
        self._year, self._year_at = self._home, -1

    def read(self, match: re.Match[str]) -> Period | None:
        groups = match.groupdict()
        before = self._text[max(0, match.start() - 3) : match.start()]
        if self._compare.search(before):
            return None
        if groups["year"]:
            return self._absolute(match, groups, before)
        if groups["now"]:
            value = self._today[:7] if groups["now"].startswith("截") else ""
            return Period(match.start(), match.end(), value)
        if groups["relative"]:
            if self._dated is None or groups["relative"] == "当年":
                return Period(match.start(), match.end(), "")
            year = self._dated - {"去年": 1, "前年": 2}.get(groups["relative"] or "", 0)
            self._year, self._year_at = year, match.start()
            return self._period(match, year, groups, "r_", bool(self._from.search(before)))
        year_here = self._year if self._year_at >= self._sentence(match.start()) else None
        known = year_here or (self._home if self._strong else self._year if self._in_paragraph(match.start()) else None)
        return self._period(match, known, groups, "b_", False) if known else None

    def _absolute(self, match: re.Match[str], groups: dict[str, str | None], before: str) -> Period:
        year = int(groups["year"] or 0)
        if self._founded.match(self._text, match.end()):
            return Period(match.start(), match.end(), "")
        if match[0] != f"{year}年度":  # 2023年度五星级楼宇: part of a name
            self._year, self._year_at = year, match.start()
        if groups["year2"]:
            value = f"{year}/{groups['year2']}" if year < int(groups["year2"]) else ""
            return Period(match.start(), match.end(), value, self._opens(match.start()))
        behind = self._text[match.end() : match.end() + 4]
        if self._since.match(behind) and not (self._strong and year == self._home):
            return Period(match.start(), match.end(), "")  # since a year that is over: no one period
        of = self._text[match.end() - 1] == "的"
        local = (of and not self._opens(match.start())) or bool(self._from.search(before))
        local = local and not self._since.match(behind)
        return self._period(match, year, groups, "", local)

    def _period(
        self, match: re.Match[str], year: int, groups: dict[str, str | None], prefix: str, local: bool
    ) -> Period:
        value = _value(year, _months(groups, prefix))
        narrow = bool(groups[prefix + "month"])
        until = narrow and (self._text[match.start() - 2 : match.start()] in ("截至", "截止"))
        carried = not narrow and not local and self._opens(match.start())
        return Period(match.start(), match.end(), value, carried, local, until)

    def _sentence(self, position: int) -> int:
        return self._starts[max(0, bisect_right(self._starts, position) - 1)]

    def _in_paragraph(self, position: int) -> bool:
        """Whether a year was printed before ``position`` in its paragraph."""
        return self._year_at >= 0 and "\n" not in self._text[self._year_at : position]

    def _opens(self, position: int) -> bool:
        """Whether the words at ``position`` open a sentence, give or take 截至 and a mark."""
        return position - self._sentence(position) <= 6


def printed_periods(folded: str, starts: list[int], date: str, title: str) -> list[Period]:
    """All periods printed in the folded text, in order; ``starts`` are its sentences'. Comparisons are left out."""
    reader = _Reader(folded, starts, date, title)
    found = (reader.read(match) for match in _expression().finditer(folded))
    return [period for period in found if period]
