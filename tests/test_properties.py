"""Invariants of the whole pipeline on generated and mutated text: exact quotes, offsets in range, no crash.

The texts are the examples with lines lost, doubled, swapped, broken elsewhere or joined, characters misread, dropped
or put in, and text made of the words that recognizers look for.
"""

from __future__ import annotations

import hashlib
import random

import networkx as nx
import oracle
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg import repair
from kg.across import resolve
from kg.article import Article, harvest
from kg.check import check_graph
from kg.extract import extract
from kg.graph import assemble
from kg.model import Source

TEXTS = [path.read_text(encoding="utf-8") for path in sorted(oracle.EXAMPLES.glob("*.txt"))]
NOISE = "末刀囗0O，。“”\"'（）()%％　 \t\n\r\u200b\ufeff🏭𠮷é·"
WORDS = (
    *(
        "柳泊镇",
        "章丘区",
        "山东省",
        "徐毛村",
        "清平社区",
        "圣泉集团",
        "济南圣泉集团股份有限公司",
        "合作社",
        "区委",
        "该公司",
    ),
    *(
        "获评",
        "被授予",
        "推行",
        "举办",
        "投资",
        "总投资3.4亿元",
        "同比增长11.2%",
        "12万余人",
        "1-6月份",
        "2024年以来",
        "今年",
    ),
    *(
        "项目",
        "等23个项目",
        "改造工程",
        "开工",
        "竣工投产",
        "签约",
        "正在推进",
        "年产2万吨",
        "“一码连万家”",
        "平台",
        "工作法",
    ),
    *(
        "、",
        "，",
        "。",
        "；",
        "\n",
        "\n\n",
        "(图)",
        "—",
        "等",
        "的",
        "《",
        "》",
        "“",
        "”",
        "第3届",
        "樱桃节",
        "书记李聪",
    ),
)
FEW = settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])


def source(text: str, path: str = "made.txt") -> Source:
    return Source(path, text, hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest())


def article(text: str) -> Article:
    return harvest(extract(repair.document(source(text))))


def graph_of(*texts: str) -> nx.MultiDiGraph:
    articles = sorted((article(text) for text in dict.fromkeys(texts)), key=lambda made: made.id)
    return assemble(articles, resolve(articles))


def holds(*texts: str) -> None:
    problems = list(check_graph(graph_of(*texts), {source(text).id: text for text in texts}))
    assert not problems, problems[:3]


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """A piece of an example after a few accidents."""
    text = draw(st.sampled_from(TEXTS))
    start = draw(st.integers(0, max(0, len(text) - 50)))
    lines = text[start : start + draw(st.integers(50, 700))].split("\n")
    dice = random.Random(draw(st.integers(0, 2**32)))
    for _ in range(draw(st.integers(0, 8))):
        at = dice.randrange(len(lines))
        line = lines[at]
        cut = dice.randint(0, len(line))
        lines[at : at + 1] = dice.choice(
            [
                [],
                [line, line],
                [line[:cut], line[cut:]],
                [line[:cut] + dice.choice(NOISE) + line[cut + 1 :]],
                [line[:cut] + dice.choice(NOISE) + line[cut:]],
                [line[cut:] + line[:cut]],
                [line + (lines[at + 1] if at + 1 < len(lines) else "")],
            ]
        ) or [""]
    return "\n".join(lines)


@FEW
@given(mutated())
def test_what_scanning_does_to_a_text_breaks_no_promise(text: str) -> None:
    holds(text)


@FEW
@given(st.lists(st.sampled_from(WORDS), max_size=60).map("".join))
def test_text_of_trigger_words_breaks_no_promise(text: str) -> None:
    holds(text)


@FEW
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=200))
def test_any_text_breaks_no_promise(text: str) -> None:
    holds(text)


def test_line_ends_and_byte_order_mark_move_no_quote() -> None:
    """Each quote is exact in its own file's text, whatever ends its lines."""
    for text in TEXTS[:3]:
        holds(text.replace("\n", "\r\n"))
        holds("\ufeff" + text)
