"""The query page in a real browser: a person's way from a question to a table, a drawing and a file."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import rdf_small

pytest.importorskip("playwright")

from explorer_browser import browser
from playwright.sync_api import Browser, Page, expect

from kg.export.rdf import write_turtle
from kg.serve import make_server
from kg.serve.server import Server

__all__ = ["browser"]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("build")
    write_turtle(rdf_small.small(), folder / "graph.ttl", {})
    running = make_server(folder)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    yield running
    running.shutdown()
    running.server_close()


@pytest.fixture
def page(browser: Browser, server: Server) -> Iterator[Page]:
    """The page; at the end nothing may have been asked of another host and its console must be clean."""
    context = browser.new_context(locale="zh-CN", accept_downloads=True)
    opened, wrong = context.new_page(), list[str]()
    opened.on("request", lambda r: None if r.url.startswith((server.url, "blob:")) else wrong.append(r.url))
    opened.on("console", lambda m: wrong.append(m.text) if m.type == "error" else None)
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    opened.goto(server.url + "query")
    yield opened
    context.close()
    assert wrong == []


def test_a_question_with_its_parameter(page: Page) -> None:
    page.select_option("#question", "projects-in-area")
    page.fill("#parameters input[name=area]", "青禾县")
    page.click("#run")
    expect(page.locator("#result tbody tr")).to_have_count(2)
    expect(page.locator("#result tbody tr").first).to_contain_text("新材料项目")
    page.locator("#result a").first.click()
    expect(page.locator("h1")).to_have_text("新材料项目")


def test_a_question_waits_for_the_name_it_is_about(page: Page) -> None:
    page.select_option("#question", "projects-in-area")
    area = page.locator("#parameters input[name=area]")
    expect(area).to_have_value("")
    expect(area).to_be_focused()


def test_quotes_in_a_parameter_stay_in_it(page: Page) -> None:
    page.select_option("#question", "about")
    page.fill("#parameters input[name=name]", '"} ?x ?y ?z . VALUES ?q { "')
    page.click("#run")
    expect(page.locator("#status")).to_contain_text("0 行")


def test_language_changes_words_and_keeps_the_answer(page: Page) -> None:
    page.select_option("#question", "honours")
    page.click("#run")
    expect(page.locator("#result tbody tr")).to_have_count(2)
    page.click("#language")
    expect(page.locator("#run")).to_have_text("Run")
    expect(page.locator("#result tbody tr")).to_have_count(2)
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_triples_as_a_drawing(page: Page) -> None:
    page.fill("#query", "CONSTRUCT WHERE { ?a kg:locatedIn ?b }")
    page.select_option("#view", "graph")
    page.click("#run")
    expect(page.locator("#result svg circle")).to_have_count(6)
    expect(page.locator("#result svg")).to_contain_text("370199101")


def test_an_answer_as_a_file(page: Page) -> None:
    page.fill("#query", "SELECT ?name { ?a a kg:Village ; rdfs:label ?name }")
    with page.expect_download() as download:
        page.click("#save")
    assert Path(download.value.path()).read_text("utf-8").splitlines() == ["name", "柳湾村"]


def test_completion_by_label_and_by_name(page: Page) -> None:
    page.fill("#query", "")
    page.locator("#query").press_sequentially("SELECT * { ?a kg:receiv")
    expect(page.locator("#offers li").first).to_contain_text("kg:receivedHonor")
    page.keyboard.press("Tab")
    page.locator("#query").press_sequentially("?b }")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#result tbody tr")).to_have_count(2)
    page.fill("#query", "承担")
    page.keyboard.press("Control+Space")
    expect(page.locator("#offers li").first).to_contain_text("kg:undertakenBy")


def test_an_error_is_told(browser: Browser, server: Server) -> None:
    page = browser.new_page()
    page.goto(server.url + "query")
    page.fill("#query", "SELECT {")
    page.click("#run")
    expect(page.locator("#status")).to_contain_text("not SPARQL")
    page.close()
