"""networkx node-link JSON: the form that holds everything and that kg itself loads."""

from __future__ import annotations

from pathlib import Path

import networkx as nx

from kg.export.atomic import atomic
from kg.graph import dumps


def write(graph: nx.MultiDiGraph, path: Path, documents: dict[str, str]) -> None:
    """Writes ``networkx.node_link_data(graph, edges="links")``; read back with :func:`kg.load`."""
    with atomic(path) as file:
        file.write(dumps(graph))
