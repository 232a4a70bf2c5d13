"""``graph.html``: the explorer as one file that opens without a network."""

from __future__ import annotations

from pathlib import Path

import networkx

from kg.explorer import page
from kg.export.atomic import atomic


def write(graph: networkx.MultiDiGraph, path: Path, documents: dict[str, str]) -> None:
    """Writes the explorer of ``graph``; ``documents`` maps Document node ids to source texts. OSError if it cannot."""
    text = page(graph, documents)
    with atomic(path) as file:
        file.write(text)
