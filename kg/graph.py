"""Articles to a networkx MultiDiGraph, and what one does with such a graph: load, merge, take a part, find paths.

Nodes stand in the order of their ids and edges in that of their ends and keys, so equal facts give equal bytes.
An edge's key is its predicate; where a document reports several statuses of one project, the latest keeps the plain
key and each earlier one is ``reportsStatus:<status>``.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import networkx as nx

from kg import areas
from kg.across import Cluster, Resolution
from kg.article import Article, Measured, place
from kg.errors import UserError
from kg.model import Evidence
from kg.rdf.names import DEFAULT_BASE
from kg.rdf.values import printed
from kg.schema import schema

GRAPH_FILE = "graph.json"
_GIVE_FOLDER = "give a folder that kg build made (-g DIR) 没有图，请用 -g 指明 kg build 写出的文件夹"
GAZETTEER = Evidence("", -1, -1, "", "gazetteer")
_NO_PATH_THROUGH = frozenset({"Document", "Figure"})


class GraphError(UserError):
    """A graph file that cannot be used; ``str()`` is the sentence for the user."""


# --- facts to graph


def assemble(articles: Iterable[Article], resolution: Resolution) -> nx.MultiDiGraph:
    """The graph of ``articles``, whose entities ``resolution`` has brought to one cluster each."""
    edges = _Edges()
    nodes: dict[str, dict[str, Any]] = {}
    statuses: dict[str, tuple[str, int, str]] = {}
    for cluster in resolution.clusters:
        nodes[cluster.id] = _entity(cluster)
    _add_parents(nodes, edges, {home for cluster in resolution.clusters for home in cluster.homes})
    for article in articles:
        nodes[article.id] = _document(article)
        _add_article(article, resolution, nodes, edges, statuses)
    for node, (_, _, status) in statuses.items():
        nodes[node]["status"] = status
    graph = nx.MultiDiGraph()
    graph.add_nodes_from((node, nodes[node]) for node in sorted(nodes))
    graph.add_edges_from(edges.in_order())
    return graph


class _Edges:
    """Edges by (source, target, predicate, status), with the evidence that came together on each."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str, str, str], set[Evidence]] = {}

    def add(self, source: str, target: str, predicate: str, evidence: Iterable[Evidence], status: str = "") -> None:
        self._found.setdefault((source, target, predicate, status), set()).update(evidence)

    def in_order(self) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
        latest: dict[tuple[str, str, str], str] = {}
        for source, target, predicate, status in sorted(self._found, key=lambda edge: _order(edge[3])):
            latest[source, target, predicate] = status
        rows = []
        for (source, target, predicate, status), evidence in self._found.items():
            plain = latest[source, target, predicate] == status
            data: dict[str, Any] = {"predicate": predicate} | ({"status": status} if status else {})
            data["evidence"] = [_plain(item) for item in sorted(evidence, key=place)]
            rows.append((source, target, predicate if plain else f"{predicate}:{status}", data))
        yield from sorted(rows, key=lambda row: row[:3])


def _plain(evidence: Evidence) -> dict[str, Any]:
    return {key: value for key, value in evidence.as_dict().items() if key != "document" or value}


def _order(status: str) -> int:
    known = schema().statuses
    return known[status].order if status in known else 0


def _add_article(
    article: Article,
    resolution: Resolution,
    nodes: dict[str, dict[str, Any]],
    edges: _Edges,
    statuses: dict[str, tuple[str, int, str]],
) -> None:
    """One article's edges and figures, each end brought to its node; what a correction dropped has none."""
    ids = {key: resolution.node(article.id, key) for key in article.entities} | {article.id: article.id}
    for key, entity in article.entities.items():
        if (node := ids[key]) and entity.evidence:
            edges.add(article.id, node, "mentions", entity.evidence)
    for fact in article.facts:
        source, target = ids.get(fact.subject), ids.get(fact.object)
        if not source or not target or source == target:
            continue
        edges.add(source, target, fact.predicate, fact.evidence, fact.status)
        if fact.predicate == "reportsStatus":
            reported = (article.time, _order(fact.status), fact.status)
            statuses[target] = max(reported, statuses.get(target, reported))
    for figure in article.figures:
        if owner := ids.get(figure.owner):
            nodes[figure.id] = _figure(figure)
            edges.add(figure.id, owner, "figureOf", figure.evidence)


def _add_parents(nodes: dict[str, dict[str, Any]], edges: _Edges, homes: Iterable[str]) -> None:
    """Where each area and village with a code lies, known from the gazetteer and saying so.

    ``within`` holds the whole chain. Edges lead to the nearest area above that is a node: one that some article names,
    or one that brings together the own areas (``homes``) of several articles.
    """
    joined = Counter(area for home in sorted(set(homes)) for area in areas.above(home))
    for area, count in joined.items():
        if count > 1:
            fresh = {"type": "AdministrativeArea", "name": area.name, "code": area.code}
            nodes.setdefault(f"administrativearea/{area.code}", fresh)
    for node in sorted(nodes):
        code = str(nodes[node].get("code", ""))
        chain = areas.above(code) if code else ()
        if chain:
            nodes[node]["within"] = [f"{area.code} {area.name}" for area in chain]
        above = next((found for area in chain if (found := f"administrativearea/{area.code}") in nodes), "")
        if above:
            edges.add(node, above, "locatedIn", [GAZETTEER])


def _entity(cluster: Cluster) -> dict[str, Any]:
    optional = {
        "subtype": cluster.subtype,
        "aliases": cluster.aliases,
        "count": cluster.count,
        "code": cluster.code,
        "scope": cluster.scope,
    }
    filled = {key: value for key, value in optional.items() if value not in ("", None, [])}
    return {"type": cluster.type, "name": cluster.name, **filled}


def _document(article: Article) -> dict[str, Any]:
    name = article.title or Path(article.path).stem
    optional = {
        "title": article.title,
        "author": article.author,
        "date": article.date,
        "period": article.period,
        "area": article.home,
    }
    filled = {key: value for key, value in optional.items() if value}
    fixed = {"path": article.path, "sha256": article.sha256, "encoding": article.encoding}
    return {"type": "Document", "name": name, **filled, **fixed}


def _figure(figure: Measured) -> dict[str, Any]:
    q = figure.quantity
    data: dict[str, Any] = {
        "type": "Figure",
        "name": f"{q.indicator} {printed(q.value, q.unit)}{'（概数）' if q.about else ''}".strip(),
        "indicator": q.indicator,
        "value": q.value,
        "unit": q.unit,
        "base_value": q.base_value,
        "base_unit": q.base_unit,
        "about": q.about,
    }
    optional = {"period": q.period, "growth": q.growth, "rank": q.rank}
    return data | {key: value for key, value in optional.items() if value not in ("", None)}


# --- graph to and from its file


def dumps(graph: nx.MultiDiGraph) -> str:
    """Node-link JSON (``networkx.node_link_data(graph, edges="links")``), one node or edge a line."""
    data = nx.node_link_data(graph, edges="links")

    def line(value: object) -> str:
        return json.dumps(value, ensure_ascii=False, allow_nan=False)

    head = ", ".join(f"{line(key)}: {line(data[key])}" for key in ("directed", "multigraph", "graph"))
    nodes = ",\n".join(map(line, data["nodes"]))
    links = ",\n".join(map(line, data["links"]))
    return f'{{{head}, "nodes": [\n{nodes}\n], "links": [\n{links}\n]}}\n'


def load(where: str | Path) -> nx.MultiDiGraph:
    """The graph of a build's folder, of a node-link JSON file or of a Turtle file. Raises :class:`GraphError`."""
    path = Path(where)
    if path.suffix == ".ttl":
        return _load_turtle(path)
    if path.is_dir():
        path /= GRAPH_FILE
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        graph = nx.node_link_graph(data, directed=True, multigraph=True, edges="links")
    except FileNotFoundError:
        raise GraphError(f"{path}: there is no such file; {_GIVE_FOLDER}") from None
    except OSError as error:
        raise GraphError(f"{path}: cannot be read ({error.strerror}); {_GIVE_FOLDER}") from None
    except (ValueError, KeyError, TypeError, AttributeError, nx.NetworkXError):
        raise GraphError(f"{path}: is not a graph in node-link JSON; build it again") from None
    if not isinstance(graph, nx.MultiDiGraph):
        raise GraphError(f"{path}: is not a directed multigraph; build it again")
    return graph


def _load_turtle(path: Path) -> nx.MultiDiGraph:
    from kg.export.rdf import read_turtle  # noqa: PLC0415

    try:
        return read_turtle(path)
    except OSError as error:
        raise GraphError(f"{path}: cannot be read ({error.strerror}); give a graph.ttl that kg build made") from None
    except (ValueError, SyntaxError) as error:
        raise GraphError(f"{path}: is not Turtle that kg build made ({error}); build it again") from None


def documents_of(where: str | Path) -> dict[str, str]:
    """Document node id → its source text, from a build's ``documents.jsonl``. Raises :class:`GraphError`."""
    path = Path(where)
    path = (path if path.is_dir() else path.parent) / "documents.jsonl"
    try:
        with path.open(encoding="utf-8", newline="\n") as file:
            rows = [json.loads(line) for line in file]
        return {row["id"]: row["text"] for row in rows}
    except FileNotFoundError:
        raise GraphError(f"{path}: there is no such file; kg build writes it beside graph.json") from None
    except (OSError, ValueError, KeyError, TypeError):
        raise GraphError(f"{path}: cannot be read as lines of JSON with id and text; build it again") from None


# --- parts, wholes and ways


def nodes_named(graph: nx.MultiDiGraph, name: str) -> list[str]:
    """Ids of the nodes with this id; else of those with this name; else alias; else with it in their name."""
    if name in graph:
        return [name]
    wanted = name.strip()
    if not wanted:
        return []
    entities = [(node, data) for node, data in graph.nodes(data=True) if data.get("type") != "Figure"]
    tests = (
        lambda data: data.get("name") == wanted,
        lambda data: wanted in data.get("aliases", ()),
        lambda data: wanted in str(data.get("name", "")),
    )
    for test in tests:
        if found := [node for node, data in entities if test(data)]:
            return sorted(found, key=lambda node: (-graph.degree(node), node))
    return []


def subgraph(graph: nx.MultiDiGraph, nodes: Iterable[str], radius: int = 1) -> nx.MultiDiGraph:
    """A copy of what lies within ``radius`` edges of ``nodes``, in either direction."""
    kept = set(nodes)
    edge = set(kept)
    for _ in range(radius):
        edge = {other for node in edge for other in nx.all_neighbors(graph, node)} - kept
        kept |= edge
    part = [node for node in graph if node in kept]  # in the graph's order, which a set has not
    result = nx.MultiDiGraph(**graph.graph)
    result.add_nodes_from((node, _copied(graph.nodes[node])) for node in part)
    edges = graph.edges(part, keys=True, data=True)
    result.add_edges_from((s, t, key, _copied(data)) for s, t, key, data in edges if t in kept)
    return result


def _copied(data: dict[str, Any]) -> dict[str, Any]:
    """Attributes with lists and pieces of evidence of their own."""

    def own(value: Any) -> Any:
        return dict(value) if isinstance(value, dict) else [own(v) for v in value] if isinstance(value, list) else value

    return {key: own(value) for key, value in data.items()}


def merge_graphs(*graphs: nx.MultiDiGraph) -> nx.MultiDiGraph:
    """One graph of several: nodes by id, the evidence of edges and the aliases of nodes united; inputs untouched.

    A convenience for graphs that were built apart. It knows no resolution: names that only :mod:`kg.across` would
    bring together stay apart, and a node keeps the first graph's scalars; another name becomes an alias. Building from
    all articles is exact. Raises :class:`GraphError` where the graphs' IRIs have not one base.
    """
    nodes: dict[str, dict[str, Any]] = {}
    edges: dict[tuple[str, str, str], dict[str, Any]] = {}
    for graph in graphs:
        for node, data in graph.nodes(data=True):
            held = nodes.setdefault(node, {})
            aliases = _other_names(held, data)
            held |= {key: value for key, value in _copied(data).items() if key not in held}
            if aliases:
                held["aliases"] = aliases
        for source, target, key, data in graph.edges(keys=True, data=True):
            held = edges.setdefault((source, target, key), {**_copied(data), "evidence": []})
            held["evidence"] = _united(held["evidence"], _copied(data).get("evidence", ()))
    whole = nx.MultiDiGraph(**_common_base(graphs))
    whole.add_nodes_from((node, nodes[node]) for node in sorted(nodes))
    whole.add_edges_from((*edge, edges[edge]) for edge in sorted(edges))
    return whole


def _other_names(held: dict[str, Any], data: dict[str, Any]) -> list[str]:
    """All names of a node in two graphs save the one it keeps; an article or a figure has one only."""
    names = {*held.get("aliases", ()), *data.get("aliases", ())}
    if data.get("type") not in _NO_PATH_THROUGH:
        names |= {data.get("name", "")}
    return sorted(names - {held.get("name") or data.get("name"), ""})


def _common_base(graphs: Iterable[nx.MultiDiGraph]) -> dict[str, str]:
    """What the graphs say of the base of their IRIs; one that says nothing has the default, an empty one any."""
    bases = sorted({str(graph.graph.get("base", DEFAULT_BASE)) for graph in graphs if len(graph)})
    if len(bases) > 1:
        raise GraphError(f"graphs with the bases {' and '.join(bases)} make no one graph; build them with one base")
    return {} if bases in ([], [DEFAULT_BASE]) else {"base": bases[0]}


def _united(first: Iterable[dict[str, Any]], second: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    rows = {json.dumps(row, sort_keys=True, ensure_ascii=False): row for row in (*first, *second)}
    return sorted(rows.values(), key=lambda row: (row.get("document", ""), row.get("start", -1), row.get("end", -1)))


def paths(graph: nx.MultiDiGraph, start: str, end: str, limit: int = 5, longest: int = 6) -> list[list[str]]:
    """The shortest ways from ``start`` to ``end``, edges taken in either direction, as lists of node ids.

    Ways through entities come first; only where there is none may a way lead through an article that mentions both.
    """
    plain = nx.Graph()
    plain.add_nodes_from(graph)
    plain.add_edges_from((s, t) for s, t in graph.edges() if s != t)
    outside = {n for n, data in graph.nodes(data=True) if data.get("type") in _NO_PATH_THROUGH} - {start, end}
    for view in (plain.subgraph(set(plain) - outside), plain):
        found: list[list[str]] = []
        try:
            for way in nx.all_shortest_paths(view, start, end):
                if len(way) - 1 > longest or len(found) >= 200:
                    break
                found.append(way)
        except nx.NetworkXNoPath:
            continue
        if found:
            return sorted(found)[:limit]
    return []
