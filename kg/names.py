"""How two printed names are compared."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_IGNORED = re.compile(r"[\s\"'“”‘’「」『』《》〈〉<>·•]+")


@lru_cache(1 << 16)  # each name is compared with all others of its article
def norm(name: str) -> str:
    """The name as it is compared: NFKC, without white space, quotation and book-title marks, lower case."""
    return _IGNORED.sub("", unicodedata.normalize("NFKC", name)).lower()
