"""Which administrative area each node belongs to: stated where the graph says so, else that of its articles."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

AREA = "AdministrativeArea"
_STATED = 1_000_000
_CODE = re.compile(r"\d{6,}")


@dataclass(frozen=True, slots=True)
class Edge:
    """An edge by node numbers, with the documents (node numbers) that its evidence lies in."""

    source: int
    target: int
    predicate: str
    documents: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Nodes:
    """Columns by node number; ``stated`` is the name or code of the area that an article's own node gives."""

    types: list[str]
    names: list[str]
    aliases: Mapping[int, list[str]]
    codes: Mapping[int, str]
    stated: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Rules:
    """``[home]`` of explorer.toml."""

    up: tuple[str, ...]
    down: tuple[str, ...]
    own: tuple[str, ...]


def parents(types: list[str], codes: Mapping[int, str], edges: Iterable[Edge]) -> list[int]:
    """The area or village that each area or village lies in, -1 for none. Never a circle.

    ``locatedIn`` decides; an official code without one lies in the longest other code that begins it
    (370114016 in 370114, 370114 in 370100).
    """
    result = [-1] * len(types)
    stated: dict[int, list[int]] = defaultdict(list)
    for edge in edges:
        if edge.predicate == "locatedIn" and types[edge.target] in (AREA, "Village") and edge.source != edge.target:
            stated[edge.source].append(edge.target)
    by_code = {code: node for node, code in sorted(codes.items(), reverse=True)}

    def circular(node: int, parent: int) -> bool:
        while parent >= 0 and parent != node:
            parent = result[parent]
        return parent == node

    def depth(node: int) -> int:
        return len(stated[node])

    for node in range(len(types)):
        options = sorted(stated.get(node, ()), key=lambda other: (-depth(other), other)) + _by_code(
            codes.get(node, ""), by_code, node
        )
        result[node] = next((other for other in options if not circular(node, other)), -1)
    return result


def _by_code(code: str, by_code: Mapping[str, int], node: int) -> list[int]:
    if not _CODE.fullmatch(code):
        return []
    shorter = [code[:6], code[:4] + "00", code[:2] + "0000"]
    return [by_code[s] for s in shorter if s != code and s in by_code and by_code[s] != node][:1]


def _level(code: str) -> float:
    """Articles name their province and city without being about them: their codes end in 0000 and in 00."""
    return 0.25 if code.endswith("0000") else 0.5 if len(code) == 6 and code.endswith("00") else 1.0


def main_areas(nodes: Nodes, edges: list[Edge]) -> dict[int, int]:
    """The area that each article is about: the one that the build states, else the one most of its facts hang on, a
    name in the title counting for more."""
    types, names, aliases, codes = nodes.types, nodes.names, nodes.aliases, nodes.codes
    votes: dict[int, Counter[int]] = defaultdict(Counter)
    for edge in edges:
        for node in (edge.source, edge.target):
            if types[node] != AREA:
                continue
            for document in edge.documents:
                if edge.predicate == "mentions":
                    known = [names[node], *(a for a in aliases.get(node, ()) if len(a) > 1)]
                    votes[document][node] += 6 if any(n in names[document] for n in known) else 1
                elif edge.predicate != "locatedIn":
                    votes[document][node] += 2
                if (
                    nodes.stated.get(document) in (names[node], codes.get(node, "-"))
                    and _level(codes.get(node, "")) == 1
                ):
                    votes[document][node] += _STATED
    return {d: min(c, key=lambda n: (-c[n] * _level(codes.get(n, "")), n)) for d, c in votes.items()}


def homes(types: list[str], parent: list[int], main: Mapping[int, int], edges: list[Edge], rules: Rules) -> list[int]:
    """The administrative area of each node, -1 for none: its own if it is one, else the one it is placed in, else
    the one that most of the articles with it are about."""
    count = len(types)
    placed: list[int] = [-1] * count
    mentioned: dict[int, Counter[int]] = defaultdict(Counter)
    for predicate in (*rules.up, *rules.down):
        for edge in edges:
            if edge.predicate != predicate:
                continue
            node, area = (edge.source, edge.target) if predicate in rules.up else (edge.target, edge.source)
            if (
                placed[node] < 0
                and node != area
                and types[node] != AREA
                and (predicate == "partOf" or _is_area(types[area]))
            ):
                placed[node] = area
    for edge in edges:
        if edge.predicate == "figureOf":
            placed[edge.source] = edge.target
        for document in edge.documents:
            if document in main:
                mentioned[edge.target][main[document]] += 1
                mentioned[edge.source][main[document]] += 1
    result = [-1] * count
    for node in range(count):
        at, seen = node, {node}
        while types[at] != AREA:
            onward = placed[at] if placed[at] >= 0 else parent[at]
            if onward < 0 or onward in seen:
                break
            seen.add(onward)
            at = onward
        if types[at] == AREA:
            result[node] = at
        elif node in main:
            result[node] = main[node]
        else:
            votes = mentioned[at] or mentioned[node]
            result[node] = min(votes, key=lambda n: (-votes[n], n)) if votes else -1
    return result


def _is_area(kind: str) -> bool:
    return kind in (AREA, "Village", "Place")
