"""Why two names are one node, or are not: what ``kg explain-merge`` tells."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import networkx as nx

from kg import companies, national
from kg.graph import GraphError
from kg.names import norm
from kg.show import find

MERGES_FILE = "merges.jsonl"


@dataclass(frozen=True, slots=True)
class Explanation:
    """Whether the names are one node, the reasons, and the nodes of each."""

    one: bool
    reasons: tuple[str, ...]
    nodes: tuple[tuple[str, ...], tuple[str, ...]]

    def as_dict(self) -> dict[str, Any]:
        return {"one": self.one, "reasons": list(self.reasons), "nodes": [list(ids) for ids in self.nodes]}


def read_merges(folder: Path) -> list[dict[str, str]]:
    """The log of merges that a build wrote. Raises :class:`GraphError`."""
    path = (folder if folder.is_dir() else folder.parent) / MERGES_FILE
    try:
        with path.open(encoding="utf-8") as file:
            return [json.loads(line) for line in file]
    except FileNotFoundError:
        raise GraphError(f"{path}: there is no such file; kg build writes it beside graph.json") from None
    except (OSError, ValueError):
        raise GraphError(f"{path}: cannot be read as lines of JSON; build it again") from None


def explain(graph: nx.MultiDiGraph, merges: Iterable[dict[str, str]], one: str, other: str) -> Explanation:
    """Why ``one`` and ``other`` are one node or two. Raises :class:`GraphError` for a name that is not in the graph."""
    first, second = _best(graph, one), _best(graph, other)
    shared = [node for node in first if node in second]
    if shared:
        reasons = _why_one(graph, list(merges), shared[0], one, other)
        return Explanation(True, tuple(reasons), ((shared[0],), (shared[0],)))
    reasons = _why_two(graph, first[0], second[0])
    return Explanation(False, tuple(reasons), (tuple(first), tuple(second)))


def _best(graph: nx.MultiDiGraph, name: str) -> list[str]:
    """The nodes that carry this name or alias; those that hold it in a longer name only where there is none."""
    found = find(graph, name)
    exact = [
        node
        for node, data in graph.nodes(data=True)
        if data.get("type") not in ("Figure", "Document")
        and norm(name) in {norm(form) for form in (data.get("name", ""), *data.get("aliases", ()))}
    ]
    return sorted(exact, key=lambda node: (node not in found, -graph.degree(node), node)) or found


def _why_one(graph: nx.MultiDiGraph, merges: list[dict[str, str]], node: str, one: str, other: str) -> list[str]:
    data = graph.nodes[node]
    forms = {norm(form) for form in (data["name"], *data.get("aliases", ()))}
    wanted = {norm(one), norm(other)}
    reasons = [f"both are {data['name']} ({node})"]
    if len(wanted) == 1:
        scope = data.get("scope")
        reasons.append(f"same name, same type, {f'same area ({scope})' if scope else 'a name that is unique anywhere'}")
    listed = {national.find(form, data["type"]) for form in (one, other)}
    if len(listed) == 1 and (known := listed.pop()):
        reasons.append(f"{known.name} is one in the whole country (ontology/lexicon/{known.table})")
    for row in merges:
        pair = {norm(row["kept"]), norm(row["merged"])}
        if row["type"] == data["type"] and pair <= forms and pair & wanted:
            path = graph.nodes[row["document"]]["path"] if row.get("document") in graph else ""
            reasons.append(f"{row['merged']} → {row['kept']}: {row['reason']}" + (f" ({path})" if path else ""))
    for name in (one, other):
        if norm(name) != norm(data["name"]):
            reasons += _where_printed(graph, node, name)
    return list(dict.fromkeys(reasons))


def _where_printed(graph: nx.MultiDiGraph, node: str, name: str) -> list[str]:
    for source, _, edge in sorted(graph.in_edges(node, data=True), key=lambda row: row[0]):
        for row in edge["evidence"] if edge["predicate"] == "mentions" else ():
            if norm(row.get("quote", "")) == norm(name):
                path = graph.nodes[source].get("path", "")
                return [f"{path}:{row['start']}-{row['end']} prints {name} for it (rule {row['rule']})"]
    return []


def _why_two(graph: nx.MultiDiGraph, one: str, other: str) -> list[str]:
    a, b = graph.nodes[one], graph.nodes[other]
    if a["type"] != b["type"]:
        return [f"{a['name']} is a {a['type']}, {b['name']} a {b['type']}; only things of one type are merged"]
    reasons = []
    if a.get("code") and b.get("code"):
        reasons.append(f"their official codes differ: {a['code']} and {b['code']}")
    if a.get("scope", "") != b.get("scope", ""):
        scopes = [data.get("scope") or "the whole country" for data in (a, b)]
        reasons.append(f"they are names within different areas: {scopes[0]} and {scopes[1]}")
    if norm(a["name"]) != norm(b["name"]):
        reasons.append(f"the names differ: {a['name']} and {b['name']}")
        if a["type"] == "Organization":
            reasons.append(_companies(graph, one, other))
    reasons.append("if they are one, say so in the corrections file with [[merge]]")
    return reasons


def _companies(graph: nx.MultiDiGraph, one: str, other: str) -> str:
    names = [graph.nodes[node]["name"] for node in (one, other)]
    if not (companies.same(*names) or companies.same(*reversed(names))):
        parts = [companies.parse(name) for name in names]
        if None in parts:
            return "no company's short and full form can be recognized in them"
        return "as company names they do not fit: " + "; ".join(
            f"{part.area or '(no area)'} {part.stem} {''.join(part.industry) or '(no industry)'}"
            f"{' 集团' if part.group else ''} {part.legal or '(short form)'}"
            for part in parts
            if part
        )
    return "one could be the other's short form, but their articles report on different regions, or several fit"
