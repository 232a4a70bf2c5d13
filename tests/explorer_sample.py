"""A small graph with everything that the explorer shows, and with text that tries to break it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import networkx

HOSTILE = [
    "</script><script>window.hacked=1</script>",
    '<img src=x onerror="window.hacked=2">',
    "\"双引号\" & '单引号' \\ 反斜线",
    "\u202egnp.exe",
    "铃\u0007声",
    '=HYPERLINK("http://example.invalid")',
    "-->{{ 7*7 }}<!--",
]


@dataclass
class Sample:
    """Builds a graph whose evidence quotes its articles exactly."""

    graph: networkx.MultiDiGraph = field(default_factory=networkx.MultiDiGraph)
    documents: dict[str, str] = field(default_factory=dict)

    def article(self, number: int, title: str, date: str, sentences: list[str], **more: Any) -> str:
        node = f"document/{number:016x}"
        # A character outside the BMP in front: offsets count code points, not UTF-16 units.
        self.documents[node] = f"𠮷 {title}\n\n" + "".join(f"　　{s}\n" for s in sentences)
        self.graph.add_node(
            node,
            type="Document",
            name=title,
            title=title,
            date=date,
            author="苏禾",
            path=f"{number}.txt",
            sha256=f"{number:064x}",
            **more,
        )
        return node

    def entity(self, kind: str, name: str, scope: str = "", **more: Any) -> str:
        node = f"{kind.lower()}/{name}" + (f"@{scope}" if scope else "")
        self.graph.add_node(node, type=kind, name=name, aliases=more.pop("aliases", []), **more)
        return node

    def said(self, document: str, quote: str) -> list[dict[str, Any]]:
        start = self.documents[document].index(quote)
        return [{"document": document, "start": start, "end": start + len(quote), "quote": quote, "rule": "test"}]

    def fact(self, subject: str, predicate: str, target: str, document: str = "", quote: str = "", **more: Any) -> None:
        evidence = self.said(document, quote) if document else [{"rule": "gazetteer"}]
        self.graph.add_edge(subject, target, key=predicate, predicate=predicate, evidence=evidence, **more)

    def figure(self, number: int, of: str, document: str, quote: str, **fields: Any) -> None:
        node = f"figure/{number}"
        name = f"{fields['indicator']} {fields['value']}{fields['unit']}"
        self.graph.add_node(node, type="Figure", name=name, about=fields.pop("about", False), **fields)
        self.fact(node, "figureOf", of, document, quote)

    def mentions(self, document: str) -> None:
        """A mention for each entity whose name stands in the article."""
        for node, data in list(self.graph.nodes(data=True)):
            if data["type"] not in ("Document", "Figure") and data["name"] in self.documents[document]:
                self.fact(document, "mentions", node, document, data["name"])


def sample() -> tuple[networkx.MultiDiGraph, dict[str, str]]:
    """The graph and its articles."""
    s = Sample()
    one = s.article(
        1,
        "柳溪镇2024年工作总结",
        "2024-12-30",
        [
            "柳溪镇推行清风行动,办好柳溪农贸市场。",
            "柳溪纸业集团投资12.5亿元的年产3万吨纸浆项目竣工投产。",
            "柳溪大桥工程投资3亿元,正在推进。",
            "柳溪纸业集团获评国家级绿色工厂。",
            "全年工业总产值86.4亿元,同比增长8.1%。",
        ],
    )
    two = s.article(
        2,
        "石桥镇2023年上半年工作通报",
        "2023-07-05",
        [
            "石桥镇同样推行清风行动。",
            "重庆风能公司投资20亿元的石桥风电项目开工。",
            "重庆风能公司入选国家级绿色工厂。",
            "石桥镇举办荷花节,接待游客3万人次。",
        ],
    )
    three = s.article(3, "云台镇见闻", "", ["云台镇有合作社四十家。", *[f"据说{h}。" for h in HOSTILE]])
    province = s.entity("AdministrativeArea", "山河省", code="990000")
    city = s.entity("AdministrativeArea", "青川市", code="990100")
    liuxi = s.entity("AdministrativeArea", "柳溪镇", code="990101001", aliases=["柳溪", "全镇"])
    shiqiao = s.entity("AdministrativeArea", "石桥镇", code="990101002")
    yuntai = s.entity("AdministrativeArea", "云台镇")
    s.fact(city, "locatedIn", province)
    for town, document in ((liuxi, one), (shiqiao, two), (yuntai, three)):
        s.fact(town, "locatedIn", city)
        s.mentions(document)
    paper = s.entity("Organization", "柳溪纸业集团", subtype="Company", aliases=["柳溪纸业", "LXZY"])
    wind = s.entity("Organization", "重庆风能公司", subtype="Company")
    pulp = s.entity("Project", "年产3万吨纸浆项目", "柳溪镇", status="completed")
    bridge = s.entity("Project", "柳溪大桥工程", "柳溪镇", status="underway")
    farm = s.entity("Project", "石桥风电项目", "石桥镇", status="started")
    program = s.entity("Program", "清风行动")
    honor = s.entity("Honor", "国家级绿色工厂")
    market = s.entity("Facility", "柳溪农贸市场", "柳溪镇")
    festival = s.entity("Event", "荷花节", "石桥镇")
    for area, document, quote in (
        (liuxi, one, "柳溪镇推行清风行动,办好柳溪农贸市场。"),
        (shiqiao, two, "石桥镇同样推行清风行动。"),
    ):
        s.fact(area, "runs", program, document, quote)
    s.fact(liuxi, "runs", market, one, "柳溪镇推行清风行动,办好柳溪农贸市场。")
    s.fact(liuxi, "established", market, one, "办好柳溪农贸市场")
    s.fact(pulp, "undertakenBy", paper, one, "柳溪纸业集团投资12.5亿元的年产3万吨纸浆项目竣工投产。")
    s.fact(farm, "undertakenBy", wind, two, "重庆风能公司投资20亿元的石桥风电项目开工。")
    s.fact(one, "reportsStatus", pulp, one, "竣工投产", status="completed")
    s.fact(one, "reportsStatus", bridge, one, "正在推进", status="underway")
    s.fact(two, "reportsStatus", farm, two, "项目开工", status="started")
    s.fact(paper, "receivedHonor", honor, one, "柳溪纸业集团获评国家级绿色工厂。")
    s.fact(wind, "receivedHonor", honor, two, "重庆风能公司入选国家级绿色工厂。")
    s.fact(shiqiao, "organizes", festival, two, "石桥镇举办荷花节,接待游客3万人次。")
    money = {"unit": "亿元", "base_unit": "元"}
    s.figure(1, pulp, one, "投资12.5亿元", indicator="投资", value=12.5, base_value=1.25e9, **money)
    s.figure(2, bridge, one, "投资3亿元", indicator="投资", value=3, base_value=3e8, **money)
    s.figure(3, farm, two, "投资20亿元", indicator="投资", value=20, base_value=2e9, **money)
    s.figure(
        4, liuxi, one, "全年工业总产值86.4亿元,同比增长8.1%。",
        indicator="工业总产值", value=86.4, base_value=8.64e9, period="2024", growth=8.1, **money,
    )  # fmt: skip
    s.figure(
        5,
        festival,
        two,
        "接待游客3万人次",
        indicator="接待游客",
        value=3,
        unit="万人次",
        base_value=3e4,
        base_unit="人次",
    )
    for i in range(40):
        s.fact(
            s.entity("Organization", f"云台第{i + 1}合作社", subtype="Cooperative"),
            "locatedIn",
            yuntai,
            three,
            "云台镇有合作社四十家。",
        )
    for i, name in enumerate(HOSTILE):
        node = s.entity("Product", name, aliases=[f"险{i}"])
        s.fact(yuntai, "runs", node, three, f"据说{name}。")
    for document in (one, two, three):
        s.mentions(document)
    return s.graph, s.documents
