"""OCR repairs: from a file's text to flowing paragraphs, with the way back to every source character.

Each repair is a function from :class:`~kg.repair.mapped.Mapped` text to mapped text; what it changed is listed in the
document's edits. Nothing is invented: every character of the result stands for one character of the source.
"""

from __future__ import annotations

from kg.model import Document, Source
from kg.repair.document import document
from kg.repair.mapped import Mapped

__all__ = ["Document", "Mapped", "Source", "document"]
