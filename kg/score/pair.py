"""One gold annotation and one graph: which node is which gold entity, and what follows from that.

Nodes are aligned to gold entities by name first, then by alias; a gold entity is taken once; what the gold marks as
optional is neither rewarded nor punished.
"""

from __future__ import annotations

import json
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from kg.names import norm
from kg.score.counts import RELATIONS, TYPES, Note, Score

_SCALES = (("万亿", 1e12), ("亿", 1e8), ("千万", 1e7), ("百万", 1e6), ("万", 1e4))
_UNITS = {"人民币": "元", "平米": "平方米"}

Gold = dict[str, Any]
Node = dict[str, Any]
Name = str | None


def add(score: Score, gold: Gold, graph: Mapping[str, Any], article: str = "") -> None:
    """Adds one pair: ``graph`` is node-link data of the graph of one article."""
    pair = Pair(score, gold, graph, article)
    pair.entities()
    pair.relations()
    pair.statuses()
    pair.figures()


def quantity(value: object, unit: object) -> tuple[float, str]:
    """A number in its plain unit: (2, 万吨) → (20000.0, 吨); falls of so many percent count as positive."""
    plain = unicodedata.normalize("NFKC", str(unit or "")).strip()
    scale = 1.0
    for prefix, factor in _SCALES:
        if plain.startswith(prefix):
            plain, scale = plain[len(prefix) :], factor
            break
    plain = _UNITS.get(plain, plain)
    number = float(str(value)) * scale
    return round(abs(number) if plain == "%" else number, 4), plain


class Pair:
    """One gold annotation and one graph: the alignment and what hangs on it."""

    def __init__(self, score: Score, gold: Gold, graph: Mapping[str, Any], article: str) -> None:
        self.counts, self.notes, self.article = score.counts, score.notes, article
        self.gold = gold
        self.golds: list[Gold] = gold["entities"]
        self.nodes: dict[str, Node] = {node["id"]: node for node in graph["nodes"]}
        self.edges: list[dict[str, Any]] = graph.get("links", graph.get("edges", []))
        self.found = [node for node in self.nodes.values() if node.get("type") in TYPES]
        self.forms: dict[str, list[Gold]] = defaultdict(list)
        self.form_of: dict[str, str] = {}
        for item in self.golds:
            for form in (item["name"], *item.get("also", [])):
                self.forms[norm(form)].append(item)
                self.form_of[norm(form)] = item["name"]
        self.optional = {item["name"] for item in self.golds if item.get("optional")}
        self.wanted = {tuple(row) for row in gold.get("relations", [])}
        self.allowed = {tuple(row) for row in gold.get("optional relations", [])}
        self.aligned: dict[str, Gold] = {}
        self.taken: set[str] = set()
        self._align()
        self.rules = self._rules()

    # --- alignment

    def _align(self) -> None:
        for node in self.found:
            if node["type"] == "ProjectGroup":
                self._take(node, (g for g in self.golds if g["type"] == "ProjectGroup" and _same_count(node, g)))
            else:
                self._take_by(node, [node.get("name", "")])
        for node in self.found:
            if node["id"] not in self.aligned and node["type"] != "ProjectGroup":
                aliases = node.get("aliases") or []
                self._take_by(node, [a for a in aliases.split("|") if a] if isinstance(aliases, str) else aliases)

    def _take_by(self, node: Node, forms: Iterable[str]) -> None:
        candidates = (item for form in forms for item in self.forms.get(norm(form), []))
        self._take(node, (item for item in candidates if node["type"] in _types(item)))

    def _take(self, node: Node, candidates: Iterable[Gold]) -> None:
        for item in candidates:
            if item["name"] not in self.taken:
                self.aligned[node["id"]] = item
                self.taken.add(item["name"])
                return

    def name(self, node: str) -> Name:
        """The gold entity that a node is."""
        item = self.aligned.get(node)
        return item["name"] if item else None

    def _rules(self) -> dict[str, str]:
        """Node id → the rules of its mentions."""
        found: dict[str, set[str]] = defaultdict(set)
        for edge in self.edges:
            if _predicate(edge) == "mentions":
                found[edge["target"]].update(_edge_rules(edge))
        return {node: ", ".join(sorted(rules)) for node, rules in found.items()}

    def _note(self, measure: str, kind: str, group: str, what: str, rules: str = "", why: str = "") -> None:  # noqa: PLR0917
        self.notes.append(Note(measure, kind, group, what, rules, why, self.article))

    # --- entities

    def entities(self) -> None:
        counts = self.counts["entities"]
        for node in self.found:
            item = self.aligned.get(node["id"])
            if item is not None:
                counts.right[item["type"]] += not item.get("optional")
                continue
            hits = self.forms.get(norm(node.get("name", "")), [])
            if any(hit.get("optional") for hit in hits):
                continue
            counts.extra[node["type"]] += 1
            why = self._why_extra(node, hits)
            self._note("entities", "extra", node["type"], str(node.get("name")), self.rules.get(node["id"], ""), why)
        for item in self.golds:
            if item["name"] not in self.taken and not item.get("optional"):
                counts.missed[item["type"]] += 1
                self._note("entities", "missed", item["type"], item["name"], *self._why_missed(item))
        self._any_type()

    def _why_extra(self, node: Node, hits: list[Gold]) -> str:
        if hits:
            item = hits[0]
            return "found twice" if item["name"] in self.taken else f"the gold says {item['type']}"
        name = norm(node.get("name", ""))
        near = [g["name"] for g in self.golds if name and (name in norm(g["name"]) or norm(g["name"]) in name)]
        return f"cut otherwise than {near[0]}" if near else "not in the gold"

    def _why_missed(self, item: Gold) -> tuple[str, str]:
        """The rules of the node that is nearest, and what is wrong with it."""
        forms = {norm(form) for form in (item["name"], *item.get("also", []))}
        loose = [node for node in self.found if node["id"] not in self.aligned]
        for node in loose:
            if norm(node.get("name", "")) in forms:
                return self.rules.get(node["id"], ""), f"found as {node['type']}"
        for node in self.found:
            aliases = node.get("aliases") or []
            if node["id"] in self.aligned and forms & {norm(alias) for alias in aliases}:
                return self.rules.get(node["id"], ""), f"taken for another name of {node.get('name')}"
        name = norm(item["name"])
        for node in loose:
            other = norm(node.get("name", ""))
            if other and (other in name or name in other):
                return self.rules.get(node["id"], ""), f"cut as {node.get('name')}"
        return "", "not found"

    def _any_type(self) -> None:
        counts = self.counts["entities, any type"]
        seen: set[str] = set()
        for node in self.found:
            name = self.name(node["id"]) or self.form_of.get(norm(node.get("name", "")))
            if name is None:
                counts.extra["x"] += 1
            elif name not in seen and name not in self.optional:
                seen.add(name)
                counts.right["x"] += 1
        counts.missed["x"] += sum(1 for g in self.golds if not g.get("optional") and g["name"] not in seen)

    # --- relations

    def relations(self) -> None:
        counts = self.counts["relations"]
        seen: set[tuple[Any, ...]] = set()
        for edge in self.edges:
            predicate = _predicate(edge)
            if predicate not in RELATIONS:
                continue
            fact = self.stated(edge, predicate)
            if fact:
                if fact not in seen:
                    seen.add(fact)
                    counts.right[fact[1]] += 1
            elif not self.neutral(edge, predicate):
                counts.extra[predicate] += 1
                what = f"{self._print(edge['source'])} —{predicate}→ {self._print(edge['target'])}"
                self._note("relations", "extra", predicate, what, ", ".join(_edge_rules(edge)), self._loose_end(edge))
        found = {item["name"] for item in self.aligned.values()}
        for source, predicate, target in sorted(self.wanted - seen):
            counts.missed[predicate] += 1
            lacking = [name for name in (source, target) if name not in found]
            why = f"no node for {' and '.join(lacking)}" if lacking else "both ends found"
            self._note("relations", "missed", predicate, f"{source} —{predicate}→ {target}", "", why)

    def stated(self, edge: Mapping[str, Any], predicate: str) -> tuple[Any, ...] | None:
        """The gold relation that an edge states; runs and organizes are one where the object may be either."""
        source, target = self.name(edge["source"]), self.name(edge["target"])
        if not source or not target:
            return None
        if (source, predicate, target) in self.wanted:
            return (source, predicate, target)
        swapped = (source, {"runs": "organizes", "organizes": "runs"}.get(predicate), target)
        last = next(item for item in reversed(self.golds) if item["name"] == target)
        return swapped if {"Program", "Event"} <= _types(last) and swapped in self.wanted else None

    def neutral(self, edge: Mapping[str, Any], predicate: str) -> bool:
        """Optional relations and ends, and places in the administrative geography, are neither right nor wrong."""
        if (self.name(edge["source"]), predicate, self.name(edge["target"])) in self.allowed:
            return True
        for end in (edge["source"], edge["target"]):
            item = self.aligned.get(end)
            if item is None and self.form_of.get(norm(self.nodes.get(end, {}).get("name", ""))) in self.optional:
                return True
            if item is not None and item.get("optional"):
                return True
        return predicate == "locatedIn" and self.nodes.get(edge["target"], {}).get("type") == "AdministrativeArea"

    def _loose_end(self, edge: Mapping[str, Any]) -> str:
        loose = [self._print(end) for end in (edge["source"], edge["target"]) if end not in self.aligned]
        return f"{' and '.join(loose)} not in the gold" if loose else "not in the gold, its ends are"

    def _print(self, node: str) -> str:
        return str(self.nodes.get(node, {}).get("name"))

    # --- statuses

    def statuses(self) -> None:
        counts = self.counts["statuses"]
        got = {self.aligned[n["id"]]["name"]: n.get("status") for n in self.found if n["id"] in self.aligned}
        for name, status in dict(self.gold.get("statuses", [])).items():
            if got.get(name) == status:
                counts.right[status] += 1
                continue
            counts.missed[status] += 1
            if got.get(name):
                counts.extra[str(got[name])] += 1
            why = f"the graph says {got[name]}" if got.get(name) else "no status" if name in got else "no node"
            self._note("statuses", "missed", status, f"{name}: {status}", self._status_rules(name), why)

    def _status_rules(self, name: str) -> str:
        ids = {node for node, item in self.aligned.items() if item["name"] == name}
        edges = (e for e in self.edges if _predicate(e) == "reportsStatus" and e["target"] in ids)
        return ", ".join(sorted({rule for edge in edges for rule in _edge_rules(edge)}))

    # --- figures

    def figures(self) -> None:
        edges = {edge["source"]: edge for edge in self.edges if _predicate(edge) == "figureOf"}
        remaining: list[Gold] = list(self.gold.get("figures", []))
        optional = {quantity(item["value"], item["unit"]) for item in remaining if item.get("optional")}
        loose: list[tuple[Node, tuple[float, str], Name, str]] = []
        for node in self.nodes.values():
            if node.get("type") != "Figure":
                continue
            edge = edges.get(node["id"], {})
            rules = ", ".join(_edge_rules(edge))
            try:
                amount = quantity(node.get("value"), node.get("unit", ""))
            except ValueError:
                self.counts["figures"].extra["bad"] += 1
                self._note("figures", "extra", "Figure", _printed(node), rules, "has no number")
                continue
            owner = self.name(edge["target"]) if edge else None
            item = _best(node, amount, owner, remaining)
            if item is None:
                loose.append((node, amount, owner, rules))
                continue
            remaining.remove(item)
            if not item.get("optional"):
                self._right_figure(node, item)
        for node, amount, owner, rules in loose:
            if amount not in optional:
                self._wrong_figure(node, amount, remaining, owner or self._owner(edges.get(node["id"])), rules)
        for item in remaining:
            if not item.get("optional"):
                self.counts["figures"].missed["x"] += 1
                self.counts["figures, value only"].missed["x"] += 1
                what = f"{item['of']}: {_printed(item)}"
                self._note("figures", "missed", "Figure", what, "", "not found")

    def _owner(self, edge: Mapping[str, Any] | None) -> str:
        return self._print(edge["target"]) if edge else "nothing"

    def _right_figure(self, node: Node, item: Gold) -> None:
        for measure in ("figures", "figures, value only"):
            self.counts[measure].right["x"] += 1
        named = norm(item["indicator"]) in norm(str(node.get("indicator", "")))
        self.counts["figures, indicator named"].right["x"] += named
        if not named:
            self._note("figures, indicator named", "missed", "Figure", _printed(node), "", f"gold: {item['indicator']}")
        growth = node.get("growth")
        if item.get("period"):
            self._detail("period", node.get("period") == item["period"], node, item["period"])
        if item.get("growth") is not None:
            near = growth is not None and abs(float(growth) - item["growth"]) < 1e-6
            self._detail("growth", near, node, item["growth"])
        if item.get("about"):
            self._detail("about", bool(node.get("about")) and str(node["about"]).lower() != "false", node, True)

    def _detail(self, name: str, right: bool, node: Node, wanted: object) -> None:
        counts = self.counts[f"figures, {name}"]
        counts.right["x"] += right
        counts.missed["x"] += not right
        if not right:
            why = f"gold: {wanted}, graph: {node.get(name)}"
            self._note(f"figures, {name}", "missed", "Figure", _printed(node), "", why)

    def _wrong_figure(
        self, node: Node, amount: tuple[float, str], remaining: list[Gold], owner: str, rules: str
    ) -> None:
        figures, values = self.counts["figures"], self.counts["figures, value only"]
        figures.extra["x"] += 1
        same = next((item for item in remaining if quantity(item["value"], item["unit"]) == amount), None)
        if same is None:
            values.extra["x"] += 1
            self._note("figures", "extra", "Figure", f"{owner}: {_printed(node)}", rules, "not in the gold")
            return
        remaining.remove(same)
        values.right["x"] += 1
        figures.missed["x"] += 1
        why = f"of {owner}, the gold says of {same['of']}"
        self._note("figures", "owner", "Figure", _printed(node), rules, why)


def _types(item: Gold) -> set[str]:
    return {item["type"], *item.get("or", [])}


def _same_count(node: Node, item: Gold) -> bool:
    return node.get("count") is not None and int(float(node["count"])) == item.get("count")


def _predicate(edge: Mapping[str, Any]) -> str:
    return str(edge.get("predicate") or edge.get("key"))


def _edge_rules(edge: Mapping[str, Any]) -> list[str]:
    evidence = edge.get("evidence", [])
    rows = json.loads(evidence) if isinstance(evidence, str) else evidence
    return sorted({str(row.get("rule", "")) for row in rows} - {""})


def _best(node: Node, amount: tuple[float, str], owner: Name, remaining: list[Gold]) -> Gold | None:
    """The gold figure with this amount and owner; one whose indicator the node's holds before others."""
    fits = [
        item
        for item in remaining
        if quantity(item["value"], item["unit"]) == amount and owner in (item["of"], *item.get("or", []))
    ]
    return min(fits, key=lambda item: norm(item["indicator"]) not in norm(str(node.get("indicator", ""))), default=None)


def _printed(figure: Mapping[str, Any]) -> str:
    return f"{figure.get('indicator')} {figure.get('value')}{figure.get('unit')}"
