"""Paths and HTTP around the engine.

``/`` the explorer (the build's graph.html) · ``/sparql`` protocol, query page, service description · ``/query`` the
query page · ``/ontology`` the vocabulary · ``/graph.ttl`` and the other files of the build · every other path an
entity's, as HTML or RDF.
"""

from __future__ import annotations

import ipaddress
import sys
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import SplitResult, parse_qs, quote, unquote, urlsplit

import pyoxigraph as ox

from kg.outputs import FILES
from kg.query import QueryError
from kg.rdf.names import PREFIXES, decode, encode, is_node
from kg.schema import ontology_dir
from kg.serve import pages
from kg.serve.engine import Dataset, Engine, Limits, Refused
from kg.serve.protocol import OFFERS, SHORT, chooser, negotiate, operation
from kg.serve.using import with_using

_MEDIA_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".ttl": "text/turtle; charset=utf-8",
    ".nt": "application/n-triples",
    ".trig": "application/trig",
    ".jsonld": "application/ld+json",
    ".json": "application/json",
    ".jsonl": "application/x-ndjson",
    ".graphml": "application/xml",
    ".csv": "text/csv; charset=utf-8",
}
_BODY = 4 * 1024 * 1024
_POLICY = "default-src 'self' 'unsafe-inline' data: blob:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
_HTML = "text/html; charset=utf-8"

Answer = tuple[int, str, bytes]


class Server(ThreadingHTTPServer):
    """One engine behind HTTP."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, address: tuple[str, int], engine: Engine) -> None:
        self.engine = engine
        self.loopback = is_loopback(address[0])
        super().__init__(address, Handler)

    @property
    def url(self) -> str:
        """Where it listens."""
        host, port = self.server_address[:2]
        return f"http://{host!s}:{port}/"


def is_loopback(host: str) -> bool:
    """Whether a host name or address means this machine only."""
    name = host.strip("[]").lower()
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


class Handler(BaseHTTPRequestHandler):
    """One request: a path to a function, its answer to bytes."""

    protocol_version = "HTTP/1.1"
    server_version, sys_version = "kg", ""
    timeout = 60
    server: Server

    def do_GET(self) -> None:
        self._reply(self._route)

    do_HEAD = do_POST = do_PUT = do_DELETE = do_PATCH = do_OPTIONS = do_GET  # noqa: N815  the names http.server asks for

    def log_message(self, format: str, *args: object) -> None:
        """Requests are not logged: what someone asks is theirs."""

    def _reply(self, route: Callable[[], Answer]) -> None:
        try:
            status, media_type, body = _answer(route)
            self.send_response(status)
            if media_type:
                self.send_header("Content-Type", media_type)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Vary", "Accept, Accept-Language")
            self.send_header("X-Content-Type-Options", "nosniff")
            self.send_header("Content-Security-Policy", _POLICY)
            self.send_header("Referrer-Policy", "no-referrer")
            if status == 405:
                self.send_header("Allow", "GET, HEAD, POST")
            if status >= 400:
                self.close_connection = True
                self.send_header("Connection", "close")
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    # --- what is asked

    def _route(self) -> Answer:
        self._same_site()
        split = _parts(self.path, "the address")
        path, engine = split.path, self.server.engine
        if path in ("/sparql", "/sparql/"):
            return self._sparql(split.query)
        if self.command not in ("GET", "HEAD"):
            raise Refused(405, "only /sparql takes anything but GET")
        if path == "/":
            if (engine.folder / "graph.html").is_file():
                return self._file("graph.html")
            return 200, _HTML, pages.query_page(engine, self._language())
        if path == "/query":
            return 200, _HTML, pages.query_page(engine, self._language())
        if path in ("/ontology", "/ontology/"):
            return self._vocabulary()
        if path == "/favicon.ico":
            return 204, "", b""
        if path.lstrip("/") in FILES:
            return self._file(path.lstrip("/"))
        return self._entity(path.lstrip("/"))

    def _same_site(self) -> None:
        """Refuses pages of other sites: a name that was made to point here, or a form that posts across sites."""
        host = self.headers.get("Host", "")
        name = host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() else host
        if self.server.loopback and not is_loopback(name or "?"):
            raise Refused(403, f"this server answers for this machine only, not for {host!r}")
        origin = self.headers.get("Origin")
        if origin and self.command == "POST" and _parts(origin, "the Origin").netloc != host:
            raise Refused(403, "requests from pages of other sites are refused")

    def _accept(self, query: str = "") -> str:
        """The Accept header, or what ``?format=`` asks for."""
        wanted = parse_qs(query).get("format", [""])[0]
        if wanted and wanted not in SHORT:
            raise Refused(400, f"there is no format {wanted!r}; there are {', '.join(SHORT)}")
        return SHORT[wanted] if wanted else ",".join(self.headers.get_all("Accept") or ["*/*"])

    def _language(self) -> str:
        """zh unless the request asks for English first."""
        asked = parse_qs(urlsplit(self.path).query).get("lang", [""])[0]
        return "en" if (asked or self.headers.get("Accept-Language", "zh")).lower().startswith("en") else "zh"

    def _body(self) -> bytes:
        try:
            length = int(self.headers.get("Content-Length") or 0)
        except ValueError:
            raise Refused(400, "the Content-Length is not a number") from None
        if self.headers.get("Transfer-Encoding"):
            raise Refused(411, "send the body with a Content-Length")
        if not 0 <= length <= _BODY:
            raise Refused(413, f"a request may have {_BODY} bytes")
        return self.rfile.read(length)

    def _sparql(self, query: str) -> Answer:
        engine = self.server.engine
        headers = {"Content-Type": self.headers.get("Content-Type") or ""}
        asked = operation(self.command, query, headers, self._body())
        accept = self._accept(query)
        if asked is None:
            if negotiate(accept, ["text/turtle", "text/html"]) == "text/html":
                return 200, _HTML, pages.query_page(engine, self._language())
            return 200, "text/turtle; charset=utf-8", pages.service_description(self.server.url + "sparql")
        if asked.update is not None:
            engine.update(with_using(asked.update, asked.using))
            return 204, "", b""
        if (
            self.command == "GET"
            and negotiate(accept, [*OFFERS["table"], *OFFERS["graph"], "text/html"]) == "text/html"
        ):
            return 200, _HTML, pages.query_page(engine, self._language(), asked.query or "")
        media_type, body = engine.query(asked.query or "", asked.dataset, chooser(accept))
        return 200, _with_charset(media_type), body

    def _vocabulary(self) -> Answer:
        offers = ["text/html", *OFFERS["graph"]]
        chosen = negotiate(self._accept(urlsplit(self.path).query), offers)
        if chosen is None:
            raise Refused(406, f"the vocabulary can be had as {', '.join(offers)}")
        if chosen == "text/html":
            return 200, _HTML, (ontology_dir() / "index.html").read_bytes()
        triples = ox.parse(path=str(ontology_dir() / "kg.ttl"), format=ox.RdfFormat.TURTLE)
        plain = (quad.triple for quad in triples)
        data = ox.serialize(plain, format=OFFERS["graph"][chosen], prefixes=dict(PREFIXES))
        return 200, _with_charset(chosen), data or b""

    def _file(self, name: str) -> Answer:
        path = self.server.engine.folder / name
        if not path.is_file():
            raise Refused(404, f"this build has no {name}")
        return 200, _MEDIA_TYPES[path.suffix], path.read_bytes()

    def _entity(self, path: str) -> Answer:
        """An entity or another resource of the data set, as a page or as RDF."""
        reference = encode(decode(path)) if is_node(path) else quote(unquote(path), safe="/@")
        engine = self.server.engine
        offers = ["text/html", *OFFERS["graph"]]
        chosen = negotiate(self._accept(urlsplit(self.path).query), offers)
        if chosen is None:
            raise Refused(406, f"this can be had as {', '.join(offers)}")
        try:
            subject = ox.NamedNode(engine.base + reference)
        except ValueError:
            raise Refused(400, f"{path!r} is not an address: write a percent sign as %25") from None
        if not any(True for _ in engine.store.quads_for_pattern(subject, None, None)):
            raise Refused(404, f"nothing is called {unquote(path)!r} in this graph")
        if chosen == "text/html":
            language = self._language()
            known = pages.term_labels(language)
            _, body = engine.guarded(
                lambda store: ("", pages.entity_page(store, engine.base, subject, language, known))
            )
            return 200, _HTML, body
        media_type, body = engine.query(pages.description_query(subject), Dataset(), chooser(chosen))
        return 200, _with_charset(media_type), body


def _answer(route: Callable[[], Answer]) -> Answer:
    """What the route gives, or a sentence that says why it gives nothing: the client is owed one whatever it sent.

    Raises ConnectionError or TimeoutError where there is no client any more.
    """
    try:
        return route()
    except (ConnectionError, TimeoutError):
        raise
    except Refused as refused:
        status, told = refused.status, str(refused)
    except QueryError as error:
        status, told = 400, str(error)
    except Exception as error:
        status, told = 500, f"the server failed ({type(error).__name__}: {error}); please report it with the address"
    return status, "text/plain; charset=utf-8", f"{told}\n".encode("utf-8", "replace")


def _parts(url: str, what: str) -> SplitResult:
    try:
        return urlsplit(url)
    except ValueError:
        raise Refused(400, f"{what} is not a URL: {url!r}") from None


def _with_charset(media_type: str) -> str:
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type


def make_server(
    folder: Path, port: int = 0, host: str = "127.0.0.1", *, limits: Limits | None = None, allow_update: bool = False
) -> Server:
    """A server that listens but does not yet answer (``serve_forever`` does). Port 0 takes a free one.

    Raises QueryError where the folder holds no build, OSError where the port is taken.
    """
    engine = Engine(folder, limits or Limits(), writable=allow_update)
    return Server((host, port), engine)


def serve(
    folder: Path, port: int = 8000, host: str = "127.0.0.1", *, limits: Limits | None = None, allow_update: bool = False
) -> int:
    """Serves a build's folder until interrupted; says on stderr where. Returns 0.

    Raises QueryError where the folder holds no build or the address cannot be had.
    """
    try:
        server = make_server(folder, port, host, limits=limits, allow_update=allow_update)
    except OSError as error:
        raise QueryError(f"cannot listen on {host}:{port} ({error.strerror}); give another port") from None
    print(f"{server.url}  explorer · {server.url}query  SPARQL · Ctrl+C ends", file=sys.stderr)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass
    finally:
        server.server_close()
    return 0
