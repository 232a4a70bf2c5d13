"""What the canvas of the explorer shows and does under the mouse, in a browser."""

from __future__ import annotations

from pathlib import Path

import pytest
from explorer_sample import Sample
from explorer_steps import Opener, drawn, drawn_at, on_canvas, spots
from playwright.sync_api import expect

from kg.export import html

pytest_plugins = ["explorer_browser"]

HONOR = "#around=honor%2F国家级绿色工厂,1"


def test_a_slow_double_click_on_any_mark_expands_it(open_page: Opener) -> None:
    names = ["柳溪镇", "石桥风电项目", "清风行动", "荷花节"]
    for name in names:
        page = open_page()
        x, y = spots(page)[name]
        page.mouse.click(x, y)
        page.wait_for_timeout(150)
        page.mouse.click(x, y, click_count=2)
        page.wait_for_timeout(400)
        assert "expand=" in page.url, name
        assert name in on_canvas(page)


@pytest.mark.parametrize("active", ["柳溪纸业集团", "国家级绿色工厂"])
def test_a_line_says_what_its_arrow_says_from_either_end(open_page: Opener, active: str) -> None:
    page = open_page(HONOR)
    page.mouse.move(*drawn_at(page, active))
    words = {text for text, *_ in drawn(page)}
    assert "获得荣誉" in words
    assert "获得者" not in words


@pytest.mark.parametrize("side", [-400, 400])
def test_a_label_stands_on_its_line_whichever_way_that_runs(open_page: Opener, side: int) -> None:
    pins = f"&pin=honor%2F国家级绿色工厂,0,300&pin=organization%2F柳溪纸业集团,{side},300"
    page = open_page(HONOR + pins)
    page.click("[data-act=fit]")
    page.wait_for_timeout(200)
    ends = [drawn_at(page, name) for name in ("国家级绿色工厂", "柳溪纸业集团")]
    middle = (sum(x for x, _ in ends) / 2, sum(y for _, y in ends) / 2 - 20)
    labels = [(x, y) for text, x, y, _ in drawn(page) if text == "获得荣誉"]
    assert any(x == pytest.approx(middle[0], abs=60) and y == pytest.approx(middle[1], abs=40) for x, y in labels)


@pytest.fixture(scope="module")
def ten_towns(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As much as an opening view holds: ten towns with nine projects each."""
    s = Sample()
    for town in range(10):
        area = s.entity("AdministrativeArea", f"第{town}镇")
        for i in range(9):
            s.fact(s.entity("Project", f"年产{town}{i}万吨生物质模塑餐具", str(town)), "locatedIn", area)
    path = tmp_path_factory.mktemp("towns") / "graph.html"
    html.write(s.graph, path, {})
    return path


@pytest.mark.parametrize("size", [(1024, 700), (1366, 650), (1400, 900), (1920, 1080), (390, 844), (768, 1024)])
def test_names_can_be_read_as_the_page_opens(open_page: Opener, ten_towns: Path, size: tuple[int, int]) -> None:
    page = open_page(size={"width": size[0], "height": size[1]}, path=ten_towns)
    texts = drawn(page)
    names = [(x, y, height) for text, x, y, height in texts if text.startswith("年产")]
    assert names
    assert min(height for *_, height in names) >= 9
    inside = [(x, y) for x, y, _ in names if 0 < x < size[0] and 0 < y < size[1]]
    assert len(inside) >= (8 if size[0] < 700 else 30)
    assert all(0 < x < size[0] for x, *_ in names)  # the rest is below, not at the side


def test_the_whole_is_seen_when_asked_for(open_page: Opener, ten_towns: Path) -> None:
    page = open_page(size={"width": 1366, "height": 650}, path=ten_towns)
    page.click("[data-act=fit]")
    page.wait_for_timeout(200)
    towns = [(x, y) for text, x, y, _ in drawn(page) if text.endswith("镇")]
    assert len(towns) == 10
    assert all(0 < x < 1366 and 0 < y < 650 for x, y in towns)


@pytest.mark.parametrize("fitted", [False, True])
@pytest.mark.parametrize("size", [(1024, 700), (1366, 650), (1440, 900)])
def test_a_click_on_what_stays_in_sight_moves_nothing(
    open_page: Opener, ten_towns: Path, size: tuple[int, int], fitted: bool
) -> None:
    page = open_page(size={"width": size[0], "height": size[1]}, path=ten_towns)
    if fitted:
        page.click("[data-act=fit]")
    room = page.locator("#canvas").bounding_box()
    assert room
    towns = {t: (x, y) for t, x, y, _ in drawn(page) if t.endswith("镇")}
    for name, (x, y) in towns.items():
        # In sight, and not where the card opens.
        if room["x"] + 30 < x < size[0] - 430 and room["y"] + 30 < y < size[1] - 80:
            page.mouse.click(x, y)
            expect(page.locator("#card-title")).to_have_text(name)
            page.wait_for_timeout(300)
            assert drawn_at(page, name) == pytest.approx((x, y), abs=1)
            page.keyboard.press("Escape")
            page.wait_for_timeout(100)
            assert drawn_at(page, name) == pytest.approx((x, y), abs=1)
