"""Which administrative area each node belongs to: stated where the graph says so, else that of its articles."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial

AREA = "AdministrativeArea"
NEVER = (1 << 50, 0)  # a place in the evidence after every other
_STATED = 1_000_000
_CODE = re.compile(r"\d{6,}")


@dataclass(frozen=True, slots=True)
class Edge:
    """An edge by node numbers, with the documents (node numbers) that its evidence lies in; ``first`` is the document
    and the start of the earliest, and what comes after all others for an edge without any."""

    source: int
    target: int
    predicate: str
    documents: tuple[int, ...]
    first: tuple[int, int] = NEVER


@dataclass(frozen=True, slots=True)
class Nodes:
    """Columns by node number; ``stated`` is the name or code of the area or place that an article's own node gives."""

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

    ``locatedIn`` decides, of several the one told first; an official code without one lies in the longest other code
    that begins it (370114016 in 370114, 370114 in 370100).
    """
    result = [-1] * len(types)
    stated: dict[int, dict[int, tuple[int, int]]] = defaultdict(dict)
    for edge in edges:
        if edge.predicate == "locatedIn" and types[edge.target] in (AREA, "Village") and edge.source != edge.target:
            stated[edge.source][edge.target] = min(edge.first, stated[edge.source].get(edge.target, NEVER))
    by_code = {code: node for node, code in sorted(codes.items(), reverse=True)}

    def circular(node: int, parent: int) -> bool:
        while parent >= 0 and parent != node:
            parent = result[parent]
        return parent == node

    def rank(node: int, other: int) -> tuple[int, tuple[int, int], int]:
        return -len(stated.get(other, ())), stated[node][other], other

    for node in range(len(types)):
        options = sorted(stated.get(node, ()), key=partial(rank, node)) + _by_code(codes.get(node, ""), by_code, node)
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
    for document, area in _by_place(nodes, edges).items():
        votes[document][area] += _STATED
    return {d: min(c, key=lambda n: (-c[n] * _level(codes.get(n, "")), n)) for d, c in votes.items()}


def _by_place(nodes: Nodes, edges: list[Edge]) -> dict[int, int]:
    """The area of the place (a park, a village) that the build states an article to be about."""
    up: dict[int, int] = {}
    for edge in sorted(edges, key=lambda e: e.first):
        if edge.predicate == "locatedIn" and nodes.types[edge.source] != AREA:
            up.setdefault(edge.source, edge.target)
    found: dict[int, int] = {}
    for edge in edges:
        at = edge.target
        if edge.predicate != "mentions" or nodes.types[at] == AREA or nodes.stated.get(edge.source) != nodes.names[at]:
            continue
        seen = {at}
        while (onward := up.get(at, -1)) >= 0 and onward not in seen:
            seen.add(onward)
            at = onward
        if nodes.types[at] == AREA:
            found.setdefault(edge.source, at)
    return found


def homes(
    types: list[str], parent: list[int], main: Mapping[int, int], edges: list[Edge], rules: Rules
) -> tuple[list[int], list[int]]:
    """The administrative area of each node, -1 for none: its own if it is one, else the one it is placed in (of several
    the one told first), else the one that most of the articles with it are about; and the nodes of this last kind."""
    count = len(types)
    placed: list[int] = [-1] * count
    mentioned: dict[int, Counter[int]] = defaultdict(Counter)
    told = sorted(edges, key=lambda e: e.first)
    for predicate in (*rules.up, *rules.down):
        for edge in told:
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
    result, guessed = [-1] * count, []
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
            guessed += [node] if votes else []
    return result, guessed


def _is_area(kind: str) -> bool:
    return kind in (AREA, "Village", "Place")
