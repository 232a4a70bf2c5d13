"""RDF at size: write, load and query a synthetic corpus graph, beside rdflib and raw pyoxigraph, in one run.

    python benchmarks/rdf.py [TRIPLES] [--rdflib-queries] [--shapes]

TRIPLES is 1,000,000 if not given. Times are processor time where one process works alone, so that a busy machine
changes them little; ratios hold within the run. rdflib's queries are each given LIMIT_SECONDS.
"""

from __future__ import annotations

import argparse
import gc
import multiprocessing
import random
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import networkx as nx
import pyoxigraph as ox
import rdflib

from kg import shapes
from kg.export.rdf import read_turtle, write_ntriples, write_turtle
from kg.query import open_store, questions, run
from kg.rdf.names import PREFIXES

LIMIT_SECONDS = 60
LIMIT_TURTLE = 90
TRIPLES_AN_ARTICLE = 1300
_SYLLABLES = "清河柳湾白石青禾恒达丰谷东山西岭南桥北塘新兴永安长乐平原高店大营双泉三里五峰九龙金星银杏红旗光明和平胜利"
_STATUSES = ("planned", "signed", "started", "underway", "completed")


class _Corpus:
    """Articles of invented towns, one after another, onto one graph of the build's own shape."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.graph = nx.MultiDiGraph()
        self.towns: list[str] = []

    def name(self, length: int = 2) -> str:
        return "".join(self.random.choice(_SYLLABLES) for _ in range(length))

    def node(self, kind: str, name: str, scope: str = "", **more: Any) -> str:
        node = f"{kind.lower()}/{name}" + (f"@{scope}" if scope else "")
        if node not in self.graph:
            self.graph.add_node(node, type=kind, name=name, **({"scope": scope} if scope else {}), **more)
        return node

    def fact(self, source: str, predicate: str, target: str, document: str, quote: str, **more: Any) -> None:
        start = self.random.randrange(3000)
        item = {"document": document, "start": start, "end": start + len(quote), "quote": quote, "rule": "frame"}
        if self.graph.has_edge(source, target, key=predicate):
            self.graph.edges[source, target, predicate]["evidence"].append(item)
        else:
            self.graph.add_edge(source, target, key=predicate, predicate=predicate, **more, evidence=[item])

    def article(self, number: int) -> None:
        code = f"{370000000 + number % 400:09d}"
        town = self.node("AdministrativeArea", f"{self.name(2)}镇{number % 400}", code=code)
        self.towns.append(town)
        document = f"document/{number:016x}"
        date = f"{2015 + number % 10}-{1 + number % 12:02d}-{1 + number % 28:02d}"
        title = f"{town}工作报告{number}"
        self.graph.add_node(document, type="Document", name=title, title=title, date=date, path=f"{number}.txt",
                            sha256=f"{number:064x}", encoding="utf-8", area=code)  # fmt: skip
        made = [self.node("Village", f"{self.name()}村", code, aliases=[self.name()]) for _ in range(6)]
        companies = [self.node("Organization", f"{self.name(3)}公司", subtype="Company") for _ in range(4)]
        projects = []
        for _ in range(5):
            project = self.node("Project", f"年产{self.random.randrange(100)}万吨{self.name(3)}项目", code)
            status = self.random.choice(_STATUSES)
            self.graph.nodes[project]["status"] = status
            sentence = f"{self.name(30)}投资的项目建设进展顺利。"
            self.fact(document, "reportsStatus", project, document, sentence, status=status)
            self.fact(project, "undertakenBy", self.random.choice(companies), document, sentence)
            projects.append(project)
        group = self.node("ProjectGroup", f"{self.name()}等5个项目", code, count=5)
        for project in projects:
            self.fact(project, "partOf", group, document, f"{self.name(40)}。")
        honours = [
            self.node("Honor", self.random.choice(("全国", "省级", "市级")) + self.name() + "村") for _ in range(2)
        ]
        programs = [self.node("Program", f"“{self.name(1)}”工程") for _ in range(2)]
        event = self.node("Event", f"首届{self.name()}节", code)
        for honour in honours:
            self.fact(self.random.choice(made), "receivedHonor", honour, document, f"{self.name(20)}。")
        for program in programs:
            self.fact(town, "runs", program, document, f"{self.name(25)}。")
        self.fact(town, "organizes", event, document, f"{self.name(25)}。")
        for village in made:
            self.fact(village, "locatedIn", town, document, f"{self.name(15)}。")
        for place in range(11):
            self.figure(document, number, place, self.random.choice([town, *projects, group]))
        for thing in (town, *made, *companies, *projects, group, *honours, *programs, event):
            for _ in range(1 + (self.random.random() < 0.3)):
                self.fact(document, "mentions", thing, document, thing.partition("/")[2].partition("@")[0])

    def figure(self, document: str, number: int, place: int, owner: str) -> None:
        value = round(self.random.uniform(1, 900), 2)
        node = f"figure/{number}-{place}"
        indicator = (
            "总投资" if "project" in owner else self.random.choice(("工业总产值", "居民收入", "财政收入", "就业人数"))
        )
        more = {"period": str(2014 + number % 10), "growth": round(self.random.uniform(-9, 30), 1)} if place % 3 else {}
        fixed = {"unit": "亿元", "base_value": value * 1e8, "base_unit": "元", "about": place % 4 == 0}
        name = f"{indicator} {value}亿元"
        self.graph.add_node(node, type="Figure", name=name, indicator=indicator, value=value, **fixed, **more)
        self.fact(node, "figureOf", owner, document, f"{self.name(30)}{value}亿元。")


def corpus(triples: int, seed: int = 7) -> nx.MultiDiGraph:
    """A graph that gives about so many triples."""
    made = _Corpus(seed)
    for number in range(max(1, triples // TRIPLES_AN_ARTICLE)):
        made.article(number)
    for *_, data in made.graph.edges(data=True):  # in the order that a build gives
        data["evidence"].sort(key=lambda item: (item["document"], item["start"], item["end"]))
    return made.graph


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    gc.collect()
    start = time.process_time()
    made = work()
    return time.process_time() - start, made


def best(work: Callable[[], Any]) -> tuple[float, Any]:
    """The shortest of three times: what else the process does (freeing memory, say) counts in processor time too."""
    made = [timed(work) for _ in range(3)]
    return min(seconds for seconds, _ in made), made[0][1]


def line(what: str, ours: float, *others: tuple[str, float]) -> None:
    told = " · ".join(f"{name} {seconds:8.2f} s ({seconds / ours:5.1f})" for name, seconds in others)
    print(f"{what:28} kg {ours:8.2f} s · {told}", flush=True)


def write_and_load(graph: nx.MultiDiGraph, folder: Path) -> None:
    turtle, triples = folder / "graph.ttl", folder / "graph.nt"
    ours_turtle, _ = best(lambda: write_turtle(graph, turtle, {}))
    ours_triples, _ = best(lambda: write_ntriples(graph, triples, {}))
    print(f"{turtle.stat().st_size >> 20} MB of Turtle, {triples.stat().st_size >> 20} MB of N-Triples")
    back, _ = timed(lambda: read_turtle(turtle))
    mine, _ = timed(lambda: open_store(folder))
    store = ox.Store()
    raw, _ = timed(lambda: store.bulk_load(path=str(turtle), format=ox.RdfFormat.TURTLE))
    print(f"{len(store):,} triples; Turtle back into a graph {back:.2f} s")
    terms = [quad.triple for quad in store]  # made beforehand, which favours pyoxigraph
    raw_turtle, _ = best(lambda: ox.serialize(terms, str(folder / "raw.ttl"), ox.RdfFormat.TURTLE, prefixes=PREFIXES))
    raw_triples, _ = best(lambda: ox.serialize(terms, str(folder / "raw.nt"), ox.RdfFormat.N_TRIPLES))
    loaded = rdflib.Graph()
    slow, _ = timed(lambda: loaded.parse(turtle))
    slow_triples, _ = best(lambda: loaded.serialize(folder / "r.nt", format="nt", encoding="utf-8"))
    line("write N-Triples", ours_triples, ("pyoxigraph", raw_triples), ("rdflib", slow_triples))
    line("write Turtle", ours_turtle, ("pyoxigraph", raw_turtle), ("rdflib, at least", rdflib_turtle(loaded)))
    line("load Turtle to query", mine, ("pyoxigraph", raw), ("rdflib", slow))


def rdflib_turtle(graph: rdflib.Graph) -> float:
    """Seconds that rdflib takes to write Turtle, or the limit that it was stopped at (a fork shares the graph)."""
    forked = multiprocessing.get_context("fork")
    here, there = forked.Pipe()

    def work() -> None:
        there.send(timed(lambda: graph.serialize(format="turtle"))[0])

    child = forked.Process(target=work)
    child.start()
    seconds = float(here.recv()) if here.poll(LIMIT_TURTLE) else float(LIMIT_TURTLE)
    child.kill()
    child.join()
    return seconds


def _ask_rdflib(turtle: Path, text: str, pipe: Any) -> None:
    graph = rdflib.Graph().parse(turtle)
    pipe.send(None)
    start = time.process_time()
    rows = len(list(graph.query(text)))
    pipe.send((rows, time.process_time() - start))


def rdflib_query(turtle: Path, text: str) -> str:
    """rdflib's time for a query, or that it was stopped."""
    here, there = multiprocessing.Pipe()
    child = multiprocessing.Process(target=_ask_rdflib, args=(turtle, text, there))
    child.start()
    here.recv()
    told = f"{here.recv()[1]:8.2f} s" if here.poll(LIMIT_SECONDS) else f"more than {LIMIT_SECONDS} s"
    child.kill()
    child.join()
    return told


def ask(folder: Path, graph: nx.MultiDiGraph, *, with_rdflib: bool) -> None:
    store = open_store(folder)
    town = next(d["name"] for _, d in graph.nodes(data=True) if d["type"] == "AdministrativeArea")
    village = next(d["name"] for _, d in graph.nodes(data=True) if d["type"] == "Village")
    project = next(d["name"] for _, d in graph.nodes(data=True) if d["type"] == "Project")
    values = {"area": town, "name": village}
    total_ours = total_raw = 0.0
    for question in questions():
        if any(p.is_build for p in question.parameters):
            continue
        given = {p.name: values[p.name] for p in question.parameters if p.name in values}
        given |= {"name": project} if question.name == "status-history" else {}
        text = question.filled(given)
        raw, rows = best(lambda text=text: list(store.query(text)))  # type: ignore[misc]
        ours, _ = best(lambda question=question, given=given: list(run(store, question.name, given).raw))  # type: ignore[misc]
        total_ours, total_raw = total_ours + ours, total_raw + raw
        other = f" · rdflib {rdflib_query(folder / 'graph.ttl', text)}" if with_rdflib else ""
        print(f"{question.name:28} kg {ours:8.3f} s · pyoxigraph {raw:8.3f} s{other} · {len(rows):,} rows", flush=True)
    print(f"all questions: kg {total_ours:.2f} s, {total_ours / total_raw:.2f} times raw pyoxigraph")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("triples", nargs="?", type=int, default=1_000_000)
    parser.add_argument(
        "--rdflib-queries", action="store_true", help="also ask rdflib, each question in its own process"
    )
    parser.add_argument("--shapes", action="store_true", help="also check the graph against the shapes")
    options = parser.parse_args()
    made, graph = timed(lambda: corpus(options.triples))
    print(f"{graph.number_of_nodes():,} nodes, {graph.number_of_edges():,} edges made in {made:.1f} s", flush=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_and_load(graph, folder)
        ask(folder, graph, with_rdflib=options.rdflib_queries)
        if options.shapes:
            seconds, problems = timed(lambda: shapes.check(folder))
            print(f"shapes: {seconds:.1f} s, {len(problems)} problems {problems[:3]}")


if __name__ == "__main__":
    main()
