"""``using-graph-uri`` and ``using-named-graph-uri`` of the protocol, written into an update as USING clauses.

Oxigraph takes no data set beside an update's text, so the clauses go before each WHERE at the outermost level, where
SPARQL 1.1 Update (section 3.1.3) has them.
"""

from __future__ import annotations

import re

from kg.serve.engine import Dataset, Refused

# Strings, IRIs, comments, escaped characters of local names, words, braces: enough to find keywords at depth 0.
_TOKEN = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"""|\'\'\'(?:[^\'\\]|\\.|\'(?!\'\'))*\'\'\''
    r'|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\''
    r'|<[^<>"{}|^`\\\s]*>|#[^\r\n]*|\\.|[?$]?[\w.\-]*:[\w.\-:%]*|[?$]?\w+|[{}]|.',
    re.DOTALL,
)


def with_using(update: str, using: Dataset) -> str:
    """``update`` with the data set of the protocol. Refused where the update names one itself."""
    if not using.default and not using.named:
        return update
    for iri in (*using.default, *using.named):
        if re.search(r'[<>"{}|^`\\\s]', iri):
            raise Refused(400, f"the name of a graph is not an IRI: {iri}")
    clauses = "".join(f"USING <{iri}> " for iri in using.default)
    clauses += "".join(f"USING NAMED <{iri}> " for iri in using.named)
    parts, depth, previous = [], 0, ""
    for match in _TOKEN.finditer(update):
        token = match[0]
        word = token.upper()
        depth += (token == "{") - (token == "}")
        if depth == 0 and word in ("USING", "WITH"):
            raise Refused(400, "the update has USING or WITH, and the request names graphs as well; keep one of them")
        if depth == 0 and word == "WHERE":
            if previous == "DELETE":
                raise Refused(400, "DELETE WHERE takes no graphs from the request; write DELETE { … } WHERE { … }")
            parts.append(clauses)
        if not token.isspace() and not token.startswith("#"):
            previous = word
        parts.append(token)
    return "".join(parts)
