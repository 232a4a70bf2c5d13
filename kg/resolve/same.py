"""When are two names of one article, of one type, the same thing? Each rule answers with its reason or nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, lru_cache

from kg.gazetteer.index import lookalikes
from kg.model import AREAS
from kg.names import norm
from kg.schema import alternatives, toml

_LEVELS = "省市县区"  # an area's name may drop them: 陕西高院
_QUOTED = re.compile(r"[“\"「《‘]([^“”\"「」《》‘’]{2,30})[”\"」》’]")


@cache
def _endings(kind: str, which: str = "endings") -> tuple[str, ...]:
    found = toml("lexicon/endings.toml").get(kind, {}).get(which, [])
    return tuple(sorted(found, key=lambda e: (-len(e), e)))


@cache
def _openings(kind: str) -> re.Pattern[str] | None:
    pattern = toml("lexicon/endings.toml").get(kind, {}).get("openings")
    return re.compile(pattern) if pattern else None


def stem(name: str, kind: str, which: str = "endings") -> str:
    """The name without one ending that its kind may drop, or one of another list of the kind's."""
    for ending in _endings(kind, which):
        if name.endswith(ending) and len(name) > len(ending) + 1:
            return name[: -len(ending)]
    return name


def core(name: str) -> str:
    """What stands in the name's quotation marks, or nothing."""
    match = _QUOTED.search(name)
    return norm(match[1]) if match else ""


def by_ending(short: str, long: str, kind: str) -> str:
    """旧军 is 旧军村, 章丘 is 章丘区, 日月化工 is 日月化工有限公司: the same but for an ending of its kind."""
    a, b = norm(short), norm(long)
    return "ending" if len(a) >= 2 and any(b == a + ending for ending in _endings(kind)) else ""


def by_quote(short: str, long: str, kind: str) -> str:
    """长者助餐 is “长者助餐”品牌: the short name is what the long one quotes, or says less around the same quote."""
    quoted = core(long)
    if not quoted:
        return ""
    if norm(short) == quoted:
        return "quoted"
    around = (norm(name).replace(quoted, "", 1) for name in (short, long))
    return "quoted" if quoted == core(short) and within(*around) else ""


def by_opening(short: str, long: str, kind: str) -> str:
    """森林村居 is 滨州市森林村居: the same but for year, batch, level or area in front."""
    pattern = _openings(kind)
    a, b = norm(short), norm(long)
    if pattern is None or len(a) < 4 or not b.endswith(a) or a == b:
        return ""
    return "opening" if pattern.fullmatch(b[: -len(a)]) else ""


def by_tail(short: str, long: str, kind: str) -> str:
    """便民服务中心 is 党建工作区便民服务中心: the long name ends in the short one."""
    a, b = norm(short), norm(long)
    least = 3 if kind == "Event" else 4
    return "tail" if len(a) >= least and len(b) > len(a) and b.endswith(a) else ""


def by_head(short: str, long: str, kind: str) -> str:
    """工坊 is 鱼皮画工坊: a bare head stands for a name that ends in it."""
    a, b = norm(short), norm(long)
    return "head" if 2 <= len(a) <= 3 and len(b) >= len(a) + 2 and b.endswith(a) else ""


def by_company(short: str, long: str, kind: str) -> str:
    """圣泉集团 is 济南圣泉集团股份有限公司: the long one is an area, the short one's stem, and company endings."""
    a, b = norm(short), norm(long)
    root = stem(a, kind)
    at = b.find(root)
    if len(root) < 2 or a == b or at < 0 or at > 6:
        return ""
    rest = b[at + len(root) :]
    closing = any(rest == ending or rest.endswith(ending) for ending in _endings(kind))
    if not (closing and len(rest) <= 14 and (len(root) >= 3 or a.endswith(("集团", "公司", "股份", "合作社")))):
        return ""
    return "company" if at == 0 or len(root) >= 4 or a.endswith(("集团", "公司")) or at <= 4 else ""


def by_brand(short: str, long: str, kind: str) -> str:
    """云岭 is 重庆云岭汽车配件有限公司: a firm's brand alone, which stands at its name's start or behind an area."""
    a, b = norm(short), norm(long)
    words = toml("lexicon/endings.toml")["Organization"]
    if not 2 <= len(a) <= 3 or len(b) < len(a) + 4 or a in words["generic"] or not b.endswith(tuple(words["firms"])):
        return ""
    return "brand" if 0 <= b.find(a) <= 4 else ""


def by_contraction(short: str, long: str, kind: str) -> str:
    """三水文旅公司 is 江苏三水文化旅游发展有限公司: two words behind the brand are left with their first characters."""
    a, b = stem(norm(short), kind), norm(long)
    for size in range(2, len(a) - 1):
        one, other = a[size], a[size + 1]
        match = re.match(f".{{0,4}}?{re.escape(a[:size])}{re.escape(one)}.{re.escape(other)}.", b)
        if match and within(a[size + 2 :], b[match.end() :]):
            return "contraction"
    return ""


def by_work(short: str, long: str, kind: str) -> str:
    """竹博馆 is 安乐竹博馆布展: the long one says what is done to the short one."""
    a, b = norm(short), norm(long)
    bare = stem(b, "Project", "works")
    return "work" if len(a) >= 3 and bare != b and bare.endswith(a) else ""


def by_abbreviation(short: str, long: str, kind: str) -> str:
    """沙澧高新区 is 漯河沙澧高新技术产业开发区: the ending of one is a short form of the other's."""
    a, b = norm(short), norm(long)
    fits = (_in_front(a, ending, b, other, more) for ending, other, more in _exchanges(a, kind))
    return "abbreviation" if any(fits) else ""


@lru_cache(1 << 16)  # each name is compared with all others of its article
def _exchanges(name: str, kind: str) -> tuple[tuple[str, str, int], ...]:
    """The name's endings that stand for others, each with the other and how much more a longer name must say."""
    return tuple(found for found in _shortened(kind) if name.endswith(found[0]))


@cache
def _shortened(kind: str) -> tuple[tuple[str, str, int], ...]:
    """The same for all endings of a kind, short to full and full to short."""
    told: dict[str, list[str]] = toml("lexicon/endings.toml").get(kind, {}).get("short", {})
    pairs = [(short, full) for short, fuller in told.items() for full in fuller]
    return (*((short, full, 0) for short, full in pairs), *((full, short, 1) for short, full in pairs))


def _in_front(a: str, ending: str, b: str, other: str, more: int) -> bool:
    """Does what stands before b's ending end in what stands before a's, and say so much more?"""
    if not b.endswith(other) or b == other:
        return False
    front, before = a[: -len(ending)].rstrip(_LEVELS), b[: -len(other)].rstrip(_LEVELS)
    return before.endswith(front) and len(before) >= len(front) + more


def by_subsequence(short: str, long: str, kind: str) -> str:
    """化工园区 is 刁镇化工产业园区: the short one's characters in order, with the same ending."""
    a, b = norm(short), norm(long)
    if len(a) < 4 or len(b) <= len(a) or a[-2:] != b[-2:] or a[:2] not in b:
        return ""
    return "subsequence" if within(a, b) else ""


def by_omission(short: str, long: str, kind: str) -> str:
    """红旗渠改造 is 红旗渠现代化改造: one beginning, one ending, and nothing left out that tells two things apart."""
    a, b = norm(short), norm(long)
    if len(a) < 4 or len(b) <= len(a) or a[:2] != b[:2] or a[-2:] != b[-2:]:
        return ""
    omitted = _omitted(a, b)
    return "" if omitted is None or distinct() & set(omitted) else "omission"


def by_filler(short: str, long: str, kind: str) -> str:
    """广西医疗保障局 is 广西壮族自治区医疗保障局: only words are left out that a body's name may do without."""
    a, b = norm(short), norm(long)
    if not 4 <= len(a) < len(b) or not within(a, b):
        return ""
    bare, whole = (_filler().sub("", name) for name in (a, b))
    return "filler" if whole == bare or (len(bare) >= 4 and whole.endswith(bare)) else ""


@cache
def _filler() -> re.Pattern[str]:
    return re.compile(alternatives(toml("lexicon/endings.toml")["Organization"]["filler"]))


def by_person(short: str, long: str, kind: str) -> str:
    """老李, 小李, 李书记, 建国 and 卡里木 are 李建国 and 艾山·卡里木: surname or given name alone."""
    if "·" in long:
        return "part" if short in long.split("·") else ""
    if not 2 <= len(long) <= 3 or short == long:
        return ""
    if len(short) == 2 and len(long) == 3 and long.endswith(short):
        return "given"
    words, surname = toml("lexicon/endings.toml")["Person"], long[0]
    before = short.endswith(surname) and short[:-1] in words["before"]
    behind = short.startswith(surname) and short[1:] in words["behind"]
    return "called" if before or behind else ""


@cache
def distinct() -> frozenset[str]:
    """Characters that tell things of one kind apart."""
    return frozenset(toml("lexicon/endings.toml")["distinct"])


def _omitted(short: str, long: str) -> str | None:
    """What the short one leaves out where its characters stand in the other, in order; else None."""
    rest = iter(short)
    wanted, omitted = next(rest, ""), []
    for char in long:
        if char == wanted:
            wanted = next(rest, "")
        else:
            omitted.append(char)
    return None if wanted else "".join(omitted)


def within(short: str, long: str) -> bool:
    """Do the characters of one stand in the other, in order?"""
    return _omitted(short, long) is not None


def by_lookalike(short: str, long: str, kind: str) -> str:
    """刀镇 is 刁镇: of one length, and one character is misread."""
    a, b = norm(short), norm(long)
    other = _exchanged(a, b)
    if other is None or len(a) < 2 or (len(a) == 2 and kind not in AREAS):
        return ""
    return "lookalike" if look_alike(*other) else ""


def look_alike(one: str, other: str) -> bool:
    """Is one of two characters easily read for the other?"""
    return other in lookalikes().get(one, "") or one in lookalikes().get(other, "")


def by_one_character(short: str, long: str) -> str:
    """胄岚镇 may be 青岚镇: of one length, and one character is another that does not tell neighbours apart."""
    other = _exchanged(short, long)
    if other is None or len(short) < 3 or short[-1] != long[-1]:
        return ""
    return "" if distinct() & set(other) else "misread"


def _exchanged(one: str, other: str) -> tuple[str, str] | None:
    """The only characters in which two names of one length differ."""
    pairs = [(x, y) for x, y in zip(one, other, strict=False) if x != y]
    return pairs[0] if len(one) == len(other) and len(pairs) == 1 else None


Rule = Callable[[str, str, str], str]

# Which rules may join two names of a type; in the order in which they are tried.
RULES: dict[str, tuple[Rule, ...]] = {
    "AdministrativeArea": (by_ending, by_lookalike),
    "Village": (by_ending, by_lookalike),
    "Place": (by_ending, by_tail, by_abbreviation, by_subsequence, by_head, by_lookalike),
    "Organization": (
        by_ending,
        by_company,
        by_tail,
        by_abbreviation,
        by_filler,
        by_brand,
        by_contraction,
        by_head,
        by_lookalike,
    ),
    "Facility": (by_ending, by_quote, by_tail, by_omission, by_head, by_lookalike),
    "Project": (by_ending, by_tail, by_omission, by_work, by_head, by_lookalike),
    "Program": (by_quote, by_ending, by_tail, by_omission, by_lookalike),
    "Event": (by_quote, by_ending, by_opening, by_tail, by_head, by_lookalike),
    "Honor": (by_quote, by_opening, by_tail, by_omission, by_lookalike),
    "Product": (by_quote, by_tail, by_omission, by_lookalike),
    "Person": (by_person, by_lookalike),
}


def reason(short: str, long: str, kind: str) -> str:
    """Why ``short`` is another form of ``long``, or the empty string."""
    for rule in RULES.get(kind, ()):
        found = rule(short, long, kind)
        if found:
            return found
    return ""
