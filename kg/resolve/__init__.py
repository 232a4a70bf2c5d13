"""Mentions to entities within an article: what is one thing, under which name, with every merge and its reason."""

from __future__ import annotations

from kg.resolve.entities import resolve

__all__ = ["resolve"]
