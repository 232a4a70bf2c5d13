"""``kg serve``: the explorer, a SPARQL 1.1 endpoint and an address for every entity, from one built folder, offline.

Written on ``http.server``: one operation, a handful of paths, nothing to keep up to date, nothing that could be
configured to reach out. Listens on loopback unless told otherwise.
"""

from kg.serve.engine import Limits
from kg.serve.server import make_server, serve

__all__ = ["Limits", "make_server", "serve"]
