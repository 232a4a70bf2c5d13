"""Resolution across articles: what becomes one node, what does not, and that the order of articles is no matter."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest
import yaml
from articles import article

from kg import companies, explain, graph, national
from kg.across import resolve
from kg.names import norm
from kg.schema import printed_forms

CASES: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "cases" / "across.yaml").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_across(case: dict[str, Any]) -> None:
    articles = [article(number, made["home"], made["entities"]) for number, made in enumerate(case["articles"])]
    resolution = resolve(articles)
    assert {cluster.id: len(cluster.parts) for cluster in resolution.clusters} == case["nodes"]
    logged = {(merge.kept, merge.merged) for merge in resolution.merges}
    assert logged == {tuple(pair) for pair in case.get("merges", [])}
    assert all(merge.reason for merge in resolution.merges)
    for made in articles:
        assert all(resolution.node(made.id, key) in case["nodes"] for key in made.entities)


@pytest.mark.parametrize("case", [case for case in CASES if case.get("merges")], ids=lambda case: case["name"])
def test_order_of_articles_is_no_matter(case: dict[str, Any]) -> None:
    articles = [article(number, made["home"], made["entities"]) for number, made in enumerate(case["articles"])]
    told = set()
    for order in itertools.permutations(articles):
        resolution = resolve(order)
        told.add(tuple((cluster.id, tuple(cluster.aliases)) for cluster in resolution.clusters))
    assert len(told) == 1


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("济南海润集团股份有限公司", ("济南", "海润", (), True, "股份有限公司")),
        ("海润集团", ("", "海润", (), True, "")),
        ("山东海润新材料科技有限公司", ("山东", "海润", ("新材料", "科技"), False, "有限公司")),
        ("海润（山东）新能源有限责任公司", ("", "海润", ("新能源",), False, "有限责任公司")),
        ("中国集团", None),
        ("某某公司", None),
        ("有限公司", None),
        ("镇政府", None),
    ],
)
def test_company_names(name: str, parts: tuple[Any, ...] | None) -> None:
    found = companies.parse(name)
    assert (found and (found.area, found.stem, found.industry, found.group, found.legal)) == parts


@pytest.mark.parametrize(
    ("short", "full", "one"),
    [
        ("海润集团", "济南海润集团股份有限公司", True),
        ("海润集团", "海润集团有限公司", True),
        ("海润新材料", "海润新材料科技有限公司", True),
        ("海润集团有限公司", "山东海润集团有限公司", True),
        ("海润科技", "海润新材料科技有限公司", False),
        ("海润新材料", "海润集团有限公司", False),
        ("济南海润集团有限公司", "青岛海润集团有限公司", False),
        ("海润集团有限公司", "海润集团股份有限公司", False),
        ("海润集团", "海润集团", False),
        ("海润", "海润集团", False),
    ],
)
def test_short_and_full_company_names(short: str, full: str, one: bool) -> None:
    assert bool(companies.same(short, full)) is one


def test_lists_of_the_country_hold_no_form_twice() -> None:
    """A form under two names would depend on the order of the lists."""
    seen: dict[str, str] = {}
    for table in national.LISTS:
        for name, forms in printed_forms(table):
            for form in {norm(form) for form in forms}:
                assert seen.setdefault(form, name) == name
    assert len(set(seen.values())) > 300
    assert "长者食堂" not in seen
    assert "志愿服务" not in seen


def test_why_two_names_of_a_national_company_are_one() -> None:
    articles = [
        article(0, "370114016", [["Organization", "中石油", {"scope": "370114016"}]]),
        article(1, "371681003", [["Organization", "中国石油", {"scope": "371681003"}]]),
    ]
    resolution = resolve(articles)
    told = explain.explain(graph.assemble(articles, resolution), (), "中石油", "中国石油")
    assert told.one
    assert "中国石油 is one in the whole country (ontology/lexicon/national-companies.tsv)" in told.reasons
