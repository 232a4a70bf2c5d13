"""The SPARQL 1.1 protocol against a live endpoint, case by case."""

from __future__ import annotations

import http.client
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pyoxigraph as ox
import pytest
import rdf_small
import yaml

from kg.export.rdf import write_turtle
from kg.serve import make_server
from kg.serve.protocol import OFFERS, negotiate
from kg.serve.server import Server

CASES: dict[str, list[dict[str, Any]]] = yaml.safe_load(
    (Path(__file__).parent / "cases/protocol.yaml").read_text("utf-8")
)
GRAPHS = {f"D{n}": f"http://data.example/data{n}.rdf" for n in range(4)}
TYPES = {
    "form": "application/x-www-form-urlencoded",
    "query": "application/sparql-query",
    "update": "application/sparql-update",
}


def _running(folder: Path, *, writable: bool) -> Iterator[Server]:
    write_turtle(rdf_small.small(), folder / "graph.ttl", {})
    server = make_server(folder, allow_update=writable)
    for name in ("D1", "D2", "D3"):
        triple = f"<{GRAPHS[name]}> a <http://xmlns.com/foaf/0.1/Document> ."
        server.engine.store.load(triple.encode(), format=ox.RdfFormat.TURTLE, to_graph=ox.NamedNode(GRAPHS[name]))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    yield from _running(tmp_path_factory.mktemp("read"), writable=False)


@pytest.fixture(scope="module")
def writable(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    yield from _running(tmp_path_factory.mktemp("write"), writable=True)


def _graphs(value: Any) -> Any:
    """D1 … in a value as the IRIs of the fixture's graphs."""
    if isinstance(value, list):
        return [_graphs(item) for item in value]
    text = str(value)
    for name, iri in GRAPHS.items():
        text = iri if text == name else text.replace(f"<{name}>", f"<{iri}>")
    return text


def _send(server: Server, request: dict[str, Any]) -> tuple[int, str, bytes]:
    query = urlencode({k: _graphs(v) for k, v in request.get("query", {}).items()}, doseq=True, quote_via=quote)
    headers, body = {}, None
    if "form" in request:
        headers["Content-Type"] = TYPES["form"]
        body = urlencode({k: _graphs(v) for k, v in request["form"].items()}, doseq=True, quote_via=quote).encode()
    elif "body" in request:
        body = _graphs(request["body"]).encode(request.get("encoding", "utf-8"))
    if "type" in request:
        headers["Content-Type"] = TYPES.get(request["type"], request["type"])
    host, port = server.server_address[:2]
    connection = http.client.HTTPConnection(str(host), int(port), timeout=30)
    connection.request(request["method"], "/sparql" + (f"?{query}" if query else ""), body, headers)
    answer = connection.getresponse()
    found = answer.status, (answer.getheader("Content-Type") or "").partition(";")[0], answer.read()
    connection.close()
    return found


def test_all_cases_are_here() -> None:
    assert len(CASES) == 34


@pytest.mark.parametrize("name", CASES)
def test_protocol(name: str, endpoint: Server, writable: Server) -> None:
    for request in CASES[name]:
        status, media_type, body = _send(writable if request.get("writable") else endpoint, request)
        assert status // 100 == request["status"], body
        if "boolean" in request:
            assert media_type in OFFERS["boolean"]
            assert json.loads(body)["boolean"] is request["boolean"]
        if "kind" in request:
            assert media_type in OFFERS[request["kind"]]


@pytest.mark.parametrize(
    "name", [n for n, steps in CASES.items() if any(s.get("writable") and s["status"] == 2 for s in steps)]
)
def test_updates_are_refused_unless_asked_for(name: str, endpoint: Server) -> None:
    before = len(endpoint.engine.store)
    updates = [step for step in CASES[name] if step.get("type") == "update" or "update" in step.get("form", {})]
    assert updates
    assert [_send(endpoint, step)[0] for step in updates] == [403] * len(updates)
    assert len(endpoint.engine.store) == before


@pytest.mark.parametrize(
    ("accept", "offers", "wanted"),
    [
        ("", ["a/x", "a/y"], "a/x"),
        ("*/*", ["a/x", "a/y"], "a/x"),
        ("a/y, */*;q=0.1", ["a/x", "a/y"], "a/y"),
        ("b/*;q=0.5, a/*;q=0.4", ["a/x", "b/z"], "b/z"),
        ("a/x;q=0, a/*", ["a/x", "a/y"], "a/y"),
        ("A/Y ; q=1.0", ["a/x", "a/y"], "a/y"),
        ("image/png", ["a/x"], None),
        ("a/x;q=nonsense", ["a/x"], None),
    ],
)
def test_negotiation(accept: str, offers: list[str], wanted: str | None) -> None:
    assert negotiate(accept, offers) == wanted
