"""Files to raw text: which files there are (:func:`discover`) and what stands in one (:func:`read`)."""

from __future__ import annotations

from kg.sources.encoding import decode
from kg.sources.errors import SkippedError, SourceError
from kg.sources.files import SUFFIXES, File, discover, read, read_all

__all__ = ["SUFFIXES", "File", "SkippedError", "SourceError", "decode", "discover", "read", "read_all"]
