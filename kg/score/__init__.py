"""A built graph against a gold annotation: precision, recall and F1, and what was missed, extra or mis-owned.

The annotation's form is told in ``docs/annotation.md``. Counts are summed over all pairs before the ratios are taken.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from kg.errors import UserError
from kg.score.counts import MEASURES, RELATIONS, TYPES, Counts, Note, Score, report
from kg.score.pair import add, quantity
from kg.score.wellformed import gold_problems, graph_problems

__all__ = [
    "MEASURES",
    "RELATIONS",
    "TYPES",
    "Counts",
    "Note",
    "Score",
    "ScoreError",
    "add",
    "quantity",
    "report",
    "score_files",
    "score_paths",
]


class ScoreError(UserError):
    """A gold or graph file that cannot be used; ``str()`` is the sentence for the user."""


def score_files(pairs: Iterable[tuple[Path, Path]]) -> Score:
    """The score over pairs of a gold file and a graph (``graph.json`` or its folder). Raises :class:`ScoreError`."""
    score = Score()
    for gold_path, graph_path in pairs:
        graph_file = graph_path / "graph.json" if graph_path.is_dir() else graph_path
        add(score, _gold(gold_path), _read(graph_file, json.loads, "nodes", graph_problems), gold_path.stem)
    return score


def score_paths(files: Iterable[Path], articles: Path | None = None) -> Score:
    """The score of gold files (.yaml, .yml) and graphs (anything else), paired in the order given.

    Without graphs each gold's article is built in memory: ``<stem>.txt`` or ``.md`` in ``articles``, else beside the
    gold file. Raises :class:`ScoreError`.
    """
    listed = list(files)
    golds = [path for path in listed if path.suffix.lower() in (".yaml", ".yml")]
    graphs = [path for path in listed if path not in golds]
    if graphs:
        if len(golds) != len(graphs):
            raise ScoreError(f"{len(golds)} gold files and {len(graphs)} graphs make no pairs; give one graph a gold")
        return score_files(zip(golds, graphs, strict=True))
    score = Score()
    for path in golds:
        add(score, _gold(path), _built(_article(path, articles)), path.stem)
    return score


def _article(gold: Path, articles: Path | None) -> Path:
    folder = articles or gold.parent
    for suffix in (".txt", ".md"):
        if (folder / (gold.stem + suffix)).is_file():
            return folder / (gold.stem + suffix)
    raise ScoreError(f"{folder / gold.stem}.txt: there is no such article; name its folder with --articles")


def _built(article: Path) -> dict[str, Any]:
    import networkx as nx  # noqa: PLC0415  only this way of scoring builds

    from kg.build import run  # noqa: PLC0415

    graph = run([article], workers=1).graph
    data: dict[str, Any] = nx.node_link_data(graph, edges="links")
    return data


def _gold(path: Path) -> dict[str, Any]:
    """A gold file; a list without a row is as good as none, though YAML has null for it."""
    data = _read(path, yaml.safe_load, "entities", gold_problems)
    return {"entities": []} | {name: value for name, value in data.items() if value is not None}


def _read(
    path: Path, parse: Callable[[str], Any], needed: str, problems: Callable[[Mapping[str, Any]], Iterator[str]]
) -> dict[str, Any]:
    try:
        data = parse(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ScoreError(f"{path}: cannot be read ({error.strerror}); check the path") from None
    except (ValueError, yaml.YAMLError):
        raise ScoreError(f"{path}: is not what it should be; give pairs of GOLD.yaml and a graph.json") from None
    if not isinstance(data, dict) or needed not in data:
        raise ScoreError(f"{path}: holds no {needed}; give pairs of GOLD.yaml and a graph.json")
    if found := list(problems(data)):
        more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
        advice = "docs/annotation.md tells the form of gold" if needed == "entities" else "build the graph again"
        raise ScoreError(f"{path}: {found[0]}{more}; {advice}")
    return data
