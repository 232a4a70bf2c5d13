"""Projects enumerated before a count: 甲公司年产2万吨A、B改造等23个项目 names two projects and a company."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from kg.model import Document, Mention, Span
from kg.schema import alternatives, toml, words

_SPLIT = re.compile(r"[、，]|及(?=[\u4e00-\u9fff]{4})|和(?=[\u4e00-\u9fff]{4})")
_STOP = re.compile(r"[。；：\n！？]")
_CAPACITY = re.compile(
    r"(?:年产|年加工|年处理|年出栏|日处理|年提取|年提炼|总装机)?\d[\d.]*(?:[万亿]?(?:吨|台|套|件|平方米|立方米|立方|头|只|米|公里|千米|辆|座|亩|瓶|盒|兆瓦|千瓦|GW|MW|支|片|颗|方))"
)
_NO_NAME = re.compile(r"^(?:其中|目前|全年|今年|同比|截至|预计|合计|共|总投资|投资)")


@cache
def _measured() -> re.Pattern[str]:
    return re.compile(
        r".*?(?:总投资|投资额|投资|资金|规模)(?:额|约|达|近|超|超过)?\d[\d.]*(?:余|多)?[万亿]*元(?:的|，|、)?"
    )


@cache
def _verbs() -> re.Pattern[str]:
    return re.compile(toml("patterns/names.toml")["lead"]["verbs"])


@cache
def _subject_and_verb() -> re.Pattern[str]:
    """村集体先后开展 …: who does it, and an adverb that only a verb follows."""
    return re.compile(
        r"[^、，\d]{0,10}?(?:先后|陆续|累计|相继)(?:开展|实施|完成|推进|建设|建成|打造|启动|引进|落地|开设)了?"
    )


@cache
def _company_heads() -> re.Pattern[str]:
    joined = alternatives(row[0] for row in words("company-heads.tsv"))
    return re.compile(rf"^[\u4e00-\u9fffA-Za-z]{{2,12}}?(?:{joined})(?:有限公司|公司|集团)?")


def find(document: Document, groups: Sequence[Mention], organizations: Sequence[Mention]) -> list[Mention]:
    """The projects (and companies in front of them) of each enumeration that a group closes with 等."""
    found: list[Mention] = []
    for group in groups:
        for link in links(document.text, group.span):
            found += _members(document.text, link, organizations)
    return found


def links(text: str, group: Span) -> list[Span]:
    """The links of the enumeration that a group closes with 等, first to last; none where it closes none."""
    return sorted(_chunks(text, group.start - 1)) if text.endswith("等", 0, group.start) else []


def has_capacity(name: str) -> bool:
    """Does a project's name begin with what it makes (年产2万吨 …)?"""
    return _CAPACITY.match(name) is not None


def _chunks(text: str, end: int) -> Iterator[Span]:
    """The links of the enumeration that ends at ``end``, from the last to the first, without its introduction."""
    sentence = max((match.end() for match in _STOP.finditer(text, max(0, end - 220), end)), default=max(0, end - 220))
    stretch = text[sentence:end]
    introduction = _measured().match(stretch)
    while introduction and introduction.end() < len(stretch):
        sentence += introduction.end()
        stretch = text[sentence:end]
        introduction = _measured().match(stretch)
    ends = [match.start() + sentence for match in _SPLIT.finditer(stretch)] + [end]
    starts = [sentence, *(match.end() + sentence for match in _SPLIT.finditer(stretch))]
    for start, stop in reversed(list(zip(starts, ends, strict=True))):
        chunk = text[start:stop]
        verb = _subject_and_verb().match(chunk) or _verbs().match(chunk)
        if verb and len(chunk) - verb.end() >= 3 and not _CAPACITY.match(chunk):
            if not re.match(r"(?:新建|改造|建设)", verb.group()):
                yield Span(start + verb.end(), stop)
            return
        if not 3 <= len(chunk) <= 40 or _NO_NAME.match(chunk):
            return
        yield Span(start, stop)


def _members(text: str, chunk: Span, organizations: Sequence[Mention]) -> list[Mention]:
    """A project, with the company in front of it where one can be told."""
    company = _company(text, chunk, organizations)
    start = company.end if company else chunk.start
    found = [Mention(Span(start, chunk.end), text[start : chunk.end], "Project", "lists:member", 0.8)]
    if company:
        found.append(
            Mention(company, text[company.start : company.end], "Organization", "lists:company", 0.78, "Company")
        )
    return found


def _company(text: str, chunk: Span, organizations: Sequence[Mention]) -> Span | None:
    for mention in organizations:
        if mention.span.start == chunk.start and chunk.end - mention.span.end >= 4:
            return mention.span
    name = text[chunk.start : chunk.end]
    capacity = _CAPACITY.search(name)
    if (
        capacity
        and 2 <= capacity.start() <= 14
        and re.fullmatch(r"[\u4e00-\u9fffA-Za-z（）]+", name[: capacity.start()])
    ):
        before = name[: capacity.start()]
        return (
            None
            if before.endswith(("村", "社区", "镇", "乡", "片区", "嘎查"))
            else Span(chunk.start, chunk.start + capacity.start())
        )
    match = _company_heads().match(name)
    if (
        match
        and len(name) - match.end() >= 4
        and not re.match(r"材料|产业|基地|项目|产品|园|生产|加工|中心", name[match.end() :])
    ):
        return Span(chunk.start, chunk.start + match.end())
    return None
