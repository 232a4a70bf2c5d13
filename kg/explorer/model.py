"""The graph as columns that a page can hold: numbers for nodes, strings once, evidence as offsets.

``view(graph, documents)`` returns a :class:`View`, whose blocks are plain JSON values. Entities come first, then
figures, then articles, each in the order of their ids, so the same graph gives the same page.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import networkx

from kg.explorer.areas import NEVER, Edge, Nodes, Rules, homes, main_areas, parents
from kg.explorer.evidence import Link, chunks, evidence, quotations
from kg.explorer.pinyin import pinyin
from kg.rdf.names import encode
from kg.schema import schema, toml

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_KNOWN = {"id", "type", "name", "aliases", "subtype", "status", "code", "count", "scope"}
_FIGURE = ("indicator", "value", "unit", "base_value", "base_unit", "about", "period", "growth", "rank")
_DOCUMENT = ("title", "author", "date", "period", "path", "sha256", "encoding")
_LAST = ("Figure", "Document")


@dataclass
class View:
    """What the page holds. ``core`` opens with the page, ``evidence`` and ``texts`` when first asked for."""

    core: dict[str, Any]
    evidence: dict[str, Any]
    texts: list[list[str]]
    ids: list[str]
    types: list[str]
    names: list[str]
    home: list[int]
    parent: list[int]
    score: list[int]
    amount: list[float]
    edges: list[tuple[int, int, str]]
    entities: int
    main: dict[int, int] = field(default_factory=dict)


def view(graph: networkx.MultiDiGraph, documents: Mapping[str, str]) -> View:
    """``graph`` (left as it is) and its articles' texts as columns; unknown types and attributes are kept."""
    order = sorted(graph.nodes, key=lambda n: (_rank(graph.nodes[n].get("type", "")), str(n)))
    number = {node: i for i, node in enumerate(order)}
    attributes: list[dict[str, Any]] = [graph.nodes[node] for node in order]
    ids = [str(node) for node in order]
    types = [str(a.get("type") or "Other") for a in attributes]
    names = [str(a.get("name") or a.get("title") or i) for i, a in zip(ids, attributes, strict=True)]
    aliases = {i: _strings(a["aliases"]) for i, a in enumerate(attributes) if a.get("aliases")}
    codes = {i: str(a["code"]) for i, a in enumerate(attributes) if a.get("code")}
    links = _links(graph, number)
    document_number = {i: n for n, i in enumerate(ids) if types[n] == "Document"}
    edges = [
        Edge(s, o, p, _documents(s, data, document_number, types), _first(data, document_number))
        for s, o, p, data in links
    ]
    settings = toml("explorer.toml")
    stated = {n: str(a.get("area") or "") for n, a in enumerate(attributes) if types[n] == "Document"}
    parent = parents(types, codes, edges)
    main = main_areas(Nodes(types, names, aliases, codes, stated), edges)
    home, guessed = homes(types, parent, main, edges, Rules(**{k: tuple(v) for k, v in settings["home"].items()}))
    entities = sum(t not in _LAST for t in types)
    amount = _amounts(attributes, types, edges, settings["amount"])
    years = _years(attributes, types, edges, documents, ids)
    score = _scores(len(ids), edges, amount)
    type_names = list(dict.fromkeys([*schema().types, *sorted(set(types))]))
    predicates = list(dict.fromkeys([*schema().relations, *sorted({e.predicate for e in edges})]))
    statuses = ["", *schema().statuses, *sorted(_statuses(attributes, links) - {"", *schema().statuses})]
    articles = len(ids) - len(document_number)
    core: dict[str, Any] = {
        "ids": ids,
        "names": names,
        "types": [type_names.index(t) for t in types],
        "aliases": {str(i): a for i, a in aliases.items()},
        "pinyin": [pinyin(n) if i < entities else "" for i, n in enumerate(names)],
        "aliasPinyin": {str(i): [pinyin(x) for x in a] for i, a in aliases.items() if i < entities},
        "home": home,
        "guessed": [n for n in guessed if n < entities],
        "parent": parent,
        "amount": [round(a) if a == round(a) else a for a in amount],
        "years": years,
        "score": score,
        "status": [statuses.index(str(a.get("status") or "")) for a in attributes],
        "subtype": _sparse(attributes, "subtype"),
        "code": {str(i): c for i, c in codes.items()},
        "count": _sparse(attributes, "count"),
        "iris": {str(i): e for i, node in enumerate(ids) if (e := encode(node)) != quote(node, safe="/@")},
        "extra": _extra(attributes, types),
        "figures": {
            name: [_plain(a.get(name)) for a in attributes[entities:] if _type(a) == "Figure"] for name in _FIGURE
        },
        "documents": {
            name: [str(a.get(name) or "") for a in attributes if _type(a) == "Document"] for name in _DOCUMENT
        },
        "source": [e.source for e in edges],
        "target": [e.target for e in edges],
        "predicate": [predicates.index(e.predicate) for e in edges],
        "firstArticle": [e.documents[0] - articles if e.documents else -1 for e in edges],
        "edgeStatus": {str(i): str(d["status"]) for i, (_, _, _, d) in enumerate(links) if d.get("status")},
        "entities": entities,
        "figureStart": entities,
        "documentStart": articles,
        "typeNames": type_names,
        "predicateNames": predicates,
        "statusNames": statuses,
    }
    texts = chunks([documents.get(i, "") for i in ids[articles:]])
    core["chunkOf"] = [c for c, chunk in enumerate(texts) for _ in chunk]
    triples = [(e.source, e.target, e.predicate) for e in edges]
    found = evidence(links, document_number, articles, documents)
    return View(core, found, texts, ids, types, names, home, parent, score, amount, triples, entities, main)


def _rank(kind: object) -> int:
    """Entities, then figures, then articles."""
    return 1 + _LAST.index(str(kind)) if kind in _LAST else 0


def _type(attributes: Mapping[str, Any]) -> str:
    return str(attributes.get("type") or "Other")


def _plain(value: Any) -> Any:
    """A JSON scalar; NaN and infinity, which JSON has not, as null."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value if isinstance(value, str | int | float | bool) else None


def _strings(value: Any) -> list[str]:
    return [str(v) for v in value] if isinstance(value, list | tuple) else [str(value)]


def _links(graph: networkx.MultiDiGraph, number: Mapping[Any, int]) -> list[Link]:
    found = [
        (number[s], number[o], str(data.get("predicate") or key), str(key), data)
        for s, o, key, data in _multi(graph).edges(keys=True, data=True)
    ]
    found.sort(key=lambda link: link[:4])
    return [(s, o, p, data) for s, o, p, _, data in found]


def _multi(graph: networkx.Graph) -> networkx.MultiDiGraph:
    """``graph`` itself, or a directed multigraph made of it where a notebook hands in another kind."""
    return graph if graph.is_multigraph() and graph.is_directed() else networkx.MultiDiGraph(graph)


def _documents(source: int, data: Mapping[str, Any], number: Mapping[str, int], types: list[str]) -> tuple[int, ...]:
    found = {number[d] for e in quotations(data) if (d := str(e.get("document", ""))) in number}
    if types[source] == "Document":
        found.add(source)
    return tuple(sorted(found))


def _first(data: Mapping[str, Any], number: Mapping[str, int]) -> tuple[int, int]:
    """Where the earliest evidence stands: its article's number and its start."""
    return min(
        (
            (number[d], start)
            for e in quotations(data)
            if (d := str(e.get("document", ""))) in number and isinstance(start := e.get("start"), int)
        ),
        default=NEVER,
    )


def _statuses(attributes: list[dict[str, Any]], links: list[Link]) -> set[str]:
    return {str(a.get("status") or "") for a in attributes} | {str(d.get("status") or "") for *_, d in links}


def _sparse(attributes: list[dict[str, Any]], name: str) -> dict[str, Any]:
    return {str(i): _plain(a[name]) for i, a in enumerate(attributes) if a.get(name) not in (None, "")}


def _extra(attributes: list[dict[str, Any]], types: list[str]) -> dict[str, dict[str, Any]]:
    """Attributes that this version has no column for: the card shows them by their own names."""
    own = {"Figure": set(_FIGURE), "Document": {*_DOCUMENT, "area"}}  # the area is told as the article's home
    result = {}
    for i, a in enumerate(attributes):
        rest = {
            k: _plain(v)
            for k, v in sorted(a.items())
            if k not in _KNOWN | own.get(types[i], set()) and _plain(v) is not None
        }
        if rest:
            result[str(i)] = rest
    return result


def _amounts(
    attributes: list[dict[str, Any]], types: list[str], edges: list[Edge], rule: Mapping[str, Any]
) -> list[float]:
    """Of each node its largest sum of investment; of a project else its largest sum that is not earned; else 0."""
    several = re.compile(rule["several"])
    best: dict[int, tuple[bool, float]] = {}
    for edge in edges:
        figure, kind = attributes[edge.source], types[edge.target]
        value, indicator = _plain(figure.get("base_value")), str(figure.get("indicator") or "")
        if (
            edge.predicate != "figureOf"
            or figure.get("base_unit") != rule["unit"]
            or not isinstance(value, int | float)
        ):
            continue
        if kind == "AdministrativeArea" or (kind != "ProjectGroup" and several.match(indicator)):
            continue
        invested = any(word in indicator for word in rule["words"])
        if invested or (kind in rule["any"] and not any(word in indicator for word in rule["earned"])):
            best[edge.target] = max(best.get(edge.target, (False, 0.0)), (invested, float(value)))
    return [
        float(_plain(a.get("base_value")) or 0)
        if types[i] == "Figure" and a.get("base_unit") == rule["unit"]
        else best.get(i, (False, 0.0))[1]
        for i, a in enumerate(attributes)
    ]


def _years(
    attributes: list[dict[str, Any]], types: list[str], edges: list[Edge], documents: Mapping[str, str], ids: list[str]
) -> list[list[int]]:
    """Years of each node: of its own date or period, of its figures', else of the articles that name it."""
    own: dict[int, set[int]] = defaultdict(set)
    article: dict[int, set[int]] = {}
    for i, a in enumerate(attributes):
        if types[i] == "Document":
            year = _article_year(a, documents.get(ids[i], ""))
            article[i] = {year} if year else set()
        else:
            own[i] = {int(y) for y in _YEAR.findall(f"{a.get('period') or ''} {a.get('date') or ''}")}
    fallback: dict[int, set[int]] = defaultdict(set)
    for edge in edges:
        if edge.predicate == "figureOf":
            own[edge.target] |= own[edge.source]
        for document in edge.documents:
            fallback[edge.target] |= article[document]
            fallback[edge.source] |= article[document]
    return [sorted(article.get(i) or own[i] or fallback[i]) for i in range(len(attributes))]


def _article_year(attributes: Mapping[str, Any], text: str) -> int:
    """The year an article speaks of: of its period or date, else in its title, else the commonest in its text."""
    for field_ in ("period", "date", "title", "path"):
        if years := _YEAR.findall(str(attributes.get(field_) or "")):
            return int(years[0])
    counted = Counter(re.findall(r"(?<!\d)((?:19|20)\d\d)年", text))
    return int(min(counted, key=lambda y: (-counted[y], y))) if counted else 0


def _scores(count: int, edges: list[Edge], amount: list[float]) -> list[int]:
    """How telling a node is: its relations, the figures on it, and the size of its money, ×10."""
    weights = {"mentions": 2, "figureOf": 3, "reportsStatus": 3}
    score = [0] * count
    for edge in edges:
        weight = weights.get(edge.predicate, 10)
        score[edge.source] += weight
        score[edge.target] += weight
    return [s + (round(8 * math.log10(a)) if a > 1 else 0) for s, a in zip(score, amount, strict=True)]
