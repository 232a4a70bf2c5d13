"""From Chinese local reporting to a knowledge graph: entities, relations and figures, each with its sentence.

    import kg

    graph = kg.build(["articles/"])                 # a networkx.MultiDiGraph
    kg.build(["articles/"], out="out")              # also writes what the command writes
    graph = kg.load("out")
    for card in kg.show(graph, "圣泉集团"): ...      # attributes, relations, figures, mentions, with sentences
    kg.show(graph)                                  # in a notebook: the explorer
    for way in kg.path(graph, "刁镇街道", "圣泉集团"): ...
    problems = kg.check("out")
    for row in kg.query("out", "SELECT …").rows(): ...

The names are those of the commands. Importing kg loads nothing else; each function loads what it needs. What goes
wrong is raised as ``kg.BuildError``, ``kg.CorrectionsError``, ``kg.GraphError`` or ``kg.QueryError``, whose text is a
sentence for the user.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, overload

if TYPE_CHECKING:
    import networkx as nx

    from kg.build import BuildError
    from kg.check import Problem
    from kg.corrections import CorrectionsError
    from kg.graph import GraphError
    from kg.jupyter import Shown
    from kg.query import QueryError, Result

__version__ = "0.1.0"
__all__ = [
    "BuildError",
    "CorrectionsError",
    "GraphError",
    "QueryError",
    "build",
    "check",
    "load",
    "merge_graphs",
    "path",
    "query",
    "show",
    "subgraph",
]
_ERRORS = {
    "BuildError": "kg.build",
    "CorrectionsError": "kg.corrections",
    "GraphError": "kg.graph",
    "QueryError": "kg.query",
}


def __getattr__(name: str) -> Any:
    """The errors, loaded when they are asked for: ``kg.build`` is the function, so ``kg.BuildError`` is its error."""
    if name not in _ERRORS:
        raise AttributeError(f"module 'kg' has no attribute {name!r}")
    return getattr(import_module(_ERRORS[name]), name)


def build(
    paths: str | Path | Iterable[str | Path],
    out: str | Path | None = None,
    *,
    workers: int | None = None,
    corrections: str | Path | None = None,
    base: str = "",
) -> nx.MultiDiGraph:
    """The graph of the articles in files and folders; with ``out``, all outputs are written there too.

    Raises ``kg.BuildError`` where no article can be read or the folder cannot be written, and
    ``kg.CorrectionsError``. What was rejected is in ``build.json``.
    """
    from kg import corrections as corrections_file  # noqa: PLC0415
    from kg.build import run  # noqa: PLC0415
    from kg.outputs import write  # noqa: PLC0415

    given = [paths] if isinstance(paths, (str, Path)) else list(paths)
    wanted = corrections_file.read(Path(corrections)) if corrections else None
    made = run(given, workers=workers, corrections=wanted, base=base)
    if out is not None:
        write(made, Path(out))
    return made.graph


def load(where: str | Path) -> nx.MultiDiGraph:
    """The graph of a folder that ``kg build`` wrote, or of a ``graph.json``. Raises ``kg.GraphError``."""
    from kg.graph import load as load_graph  # noqa: PLC0415

    return load_graph(where)


@overload
def show(graph: nx.MultiDiGraph, name: str) -> list[dict[str, Any]]: ...


@overload
def show(graph: nx.MultiDiGraph) -> Shown: ...


def show(graph: nx.MultiDiGraph, name: str = "") -> list[dict[str, Any]] | Shown:
    """The cards of the entities called ``name``: attributes, relations, figures, each with its sentences.

    Without a name the explorer of the whole graph, for a notebook's cell. Raises ``kg.GraphError`` for an unknown name.
    """
    if name:
        from kg.show import cards  # noqa: PLC0415

        return cards(graph, name)
    from kg.jupyter import show as explorer  # noqa: PLC0415

    return explorer(graph)


def path(graph: nx.MultiDiGraph, start: str, end: str, limit: int = 5) -> list[list[dict[str, Any]]]:
    """How two entities are tied: the shortest ways, each a list of steps with the evidence of the edge taken.

    Raises ``kg.GraphError`` for an unknown name.
    """
    from kg.show import ways  # noqa: PLC0415

    return ways(graph, start, end, limit)


def check(where: str | Path) -> list[Problem]:
    """What does not hold in a build's folder: evidence, references, the contract, shapes; empty if all does."""
    from kg.check import check_folder  # noqa: PLC0415

    return check_folder(Path(where)).problems


def query(where: str | Path, question: str, **params: str | float | Path) -> Result:
    """SPARQL, or a named question of ``ontology/queries/`` with its parameters, over a build's folder.

    The result has ``columns`` and ``rows()``; ``serialize("csv")`` writes it. Raises ``kg.QueryError``, also where the
    question asks for a name and none is given.
    """
    from kg.query import run  # noqa: PLC0415

    return run(Path(where), question, params)


def subgraph(graph: nx.MultiDiGraph, nodes: Iterable[str], radius: int = 1) -> nx.MultiDiGraph:
    """A copy of what lies within ``radius`` edges of ``nodes`` (ids)."""
    from kg.graph import subgraph as part  # noqa: PLC0415

    return part(graph, nodes, radius)


def merge_graphs(*graphs: nx.MultiDiGraph) -> nx.MultiDiGraph:
    """One graph of several built apart; building from all articles at once resolves more."""
    from kg.graph import merge_graphs as merge  # noqa: PLC0415

    return merge(*graphs)


class _Package(ModuleType):
    """Keeps ``kg.build`` the function: importing the module of the same name would put the module in its place."""

    def __setattr__(self, name: str, value: object) -> None:
        if not (name in __all__ and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
