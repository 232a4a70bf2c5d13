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


# Remembers what the last frame wrote on the canvas, where, and how large: [text, x, y, size].
RECORD = """
(() => {
  const { clearRect, fillText } = CanvasRenderingContext2D.prototype;
  window.drawn = [];
  CanvasRenderingContext2D.prototype.clearRect = function (...room) {
    if (this.canvas.isConnected) window.drawn = [];
    return clearRect.apply(this, room);
  };
  CanvasRenderingContext2D.prototype.fillText = function (text, x, y, ...rest) {
    const turn = this.getTransform();
    const at = turn.transformPoint({ x, y });
    const room = this.canvas.getBoundingClientRect();
    const size = parseFloat(this.font.match(/([\\d.]+)px/)[1]) * Math.hypot(turn.a, turn.b);
    window.drawn.push([text, at.x + room.x, at.y + room.y, size]);
    return fillText.call(this, text, x, y, ...rest);
  };
})();
"""


def drawn(page: Page) -> list[tuple[str, float, float, float]]:
    """What stands on the canvas: text, where in the window, and the size of its letters there."""
    page.wait_for_timeout(100)  # the next frame
    return [tuple(item) for item in page.evaluate("window.drawn")]


def drawn_at(page: Page, text: str) -> tuple[float, float]:
    """Where `text` stands on the canvas."""
    return next((x, y) for words, x, y, _ in drawn(page) if words == text)


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
