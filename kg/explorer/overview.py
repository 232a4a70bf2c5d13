"""The first view: the areas with most to tell, the largest of what lies in each, and what ties areas together.

Everything else is behind clusters that say how much they hold. ``scene.js`` opens them, and makes the same choice
again when a filter is set.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kg.explorer.layout import Plane, Star, box, pack, star
from kg.explorer.model import View

PLACES = 84  # nodes that a laptop's window holds with labels in reading size
HUBS = 10
TIES = 8
QUIET = ("mentions", "figureOf", "reportsStatus")  # relations of articles and figures are told by the cards
AREA = "AdministrativeArea"


@dataclass(slots=True)
class First:
    """Nodes by key (``n12`` for a node's number, ``c12`` for the rest of hub 12, ``c`` for other areas)."""

    nodes: list[dict[str, Any]]
    edges: list[dict[str, Any]]


def radius(kind: str, amount: float, score: int) -> float:
    """Of a node's mark: from its money where it has some, else from how much is said of it."""
    if amount > 0 and kind in ("Project", "ProjectGroup"):
        return round(min(24.0, max(11.0, 11 + 3.2 * (math.log10(amount) - 6.5))), 1)
    return round(min(16.0, 11 + score / 60), 1)


def first_view(view: View, shares: Mapping[str, int], ties: list[str]) -> First:
    """The opening scene of ``view`` with its places; ``shares`` and ``ties`` are ``[overview]`` of explorer.toml."""
    near: dict[int, set[int]] = defaultdict(set)
    for s, o, predicate in view.edges:
        if predicate not in QUIET and s != o:
            near[s].add(o)
            near[o].add(s)
    content: dict[int, list[int]] = defaultdict(list)
    for node in range(view.entities):
        if view.types[node] != AREA and view.home[node] >= 0:
            content[view.home[node]].append(node)
    hubs = sorted(content, key=lambda a: (-len(content[a]), a))[:HUBS]
    tying = _ties(view, near, hubs, ties)
    each = max(2, min(14, (PLACES - len(tying)) // max(len(hubs), 1) - 2))
    chosen = {hub: _largest(view, near, [n for n in content[hub] if n not in tying], shares, each) for hub in hubs}
    if not hubs:  # a graph without areas: its most telling nodes
        return _plain(view, near)
    hubs = _neighbours_first(view, hubs)
    nodes = {f"n{n}": _node(view, n) for hub in hubs for n in (hub, *chosen[hub])}
    nodes |= {f"n{n}": _node(view, n) for n in tying}
    stars = []
    for hub in hubs:
        rest = len([n for n in content[hub] if n not in tying]) - len(chosen[hub])
        members = [(f"n{n}", _box(nodes[f"n{n}"])) for n in _beside(chosen[hub], near)]
        if rest > 0:
            nodes[f"c{hub}"] = {"id": f"c{hub}", "cluster": hub, "count": rest, "label": f"+{rest}", "r": _bubble(rest)}
            members.append((f"c{hub}", _box(nodes[f"c{hub}"])))
        stars.append(star(f"n{hub}", _box(nodes[f"n{hub}"]), members))
    others = len(content) - len(hubs)
    if others > 0:
        nodes["c"] = {"id": "c", "cluster": -1, "count": others, "label": f"+{others}", "r": _bubble(others)}
    wide, mid, tall = (_places(nodes, stars, near, tying, aspect) for aspect in (1.55, 1.0, 0.12))
    for key in nodes:
        nodes[key] |= {"x": wide[key][0], "y": wide[key][1], "mid": mid[key], "tall": tall[key]}
    return First(list(nodes.values()), _edges(view, nodes))


def _places(
    nodes: Mapping[str, dict[str, Any]], stars: list[Star], near: Mapping[int, set[int]], tying: set[int], aspect: float
) -> dict[str, tuple[float, float]]:
    """Places of the whole scene for a window that is about ``aspect`` times as wide as high."""
    places = pack(stars, aspect)
    _place_ties(nodes, places, near, tying)
    if "c" in nodes:
        middle = (min(x for x, _ in places.values()) + max(x for x, _ in places.values())) / 2
        places["c"] = (round(middle, 1), max(y for _, y in places.values()) + 110.0)
    return places


def _ties(view: View, near: Mapping[int, set[int]], hubs: list[int], kinds: list[str]) -> set[int]:
    """What has relations into two areas or more, the most areas first."""
    spread: dict[int, set[int]] = {}
    for node, others in near.items():
        if node < view.entities and view.types[node] in kinds:
            areas = {view.home[o] for o in others if view.home[o] in hubs and view.types[o] != "Place"}
            if len(areas) > 1:
                spread[node] = areas
    return set(sorted(spread, key=lambda n: (-len(spread[n]), -view.score[n], n))[:TIES])


def _largest(
    view: View, near: Mapping[int, set[int]], nodes: list[int], shares: Mapping[str, int], places: int
) -> list[int]:
    """``places`` of ``nodes``, shared out over types in their order: by money, then by ties to those already
    chosen (who builds the largest projects), then by score."""
    by_type: dict[str, list[int]] = defaultdict(list)
    for n in nodes:
        by_type[view.types[n]].append(n)
    total = sum(shares.values())
    chosen: list[int] = []

    def weight(n: int) -> tuple[float, int, int, int]:
        money = view.amount[n] if view.types[n].startswith("Project") else 0.0
        return (-money, -len(near[n] & set(chosen)) if n in near else 0, -view.score[n], n)

    for kind, share in shares.items():
        if len(chosen) < places:
            chosen += sorted(by_type[kind], key=weight)[: max(1, round(places * share / total))]
    rest = sorted(set(nodes) - set(chosen), key=lambda n: (-view.score[n], n))
    return (chosen + rest)[:places]


def _beside(nodes: list[int], near: Mapping[int, set[int]]) -> list[int]:
    """``nodes`` with what is related side by side, so that lines around a hub stay short."""
    order: list[int] = []
    for node in nodes:
        waiting = [node]
        while waiting:
            at = waiting.pop(0)
            if at not in order:
                order.append(at)
                waiting += [n for n in nodes if n in near.get(at, ()) and n not in order]
    return order


def _neighbours_first(view: View, hubs: list[int]) -> list[int]:
    """Areas of one province beside each other: in the order of the path from the root."""

    def path(area: int) -> list[int]:
        steps = [area]
        while view.parent[steps[-1]] >= 0:
            steps.append(view.parent[steps[-1]])
        return steps[::-1]

    return sorted(hubs, key=path)


def _node(view: View, node: int) -> dict[str, Any]:
    kind = view.types[node]
    return {
        "id": f"n{node}",
        "node": node,
        "kind": kind,
        "label": view.names[node],
        "hub": kind == AREA,
        "amount": view.amount[node] if kind in ("Project", "ProjectGroup") else 0,
        "r": radius(kind, view.amount[node], view.score[node]),
    }


def _box(node: Mapping[str, Any]) -> Any:
    return box(node["label"], node["r"], bool(node.get("hub")), bool(node.get("amount")))


def _bubble(count: int) -> float:
    return round(min(26.0, 13 + 3 * math.log10(max(count, 1))), 1)


def _place_ties(
    nodes: Mapping[str, dict[str, Any]],
    places: dict[str, tuple[float, float]],
    near: Mapping[int, set[int]],
    tying: set[int],
) -> None:
    """Each tie at the free spot nearest to the middle of what it ties."""
    plane = Plane()
    for key, (x, y) in places.items():
        plane.put(x, y, _box(nodes[key]))
    for node in sorted(tying, key=lambda n: (-len(near[n]), n)):
        ends = [places[f"n{o}"] for o in sorted(near[node]) if f"n{o}" in places] or [(0.0, 0.0)]
        x, y = sum(e[0] for e in ends) / len(ends), sum(e[1] for e in ends) / len(ends)
        places[f"n{node}"] = plane.nearest(x, y, _box(nodes[f"n{node}"]))


def _edges(view: View, nodes: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Relations among what is shown; a faint one without predicate ties a member to its area where none is stated."""
    found: list[dict[str, Any]] = []
    tied: set[str] = set()
    parallel: Counter[tuple[int, int]] = Counter()
    for i, (s, o, predicate) in enumerate(view.edges):
        if predicate in QUIET or f"n{s}" not in nodes or f"n{o}" not in nodes:
            continue
        turn = parallel[min(s, o), max(s, o)]
        parallel[min(s, o), max(s, o)] += 1
        found.append({"id": f"e{i}", "from": f"n{s}", "to": f"n{o}", "predicate": predicate, "turn": turn})
        tied |= {f"n{a}" for a, b in ((s, o), (o, s)) if view.home[a] == b}
    for key, node in nodes.items():
        number = node.get("node")
        area = node["cluster"] if number is None else view.home[number]
        if key not in tied and key != f"n{area}" and f"n{area}" in nodes and not node.get("hub"):
            found.append({"id": f"h{key}", "from": f"n{area}", "to": key, "predicate": "", "turn": 0})
    return found


def _plain(view: View, near: Mapping[int, set[int]]) -> First:
    order = sorted(range(view.entities), key=lambda n: (-view.score[n], n))[: PLACES // 2]
    nodes = {f"n{n}": _node(view, n) for n in order}
    plane = Plane()
    places: dict[str, tuple[float, float]] = {}
    for n in order:
        ends = [places[f"n{o}"] for o in sorted(near[n]) if f"n{o}" in places] or [(0.0, 0.0)]
        x, y = sum(e[0] for e in ends) / len(ends), sum(e[1] for e in ends) / len(ends)
        places[f"n{n}"] = plane.nearest(x, y, _box(nodes[f"n{n}"]))
        x, y = places[f"n{n}"]
        nodes[f"n{n}"] |= {"x": x, "y": y, "mid": (x, y), "tall": (x, y)}
    return First(list(nodes.values()), _edges(view, nodes))
