"""The whole extraction against annotations: an article's graph scored as `kg score` does, and tables of F1."""

from __future__ import annotations

import networkx as nx

from kg import across, graph
from kg.article import harvest
from kg.extract import extract
from kg.score import pair
from kg.score.counts import Score
from training.annotations import Annotated

SCORES = ("entities", "relations", "statuses", "figures")


def add(score: Score, annotated: Annotated) -> None:
    """Adds one article, as a graph of its own."""
    article = harvest(extract(annotated.document))
    built = graph.assemble([article], across.resolve([article]))
    pair.add(score, annotated.gold, nx.node_link_data(built, edges="links"), annotated.name)


def head(*titles: str) -> str:
    """The first two lines of a table."""
    return f"| {' | '.join((*titles, *SCORES))} |\n|{' --- |' * (len(titles) + len(SCORES))}"


def row(score: Score, *cells: str) -> str:
    """The F1 of each measure behind the given cells."""
    return f"| {' | '.join((*cells, *(_f1(score, name) for name in SCORES)))} |"


def _f1(score: Score, name: str) -> str:
    return f"{score.counts[name].ratios()['F1']:.3f}"
