"""nodes.csv and edges.csv: RFC 4180, UTF-8 with a byte-order mark, one row a node or edge.

The mark is there because spreadsheets in China open a CSV file without it as GBK; Python reads the files with
``encoding="utf-8-sig"``. Text that a spreadsheet would run as a formula (it begins with ``=``, ``+``, ``-``, ``@``,
tab or return) is written with an apostrophe before it, as OWASP advises; ids and numbers never need one.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import networkx as nx

from kg.export.atomic import atomic
from kg.export.scalars import flat

NODE_COLUMNS = (
    *("id", "type", "name", "subtype", "aliases", "status", "count", "code", "scope", "within"),
    *("indicator", "value", "unit", "base_value", "base_unit", "about", "period", "growth", "rank"),
    *("title", "author", "date", "area", "path", "sha256", "encoding"),
)
EDGE_COLUMNS = ("source", "target", "source_name", "target_name", "key", "predicate", "status", "evidence")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_nodes(graph: nx.MultiDiGraph, path: Path, documents: dict[str, str]) -> None:
    """One row a node; columns beyond :data:`NODE_COLUMNS` follow in alphabetical order."""
    _write(path, NODE_COLUMNS, [{"id": node, **data} for node, data in graph.nodes(data=True)])


def write_edges(graph: nx.MultiDiGraph, path: Path, documents: dict[str, str]) -> None:
    """One row an edge, with the names of its ends and its evidence as a JSON string."""
    names = graph.nodes(data="name", default="")
    rows = [
        {"source": s, "target": t, "source_name": names[s], "target_name": names[t], "key": key, **data}
        for s, t, key, data in graph.edges(keys=True, data=True)
    ]
    _write(path, EDGE_COLUMNS, rows)


def _write(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> None:
    rows = [flat(row) for row in rows]
    extra = sorted({key for row in rows for key in row} - set(columns))
    with atomic(path) as file:
        file.write("\ufeff")
        table = csv.DictWriter(file, [*columns, *extra], lineterminator="\r\n")
        table.writeheader()
        table.writerows({key: _cell(value) for key, value in row.items()} for row in rows)


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str) and value.startswith(_FORMULA):
        return "'" + value
    return value
