"""The page that shows a graph: one HTML file, made in Python, that opens without a network."""

from __future__ import annotations

from kg.explorer.page import page

__all__ = ["page"]
