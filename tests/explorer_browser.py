"""Fixtures for the tests that open the page in a real browser, offline."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from explorer_sample import sample
from explorer_steps import RECORD, WIDE, Opener
from playwright.sync_api import Browser, Page, sync_playwright

from kg.export import html

_ARGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip


def chromium() -> str:
    """The browser's path: ``KG_CHROMIUM``, or a Chromium or Chrome on the PATH; the tests fail without one."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    path = os.environ.get("KG_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if not path:
        pytest.fail(
            "No Chromium for the explorer's tests: apt-get install chromium fonts-noto-cjk, or set KG_CHROMIUM to one"
        )
    return path


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=_ARGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    graph, documents = sample()
    path = tmp_path_factory.mktemp("explorer") / "graph.html"
    html.write(graph, path, documents)
    return path


@pytest.fixture
def open_page(browser: Browser, page_file: Path) -> Iterator[Opener]:
    """Opens the page; at the end no request may have left it and its console must be clean."""
    contexts: list[Any] = []
    wrong: list[str] = []

    def opened(hash_: str = "", size: dict[str, int] = WIDE, path: Path | None = None, **options: Any) -> Page:
        options = {"locale": "zh-CN", "reduced_motion": "reduce"} | options
        context = browser.new_context(viewport=size, offline=True, accept_downloads=True, **options)
        contexts.append(context)
        context.add_init_script(RECORD)
        page = context.new_page()
        page.set_default_timeout(10_000)
        address = (path or page_file).as_uri()
        page.on("console", lambda m: wrong.append(f"console {m.type}: {m.text}"))
        page.on("pageerror", lambda e: wrong.append(f"error: {e}"))
        page.on("dialog", lambda d: (wrong.append(f"dialog: {d.message}"), d.dismiss()))
        page.on(
            "request",
            lambda r: None if r.url.startswith((address, "blob:", "data:")) else wrong.append(f"request: {r.url}"),
        )
        page.goto(address + hash_)
        page.wait_for_selector("html[data-ready=all]", state="attached")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert wrong == []
