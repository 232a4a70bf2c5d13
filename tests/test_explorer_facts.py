"""What the explorer says of things and figures, in a browser: tables and copies of them, cards, comparing."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from explorer_sample import Sample
from explorer_steps import Opener, search, take
from playwright.sync_api import Page, expect

from kg.export import html

pytest_plugins = ["explorer_browser"]


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One town, an article with a period and an area's code, and a figure that is not exact."""
    s = Sample()
    one = s.article(
        1,
        "安溪镇上半年观察",
        "",
        ["安溪镇工业产值突破200亿元。", "白鹭纸业投资2.6亿元,同比增长8.1%。", "青禾学校与白鹭纸业。"],
        period="2025-01/2025-06",
        area="440606",
    )
    two = s.article(2, "青禾学校记事", "", ["青禾学校办学。"], period="2025-05")
    area = s.entity("AdministrativeArea", "安溪镇", code="440606")
    paper = s.entity("Organization", "白鹭纸业")
    s.entity("Organization", "青禾学校")
    s.mentions(one)
    s.mentions(two)
    money = {"unit": "亿元", "base_unit": "元"}
    s.figure(
        1, paper, one, "投资2.6亿元",
        indicator="投资", value=2.6, base_value=2.6e8, period="2025-01/2025-06", growth=8.1, **money,
    )  # fmt: skip
    s.figure(2, area, one, "工业产值突破200亿元", indicator="工业产值", value=200, base_value=2e10, about=True, **money)
    s.figure(3, area, one, "工业产值", indicator="产业", value=3, unit="个", base_value=3, base_unit="个")
    path = tmp_path_factory.mktemp("town") / "graph.html"
    html.write(s.graph, path, s.documents)
    return path


def copied(page: Page) -> list[list[str]]:
    """What the button 复制 hands to the clipboard, as a spreadsheet reads it."""
    keep = "navigator.clipboard.writeText = async (text) => { window.copied = text; }"
    page.evaluate(keep)
    page.get_by_role("button", name="复制").click()
    page.wait_for_function("window.copied")
    return [line.split("\t") for line in page.evaluate("window.copied").split("\n")]


def test_figures_stand_by_owner_with_their_article_and_are_copied_as_they_stand(open_page: Opener, town: Path) -> None:
    page = open_page("#view=table&table=figures", path=town)
    heads = page.locator(".grid th").all_inner_texts()
    assert heads == ["所属", "指标", "数值", "单位", "概数", "时期", "增长（%）", "文章"]
    rows = [
        [cell.split("\n")[-1].strip() for cell in row.locator("td").all_inner_texts()]
        for row in page.locator(".grid tbody tr").all()
    ]
    assert rows == [
        ["安溪镇", "产业", "3", "个", "", "", "", "安溪镇上半年观察"],
        ["安溪镇", "工业产值", "200", "亿元", "概数", "", "", "安溪镇上半年观察"],
        ["白鹭纸业", "投资", "2.6", "亿元", "", "2025年1–6月", "▲ +8.1", "安溪镇上半年观察"],
    ]
    assert copied(page) == [heads, *rows[:2], [*rows[2][:6], "8.1", rows[2][7]]]
    page.locator(".grid tbody tr").first.get_by_role("button", name="安溪镇上半年观察").click()
    assert page.inner_text("#card-title") == "安溪镇上半年观察"


def test_relations_name_their_article(open_page: Opener) -> None:
    page = open_page("#view=table&table=relations")
    assert page.locator(".grid th").all_inner_texts() == ["主体", "关系", "客体", "状态", "文章"]
    page.fill("input.rows", "荷花节")
    expect(page.locator(".grid tbody tr")).to_have_count(1)
    expect(page.locator(".grid tbody tr td").last).to_contain_text("石桥镇2023年上半年工作通报")


def test_sums_are_saved_in_the_unit_of_their_heading(open_page: Opener) -> None:
    page = open_page("#view=table&types=Project")
    assert "金额" in page.locator(".grid th").all_inner_texts()
    head, *rows = csv.reader(io.StringIO(take(page, "csv")))
    assert {row[1]: row[head.index("金额（元）")] for row in rows}["石桥风电项目"] == "2000000000"
    assert "金额（元）" in copied(page)[0]


@pytest.mark.parametrize(("locale", "value"), [("zh-CN", "200 亿元（概数）"), ("en-GB", "200 亿元 (not exact)")])
def test_a_sum_that_is_not_exact_says_so_behind_the_sum(open_page: Opener, town: Path, locale: str, value: str) -> None:
    page = open_page(path=town, locale=locale)
    search(page, "安溪镇")
    assert value in page.locator("#card .figure td").all_inner_texts()


def test_an_area_that_is_guessed_from_articles_says_so(open_page: Opener) -> None:
    page = open_page()
    for name, label in (("柳溪纸业集团", "按文章归入"), ("荷花节", "所在地区")):
        search(page, name)
        terms = page.locator("#card .facts dt").all_inner_texts()
        assert label in terms
        assert len({"按文章归入", "所在地区"} & set(terms)) == 1


def test_an_article_tells_its_period_and_no_code(open_page: Opener, town: Path) -> None:
    page = open_page(path=town)
    search(page, "安溪镇上半年观察")
    facts = page.inner_text("#card .facts")
    assert "2025年1–6月" in facts
    assert "2025-" not in facts
    assert "440606" not in facts


def test_two_that_only_one_article_names_are_not_called_related(open_page: Opener, town: Path) -> None:
    page = open_page("#between=organization%2F白鹭纸业,organization%2F青禾学校", path=town)
    card = page.inner_text("#card")
    assert "只是同见于一篇文章" in card
    assert "安溪镇上半年观察" in card
    assert "路径" not in card
    assert "没有共有的内容" in card


def test_the_scale_of_amounts_ends_with_the_smallest_and_the_largest(open_page: Opener) -> None:
    page = open_page()
    assert page.locator("[data-part=amount] .scale span").all_inner_texts() == ["3亿元", "20亿元"]
