"""OCR repairs: what comes out of scanned text, and that every character leads back to the source."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from kg import repair
from kg.model import Document, Source, Span
from kg.schema import toml

CASES: dict[str, list[dict[str, Any]]] = yaml.safe_load(
    (Path(__file__).parent / "cases" / "repair.yaml").read_text(encoding="utf-8")
)


def document(text: str) -> Document:
    return repair.document(Source("test.txt", text, "0" * 64))


def paragraphs(text: str) -> list[str]:
    return document(text).text.split("\n")


def check(case: dict[str, Any]) -> None:
    found = paragraphs(case["source"])
    for expected in case.get("text", []):
        assert expected in found
    for unwanted in case.get("absent", []):
        assert unwanted not in "\n".join(found)


@pytest.mark.parametrize("case", CASES["in the wild"], ids=lambda case: case["name"])
def test_repairs(case: dict[str, Any]) -> None:
    check(case)


@pytest.mark.parametrize("case", CASES["negative"], ids=lambda case: case["name"])
def test_leaves_alone(case: dict[str, Any]) -> None:
    check(case)


@pytest.mark.parametrize(
    "case", [pytest.param(c, marks=pytest.mark.xfail(strict=True), id=c["name"]) for c in CASES["known failures"]]
)
def test_known_failure(case: dict[str, Any]) -> None:
    check(case)


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("□通讯员 李 聪", "李聪"),
        ("通讯员 韩立新 孟凡珂", "韩立新、孟凡珂"),
        ("(刘建明  钟 慧)", "刘建明、钟慧"),
        ("文/随州观察记者 程思远", "程思远"),
        ("供稿:那楼乡党政办   执笔 覃 玉 兰", "覃玉兰"),
        ("来源:《越州晚报》  整理:方 岚、沈嘉禾", "方岚、沈嘉禾"),
        ("来源：云河县人民政府网 作者：王一鸣 责编：李四海", "王一鸣"),
    ],
)
def test_authors(line: str, names: str) -> None:
    text = f"青岚镇巡礼\n\n{line}\n\n青岚镇位于云河县东部,辖12个村。"
    assert set(names.split("、")) <= set(document(text).author.split("、"))


def test_title_and_date() -> None:
    found = document("A06  镇域巡礼\n\n2023年12月28日 星期四\n\n青岚镇这一年\n\n青岚镇辖12个村,人口3万人。")
    assert (found.title, found.date) == ("青岚镇这一年", "2023-12-28")


NOISY = st.text(
    alphabet=st.sampled_from(list('青岚镇投资亿元项目竣工。，、；"“”()（）：:,.%１2３ \t　\r\n#*A为人选未末')),
    max_size=120,
)


@given(NOISY)
def test_every_character_leads_to_the_source(text: str) -> None:
    found = document(text)
    assert len(found.origin) == len(found.text)
    for i, char in enumerate(found.text):
        assert 0 <= found.origin[i] < len(text)
        if char not in "\n “”" and not char.isascii():
            source = text[found.origin[i]]
            assert source == char or any(e.start <= found.origin[i] < e.end for e in found.edits)


@given(NOISY, st.integers(0, 100), st.integers(1, 20))
def test_evidence_is_exact(text: str, start: int, length: int) -> None:
    found = document(text)
    if start >= len(found.text):
        return
    evidence = found.evidence(Span(start, min(start + length, len(found.text))), "test")
    assert evidence.quote == text[evidence.start : evidence.end]
    assert evidence.quote


@given(NOISY)
def test_sentences_cover_the_text(text: str) -> None:
    found = document(text)
    assert "".join(found.text[s.start : s.end] for s in found.sentences) == found.text


def test_edits_name_their_rule_and_place() -> None:
    text = "锦程机电人选第六批名单。"
    (edit,) = [e for e in document(text).edits if e.rule == "mend_misread"]
    assert (text[edit.start : edit.end], edit.after) == ("人", "入")


@pytest.mark.parametrize(
    ("line", "author"),
    [
        ("本报记者 党晓东 实习生 雷蕾", "党晓东、雷蕾"),
        ("文/图 羊城视线记者 何嘉敏 通讯员 连宣", "何嘉敏、连宣"),
        ("记者张三通讯员李四", "张三、李四"),
        ("来源：云河县人民政府网 作者：王一鸣 责编：李四海", "王一鸣"),
        ("(来源:荣溪县人民政府网 供稿:荣溪高新区管委会 责任编辑:苟小琴)", ""),
        ("来源：云河县人民政府网 发布时间：2024-01-05 10:20 浏览次数：12", ""),
        ("来源：云河县人民政府网", ""),
        ("（责任编辑：苟小琴）", ""),
    ],
)
def test_roles_papers_and_sources_are_neither_author_nor_title(line: str, author: str) -> None:
    found = document(f"青岚镇巡礼\n{line}\n\n青岚镇位于云河县东部,辖12个村。")
    assert (found.title, found.author) == ("青岚镇巡礼", author)


@pytest.mark.parametrize(
    ("byline", "authors"),
    [
        ("（陈文博  刘海洋）", "陈文博、刘海洋"),
        ("（通讯员 李文华）", "李文华"),
        ("文 张图强 图 李思思", "张图强、李思思"),
    ],
)
def test_names_with_the_characters_of_byline_words(byline: str, authors: str) -> None:
    body = "青岚镇召开会议，部署全年工作，全镇干部参加。" * 3
    assert document(f"青岚镇2024年总结\n\n{body}\n\n{byline}\n").author == authors


def test_a_day_that_no_month_has_is_no_date() -> None:
    assert document("青岚镇2024年总结\n\n2024年2月30日\n\n青岚镇召开会议。\n").date == ""


def test_a_sentence_that_does_not_end_for_many_lines_is_one_paragraph() -> None:
    parts = [
        f"柳泊镇第{i}个项目开工建设，总投资{i}亿元，同比增长百分之{i % 10}，群众获得感不断提升，" for i in range(300)
    ]
    captions = {50: "新建的大桥", 200: "图为柳泊镇"}
    text = "\n\n".join(f"{part}\n\n{captions[i]}" if i in captions else part for i, part in enumerate(parts))
    found = document(f"{text}\n\n一年胜过一年。\n\n柳泊镇还修了路。")
    assert found.text.split("\n") == [
        "".join(parts) + "一年胜过一年。",
        *captions.values(),
        "柳泊镇还修了路。",
        "",
    ]
    assert [block.kind for block in found.blocks] == ["body", "caption", "caption", "body"]
    assert "".join(found.source.text[at] for at in found.origin[: found.text.index("\n")]) == found.text.split("\n")[0]


def test_a_column_of_many_lines_is_one_paragraph_with_spaces_between_latin_words() -> None:
    line = "柳泊镇建成了全县首个智慧农业示范基地，引进了Mini"
    (paragraph, _) = paragraphs("\n".join([line, "LED背光模组生产线，年产值达到三亿元，带动了周边村"] * 200))
    assert paragraph == (line + " LED背光模组生产线，年产值达到三亿元，带动了周边村") * 200


def test_bylines_are_anchored() -> None:
    """They are matched at a line's start, not searched for."""
    assert all(pattern.startswith("^") for pattern in toml("patterns/layout.toml")["byline"])


def test_a_title_that_calls_out_is_no_part_of_the_text() -> None:
    found = document("喜报！青岚镇两个村上榜\n\n近日，全省第五批乡村振兴示范村名单公布，柳湾村、河西村榜上有名。\n")
    assert found.title == "喜报！青岚镇两个村上榜"
    assert [block.kind for block in found.blocks] == ["title", "body"]
