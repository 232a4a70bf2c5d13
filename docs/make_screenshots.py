"""Takes the pictures of docs/screenshots/ from a built page: python docs/make_screenshots.py exports/graph.html"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

HERE = Path(__file__).parent / "screenshots"
WIDE, PHONE = (1440, 900), (390, 844)


def card(page: Page) -> None:
    """A company of the examples, with what is around it."""
    page.fill("#search", "天府盛新锂业")
    page.press("#search", "Enter")
    page.click("[data-act=around]")


SHOTS = [
    ("overview", WIDE, "light", lambda page: None),
    ("overview-dark", WIDE, "dark", lambda page: None),
    ("card", WIDE, "light", card),
    ("projects", WIDE, "light", lambda page: page.click("#tab-projects")),
    ("phone", PHONE, "light", lambda page: None),
    ("phone-card", PHONE, "light", card),
]


def main() -> None:
    source = Path(sys.argv[1]).resolve()
    binary = os.environ.get("KG_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    HERE.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=binary, args=["--headless", "--no-sandbox", "--disable-gpu"]
        )
        for name, (width, height), scheme, act in SHOTS:
            page = browser.new_page(
                viewport={"width": width, "height": height},
                color_scheme=scheme,
                locale="zh-CN",
                reduced_motion="reduce",
            )
            page.goto(source.as_uri())
            page.wait_for_selector("html[data-ready=all]", state="attached")
            act(page)
            page.wait_for_timeout(900)
            page.screenshot(path=HERE / f"{name}.png")
            page.close()
        browser.close()


if __name__ == "__main__":
    main()
