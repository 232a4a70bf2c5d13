"""The explorer's Python side: areas, the view's columns, places, the page put together."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
import shutil
import subprocess
from itertools import combinations
from pathlib import Path
from typing import Any

import networkx
import pytest
from explorer_sample import HOSTILE, sample

from kg.explorer import page
from kg.explorer.areas import Edge, Nodes, Rules, homes, main_areas, parents
from kg.explorer.bundle import script
from kg.explorer.layout import box, width, wrap
from kg.explorer.model import view
from kg.explorer.overview import first_view
from kg.explorer.pinyin import pinyin
from kg.export import html
from kg.jupyter import show
from kg.schema import toml

ROOT = Path(__file__).parent.parent


def block(text: str, name: str) -> Any:
    """A block of data as the page's script would decode it."""
    found = re.search(rf'id="block-{name}">([A-Za-z0-9+/=]*)</script>', text)
    assert found, name
    return json.loads(gzip.decompress(base64.b64decode(found[1])))


def home_names() -> dict[str, str]:
    graph, documents = sample()
    shown = view(graph, documents)
    return {shown.names[i]: shown.names[h] if h >= 0 else "" for i, h in enumerate(shown.home)}


@pytest.mark.parametrize(
    ("name", "area"),
    [
        ("荷花节", "石桥镇"),  # organized by
        ("柳溪农贸市场", "柳溪镇"),  # run by
        ("云台第3合作社", "云台镇"),  # located in
        ("年产3万吨纸浆项目", "柳溪镇"),  # by its article
        ("柳溪镇2024年工作总结", "柳溪镇"),  # an article, by its title and its facts
        ("投资 20亿元", "石桥镇"),  # a figure, by what it measures
        ("柳溪镇", "柳溪镇"),
    ],
)
def test_home_area(name: str, area: str) -> None:
    assert home_names()[name] == area


def test_an_area_that_no_relation_states_is_known_as_guessed() -> None:
    shown = view(*sample())
    guessed = {shown.names[n] for n in shown.core["guessed"]}
    assert {"年产3万吨纸浆项目", "柳溪纸业集团"} <= guessed
    assert not guessed & {"荷花节", "柳溪农贸市场", "云台第3合作社", "柳溪镇"}


def test_of_several_places_the_one_told_first_counts() -> None:
    types = ["AdministrativeArea", "AdministrativeArea", "Place", "Document"]
    edges = [
        Edge(2, 0, "locatedIn", (3,), (3, 90)),  # a fair that the park held elsewhere
        Edge(2, 1, "locatedIn", (3,), (3, 10)),
        Edge(3, 2, "mentions", (3,), (3, 0)),
        *(Edge(3, 0, "mentions", (3,), (3, i)) for i in range(5)),
    ]
    parent = parents(types, {}, edges)
    assert parent[2] == 1
    names = ["昆山", "泗陵县", "泗陵经济开发区", "开发区上半年观察"]
    main = main_areas(Nodes(types, names, {}, {}, {3: "泗陵经济开发区"}), edges)
    assert main == {3: 1}  # the area of the place that the article is stated to be about, not the one named most
    assert homes(types, parent, main, edges, Rules(("locatedIn",), (), ())) == ([0, 1, 1, 1], [])


def test_parents_by_code_where_no_relation_says_so_and_never_in_a_circle() -> None:
    types = ["AdministrativeArea"] * 5
    codes = {0: "370000", 1: "370100", 2: "370114", 3: "370114016"}
    assert parents(types, codes, []) == [-1, 0, 1, 2, -1]
    circle = [Edge(0, 1, "locatedIn", ()), Edge(1, 0, "locatedIn", ())]
    found = parents(types, {}, circle)
    assert sorted(found[:2]) in ([-1, 0], [-1, 1])


def test_amount_is_the_investment_not_the_largest_sum() -> None:
    graph, documents = sample()
    graph.add_node(
        "figure/x",
        type="Figure",
        name="年产值 90亿元",
        indicator="年产值",
        value=90,
        unit="亿元",
        base_value=9e9,
        base_unit="元",
    )
    graph.add_edge("figure/x", "project/石桥风电项目@石桥镇", key="figureOf", predicate="figureOf", evidence=[])
    shown = view(graph, documents)
    assert shown.amount[shown.names.index("石桥风电项目")] == 2e9


@pytest.mark.parametrize(
    ("node", "indicator", "amount"),
    [
        ("project/柳溪大桥工程@柳溪镇", "盘子", 9e9),  # a project's largest sum, whatever it is called
        ("project/柳溪大桥工程@柳溪镇", "三个项目完成投资", 3e8),  # several projects' money is not one's
        ("project/柳溪大桥工程@柳溪镇", "11个重点项目合计投资", 3e8),
        ("project/柳溪大桥工程@柳溪镇", "一期项目投资", 9e9),
        ("organization/柳溪纸业集团", "发放贷款", 0),  # not the company's own money
        ("organization/柳溪纸业集团", "投资", 9e9),
        ("organization/柳溪纸业集团", "两个项目总投资", 0),
        ("facility/柳溪农贸市场@柳溪镇", "一餐付", 0),
        ("projectgroup/三个项目", "三个项目总投资", 9e9),
        ("projectgroup/三个项目", "达产后年产值", 0),
    ],
)
def test_a_sum_counts_only_for_what_it_is_the_money_of(node: str, indicator: str, amount: float) -> None:
    graph, documents = sample()
    graph.add_node("projectgroup/三个项目", type="ProjectGroup", name="三个项目")
    if indicator == "盘子":
        graph.remove_node("figure/2")
    graph.add_node("figure/x", type="Figure", name="x", indicator=indicator, base_value=9e9, base_unit="元")
    graph.add_edge("figure/x", node, key="figureOf", predicate="figureOf", evidence=[])
    shown = view(graph, documents)
    assert shown.amount[shown.ids.index(node)] == amount


def test_each_edge_names_its_first_article() -> None:
    graph, documents = sample()
    shown = view(graph, documents)
    starts = shown.core["documentStart"]
    for (s, o, p), first in zip(shown.edges, shown.core["firstArticle"], strict=True):
        told = {e["document"] for e in graph.edges[shown.ids[s], shown.ids[o], p]["evidence"] if "document" in e}
        assert (first < 0) == (not told)
        assert first < 0 or shown.ids[starts + first] == min(told)


def test_evidence_is_kept_as_offsets_and_quotes_only_where_the_text_is_missing() -> None:
    graph, documents = sample()
    whole = view(graph, documents)
    assert whole.evidence["quotes"] == {}
    texts = [text for chunk in whole.texts for text in chunk]
    for d, start, length in zip(*(whole.evidence[k] for k in ("document", "start", "length")), strict=True):
        if d >= 0:
            assert texts[d][start : start + length]
    bare = view(graph, {})
    quotes = {e["quote"] for *_, data in graph.edges(data=True) for e in data["evidence"] if "quote" in e}
    assert set(bare.evidence["quotes"].values()) == quotes


def test_unknown_types_and_attributes_are_kept() -> None:
    graph = networkx.MultiDiGraph()
    graph.add_node("a", type="Ship", name="远望号", tonnage=21000, broken=float("nan"))
    graph.add_node("b")
    graph.add_edge("a", "b", key="sailsTo")
    shown = view(graph, {})
    assert "Ship" in shown.core["typeNames"]
    assert shown.core["extra"] == {"0": {"tonnage": 21000}}
    assert shown.names == ["远望号", "b"]
    assert "sailsTo" in shown.core["predicateNames"]


def test_the_callers_graph_is_left_as_it_is() -> None:
    graph, documents = sample()
    before = json.dumps(networkx.node_link_data(graph, edges="links"), ensure_ascii=False, sort_keys=True)
    page(graph, documents)
    assert json.dumps(networkx.node_link_data(graph, edges="links"), ensure_ascii=False, sort_keys=True) == before


def test_the_same_graph_gives_the_same_page_whatever_its_order() -> None:
    graph, documents = sample()
    turned = networkx.MultiDiGraph()
    turned.add_nodes_from(reversed(list(graph.nodes(data=True))))
    turned.add_edges_from(reversed(list(graph.edges(keys=True, data=True))))
    assert page(turned, dict(reversed(documents.items()))) == page(graph, documents)


@pytest.mark.parametrize("window", ["wide", "mid", "tall"])
def test_labels_of_the_first_view_do_not_overlap(window: str) -> None:
    overview = toml("explorer.toml")["overview"]
    nodes = first_view(view(*sample()), overview["shares"], overview["ties"]).nodes
    assert len(nodes) > 15
    placed = [
        (
            n["label"],
            *((n["x"], n["y"]) if window == "wide" else n[window]),
            box(n["label"], n["r"], bool(n.get("hub")), bool(n.get("amount"))),
        )
        for n in nodes
    ]
    for (name, x, y, b), (other, u, v, c) in combinations(placed, 2):
        apart = abs(x - u) >= b.half + c.half or y - b.above >= v + c.below or v - c.above >= y + b.below
        assert apart, f"{name} lies over {other}"


@pytest.mark.parametrize(
    ("label", "lines"),
    [
        ("柳溪大桥工程", ["柳溪大桥工程"]),
        ("年产3万吨生物质模塑餐具", ["年产3万吨生", "物质模塑餐具"]),
        ("中国共产党某某自治县委员会宣传部办公室第一科", None),
        ("", []),
    ],
)
def test_labels_wrap_evenly(label: str, lines: list[str] | None) -> None:
    found = wrap(label)
    assert all(width(line) <= 9.6 for line in found)
    if lines is None:
        assert found[-1].endswith("…")
    else:
        assert "".join(found) == label
        assert len(found) == len(lines)


@pytest.mark.parametrize(
    ("name", "read"), [("重庆", "chong qing"), ("A股", "a gu"), ("LED", ""), ("章丘区", "zhang qiu qu")]
)
def test_pinyin(name: str, read: str) -> None:
    assert pinyin(name) == read


def test_no_text_from_the_graph_can_end_a_script_element() -> None:
    graph, documents = sample()
    text = page(graph, documents, title=HOSTILE[0])
    assert HOSTILE[0] not in text
    assert HOSTILE[1] not in text
    assert "&lt;/script&gt;" in text  # the heading
    assert set(HOSTILE) <= set(block(text, "core")["names"])


def test_the_policy_names_the_scripts_by_their_hashes() -> None:
    text = page(*sample())
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text)
    assert policy
    scripts = re.findall(r"<script>(.*?)</script>\n", text, re.DOTALL)
    assert len(scripts) == 2
    for body in scripts:
        digest = base64.b64encode(hashlib.sha256(body.encode()).digest()).decode()
        assert f"sha256-{digest}" in policy[1].replace("&#39;", "'")
    assert not re.search(r"(?:src|href)=[\"']?https?:", text.replace(scripts[0], ""))


def test_damaged_text_is_written_all_the_same(tmp_path: Path) -> None:
    graph = networkx.MultiDiGraph()
    graph.add_node("x", type="Place", name="坏\ud800字", aliases=["\udfff"])
    html.write(graph, tmp_path / "graph.html", {})
    assert "坏?字" in (tmp_path / "graph.html").read_text(encoding="utf-8")


def test_an_empty_graph_is_a_page_too(tmp_path: Path) -> None:
    html.write(networkx.MultiDiGraph(), tmp_path / "graph.html", {})
    assert (tmp_path / "graph.html").stat().st_size > 100_000


def test_in_a_notebook_the_page_stands_in_a_frame() -> None:
    markup = show(*sample())._repr_html_()
    assert markup.startswith("<iframe")
    assert markup.count("<") == 2  # the page inside is an attribute's text
    assert "allow-same-origin" not in markup


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"main.js": 'import { a } from "./b.js";\n', "b.js": 'import { c } from "./main.js";\n'}, "imports itself"),
        ({"main.js": 'import { a } from "./b.js";\nconst x = 1;\n', "b.js": "export const x = 2;\n"}, "declared in"),
        ({"main.js": "export default 1;\n"}, "only"),
        ({"main.js": 'const x = "</script>";\n'}, "</script"),
    ],
)
def test_modules_that_cannot_be_laid_together_are_named(tmp_path: Path, files: dict[str, str], message: str) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=message):
        script(folder=tmp_path)


def test_the_modules_pass_their_own_tests() -> None:
    """tests/js under Node's own test runner; without Node the browser tests still run the same modules."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed: tests/js were NOT run (Debian: apt-get install nodejs)")
    run = subprocess.run(
        [node, "--test", "tests/js/"], cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert run.returncode == 0, run.stdout[-4000:] + run.stderr[-2000:]


def test_the_modules_pass_the_linter() -> None:
    """ESLint, where ``npm install`` was run."""
    eslint = ROOT / "node_modules" / ".bin" / "eslint"
    if not eslint.exists():
        pytest.skip("ESLint is not installed: the page's modules were NOT linted (run npm install)")
    run = subprocess.run([str(eslint), "."], cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False)
    assert run.returncode == 0, run.stdout


def test_the_page_measures_labels_as_python_does() -> None:
    """Places made in Python and places made in the page must not overlap each other."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed: the two layouts were NOT compared (Debian: apt-get install nodejs)")
    labels = [
        *HOSTILE,
        "柳溪大桥工程",
        "“五联户”治理模式的全面推行",
        "年产3万吨生物质模塑餐具（二期）",
        "一" * 50,
        "𠮷野 ABC",
        "",
    ]
    code = """
        import { wrap } from "./kg/explorer/assets/js/text.js";
        import { box } from "./kg/explorer/assets/js/layout.js";
        const labels = JSON.parse(process.argv[1]);
        const both = (label) => [wrap(label), box({ label, r: 12, amount: 1 }), box({ label, r: 12, hub: true })];
        console.log(JSON.stringify(labels.map(both)));
    """
    run = subprocess.run(
        [node, "--input-type=module", "-e", code, json.dumps(labels)],
        cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=True,
    )  # fmt: skip
    for label, (lines, plain, hub) in zip(labels, json.loads(run.stdout), strict=True):
        assert wrap(label) == lines
        for found, expected in ((plain, box(label, 12, False, True)), (hub, box(label, 12, True))):
            assert [found["half"], found["above"], found["below"]] == pytest.approx(
                [expected.half, expected.above, expected.below]
            )
