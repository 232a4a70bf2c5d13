"""Cards of entities and ways between them, as plain data and as text for a terminal.

Everything that is shown carries the sentences behind it, with the article and the characters they stand at.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from itertools import pairwise
from typing import Any

import networkx as nx

from kg import console
from kg.graph import GraphError, nodes_named, paths
from kg.schema import schema

_ATTRIBUTES = ("subtype", "status", "count", "code", "author", "date", "path")
_APART = frozenset({"mentions", "figureOf", "reportsStatus"})
_QUOTES = 2  # sentences shown for a fact unless all are asked for


def find(graph: nx.MultiDiGraph, name: str) -> list[str]:
    """The nodes meant by ``name``, best first. Raises :class:`GraphError` where there is none, with near names."""
    found = nodes_named(graph, name)
    if not found:
        entities = ((n, data) for n, data in graph.nodes(data=True) if data.get("type") not in ("Figure", "Document"))
        raise GraphError(unknown(name, ((str(data.get("name", "")), graph.degree(n)) for n, data in entities)))
    return found


def unknown(name: str, names: Iterable[tuple[str, int]]) -> str:
    """The sentence for a name that is none of ``names`` (each with its weight), with up to five that are near."""
    near = _near(name, names)
    english = f"no entity is called {name}" + (f"; did you mean {', '.join(near)}?" if near else "")
    return f"{english} 图中没有“{name}”" + (f"，是否指{'、'.join(near)}？" if near else "")


def _near(name: str, names: Iterable[tuple[str, int]]) -> list[str]:
    """Up to five names that share most characters with ``name``, the weightier first where they share as many."""
    wanted = set(name)
    scored = []
    for other, weight in names:
        share = len(wanted & set(other)) / max(len(wanted | set(other)), 1)
        if share >= 0.4:
            scored.append((-share, -weight, other))
    return list(dict.fromkeys(label for _, _, label in sorted(scored)))[:5]


# --- cards


def cards(graph: nx.MultiDiGraph, name: str) -> list[dict[str, Any]]:
    """A card for each entity called ``name`` (exactly, else by alias, else in part). Raises :class:`GraphError`."""
    return [card(graph, node) for node in find(graph, name)]


def card(graph: nx.MultiDiGraph, node: str) -> dict[str, Any]:
    """What the graph says of a node: its attributes, relations, figures, statuses and the articles that name it."""
    data = graph.nodes[node]
    relations = []
    for source, target, edge in _edges(graph, node):
        if edge["predicate"] not in _APART or data.get("type") in ("Document", "Figure"):
            other = target if source == node else source
            relations.append(
                {
                    "predicate": edge["predicate"],
                    "direction": "out" if source == node else "in",
                    **_brief(graph, other),
                    "evidence": edge.get("evidence", []),
                }
            )
    relations.sort(key=lambda row: (list(schema().relations).index(row["predicate"]), row["direction"], row["name"]))
    return {
        "id": node,
        **data,
        **({"area": _area(graph, data["scope"])} if data.get("scope") else {}),
        "relations": relations,
        "statuses": _incoming(graph, node, "reportsStatus", "status"),
        "figures": _figures(graph, node),
        "mentions": _incoming(graph, node, "mentions"),
    }


def _edges(graph: nx.MultiDiGraph, node: str) -> Iterable[tuple[str, str, dict[str, Any]]]:
    yield from graph.out_edges(node, data=True)
    yield from ((s, t, data) for s, t, data in graph.in_edges(node, data=True) if s != t)


def _brief(graph: nx.MultiDiGraph, node: str) -> dict[str, Any]:
    data = graph.nodes[node]
    return {"id": node, "type": data.get("type", ""), "name": data.get("name", node)}


def _area(graph: nx.MultiDiGraph, scope: str) -> str:
    """The area's name where the graph has its code, else the scope itself."""
    node = scope if scope.startswith("document/") else f"administrativearea/{scope}"
    return str(graph.nodes[node].get("name", scope)) if node in graph else scope


def _incoming(graph: nx.MultiDiGraph, node: str, predicate: str, *extra: str) -> list[dict[str, Any]]:
    rows = []
    for source, _, edge in graph.in_edges(node, data=True):
        if edge["predicate"] == predicate and graph.nodes[node].get("type") != "Document":
            article = graph.nodes[source]
            row = {"document": source, "title": article.get("name", ""), "path": article.get("path", "")}
            rows.append(row | {key: edge.get(key) for key in extra} | {"evidence": edge.get("evidence", [])})
    return sorted(rows, key=lambda row: (row["path"], str(row.get("status"))))


def _figures(graph: nx.MultiDiGraph, node: str) -> list[dict[str, Any]]:
    rows = [
        {"id": source, **graph.nodes[source], "evidence": edge.get("evidence", [])}
        for source, _, edge in graph.in_edges(node, data=True)
        if edge["predicate"] == "figureOf"
    ]
    return sorted(rows, key=lambda row: (str(row.get("period", "")), str(row.get("name", "")), row["id"]))


def card_text(graph: nx.MultiDiGraph, data: dict[str, Any], width: int = 100, quotes: int | None = _QUOTES) -> str:
    """The card for people; ``quotes`` None shows every sentence."""
    kind = schema().types[data["type"]]
    lines = [f"{data['name']}  [{kind.zh} {kind.en}]"]
    facts = [f"{key}: {data[key]}" for key in _ATTRIBUTES if data.get(key) not in (None, "")]
    if data.get("area"):
        facts.insert(0, f"area: {data['area']}")
    if data.get("aliases"):
        facts.append("also: " + "、".join(data["aliases"]))
    lines += [line for fact in facts for line in console.wrap(fact, width, "  ")]
    groups: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for row in data["relations"]:
        groups[row["predicate"], row["direction"]].append(row)
    for (predicate, direction), rows in groups.items():
        lines += ["", _label(predicate, direction)]
        for row in rows:
            lines.append(f"  {row['name']}")
            lines += _sentences(graph, row["evidence"], width, quotes)
    for row in data["statuses"]:
        status = schema().statuses[row["status"]]
        lines += ["", f"{status.zh} {status.en}  ({row['title']})"]
        lines += _sentences(graph, row["evidence"], width, quotes)
    if data["figures"]:
        lines += ["", "数据 figures"]
    for row in data["figures"]:
        lines.append("  " + figure_text(row))
        lines += _sentences(graph, row["evidence"], width, quotes)
    if data["mentions"]:
        lines += ["", "见于 mentioned in"]
    for row in data["mentions"]:
        count = len(row["evidence"])
        lines.append(f"  {row['title']}  ({row['path']}, {count} {'place' if count == 1 else 'places'})")
    return "\n".join(lines)


def figure_text(data: dict[str, Any]) -> str:
    """A figure in one line: name, period, growth, rank."""
    growth = data.get("growth")
    parts = [str(data.get("name", "")), str(data.get("period", "")), "" if growth is None else f"{growth:+g}%"]
    return "  ".join(part for part in (*parts, str(data.get("rank", ""))) if part)


def _label(predicate: str, direction: str) -> str:
    relation = schema().relations[predicate]
    if direction == "out":
        return f"{relation.zh} {relation.en}"
    return f"{relation.inverse_zh} {relation.inverse_en}"


def _sentences(graph: nx.MultiDiGraph, evidence: list[dict[str, Any]], width: int, quotes: int | None) -> list[str]:
    lines: list[str] = []
    for row in evidence[:quotes]:
        if "quote" not in row:
            lines.append(f"      (from the {row['rule']})")
            continue
        path = graph.nodes[row["document"]].get("path", "") if row["document"] in graph else row["document"]
        quote = "".join(row["quote"].split())
        lines += console.wrap(f"“{quote}”", width, "      ")
        lines.append(f"      {path}:{row['start']}-{row['end']}  {row['rule']}")
    left = len(evidence) - len(evidence[:quotes])
    return [*lines, f"      … and {left} more (--all)"] if left else lines


# --- ways


def ways(graph: nx.MultiDiGraph, start: str, end: str, limit: int = 5) -> list[list[dict[str, Any]]]:
    """The shortest ways between two entities, each a list of steps. Raises :class:`GraphError` for unknown names.

    A step: ``from`` and ``to`` (id, type, name), ``predicate``, ``forward`` (whether the edge points that way) and its
    ``evidence``. An empty list says that the two are not tied.
    """
    first, last = find(graph, start), find(graph, end)
    if first[0] == last[0]:
        raise GraphError(f"{start} and {end} are one entity: {graph.nodes[first[0]]['name']} ({first[0]})")
    return [[_step(graph, a, b) for a, b in pairwise(way)] for way in paths(graph, first[0], last[0], limit)]


def _step(graph: nx.MultiDiGraph, start: str, end: str) -> dict[str, Any]:
    forward = graph.has_edge(start, end)
    edges = graph[start][end] if forward else graph[end][start]
    edge = min(edges.values(), key=lambda data: (data["predicate"] in _APART, data["predicate"]))
    return {
        "from": _brief(graph, start),
        "to": _brief(graph, end),
        "predicate": edge["predicate"],
        "forward": forward,
        "evidence": edge.get("evidence", []),
    }


def way_text(graph: nx.MultiDiGraph, steps: list[dict[str, Any]], width: int = 100) -> str:
    """A way for people: a line for each step, with the sentence that says so. What only articles tie is told first."""
    lines = []
    if any(step["from"]["type"] == "Document" for step in steps[1:]):
        same = len(steps) == 2
        lines.append(
            "只是同见于一篇文章 (only named in one article)" if same else "只经文章相连 (tied only by articles)"
        )
    for step in steps:
        label = schema().relations[step["predicate"]]
        name = f"{label.zh} {label.en}"
        arrow = f"—{name}→" if step["forward"] else f"←{name}—"
        lines.append(f"{step['from']['name']}  {arrow}  {step['to']['name']}")
        lines += _sentences(graph, step["evidence"][:1], width, 1)
    return "\n".join(lines)
