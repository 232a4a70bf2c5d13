"""A small graph by hand, with every type, relation and form of evidence, and the texts that it quotes."""

from __future__ import annotations

import hashlib
from typing import Any

import networkx as nx

TEXTS = {
    "first": "清河镇2023年工作报告\n全镇居民人均可支配收入2.4万元，增长6.5%。\n"
    "恒达新材料公司投资1.2亿元的新材料项目、恒达新材料公司投资3000万元的仓储项目等2个项目总投资1.6亿元，均已开工。\n"
    "柳湾村成立丰谷合作社，推行“一码通”平台，举办首届荷花节。柳湾村获评全国文明村、省级森林村居。\n"
    "柳湾村建成幸福食堂，柳湾藕远销外地，清水河穿村而过。",
    "second": "白石镇2024年1—6月工作情况\n新材料项目竣工投产。白石镇推行“一码通”平台。\n"
    "清河镇居民人均可支配收入2.5万元。恒达新材料公司当选县工商联会员单位。记者 王平",
}


def document_id(name: str) -> str:
    return f"document/{hashlib.sha256(TEXTS[name].encode()).hexdigest()[:16]}"


def evidence(name: str, quote: str, rule: str = "pattern") -> dict[str, Any]:
    start = TEXTS[name].index(quote)
    return {"document": document_id(name), "start": start, "end": start + len(quote), "quote": quote, "rule": rule}


QING, BAI, COUNTY = "administrativearea/370199101", "administrativearea/370199102", "administrativearea/370199"
VILLAGE, COMPANY, COOP = "village/柳湾村@370199101", "organization/恒达新材料公司", "organization/丰谷合作社"
FACTORY, STORE, GROUP = "project/新材料项目@370199101", "project/仓储项目@370199101", "projectgroup/2个项目@370199101"
CODE, FAIR, CIVIL, FOREST = (
    "program/一码通@370199",
    "event/首届荷花节@370199101",
    "honor/全国文明村",
    "honor/省级森林村居",
)
CANTEEN, LOTUS, RIVER = "facility/幸福食堂@370199101", "product/柳湾藕", "place/清水河@370199101"
UNION, WANG = "organization/县工商联", "person/王平@370199102"

_NODES: list[tuple[str, dict[str, Any]]] = [
    (COUNTY, {"type": "AdministrativeArea", "name": "青禾县", "code": "370199"}),
    (
        QING,
        {
            "type": "AdministrativeArea",
            "name": "清河镇",
            "code": "370199101",
            "aliases": ["全镇", "清河"],
            "within": ["370199 青禾县", "370100 青山市", "370000 山东省"],
        },
    ),
    (BAI, {"type": "AdministrativeArea", "name": "白石镇", "code": "370199102"}),
    (VILLAGE, {"type": "Village", "name": "柳湾村", "scope": "370199101", "aliases": ["柳湾", "全村"]}),
    (COMPANY, {"type": "Organization", "name": "恒达新材料公司", "subtype": "Company", "aliases": ["恒达公司"]}),
    (COOP, {"type": "Organization", "name": "丰谷合作社", "subtype": "Cooperative"}),
    (UNION, {"type": "Organization", "name": "县工商联", "subtype": "Association"}),
    (FACTORY, {"type": "Project", "name": "新材料项目", "status": "completed", "scope": "370199101"}),
    (STORE, {"type": "Project", "name": "仓储项目", "status": "started", "scope": "370199101"}),
    (GROUP, {"type": "ProjectGroup", "name": "2个项目", "count": 2, "status": "started"}),
    (CODE, {"type": "Program", "name": "“一码通”平台", "scope": "370199"}),
    (FAIR, {"type": "Event", "name": "首届荷花节", "scope": "370199101"}),
    (CIVIL, {"type": "Honor", "name": "全国文明村"}),
    (FOREST, {"type": "Honor", "name": "省级森林村居"}),
    (CANTEEN, {"type": "Facility", "name": "幸福食堂", "scope": "370199101"}),
    (LOTUS, {"type": "Product", "name": "柳湾藕"}),
    (RIVER, {"type": "Place", "name": "清水河", "scope": "370199101"}),
    (WANG, {"type": "Person", "name": "王平", "scope": "370199102"}),
]


def figure(indicator: str, value: float, unit: str, base: float, base_unit: str, **more: Any) -> dict[str, Any]:
    fixed = {"indicator": indicator, "value": value, "unit": unit, "base_value": base, "base_unit": base_unit}
    return {"type": "Figure", "name": f"{indicator} {value}{unit}", **fixed, "about": False, **more}


_INCOME = "居民人均可支配收入"
_FIGURES = [
    ("figure/1", figure(_INCOME, 2.4, "万元", 24000.0, "元", period="2023", growth=6.5), QING, "first",
     "全镇居民人均可支配收入2.4万元，增长6.5%。"),
    ("figure/2", figure(_INCOME, 2.5, "万元", 25000.0, "元", period="2023"), QING, "second",
     "清河镇居民人均可支配收入2.5万元。"),
    ("figure/3", figure("投资", 1.2, "亿元", 120000000.0, "元"), FACTORY, "first", "投资1.2亿元的新材料项目"),
    ("figure/4", figure("投资", 3000, "万元", 30000000.0, "元"), STORE, "first", "投资3000万元的仓储项目"),
    ("figure/5", figure("总投资", 1.6, "亿元", 160000000.0, "元", about=True), GROUP, "first", "2个项目总投资1.6亿元"),
    ("figure/6", figure("人口", 1200, "亩", 1200.0, "亩", rank="第一"), VILLAGE, "first", "柳湾村"),
]  # fmt: skip

_PROJECTS = (
    "恒达新材料公司投资1.2亿元的新材料项目、恒达新材料公司投资3000万元的仓储项目等2个项目总投资1.6亿元，均已开工。"
)
_RUNS = "柳湾村成立丰谷合作社，推行“一码通”平台，举办首届荷花节。"
_HONOURS = "柳湾村获评全国文明村、省级森林村居。"
_LAST = "柳湾村建成幸福食堂，柳湾藕远销外地，清水河穿村而过。"
_FACTS: list[tuple[str, str, str, str, str]] = [
    (FACTORY, "undertakenBy", COMPANY, "first", _PROJECTS),
    (STORE, "undertakenBy", COMPANY, "first", _PROJECTS),
    (FACTORY, "partOf", GROUP, "first", _PROJECTS),
    (STORE, "partOf", GROUP, "first", _PROJECTS),
    (VILLAGE, "established", COOP, "first", _RUNS),
    (VILLAGE, "runs", CODE, "first", _RUNS),
    (BAI, "runs", CODE, "second", "白石镇推行“一码通”平台。"),
    (VILLAGE, "organizes", FAIR, "first", _RUNS),
    (VILLAGE, "receivedHonor", CIVIL, "first", _HONOURS),
    (VILLAGE, "receivedHonor", FOREST, "first", _HONOURS),
    (COMPANY, "memberOf", UNION, "second", "恒达新材料公司当选县工商联会员单位。"),
    (CANTEEN, "locatedIn", VILLAGE, "first", _LAST),
    (RIVER, "locatedIn", VILLAGE, "first", _LAST),
    (VILLAGE, "runs", CANTEEN, "first", _LAST),
]
_STATUSES = [
    (FACTORY, "started", "first", _PROJECTS),
    (STORE, "started", "first", _PROJECTS),
    (FACTORY, "completed", "second", "新材料项目竣工投产。"),
]


def small() -> nx.MultiDiGraph:
    """The graph, made anew for each caller."""
    graph = nx.MultiDiGraph()
    for node, data in _NODES:
        graph.add_node(node, **data)
    _add_documents(graph)
    for source, predicate, target, name, quote in _FACTS:
        graph.add_edge(source, target, key=predicate, predicate=predicate, evidence=[evidence(name, quote)])
    for below, above in ((QING, COUNTY), (BAI, COUNTY), (VILLAGE, QING)):
        graph.add_edge(below, above, key="locatedIn", predicate="locatedIn", evidence=[{"rule": "gazetteer"}])
    for node, data, owner, name, quote in _FIGURES:
        graph.add_node(node, **data)
        graph.add_edge(node, owner, key="figureOf", predicate="figureOf", evidence=[evidence(name, quote)])
    for project, status, name, quote in _STATUSES:
        data = {"predicate": "reportsStatus", "status": status, "evidence": [evidence(name, quote)]}
        graph.add_edge(document_id(name), project, key="reportsStatus", **data)
    first = {"predicate": "reportsStatus", "status": "signed", "evidence": [evidence("second", "新材料项目竣工投产。")]}
    graph.add_edge(document_id("second"), FACTORY, key="reportsStatus:signed", **first)
    # two sentences, two rules, and an order that is not that of the text
    graph.edges[VILLAGE, CODE, "runs"]["evidence"] = [
        evidence("first", _RUNS, "frame"),
        evidence("first", _LAST, "quote"),
    ]
    graph.edges[CANTEEN, VILLAGE, "locatedIn"]["evidence"] = [evidence("first", _LAST), evidence("first", _HONOURS)]
    return graph


def _add_documents(graph: nx.MultiDiGraph) -> None:
    for name, area, period, date, author in (
        ("first", "370199101", "2023", "2024-01-15", "王平"),
        ("second", "370199102", "2024-01/2024-06", "2024-07", "王平、李安"),
    ):
        text = TEXTS[name]
        title = text.partition("\n")[0]
        graph.add_node(
            document_id(name), type="Document", name=title, title=title, date=date, period=period, area=area,
            path=f"{name}.txt", sha256=hashlib.sha256(text.encode()).hexdigest(), encoding="utf-8", author=author,
        )  # fmt: skip
        for node, data in _NODES:
            stem = data["name"].strip("“”")
            if stem in text:
                found = [evidence(name, stem, "name")]
                graph.add_edge(document_id(name), node, key="mentions", predicate="mentions", evidence=found)


def documents() -> dict[str, str]:
    return {document_id(name): text for name, text in TEXTS.items()}
