"""What a new user comes for, each within four actions from opening the page (docs/explorer.md tells the same), and
what the mouse does on the canvas."""

from __future__ import annotations

import re
from pathlib import Path

import networkx
import pytest
from explorer_sample import sample
from explorer_steps import WIDE, Opener, drawn_at, on_canvas, search, spots
from playwright.sync_api import Browser, expect

from kg.export import html
from kg.jupyter import show

pytest_plugins = ["explorer_browser"]


def test_task_the_largest_project_of_each_area(open_page: Opener) -> None:
    page = open_page()
    page.get_by_role("tab", name="项目").click()  # 1
    page.get_by_role("button", name="各地区最大的项目").click()  # 2
    rows = page.locator("[data-table=largest] tbody tr")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text("石桥风电项目")
    expect(rows.first).to_contain_text("重庆风能公司")


def test_task_who_got_which_honour_and_where_it_says_so(open_page: Opener) -> None:
    page = open_page()
    page.get_by_role("tab", name="荣誉").click()  # 1
    honor = page.locator(".honor", has_text="国家级绿色工厂")
    honor.get_by_text("出处").first.click()  # 2
    expect(honor.locator("blockquote").first).to_contain_text("国家级绿色工厂")
    honor.locator(".source").first.click()  # 3
    expect(page.locator("#reader mark.here")).to_contain_text("国家级绿色工厂")


def test_task_which_programmes_two_areas_share(open_page: Opener) -> None:
    page = open_page()
    place = spots(page)
    page.mouse.click(*place["柳溪镇"])  # 1
    page.get_by_role("button", name="比较").click()  # 2
    page.mouse.click(*drawn_at(page, "石桥镇"))  # 3
    expect(page.locator("[data-shared=Program]")).to_contain_text("清风行动")


def test_task_save_a_picture(open_page: Opener) -> None:
    page = open_page()
    page.get_by_role("button", name="导出").click()  # 1
    with page.expect_download() as download:
        page.get_by_role("button", name="图片 PNG").click()  # 2
    assert download.value.suggested_filename.endswith(".png")
    assert len(Path(download.value.path()).read_bytes()) > 10_000


def test_clicking_a_node_or_its_label_opens_its_card(open_page: Opener) -> None:
    page = open_page()
    x, y = spots(page)["石桥风电项目"]
    page.mouse.click(x, y)
    assert page.inner_text("#card-title") == "石桥风电项目"
    page.keyboard.press("Escape")
    page.mouse.click(x, y + 34)
    assert page.inner_text("#card-title") == "石桥风电项目"


def test_a_card_that_opens_does_not_move_the_canvas(open_page: Opener) -> None:
    page = open_page()
    place = spots(page)
    page.mouse.click(*place["云台镇"])
    expect(page.locator("#card")).to_be_visible()
    page.wait_for_timeout(400)
    page.mouse.click(*place["石桥镇"])
    assert page.inner_text("#card-title") == "石桥镇"


def test_a_node_that_the_card_would_cover_moves_aside_no_further_than_it_must(open_page: Opener) -> None:
    page = open_page()
    x, y = spots(page)["柳溪镇"]
    page.mouse.click(x, y)
    expect(page.locator("#card")).to_be_visible()
    page.wait_for_timeout(400)
    card = page.locator("#card").bounding_box()
    assert card
    now = drawn_at(page, "柳溪镇")
    assert card["x"] - 100 < now[0] < card["x"] - 60
    assert now[1] == pytest.approx(y, abs=2)


def test_dragging_a_node_pins_it_and_back_undoes(open_page: Opener) -> None:
    page = open_page()
    x, y = spots(page)["荷花节"]
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 30, y + 20, steps=4)
    page.mouse.move(x + 80, y + 40, steps=4)
    page.mouse.up()
    expect(page).to_have_url(re.compile("pin=event"))
    page.go_back()
    expect(page).not_to_have_url(re.compile("pin="))


def test_a_double_click_expands(open_page: Opener) -> None:
    page = open_page()
    page.mouse.dblclick(*spots(page)["国家级绿色工厂"])
    expect(page).to_have_url(re.compile("expand=honor"))
    assert {"重庆风能公司", "柳溪纸业集团"} <= set(on_canvas(page))


def test_clicking_a_line_shows_its_relation_with_the_sentence(open_page: Opener) -> None:
    page = open_page()
    place = spots(page)
    (x, y), (u, v) = place["石桥风电项目"], place["重庆风能公司"]
    page.mouse.click((x + u) / 2, (y + v) / 2)
    expect(page.locator("#card .triple")).to_contain_text("承担方")
    expect(page.locator("#card blockquote").first).to_contain_text("投资20亿元的石桥风电项目开工")
    expect(page).to_have_url(re.compile("fact="))


def test_a_large_graph_opens_with_few_nodes_and_finds_any(open_page: Opener, tmp_path: Path) -> None:
    """12,000 nodes in 150 areas: most are behind clusters, and none is out of reach."""
    graph = networkx.MultiDiGraph()
    for area in range(150):
        graph.add_node(f"area/{area}", type="AdministrativeArea", name=f"第{area}镇")
        for i in range(80):
            node = f"organization/{area}/{i}"
            graph.add_node(node, type="Organization", name=f"第{area}镇第{i}合作社")
            graph.add_edge(node, f"area/{area}", key="locatedIn", predicate="locatedIn", evidence=[])
    html.write(graph, tmp_path / "large.html", {})
    page = open_page(path=tmp_path / "large.html")
    assert 50 < len(on_canvas(page)) < 120
    search(page, "第57镇第79合作社")
    assert page.inner_text("#card-title") == "第57镇第79合作社"
    assert set(on_canvas(page)) == {"第57镇第79合作社", "第57镇"}
    many = open_page("#more=" + "&more=" * 9, path=tmp_path / "large.html")
    assert len(on_canvas(many)) <= 200
    assert "画布最多容纳" in many.inner_text("#tip")


def test_in_a_notebook_the_same_page_works_in_its_frame(browser: Browser, tmp_path: Path) -> None:
    cell = tmp_path / "cell.html"
    cell.write_text(f"<!DOCTYPE html><meta charset=utf-8>{show(*sample())._repr_html_()}", encoding="utf-8")
    context = browser.new_context(viewport=WIDE, offline=True, locale="zh-CN", accept_downloads=True)
    page = context.new_page()
    page.goto(cell.as_uri())
    frame = page.frame_locator("iframe")
    frame.locator("html[data-ready=all]").wait_for(state="attached")
    frame.locator("#search").fill("柳溪纸业")
    frame.locator("#search").press("Enter")
    expect(frame.locator("#card-title")).to_have_text("柳溪纸业集团")
    frame.locator("[data-act=around]").click()
    expect(frame.locator("#crumbs")).to_contain_text("柳溪纸业集团")
    frame.locator("#dock [data-act=back]").click()
    expect(frame.locator("#crumbs")).not_to_contain_text("柳溪纸业集团")
    frame.locator("#takeaway-toggle").click()
    with page.expect_download() as download:
        frame.locator("[data-take=png]").click()
    assert Path(download.value.path()).read_bytes().startswith(b"\x89PNG")
    context.close()
