"""GraphML, for Gephi, yEd, igraph, Cytoscape: scalars only, so lists and evidence are JSON strings.

An edge's id must be one in the whole file (readers drop what repeats), so it is a number and the key an attribute.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import networkx as nx

from kg.export.atomic import atomic
from kg.export.scalars import flat

# What XML 1.0 cannot hold, whatever the escaping.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write(graph: nx.MultiDiGraph, path: Path, documents: dict[str, str]) -> None:
    """Writes the graph as GraphML 1.0; ``networkx.read_graphml`` reads it back."""
    plain = nx.MultiDiGraph()
    for node, data in graph.nodes(data=True):
        plain.add_node(_clean(node), **_cleaned(data))
    edges = graph.edges(keys=True, data=True)
    for number, (source, target, key, data) in enumerate(edges):
        values = {**_cleaned(data), "key": _clean(key)}
        plain.add_edges_from([(_clean(source), _clean(target), f"e{number}", values)])
    with atomic(path) as file:
        file.write("<?xml version='1.0' encoding='utf-8'?>\n")
        for line in nx.generate_graphml(plain, named_key_ids=True):
            file.write(line + "\n")


def _cleaned(data: dict[str, Any]) -> dict[str, Any]:
    values = flat(data)
    return {key: _clean(value) if isinstance(value, str) else value for key, value in values.items()}


def _clean(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)
