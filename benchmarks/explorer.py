"""The page at 200, 2,000, 20,000 and 100,000 nodes, beside plain pyvis (`in_line`, physics on), in one run.

    python benchmarks/explorer.py [sizes …] [--pyvis-up-to 2000]

Prints, for each size: seconds to write, megabytes, seconds to the first view and to the whole data, milliseconds to
answer a search (median and worst of 20 queries), frames a second while dragging the opening scene, an area and a
fully opened scene. The browser is headless Chromium with software rendering; see KG_CHROMIUM.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import networkx
from playwright.sync_api import Browser, Page, sync_playwright
from playwright.sync_api import Error as PlaywrightError
from pyvis.network import Network

sys.path.insert(0, str(Path(__file__).parent.parent))

from kg.export import html

SURNAMES = "东西南北上下前后新旧大小长平安和顺兴隆康宁"
STEMS = "柳溪石桥云台青川白沙龙泉清河莲花松岭杏林枫桥银杏竹园梅山桂湖槐荫榆树桃源李庄杨浦"
KINDS = ["Project"] * 4 + ["Organization"] * 4 + ["Honor", "Program", "Village", "Facility", "Event", "Person"]
ENDS = {
    "Project": ["改造工程", "产业园项目", "生产线项目", "道路提升工程"],
    "Organization": ["集团有限公司", "种植专业合作社", "新材料公司", "商会"],
    "Honor": ["示范单位", "先进集体"],
    "Program": ["行动", "工作法"],
    "Village": ["村"],
    "Facility": ["服务中心"],
    "Event": ["文化节"],
    "Person": [""],
}
STATUSES = ["planned", "signed", "started", "underway", "completed"]
QUERIES = [
    "柳溪",
    "lx",
    "lxjt",
    "合作社",
    "工程",
    "东溪",
    "dongxi",
    "a",
    "示范",
    "石",
    "桥镇",
    "qiaozhen",
    "xzycl",
    "2024",
    "集团",
    "zz",
    "龙泉改造",
    "文化节",
    "shifan",
    "ng",
]


def synthetic(count: int, seed: int = 7) -> tuple[networkx.MultiDiGraph, dict[str, str]]:
    """A graph of about ``count`` nodes with the proportions of a real one: half figures, 60 entities to an article."""
    draw = random.Random(seed)
    graph: networkx.MultiDiGraph = networkx.MultiDiGraph()
    documents: dict[str, str] = {}
    graph.add_node("area/0", type="AdministrativeArea", name="山河省")
    number = 0
    while graph.number_of_nodes() < count:
        number += 1
        if number % 12 == 1:
            city = f"area/city{number}"
            graph.add_node(city, type="AdministrativeArea", name=_name(draw) + "市")
            graph.add_edge(city, "area/0", key="locatedIn", predicate="locatedIn", evidence=[{"rule": "gazetteer"}])
        _article(graph, documents, draw, number, city, count)
    return graph, documents


def _name(draw: random.Random) -> str:
    return draw.choice(SURNAMES) + draw.choice(STEMS) + (draw.choice(STEMS) if draw.random() < 0.5 else "")


def _article(  # noqa: PLR0917
    graph: Any, documents: dict[str, str], draw: random.Random, number: int, city: str, count: int
) -> None:
    town, document = f"area/{number}", f"document/{number:016x}"
    name = _name(draw) + "镇"
    parts = [f"{name}2024年工作总结\n\n"]
    graph.add_node(town, type="AdministrativeArea", name=name, aliases=[name[:-1]])
    members: list[str] = []
    facts: list[tuple[str, str, str, str, dict[str, Any]]] = [(town, "locatedIn", city, parts[0].strip(), {})]
    for i in range(60):
        if graph.number_of_nodes() > count:
            break
        kind = draw.choice(KINDS)
        node, label = f"{kind.lower()}/{number}/{i}", _name(draw) + draw.choice(ENDS[kind])
        sentence = f"{name}的{label}取得新进展,投资{draw.randint(1, 900)}00万元,同比增长{draw.randint(1, 40)}%。"
        parts.append(sentence + "\n")
        more = {"status": draw.choice(STATUSES)} if kind == "Project" else {}
        graph.add_node(node, type=kind, name=label, aliases=[label[:4]] if draw.random() < 0.3 else [], **more)
        facts.append((document, "mentions", node, label, {}))
        facts.append(_relation(draw, kind, node, town, members, sentence))
        members.append(node)
        for j in range(draw.choice([0, 1, 2])):
            value = draw.randint(1, 90000)
            figure = f"figure/{number}/{i}/{j}"
            graph.add_node(
                figure, type="Figure", name=f"投资 {value}万元", indicator="投资", value=value, unit="万元",
                base_value=value * 1e4, base_unit="元", about=False, period=f"{draw.randint(2019, 2025)}",
            )  # fmt: skip
            facts.append((figure, "figureOf", node, sentence, {}))
    text = "".join(parts)
    documents[document] = text
    graph.add_node(
        document,
        type="Document",
        name=parts[0].strip(),
        title=parts[0].strip(),
        date=f"{draw.randint(2019, 2025)}-06-01",
    )
    for s, predicate, o, quote, more in facts:
        start = text.index(quote)
        evidence = [
            {"document": document, "start": start, "end": start + len(quote), "quote": quote, "rule": "synthetic"}
        ]
        graph.add_edge(s, o, key=predicate, predicate=predicate, evidence=evidence, **more)


def _relation(  # noqa: PLR0917
    draw: random.Random, kind: str, node: str, town: str, members: list[str], quote: str
) -> tuple[str, str, str, str, dict[str, Any]]:
    if kind == "Project" and (firms := [m for m in members if m.startswith("organization")]):
        return (node, "undertakenBy", draw.choice(firms), quote, {})
    if kind == "Honor" and members:
        return (draw.choice(members), "receivedHonor", node, quote, {})
    if kind in ("Program", "Facility"):
        return (town, "runs", node, quote, {})
    if kind == "Event":
        return (town, "organizes", node, quote, {})
    return (node, "locatedIn", town, quote, {})


def frames(page: Page, x: float, y: float) -> float:
    """Drawings of the canvas a second while the mouse drags the ground to and fro."""
    page.evaluate(
        """() => {
        if (!window.drawn) {
            window.drawn = { n: 0, frame: -1 };
            const clear = CanvasRenderingContext2D.prototype.clearRect;
            CanvasRenderingContext2D.prototype.clearRect = function (...area) {
                if (area[2] > 400) window.drawn.n++; // vis-network clears its canvas once a drawing
                return clear.apply(this, area);
            };
        }
        window.drawn.n = 0; window.drawn.start = performance.now();
        }"""
    )
    page.mouse.move(x, y)
    page.mouse.down()
    end = time.perf_counter() + 2.5
    step = 0
    while time.perf_counter() < end:
        step += 1
        page.mouse.move(x + 90 * ((step % 40) / 20 - 1), y + 60 * ((step % 26) / 13 - 1))
    result = page.evaluate("window.drawn.n / (performance.now() - window.drawn.start) * 1000")
    page.mouse.up()
    return float(result)


def explorer(browser: Browser, folder: Path, count: int) -> None:
    graph, documents = synthetic(count)
    path = folder / f"{count}.html"
    began = time.perf_counter()
    html.write(graph, path, documents)
    wrote = time.perf_counter() - began
    size = path.stat().st_size / 1e6
    print(
        f"{graph.number_of_nodes():>7} nodes {graph.number_of_edges():>7} edges: {wrote:.1f} s to write, {size:.2f} MB"
    )
    page = browser.new_page(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    began = time.perf_counter()
    page.goto(path.as_uri(), wait_until="commit")
    page.wait_for_selector("html[data-ready]", state="attached", timeout=60_000)
    first = time.perf_counter() - began
    page.wait_for_selector("html[data-ready=all]", state="attached", timeout=60_000)
    print(f"        first view {first:.2f} s, all data {time.perf_counter() - began:.2f} s")
    print("        search " + searches(page))
    page.wait_for_timeout(500)
    overview = frames(page, 620, 882)
    page.locator("#parallel summary").click()
    page.locator("#parallel-list").get_by_role("button", name="其余").first.click()
    page.locator("#parallel summary").click()
    page.wait_for_timeout(900)
    area = frames(page, 620, 882)
    page.goto(path.as_uri() + "#" + "&".join(["more="] * 6))
    page.reload()
    page.wait_for_selector("html[data-ready=all]", state="attached", timeout=60_000)
    page.locator("#parallel summary").click()
    page.wait_for_selector("#parallel-list li")
    count = page.locator("#parallel-list li").count()
    page.locator("#parallel summary").click()
    page.wait_for_timeout(900)
    most = frames(page, 620, 882)
    print(
        f"        dragging: overview {overview:.0f}, an area {area:.0f}, {count} nodes {most:.0f} frames/s", flush=True
    )
    page.close()


def searches(page: Page) -> str:
    times = page.evaluate(
        """(queries) => queries.map((q) => {
        const input = document.getElementById('search');
        const start = performance.now();
        input.value = q; input.dispatchEvent(new Event('input')); return performance.now() - start; })""",
        QUERIES,
    )
    page.fill("#search", "")
    ordered = sorted(times)
    return f"median {ordered[len(ordered) // 2]:.1f} ms, worst {ordered[-1]:.1f} ms of {len(ordered)}"


def plain_pyvis(browser: Browser, folder: Path, count: int) -> None:
    graph, _ = synthetic(count)
    network = Network(directed=True, height="900px", cdn_resources="in_line")
    for node, data in graph.nodes(data=True):
        network.add_node(node, label=data["name"])
    for s, o, data in graph.edges(data=True):
        network.add_edge(s, o, title=data["predicate"])
    path = folder / f"pyvis-{count}.html"
    path.write_text(network.generate_html(), encoding="utf-8")
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.route("**/*", lambda route: route.continue_() if route.request.url.startswith("file:") else route.abort())
    began = time.perf_counter()
    print(f"        plain pyvis: {path.stat().st_size / 1e6:.2f} MB,", end=" ")
    try:
        page.goto(path.as_uri(), timeout=60_000)
        page.wait_for_function("typeof network !== 'undefined' && network.body.nodeIndices.length > 0", timeout=60_000)
        drawn = time.perf_counter() - began
        print(f"page in {drawn:.1f} s,", end=" ", flush=True)
        page.wait_for_function(
            "!(document.getElementById('loadingBar') || {style: {display: 'none'}}).offsetParent", timeout=60_000
        )
        print(
            f"at rest in {time.perf_counter() - began:.1f} s, dragging {frames(page, 60, 800):.0f} frames/s", flush=True
        )
    except PlaywrightError as error:
        print(f"given up after {time.perf_counter() - began:.0f} s ({str(error).splitlines()[0]})", flush=True)
    page.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sizes", nargs="*", type=int, default=[200, 2_000, 20_000, 100_000])
    parser.add_argument("--pyvis-up-to", type=int, default=2_000)
    options = parser.parse_args()
    binary = os.environ.get("KG_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if not binary:
        sys.exit("No Chromium found: apt-get install chromium fonts-noto-cjk, or set KG_CHROMIUM")
    arguments = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=binary, args=arguments)
        for count in options.sizes:
            explorer(browser, Path(name), count)
            if count <= options.pyvis_up_to:
                plain_pyvis(browser, Path(name), count)
        browser.close()


if __name__ == "__main__":
    main()
