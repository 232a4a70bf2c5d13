"""The explorer in a browser: other views, taking away, everyone, safety."""

from __future__ import annotations

import csv
import io
import json
import math
import re
from importlib.resources import files
from pathlib import Path
from xml.etree import ElementTree

import networkx
import pyoxigraph
import pytest
from explorer_sample import HOSTILE, sample
from explorer_steps import PHONE, Opener, on_canvas, search, take
from playwright.sync_api import expect

from kg.export import rdf

pytest_plugins = ["explorer_browser"]

SVG = "{http://www.w3.org/2000/svg}"
VIEWS = ["graph", "table", "projects", "honors", "areas"]


def test_the_table_sorts_filters_and_copies(open_page: Opener) -> None:
    page = open_page("#view=table&table=figures")
    page.click("[data-sort=value]")
    assert page.locator(".grid tbody tr").first.locator("td").nth(2).inner_text() == "86.4"
    page.fill("input.rows", "游客")
    expect(page.locator(".grid tbody tr")).to_have_count(1)
    page.get_by_role("button", name="复制").click()
    expect(page.locator("#tip")).to_contain_text("已复制 1 行")
    page.locator("#view-table .segments button", has_text="关系").click()
    page.fill("input.rows", "获得荣誉")
    expect(page.locator(".grid tbody tr")).to_have_count(2)


def test_the_board_groups_projects_by_status_with_amounts(open_page: Opener) -> None:
    page = open_page("#view=projects")
    columns = {c.locator("h2").inner_text().split("\n")[0]: c for c in page.locator(".column").all()}
    assert list(columns) == ["开工", "推进中", "完成"]
    assert "20亿元" in columns["开工"].inner_text()
    page.click("text=各地区最大的项目")
    rows = [
        [c.split("\n")[-1] for c in row.locator("td").all_inner_texts()]
        for row in page.locator("[data-table=largest] tbody tr").all()
    ]
    assert [row[:3] for row in rows] == [
        ["石桥镇", "石桥风电项目", "20亿元"],
        ["柳溪镇", "年产3万吨纸浆项目", "12.5亿元"],
    ]


def test_honours_say_who_and_where_it_says_so(open_page: Opener) -> None:
    page = open_page("#view=honors")
    honor = page.locator(".honor", has_text="国家级绿色工厂")
    assert "重庆风能公司" in honor.inner_text()
    honor.locator("summary").first.click()
    expect(honor.locator("blockquote").first).to_contain_text("国家级绿色工厂")


def test_the_tree_of_areas_counts_what_lies_in_each(open_page: Opener) -> None:
    page = open_page("#view=areas")
    top = page.locator(".tree > .area > summary")
    assert top.inner_text().split("\n")[0].startswith("山河省")
    page.locator(".area > summary", has_text="柳溪镇").click()
    town = page.locator(".area", has_text="柳溪镇").last
    town.locator(".kind-group summary", has_text="项目").first.click()
    expect(town).to_contain_text("年产3万吨纸浆项目")


def test_a_filter_carries_over_between_views(open_page: Opener) -> None:
    page = open_page("#in=administrativearea%2F石桥镇")
    expect(page.locator(".chip")).to_contain_text("石桥镇")
    assert "年产3万吨纸浆项目" not in on_canvas(page)
    for view, shown, gone in (
        ("projects", "石桥风电项目", "柳溪大桥工程"),
        ("table", "荷花节", "柳溪大桥工程"),
        ("areas", "石桥镇", "云台镇"),
    ):
        page.click(f"#tab-{view}")
        text = page.inner_text(f"#view-{view}")
        assert shown in text
        assert gone not in text


def test_csv_and_json_of_the_selection_read_back(open_page: Opener) -> None:
    page = open_page("#around=organization%2F柳溪纸业集团,1")
    rows = list(csv.reader(io.StringIO(take(page, "csv"))))
    assert {row[1] for row in rows[1:]} == {"柳溪纸业集团", "年产3万吨纸浆项目", "国家级绿色工厂"}
    part = networkx.node_link_graph(json.loads(take(page, "json")), edges="links")
    whole, documents = sample()
    assert set(part.nodes) < set(whole.nodes)
    assert part.number_of_edges() == 3  # with the project's figure
    for s, o, key, data in part.edges(keys=True, data=True):
        assert data["evidence"] == whole.edges[s, o, key]["evidence"]
        for item in data["evidence"]:
            assert documents[item["document"]][item["start"] : item["end"]] == item["quote"]


def test_pictures_hold_what_the_canvas_shows(open_page: Opener) -> None:
    page = open_page("#around=organization%2F柳溪纸业集团,1")
    drawing = take(page, "svg")
    assert "年产3万吨纸浆项目"[:5] in drawing
    assert drawing.count('class="line"') == 2
    page.click("#takeaway-toggle")
    with page.expect_download() as download:
        page.click("[data-take=png]")
    assert Path(download.value.path()).read_bytes().startswith(b"\x89PNG\r\n")


def test_pictures_have_arrows_that_end_at_the_mark_and_labels_that_no_line_strikes_through(open_page: Opener) -> None:
    drawing = ElementTree.fromstring(take(open_page("#around=honor%2F国家级绿色工厂,1"), "svg"))
    lines = drawing.findall(f"{SVG}path")
    heads = {marker.get("id") for marker in drawing.iter(f"{SVG}marker")}
    marks = {}
    for group in drawing.findall(f"{SVG}g"):
        at = [float(n) for n in (group.get("transform") or "")[10:-1].split()]
        marks[group.findtext(f"{SVG}title")] = at
        kinds = [part.get("class") or part.tag.removeprefix(SVG) for part in group]
        assert kinds.index("ground") < len(kinds) - 1 - kinds[::-1].index("text")
    assert len(lines) == 2
    for line in lines:
        assert (line.get("marker-end") or "")[5:-1] in heads
        x, y = (float(n) for n in (line.get("d") or "").split()[-2:])
        far = math.dist((x, y), marks["国家级绿色工厂"])  # both lines run to the honour
        assert 8 < far < 30
    order = [part.tag.removeprefix(SVG) for part in drawing]
    assert order.index("g") > len(order) - 1 - order[::-1].index("path")


@pytest.mark.parametrize("address", ["#view=table", "#focus=administrativearea%2F柳溪镇", "#view=honors"])
def test_what_is_printed_goes_on_over_the_pages(open_page: Opener, address: str) -> None:
    page = open_page(address, size={"width": 800, "height": 300})
    page.emulate_media(media="print")
    page.wait_for_timeout(200)
    shown = "#card" if "focus" in address else f"#{address[1:].replace('=', '-')}"
    cut = """(root) => [root, ...document.querySelectorAll('html, body, .page, main'), ...root.querySelectorAll('*')]
        .filter((e) => e.scrollHeight > e.clientHeight + 2 && getComputedStyle(e).overflowY !== "visible")
        .filter((e) => e.clientHeight && getComputedStyle(e).webkitLineClamp === "none")
        .map((e) => e.tagName + "." + e.className)"""
    assert page.locator(shown).evaluate(cut) == []
    for part in ("#filters", "#dock", ".tools", ".tabs", ".find"):
        assert not page.locator(part).first.is_visible()
    if "table" in address:
        assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(height="300px", width="800px"))) > 3


@pytest.mark.parametrize(
    ("address", "names"),
    [
        ("#around=organization%2F柳溪纸业集团,1", {"柳溪纸业集团", "年产3万吨纸浆项目", "国家级绿色工厂"}),
        ("#view=table&types=Project", {"年产3万吨纸浆项目", "柳溪大桥工程", "石桥风电项目"}),
        ("#view=projects&types=Project&status=started", {"石桥风电项目"}),
        ("#view=table&types=Project&in=administrativearea%2F柳溪镇", {"年产3万吨纸浆项目", "柳溪大桥工程"}),
        ("#view=table&types=Product", set(HOSTILE)),
    ],
)
def test_the_sparql_query_returns_the_selection(
    open_page: Opener, tmp_path: Path, address: str, names: set[str]
) -> None:
    page = open_page(address)
    page.click("#takeaway-toggle")
    page.click("[data-take=sparql]")
    query = page.input_value("textarea.query")
    built, documents = sample()
    rdf.write_ntriples(built, tmp_path / "graph.nt", documents)
    store = pyoxigraph.Store()
    store.load(path=str(tmp_path / "graph.nt"), format=pyoxigraph.RdfFormat.N_TRIPLES)
    assert {row["name"].value for row in store.query(query)} == names


def test_everything_by_keyboard(open_page: Opener) -> None:
    page = open_page()
    page.keyboard.press("/")
    page.keyboard.type("lxdq")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert page.inner_text("#card-title") == "柳溪大桥工程"
    page.keyboard.press("Escape")
    assert not page.locator("#card").is_visible()
    page.focus("#canvas")
    page.keyboard.press("ArrowRight")
    spoken = page.inner_text("#live")
    page.keyboard.press("ArrowLeft")
    assert page.inner_text("#live") != spoken
    page.keyboard.press("Enter")
    assert page.locator("#card").is_visible()
    name = page.inner_text("#card-title")
    page.keyboard.press("h")
    assert name not in on_canvas(page)
    for number, view in enumerate(VIEWS, 1):
        page.locator("#main").focus()
        page.keyboard.press(str(number))
        assert page.locator(f"#view-{view}").is_visible()
    page.keyboard.press("l")
    assert page.inner_text("#tab-honors") == "Honours"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("view", [*VIEWS, "card", "phone"])
def test_axe_finds_nothing_wrong(open_page: Opener, view: str, scheme: str) -> None:
    axe = (files("axe_core_python") / "axe.min.js").read_text(encoding="utf-8")
    page = open_page(
        "" if view in ("card", "phone") else f"#view={view}",
        size=PHONE if view == "phone" else {"width": 1440, "height": 900},
        color_scheme=scheme,
    )
    if view in ("card", "phone"):
        search(page, "年产3万吨纸浆项目")
        expect(page.locator("#card blockquote").first).to_be_visible()
    page.evaluate(axe)
    result = page.evaluate(
        "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})"
    )
    problems = [(v["id"], n["target"], n["failureSummary"]) for v in result["violations"] for n in v["nodes"]]
    assert problems == []


def test_hostile_text_is_shown_as_text_everywhere(open_page: Opener) -> None:
    page = open_page("#around=administrativearea%2F云台镇,1")
    for i, name in enumerate(HOSTILE):
        search(page, f"险{i}")
        shown = page.inner_text("#card-title")
        assert shown == name.replace("\u202e", "⟨U+202E⟩").replace("\u0007", "␇")
        expect(page.locator("#card blockquote").first).to_contain_text("据说")
    page.locator("#card .source").first.click()
    assert "</script><script>window.hacked=1</script>" in page.inner_text("#reader")
    page.click("#reader .close")
    for view in VIEWS:
        page.click(f"#tab-{view}")
    page.click("#tab-table")
    rows = list(csv.reader(io.StringIO(take(page, "csv"))))
    cells = {cell for row in rows for cell in row}
    assert '\'=HYPERLINK("http://example.invalid")' in cells  # not a formula for a spreadsheet
    page.click("#tab-graph")
    assert "<img" not in take(page, "svg")
    assert page.evaluate("window.hacked") is None


def test_the_policy_stops_scripts_and_requests(open_page: Opener) -> None:
    page = open_page()
    policy = page.get_attribute("meta[http-equiv=Content-Security-Policy]", "content") or ""
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert page.locator("script:not([type])").count() == 2


def test_a_language_and_a_theme_are_kept(open_page: Opener) -> None:
    page = open_page(locale="en-GB", color_scheme="dark")
    assert page.get_attribute("html", "data-mode") == "dark"
    assert page.inner_text("#tab-graph") == "Graph"
    page.click("#theme")
    page.click("#language")
    page.reload()
    page.wait_for_selector("html[data-ready=all]", state="attached")
    assert page.get_attribute("html", "data-mode") == "light"
    assert page.inner_text("#tab-graph") == "图谱"
