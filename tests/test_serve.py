"""The server beyond the protocol: addresses of entities, pages, limits, and what it must refuse."""

from __future__ import annotations

import http.client
import json
import os
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import oracle
import pyoxigraph as ox
import pytest
import rdf_small

from kg.build import run
from kg.export.rdf import write_turtle
from kg.outputs import FORMATS, write
from kg.query import QueryError, build_index
from kg.rdf.names import encode
from kg.serve import Limits, make_server
from kg.serve.server import Server, is_loopback

BASE = "https://example.org/kg/"
BROWSER = "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"


def _running(folder: Path, limits: Limits) -> Iterator[Server]:
    server = make_server(folder, limits=limits)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("build")
    graph = rdf_small.small()
    graph.add_node("organization/<script>alert(1)</script>", type="Organization", name="<script>alert(1)</script>")
    write_turtle(graph, path / "graph.ttl", {})
    (path / "secret.txt").write_text("not to be served", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[Server]:
    yield from _running(folder, Limits(seconds=20))


@pytest.fixture(scope="module")
def strict(folder: Path) -> Iterator[Server]:
    yield from _running(folder, Limits(seconds=0.5, answer=2000))


def get(
    server: Server, path: str, method: str = "GET", body: bytes | None = None, **headers: str
) -> tuple[int, str, bytes]:
    host, port = server.server_address[:2]
    connection = http.client.HTTPConnection(str(host), int(port), timeout=60)
    connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
    answer = connection.getresponse()
    found = answer.status, answer.getheader("Content-Type") or "", answer.read()
    connection.close()
    return found


def ask(server: Server, query: str, accept: str = "application/sparql-results+json") -> tuple[int, bytes]:
    status, _, body = get(server, f"/sparql?query={quote(query)}", Accept=accept)
    return status, body


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        ("text/turtle", ox.RdfFormat.TURTLE),
        ("application/ld+json", ox.RdfFormat.JSON_LD),
        ("application/n-triples", ox.RdfFormat.N_TRIPLES),
        ("application/rdf+xml", ox.RdfFormat.RDF_XML),
    ],
)
def test_an_entity_as_data(server: Server, accept: str, form: ox.RdfFormat) -> None:
    status, media_type, body = get(server, "/" + encode(rdf_small.VILLAGE), Accept=accept)
    assert (status, media_type.partition(";")[0]) == (200, accept)
    told = [(q.subject.value, q.predicate.value, getattr(q.object, "value", "")) for q in ox.parse(body, format=form)]
    assert (BASE + encode(rdf_small.VILLAGE), "http://www.w3.org/2000/01/rdf-schema#label", "柳湾村") in told
    assert any(value == "柳湾村获评全国文明村、省级森林村居。" for _, _, value in told), "the sentences belong to it"


def test_an_entity_as_a_page_in_each_language(server: Server) -> None:
    path = "/" + encode(rdf_small.VILLAGE)
    status, _, body = get(server, path, Accept=BROWSER, Accept_Language="zh-CN")
    page = body.decode()
    assert status == 200
    assert "<h1>柳湾村</h1>" in page
    assert "<td>获得荣誉</td>" in page
    assert "<blockquote>柳湾村获评全国文明村、省级森林村居。</blockquote>" in page
    english = get(server, path + "?lang=en", Accept=BROWSER)[2].decode()
    assert "<td>received honor</td>" in english
    assert "获得荣誉" not in english


def test_names_are_text_on_a_page(server: Server) -> None:
    page = get(server, "/" + encode("organization/<script>alert(1)</script>"), Accept=BROWSER)[2].decode()
    assert "<h1>&lt;script&gt;alert(1)&lt;/script&gt;</h1>" in page
    assert "<script>" not in page


@pytest.mark.parametrize("reference", ["indicator/" + quote("投资"), "dataset", "build", "statement/"])
def test_other_resources_have_addresses(server: Server, reference: str) -> None:
    if reference == "statement/":
        rows = json.loads(ask(server, "SELECT ?s { ?s a rdf:Statement } LIMIT 1")[1])["results"]["bindings"]
        reference = rows[0]["s"]["value"].removeprefix(BASE)
    assert get(server, "/" + reference, Accept="text/turtle")[0] == 200
    assert get(server, "/" + reference, Accept=BROWSER)[0] == 200


@pytest.mark.parametrize(
    "path",
    ["/secret.txt", "/../secret.txt", "/..%2Fsecret.txt", "/organization/none", "/kg.ttl", "/%00", "//etc/passwd"],
)
def test_nothing_else_is_served(server: Server, path: str) -> None:
    status, _, body = get(server, path)
    assert status == 404
    assert b"not to be served" not in body


def test_vocabulary_by_negotiation(server: Server) -> None:
    status, _, body = get(server, "/ontology", Accept="application/n-triples")
    assert status == 200
    assert b"ontology#receivedHonor" in body
    assert get(server, "/ontology", Accept=BROWSER)[1].startswith("text/html")


def test_query_page_and_service_description(server: Server) -> None:
    for path in ("/query", "/sparql", "/"):
        status, media_type, body = get(server, path, Accept=BROWSER)
        assert (status, media_type) == (200, "text/html; charset=utf-8")
        assert "某区域及其下辖各处有哪些项目" in body.decode()
    status, media_type, body = get(server, "/sparql", Accept="text/turtle")
    assert status == 200
    assert list(ox.parse(body, format=ox.RdfFormat.TURTLE))


def test_page_holds_a_query_of_the_address_as_data(server: Server) -> None:
    page = get(server, "/sparql?query=" + quote("</script><img src=x onerror=alert(1)>"), Accept=BROWSER)[2].decode()
    assert "<img src=x" not in page


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
        "SELECT * { service silent <http://127.0.0.1:1/> { ?s ?p ?o } }",
        "SELECT * { BIND(<http://127.0.0.1:1/> AS ?e) SERVICE ?e { ?s ?p ?o } }",
        "SELECT * { SERVICE # a comment\n <http://127.0.0.1:1/> # another\r { ?s ?p ?o } }",
        "SELECT * { \\u0053ERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
        "PREFIX a: <http://127.0.0.1:1/> SELECT * { ?s kg:a\\#b ?o . SERVICE a:x { ?s ?p ?o } }",
        "SELECT * { SERVICE<http://127.0.0.1:1/>{ ?s ?p ?o } }",
        "PREFIX a·b: <http://127.0.0.1:1/> SELECT * { SERVICE a·b:x { ?s ?p ?o } }",
        "PREFIX a\u0301: <http://127.0.0.1:1/> SELECT * { SERVICE a\u0301:x { ?s ?p ?o } }",
        "PREFIX a\u1680: <http://127.0.0.1:1/> SELECT * { SERVICE a\u1680: { ?s ?p ?o } }",
        "SELECT * { BIND(<http://127.0.0.1:1/> AS ?a·b) SERVICE ?a·b { ?s ?p ?o } }",
        "SELECT * { ?x ?y 1SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
        "SELECT * { ?x ?y trueSERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
    ],
)
def test_no_way_to_another_endpoint(server: Server, query: str) -> None:
    status, body = ask(server, query)
    assert status == 400
    assert b"SERVICE is refused" in body or b"not SPARQL" in body


def test_the_child_of_a_query_cannot_open_a_socket(server: Server) -> None:
    """Even a SERVICE clause that got past the text check would find no network."""
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]

    def reach(store: ox.Store) -> tuple[str, bytes]:
        try:
            list(store.query(f"SELECT * {{ SERVICE <http://127.0.0.1:{port}/> {{ ?s ?p ?o }} }}"))  # type: ignore[arg-type]
        except OSError as error:
            return "text/plain", str(error).encode()
        return "text/plain", b"reached"

    _, body = server.engine.guarded(reach)
    listener.settimeout(0.2)
    with pytest.raises(TimeoutError):
        listener.accept()
    listener.close()
    assert body != b"reached"


def test_words_that_look_like_service_are_allowed(server: Server) -> None:
    status, body = ask(server, 'ASK { BIND("public service {" AS ?x) FILTER(CONTAINS(?x, "service: 24h")) }')
    assert status == 200, body
    status, body = ask(server, "SELECT * { ?service kg:runs ?load . ?load kg:locatedIn ?place }")
    assert status == 200, body


def test_from_reads_no_file(server: Server, folder: Path) -> None:
    status, body = ask(server, f"SELECT * FROM <{(folder / 'graph.ttl').as_uri()}> {{ ?s ?p ?o }}")
    assert status == 200
    assert json.loads(body)["results"]["bindings"] == []


def test_a_query_that_takes_too_long_is_stopped_and_others_are_answered(strict: Server) -> None:
    status, body = ask(strict, "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }")
    assert status == 503
    assert b"took longer" in body
    assert ask(strict, "ASK {}")[0] == 200


def test_an_answer_that_is_too_large_is_refused(strict: Server) -> None:
    status, body = ask(strict, "SELECT * { ?s ?p ?o }")
    assert status == 400
    assert b"add a LIMIT" in body


def test_a_query_that_needs_too_much_memory_ends_alone(folder: Path) -> None:
    for server in _running(folder, Limits(seconds=60, memory=64 * 1024 * 1024)):
        status, body = ask(server, "SELECT DISTINCT ?a ?d ?g { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?a ?d ?g")
        assert status == 500
        assert b"memory" in body
        assert ask(server, "ASK {}")[0] == 200


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1.evil.example", ""])
def test_names_of_other_sites_are_refused(server: Server, host: str) -> None:
    assert get(server, "/sparql?query=ASK%7B%7D", Host=host)[0] == 403


def test_forms_of_other_sites_are_refused(server: Server) -> None:
    form = {"Content_Type": "application/x-www-form-urlencoded", "Origin": "https://evil.example"}
    assert get(server, "/sparql", "POST", b"query=ASK%7B%7D", **form)[0] == 403


def test_listens_on_loopback_unless_told(server: Server) -> None:
    assert is_loopback(str(server.server_address[0]))
    assert [is_loopback(name) for name in ("localhost", "[::1]", "127.9.9.9", "0.0.0.0", "10.0.0.1", "a.example")] == [
        True, True, True, False, False, False,
    ]  # fmt: skip


def test_large_bodies_are_refused(server: Server) -> None:
    headers = {"Content_Type": "application/sparql-query", "Content_Length": str(1 << 40)}
    assert get(server, "/sparql", "POST", b"ASK {}", **headers)[0] == 413


def test_an_index_on_disk_answers_the_same(tmp_path: Path) -> None:
    write_turtle(rdf_small.small(), tmp_path / "graph.ttl", {})
    query = "SELECT ?s ?o { ?s kg:runs ?o } ORDER BY ?s ?o"
    answers = []
    for indexed in (False, True):
        if indexed:
            build_index(tmp_path)
        for server in _running(tmp_path, Limits()):
            assert (server.engine.index is not None) == indexed
            answers.append(ask(server, query))
    assert answers[0] == answers[1]
    assert answers[0][0] == 200


def test_an_index_of_an_earlier_build_answers_nothing(tmp_path: Path) -> None:
    graph = rdf_small.small()
    write_turtle(graph, tmp_path / "graph.ttl", {})
    build_index(tmp_path)
    graph.add_node("village/新村", type="Village", name="新村")
    write_turtle(graph, tmp_path / "graph.ttl", {})
    for server in _running(tmp_path, Limits()):
        assert ask(server, 'ASK { ?village rdfs:label "新村"@zh }') == (200, b'{"head":{},"boolean":true}')


def test_a_quick_query_does_not_wait_for_a_slow_one(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However the two come together: here the slow one is started between the quick one's pipe and its child."""
    engine = make_server(folder, limits=Limits(seconds=20)).engine
    held, release = os.pipe()
    started = threading.Event()

    def slow(store: ox.Store) -> tuple[str, bytes]:
        os.read(held, 1)
        return "", b"slow"

    def fork() -> int:
        child = real_fork()
        started.set()
        return child

    def pipe() -> tuple[int, int]:
        ends = real_pipe()
        if threading.current_thread() is not other and not other.is_alive():
            other.start()
            while not started.is_set() and not engine._lock.locked():
                pass
        return ends

    other = threading.Thread(target=engine.guarded, args=(slow,))
    real_fork, real_pipe = os.fork, os.pipe
    monkeypatch.setattr(os, "fork", fork)
    monkeypatch.setattr(os, "pipe", pipe)
    try:
        assert engine.guarded(lambda store: ("", b"quick")) == ("", b"quick")
    finally:
        os.write(release, b"x")
        other.join()


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/%", {}, 400),
        ("/sparql?query=ASK%7B%7D&default-graph-uri=no", {"Accept": "application/json"}, 400),
        ("/sparql", {"Origin": "http://["}, 400),
    ],
)
def test_a_request_that_is_none_gets_a_sentence(
    server: Server, path: str, headers: dict[str, str], status: int
) -> None:
    method = "POST" if "Origin" in headers else "GET"
    found, media_type, body = get(server, path, method, b"" if method == "POST" else None, **headers)
    assert (found, media_type) == (status, "text/plain; charset=utf-8")
    assert len(body.decode().splitlines()) == 1


def test_an_address_that_is_none_gets_a_sentence(server: Server) -> None:
    host, port = server.server_address[:2]
    with socket.create_connection((str(host), int(port)), timeout=60) as connection:
        connection.sendall(b"GET http://[/ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        answer = connection.makefile("rb").read().decode()
    assert answer.startswith("HTTP/1.1 400 ")
    assert answer.endswith("the address is not a URL: 'http://[/'\n")


def test_a_fault_of_ours_gets_a_sentence(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> bytes:
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr("kg.serve.pages.query_page", fails)
    status, _, body = get(server, "/query")
    assert status == 500
    assert "please report it" in body.decode()


@pytest.fixture
def writable(folder: Path) -> Iterator[Server]:
    server = make_server(folder, limits=Limits(seconds=20), allow_update=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def update(server: Server, text: str) -> tuple[int, str]:
    found = get(server, "/sparql", "POST", text.encode(), Content_Type="application/sparql-update")
    return found[0], found[2].decode()


@pytest.mark.parametrize(
    "text",
    [
        "LOAD <{}>",
        "PREFIX a·b: <{}> LOAD a·b:",
        "PREFIX a\u0301: <{}> CLEAR ALL;LOAD SILENT a\u0301:",
        "PREFIX a\u1680b: <{}>LOAD a\u1680b:",
        "PREFIX a·b: <{}> INSERT {{ ?s ?p ?o }} WHERE {{ SERVICE a·b: {{ ?s ?p ?o }} }}",
    ],
)
def test_an_update_reaches_no_file_and_no_endpoint(writable: Server, tmp_path: Path, text: str) -> None:
    (tmp_path / "other.nt").write_text("<urn:a> <urn:b> <urn:c> .\n", encoding="utf-8")
    status, told = update(writable, text.format((tmp_path / "other.nt").as_uri()))
    assert status == 400
    assert "is refused" in told
    assert json.loads(ask(writable, "ASK { <urn:a> <urn:b> <urn:c> }")[1])["boolean"] is False


def test_an_update_that_cannot_be_run_gets_a_sentence(writable: Server) -> None:
    status, told = update(writable, "CREATE GRAPH <urn:g> ; CREATE GRAPH <urn:g>")
    assert status == 400
    assert told.startswith("the update cannot be run: ")


def test_every_file_of_a_build_is_served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.extract.extract", oracle.extract)
    made = run([oracle.EXAMPLES / "sd-liubo-2024.txt"])
    files = write(made, tmp_path, list(FORMATS))
    assert len(files) == 13
    for server in _running(tmp_path, Limits()):
        for name in files:
            status, media_type, body = get(server, f"/{name}")
            assert (status, body) == (200, (tmp_path / name).read_bytes()), name
            assert media_type, name
        assert get(server, "/graph.trig")[1] == "application/trig"


def test_a_folder_without_a_build(tmp_path: Path) -> None:
    with pytest.raises(QueryError, match="build the graph first"):
        make_server(tmp_path)
