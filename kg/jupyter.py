"""The explorer inside a notebook."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import networkx
from markupsafe import escape

from kg.explorer import page


@dataclass(frozen=True)
class Shown:
    """A page that a notebook displays when it is the value of a cell."""

    text: str
    height: int

    def _repr_html_(self) -> str:
        """A frame of its own, without the notebook's origin: nothing in it can reach the notebook."""
        return (
            f'<iframe srcdoc="{escape(self.text)}" sandbox="allow-scripts allow-downloads allow-popups" '
            f'style="width:100%;height:{self.height}px;border:0"></iframe>'
        )


def show(
    graph: networkx.MultiDiGraph, documents: Mapping[str, str] | None = None, *, title: str = "", height: int = 760
) -> Shown:
    """The explorer of ``graph`` for a notebook's cell; ``documents`` maps Document node ids to the articles' texts."""
    return Shown(page(graph, documents, title), int(height))
