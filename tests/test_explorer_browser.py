"""The explorer in a browser: first view, finding, following; offline and with a clean console (see open_page)."""

from __future__ import annotations

import re

import pytest
from explorer_steps import PHONE, Opener, on_canvas, search, take
from playwright.sync_api import expect

pytest_plugins = ["explorer_browser"]


def test_the_first_view_tells_what_there_is(open_page: Opener) -> None:
    page = open_page()
    assert "柳溪镇" in page.inner_text("#title")
    subtitle = page.inner_text("#subtitle")
    assert "3 篇文章" in subtitle
    assert "2023–2024 年" in subtitle
    names = on_canvas(page)
    assert {"柳溪镇", "石桥镇", "石桥风电项目", "年产3万吨纸浆项目", "清风行动"} <= set(names)
    assert any("云台镇：其余" in name for name in names)
    assert page.locator("#filters [data-key^=types]").count() >= 7


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("柳溪纸业", "柳溪纸业集团"),
        ("lxzy", "柳溪纸业集团"),  # an alias, whatever the case
        ("liuxidaqiao", "柳溪大桥工程"),  # full pinyin
        ("lxdq", "柳溪大桥工程"),  # initials
        ("chongqing", "重庆风能公司"),  # a phrase reading: 重 is chong here
        ("2024年工作总结", "柳溪镇2024年工作总结"),  # an article
    ],
)
def test_search_finds_names_aliases_and_pinyin(open_page: Opener, query: str, name: str) -> None:
    page = open_page()
    page.fill("#search", query)
    first = page.locator("#suggestions li").first
    assert name in first.inner_text()
    page.press("#search", "Enter")
    assert page.inner_text("#card-title") == name


def test_suggestions_tell_type_and_area(open_page: Opener) -> None:
    page = open_page()
    page.fill("#search", "风电")
    assert "项目 · 青川市 › 石桥镇" in page.locator("#suggestions li").first.inner_text()
    page.fill("#search", "没有这个名字")
    assert "没有名称含" in page.inner_text("#suggestions")


def test_the_card_quotes_every_sentence_and_opens_the_article(open_page: Opener) -> None:
    page = open_page()
    search(page, "年产3万吨纸浆项目")
    card = page.locator("#card")
    assert "12.5亿元" in card.inner_text()
    quote = card.locator("blockquote", has_text="竣工投产").first
    assert quote.inner_text() == "柳溪纸业集团投资12.5亿元的年产3万吨纸浆项目竣工投产。"
    assert "年产3万吨纸浆项目" in quote.locator("mark").all_inner_texts()
    card.locator("section", has_text="承担方").locator(".source").click()
    reader = page.locator("#reader")
    assert reader.locator("mark.here").inner_text() == "柳溪纸业集团投资12.5亿元的年产3万吨纸浆项目竣工投产。"
    reader.get_by_role("link", name="柳溪大桥工程").click()
    assert page.inner_text("#card-title") == "柳溪大桥工程"


def test_figures_stand_with_period_and_growth(open_page: Opener) -> None:
    page = open_page()
    search(page, "柳溪镇")
    row = page.locator("#card .figure", has_text="工业总产值")
    assert [cell.strip() for cell in row.locator("td").all_inner_texts()] == [
        "工业总产值",
        "86.4 亿元",
        "2024年",
        "▲ +8.1%",
    ]
    row.locator("button").click()
    assert page.locator("#card .detail blockquote").first.inner_text() == "全年工业总产值86.4亿元,同比增长8.1%。"


def test_steps_back_forward_and_a_link_that_restores(open_page: Opener) -> None:
    page = open_page()
    search(page, "柳溪纸业集团")
    page.click("[data-act=around]")
    around = on_canvas(page)
    assert set(around) == {"柳溪纸业集团", "年产3万吨纸浆项目", "国家级绿色工厂"}
    search(page, "国家级绿色工厂")
    page.click("[data-act=expand]")
    expanded = on_canvas(page)
    assert "重庆风能公司" in expanded
    search(page, "年产3万吨纸浆项目")
    page.click("[data-act=hide]")
    hidden = on_canvas(page)
    assert "年产3万吨纸浆项目" not in hidden
    address = page.url
    hash_ = page.evaluate("location.hash")
    page.go_back()
    assert "年产3万吨纸浆项目" in on_canvas(page)
    page.go_forward()
    assert on_canvas(page) == hidden
    picture = take(page, "svg")
    again = open_page(hash_)
    assert on_canvas(again) == hidden
    assert take(again, "svg") == picture  # the same places
    assert again.url == address


def test_a_pinned_node_stays_and_undo_takes_it_back(open_page: Opener) -> None:
    page = open_page()
    search(page, "柳溪大桥工程")
    page.click("[data-act=pin]")
    assert page.locator("[data-act=pin]").inner_text() == "取消固定"
    page.keyboard.press("Control+z")
    expect(page.locator("#card [data-act=pin]")).to_have_text("固定")


def test_clusters_open_on_click(open_page: Opener) -> None:
    page = open_page()
    page.evaluate("document.getElementById('parallel').open = true")
    page.get_by_role("button", name="云台镇：其余").click()
    page.evaluate("document.getElementById('parallel').open = true")
    bubble = page.locator("#parallel-list").get_by_role("button", name="组织机构")
    assert "36" in bubble.inner_text()  # 40 less the four that the area's scene shows
    bubble.click()
    assert sum("合作社" in name for name in on_canvas(page)) == 22


def test_several_relations_between_two_nodes_are_several(open_page: Opener) -> None:
    page = open_page("#around=facility%2F柳溪农贸市场%40柳溪镇,1")
    search(page, "柳溪农贸市场")
    headings = " ".join(page.locator("#card .group h3").all_inner_texts())
    assert "推行方" in headings
    assert "成立者" in headings
    assert take(page, "svg").count('class="line"') == 2


def test_two_areas_compared_show_path_and_what_they_share(open_page: Opener) -> None:
    page = open_page()
    search(page, "柳溪镇")
    page.click("[data-act=compare]")
    search(page, "石桥镇")
    assert "路径：2 步" in page.inner_text("#card")
    shared = page.locator("[data-shared=Program]").inner_text()
    assert "清风行动" in shared
    assert "国家级绿色工厂" in page.locator("[data-shared=Honor]").inner_text()


def test_filters_by_type_status_year_amount_and_article(open_page: Opener) -> None:
    page = open_page()
    page.click("#tab-table")
    rows = page.locator(".grid tbody tr")
    total = rows.count()
    page.click("#filters [data-key^=types]:has-text('项目')")
    assert rows.count() == 3 < total
    page.click("#filters [data-key^=statuses]:has-text('完成')")
    expect(rows).to_have_count(1)
    expect(rows.first).to_contain_text("年产3万吨纸浆项目")
    page.get_by_role("button", name="清除: 完成").click()
    chart = page.locator("[data-chart=amount]")
    box = chart.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] * 0.75, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 2, box["y"] + 20)
    page.mouse.up()
    expect(page).to_have_url(re.compile("amount="))
    assert 0 < rows.count() < 3
    page.select_option("#filters [data-key=document]", label="石桥镇2023年上半年工作通报")
    expect(rows).to_have_count(1)
    assert "石桥风电项目" in rows.first.inner_text()
    page.locator("#filters [data-key=yearsfrom]").focus()
    page.keyboard.press("End")
    expect(page).to_have_url(re.compile("years="))


def test_on_a_phone_the_card_leaves_the_node_in_sight(open_page: Opener) -> None:
    page = open_page(size=PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    search(page, "柳溪镇")
    card = page.locator("#card").bounding_box()
    assert card
    assert card["y"] > PHONE["height"] * 0.35
    page.click("#card .close")
    page.click("#filters-toggle")
    assert page.locator("#filters").is_visible()
    page.keyboard.press("Escape")
    assert not page.locator("#filters").is_visible()
