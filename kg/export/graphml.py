"""GraphML, for Gephi, yEd, igraph, Cytoscape: scalars only, so lists and evidence are JSON strings.

Written as a stream: networkx's own writer makes an element tree of the whole graph first, which takes many times the
memory and the time. An edge's id must be one in the whole file (readers drop what repeats), so it is a number and the
graph's key an attribute.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import networkx as nx

from kg.export.atomic import atomic
from kg.export.scalars import flat

_HEAD = """<?xml version='1.0' encoding='utf-8'?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" \
xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">
"""
_TYPES = {str: "string", bool: "boolean", int: "long", float: "double"}
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # whatever the escaping


def write(graph: nx.MultiDiGraph, path: Path, documents: dict[str, str]) -> None:
    """Writes the graph as GraphML 1.0; ``networkx.read_graphml`` and igraph read it back."""
    node_keys = _keys("node", (data for _, data in graph.nodes(data=True)))
    edges = ({**data, "key": key} for _, _, key, data in graph.edges(keys=True, data=True))
    edge_keys = _keys("edge", edges)
    with atomic(path) as file:
        file.write(_HEAD)
        for (name, kind), key in (*node_keys.items(), *edge_keys.items()):
            domain = "node" if key.startswith("n") else "edge"
            file.write(f'<key id="{key}" for="{domain}" attr.name={quoteattr(name)} attr.type="{kind}"/>\n')
        file.write('<graph edgedefault="directed">\n')
        for node, data in graph.nodes(data=True):
            file.write(f"<node id={_attribute(node)}>{''.join(_values(data, node_keys))}</node>\n")
        for number, (source, target, key, data) in enumerate(graph.edges(keys=True, data=True)):
            ends = f'id="e{number}" source={_attribute(source)} target={_attribute(target)}'
            file.write(f"<edge {ends}>{''.join(_values({**data, 'key': key}, edge_keys))}</edge>\n")
        file.write("</graph>\n</graphml>\n")


Keys = dict[tuple[str, str], str]


def _keys(domain: str, rows: Iterable[Mapping[str, Any]]) -> Keys:
    """A short id for every attribute and type of value that occurs."""
    found = {(name, _TYPES[type(value)]) for row in rows for name, value in flat(row).items()}
    return {pair: f"{domain[0]}{number}" for number, pair in enumerate(sorted(found))}


def _values(data: Mapping[str, Any], keys: Keys) -> Iterator[str]:
    for name, value in flat(data).items():
        text = str(value).lower() if isinstance(value, bool) else _clean(str(value))
        yield f'<data key="{keys[name, _TYPES[type(value)]]}">{_kept(escape(text))}</data>'


def _attribute(text: str) -> str:
    return quoteattr(_clean(text))


def _kept(text: str) -> str:
    """Carriage returns as references, or a reader would make line feeds of them."""
    return text.replace("\r", "&#13;")


def _clean(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)
