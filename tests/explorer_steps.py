"""What the browser tests of the explorer do with a page."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page

from kg.explorer.layout import box

WIDE = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
Opener = Callable[..., Page]


def spots(page: Page) -> dict[str, tuple[float, float]]:
    """Where the opening scene's nodes are in the window: what fitting it into the canvas comes to."""
    nodes = json.loads(page.evaluate("document.getElementById('first').textContent"))["nodes"]
    room = page.locator("#canvas").bounding_box()
    assert room
    boxes = [(n, box(n["label"], n["r"], bool(n.get("hub")), bool(n.get("amount")))) for n in nodes]
    left, right = min(n["x"] - b.half for n, b in boxes), max(n["x"] + b.half for n, b in boxes)
    top, bottom = min(n["y"] - b.above for n, b in boxes), max(n["y"] + b.below for n, b in boxes)
    scale = min(1.25, (room["width"] - 36) / (right - left), (room["height"] - 36) / (bottom - top))
    x, y = room["x"] + room["width"] / 2, room["y"] + room["height"] / 2
    middle = ((left + right) / 2, (top + bottom) / 2)
    return {n["label"]: (x + (n["x"] - middle[0]) * scale, y + (n["y"] - middle[1]) * scale) for n in nodes}


def search(page: Page, query: str) -> None:
    """Types into the search box and takes the first suggestion."""
    page.fill("#search", query)
    page.wait_for_selector("#suggestions li")
    page.press("#search", "Enter")


def on_canvas(page: Page) -> list[str]:
    """Names on the canvas, as the parallel list tells them."""
    page.evaluate("document.getElementById('parallel').open = true")
    page.wait_for_selector("#parallel-list section")
    names = page.locator("#parallel-list .node-link").all_inner_texts()
    page.evaluate("document.getElementById('parallel').open = false")
    return [name.split("\n")[-1] for name in names]


def take(page: Page, what: str) -> str:
    """What the export menu saves, as text."""
    page.click("#takeaway-toggle")
    with page.expect_download() as download:
        page.click(f"[data-take={what}]")
    return Path(download.value.path()).read_bytes().decode("utf-8-sig" if what == "csv" else "utf-8")
