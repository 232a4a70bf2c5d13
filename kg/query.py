"""SPARQL over a built graph, and the named questions of ontology/queries/.

Queries run in Oxigraph: in memory for a build, from an index on disk for a large one. Prefixes of the vocabulary need
no declaration. Nothing here reaches the network: SERVICE is refused.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pyoxigraph as ox

from kg.rdf.names import DEFAULT_BASE, PREFIXES, VOCABULARY, expand
from kg.rdf.syntax import quoted
from kg.schema import ontology_dir, schema

BEFORE = ox.NamedNode("urn:kg:before")
INDEX, STAMP = "graph.index", "graph.index.json"
INDEX_FROM = 256 * 1024 * 1024  # bytes of Turtle from which an index on disk pays

_GAP = r"(?:\s|#[^\r\n]*[\r\n])*"
_NAME = r"[^ \t\r\n{}]*"  # names have characters that \w lacks and some that \s has: U+00B7, U+0301, U+1680
# nothing is asked of what stands before: Oxigraph reads 1SERVICE as two words
_SERVICE = re.compile(rf"SERVICE{_GAP}(?:SILENT{_GAP})?(?:<[^>]*>|[?$]{_NAME}|{_NAME}:{_NAME}){_GAP}\{{", re.IGNORECASE)
_LOAD = re.compile(rf"(?<![?$\w:])LOAD{_GAP}(?:SILENT{_GAP})?(?:<|{_NAME}:)", re.IGNORECASE)
_ESCAPED = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_HEADER = re.compile(r"^#\+ (zh|en|param|names|build)(?: (\w+))?: (.*)$", re.MULTILINE)
_VALUES = r"VALUES \?{name} \{{ [^}}]* \}}"

FORMATS = {
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
}
GRAPHS = {
    "ttl": ox.RdfFormat.TURTLE,
    "nt": ox.RdfFormat.N_TRIPLES,
    "jsonld": ox.RdfFormat.JSON_LD,
    "rdf": ox.RdfFormat.RDF_XML,
}


class QueryError(ValueError):
    """A query that cannot be run; ``str()`` is one sentence for the user."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """What a question asks the user for; ``term`` is the default as SPARQL. A build is a folder.

    ``names`` is the type of entity that it names: somebody else's is no default, so that the user must give one.
    """

    name: str
    zh: str
    en: str
    term: str
    is_build: bool = False
    names: str = ""

    @property
    def default(self) -> str:
        """What is asked for where the user gives nothing."""
        return self.term.partition('"')[2].rpartition('"')[0] if self.term.startswith('"') else self.term

    @property
    def usage(self) -> str:
        """How the command takes it, in brackets where it may be left out: ``-p area=…``, ``[-p least=2]``."""
        if self.names or self.is_build:
            return f"-p {self.name}=…"
        return f"[-p {self.name}={self.default or '…'}]"


@dataclass(frozen=True, slots=True)
class Question:
    """A named question in both languages, and its SPARQL, which runs as it stands in any engine."""

    name: str
    zh: str
    en: str
    parameters: tuple[Parameter, ...]
    sparql: str

    def filled(self, values: Mapping[str, str]) -> str:
        """The SPARQL with ``values`` in the place of the defaults. QueryError for a parameter that it lacks."""
        known = {p.name: p for p in self.parameters}
        text = self.sparql
        for name, value in values.items():
            if name not in known:
                takes = ", ".join(known) or "none"
                raise QueryError(f"question {self.name} has no parameter {name!r}; its parameters: {takes}")
            if not known[name].is_build:
                values_clause = f"VALUES ?{name} {{ {_literal(value, known[name].term)} }}"
                text = re.sub(_VALUES.format(name=name), lambda _: values_clause, text)  # noqa: B023
        return text


def _literal(value: str, default: str) -> str:
    """A user's value as a SPARQL term of the default's kind."""
    if default.startswith('"'):
        return quoted(value) + default[default.rindex('"') + 1 :]
    if not re.fullmatch(r"-?\d+(\.\d+)?", value):
        raise QueryError(f"{value!r} is not a number, such as {default}")
    return value


@cache
def questions() -> tuple[Question, ...]:
    """The named questions, by name."""
    return tuple(_question(path) for path in sorted((ontology_dir() / "queries").glob("*.rq")))


def question(name: str) -> Question:
    """The question called ``name``; QueryError lists what there is."""
    for found in questions():
        if found.name == name:
            return found
    listed = ", ".join(q.name for q in questions())
    raise QueryError(f"there is no question {name!r} 没有这个问题; there are {listed}")


def _question(path: Path) -> Question:
    sparql = path.read_text(encoding="utf-8")
    headers = _HEADER.findall(sparql)
    texts = {kind: text for kind, _, text in headers}
    names = {name: text for kind, name, text in headers if kind == "names"}
    parameters = []
    for kind, name, text in headers:
        if kind not in ("param", "build"):
            continue
        zh, _, en = text.partition(" | ")
        default = re.search(_VALUES.format(name=name), sparql)
        inside = default[0].partition("{")[2].strip(" }") if default else ""
        parameters.append(Parameter(name, zh, en, inside, kind == "build", names.get(name, "")))
    return Question(path.stem, texts["zh"], texts["en"], tuple(parameters), sparql)


@dataclass(slots=True)
class Result:
    """What a query gave: a table (SELECT), triples (CONSTRUCT, DESCRIBE) or a truth value (ASK). Read it once."""

    raw: Any
    base: str = DEFAULT_BASE
    columns: list[str] = field(default_factory=list)
    empty: bool = False  # known once it has been read: there was no row and no triple

    def __post_init__(self) -> None:
        if isinstance(self.raw, ox.QuerySolutions):
            self.columns = [variable.value for variable in self.raw.variables]
        elif isinstance(self.raw, ox.QueryTriples):
            self.columns = ["subject", "predicate", "object"]

    @property
    def boolean(self) -> bool | None:
        """The answer of an ASK query, None for others."""
        return bool(self.raw) if isinstance(self.raw, ox.QueryBoolean) else None

    def rows(self) -> Iterator[list[str]]:
        """The rows as text for people: entities by their id, terms by their name, "" where nothing is bound."""
        if self.boolean is not None:
            return
        self.empty = True
        for row in self.raw:
            self.empty = False
            yield [self.text(term) for term in row]

    def text(self, term: Any) -> str:
        if term is None:
            return ""
        value: str = getattr(term, "value", str(term))
        if not isinstance(term, ox.NamedNode):
            return value
        if value.startswith(VOCABULARY):
            return value.removeprefix(VOCABULARY)
        return unquote(value.removeprefix(self.base)) if value.startswith(self.base) else value

    def serialize(self, form: str) -> bytes:
        """The result as csv, tsv, json or xml; triples also as ttl, nt, jsonld or rdf. QueryError for another form."""
        try:
            forms: dict[str, Any] = GRAPHS if isinstance(self.raw, ox.QueryTriples) else FORMATS
            data = self.raw.serialize(format=forms[form])
        except KeyError:
            raise QueryError(f"this result cannot be written as {form!r}; it can as {', '.join(forms)}") from None
        except ValueError as error:
            raise QueryError(f"this result cannot be written as {form}: {error}") from None
        self.empty = self.boolean is None and _without_rows(data or b"", form)
        return data or b""


def _without_rows(data: bytes, form: str) -> bool:
    if form in ("csv", "tsv"):
        return data.count(b"\n") <= 1  # the columns' names
    return data.strip() in (b"", b"[]") or data.endswith((b'"bindings":[]}}', b"<results></results></sparql>"))


def run(source: Path | ox.Store, text_or_name: str, params: Mapping[str, object] | None = None) -> Result:
    """The result of a SPARQL query or of a named question over a store or a folder that ``kg build`` wrote.

    A text with white space or a brace is SPARQL, anything else a question's name. ``params`` fill a question's
    parameters; one that is a build names an earlier build's folder. QueryError says what is wrong with the query, or
    which name the question needs.
    """
    store = open_store(source) if isinstance(source, Path) else source
    values = {name: str(value) for name, value in (params or {}).items()}
    text = text_or_name
    if _is_name(text_or_name):
        asked = question(text_or_name.strip())
        text = asked.filled(values)
        _refuse_unnamed(asked, values, store)
        for parameter in asked.parameters:
            if parameter.is_build:
                store = _beside(source, values.get(parameter.name, ""), parameter)
    elif values:
        raise QueryError("parameters are for named questions; write the values into the SPARQL")
    refuse_network(text)
    try:
        return Result(store.query(text, prefixes=PREFIXES), base_of_store(store))
    except SyntaxError as error:
        raise QueryError(f"the query is not SPARQL: {error}") from None
    except (ValueError, RuntimeError) as error:
        raise QueryError(f"the query cannot be run: {error}") from None


def _is_name(text: str) -> bool:
    return not re.search(r"[\s{]", text.strip())


def _refuse_unnamed(asked: Question, values: Mapping[str, str], store: ox.Store) -> None:
    """QueryError where a name is not given, with one that the graph has much to tell of."""
    for parameter in asked.parameters:
        if parameter.names and not values.get(parameter.name, "").strip():
            given = f"-p {parameter.name}={_well_known(store, parameter.names) or '…'}"
            raise QueryError(f"question {asked.name} needs a name ({parameter.en}): 请给出{parameter.zh}，如 {given}")


def _well_known(store: ox.Store, kind: str) -> str:
    """The name of the entity of a type that most facts are about, "" where there is none."""
    found: Any = store.query(
        f"SELECT ?name {{ ?x a kg:{kind} ; rdfs:label ?name . ?fact rdf:object ?x }}"
        " GROUP BY ?name ORDER BY DESC(COUNT(?fact)) ?name LIMIT 1",
        prefixes=PREFIXES,
    )
    return next((str(row["name"].value) for row in found), "")


def about_names(source: Path, text_or_name: str, params: Mapping[str, str]) -> list[str]:
    """What to tell of a question that gave nothing: for each name in it whether the graph has it, else near ones.

    Empty for SPARQL and for questions that ask for no name.
    """
    from kg.show import unknown  # noqa: PLC0415  loads networkx

    if not _is_name(text_or_name):
        return []
    store, told = open_store(source), []
    for parameter in question(text_or_name.strip()).parameters:
        name = params.get(parameter.name, "")
        if parameter.names and name:
            has = _has_name(store, name)
            told.append(f"图中有“{name}”，没有这方面的事实 (the graph has it)" if has else unknown(name, _names(store)))
    return told


def _has_name(store: ox.Store, name: str) -> bool:
    """Whether a node has exactly this name, one of the other names, or lies in an area of this name."""
    term = f"{quoted(name)}@zh"
    found = store.query(
        f"ASK {{ {{ ?x rdfs:label|skos:altLabel {term} }} UNION"
        f' {{ ?x kg:within ?above FILTER(STRAFTER(STR(?above), " ") = {quoted(name)}) }} }}',
        prefixes=PREFIXES,
    )
    return bool(found)


def _names(store: ox.Store) -> Iterator[tuple[str, int]]:
    """The names of all entities and of the areas that they lie in, and in how many facts each is the object."""
    kinds = ", ".join(f"kg:{kind}" for kind in schema().types if kind not in ("Figure", "Document"))
    found: Any = store.query(
        f"SELECT ?name (COUNT(?fact) AS ?n) {{ {{ ?x a ?kind ; rdfs:label ?name FILTER(?kind IN ({kinds}))"
        " OPTIONAL { ?fact rdf:object ?x } }"
        ' UNION { ?x kg:within ?above BIND(STRAFTER(STR(?above), " ") AS ?name) } } GROUP BY ?name',
        prefixes=PREFIXES,
    )
    yield from ((row["name"].value, int(row["n"].value)) for row in found)


def refuse_network(text: str) -> None:
    """QueryError where a query would ask another endpoint.

    Stricter than the grammar on purpose: also refuses a SERVICE clause inside a string or comment, so that no trick
    of quoting can hide one, and looks behind code point escapes.
    """
    plain = _ESCAPED.sub(lambda m: chr(min(int(m[1] or m[2], 16), 0x10FFFF)), text)
    if _SERVICE.search(text) or _SERVICE.search(plain):
        raise QueryError("SERVICE is refused: queries stay on this machine")


def refuse_loading(text: str) -> None:
    """QueryError where an update would read a file or a web address."""
    plain = _ESCAPED.sub(lambda m: chr(min(int(m[1] or m[2], 16), 0x10FFFF)), text)
    if _LOAD.search(text) or _LOAD.search(plain):
        raise QueryError("LOAD is refused: updates stay within the store")


def _beside(source: Path | ox.Store, folder: str, parameter: Parameter) -> ox.Store:
    """A store with the build of ``source`` and, in the graph ``urn:kg:before``, that of ``folder``."""
    if not folder:
        raise QueryError(f"give the folder of another build: --param {parameter.name}=DIR ({parameter.en})")
    if not isinstance(source, Path):
        raise QueryError("two builds can be compared where both are given as folders")
    store = ox.Store()
    for turtle, graph in ((turtle_of(source), None), (turtle_of(Path(folder)), BEFORE)):
        try:
            store.bulk_load(path=str(turtle), format=ox.RdfFormat.TURTLE, to_graph=graph)
        except SyntaxError as error:
            raise QueryError(f"{turtle} is not Turtle ({error}); build it again") from None
    return store


def turtle_of(folder: Path) -> Path:
    """The Turtle of a build's folder; QueryError where it has none."""
    path = folder if folder.is_file() else folder / "graph.ttl"
    if not path.is_file():
        advice = f"build the graph first (kg build … -o {folder}) or give another folder (-g DIR)"
        raise QueryError(f"{path} does not exist: {advice} 没有图，请先构建，或用 -g 指明 kg build 写出的文件夹")
    return path


def open_store(folder: Path) -> ox.Store:
    """The store of a build: its index on disk where there is one and it is of the same file, else read into memory.

    The vocabulary stands in a named graph of its own, so that it is not counted among the data.
    """
    if index := index_of(folder):
        return ox.Store.read_only(str(index))
    store = ox.Store()
    _fill(store, turtle_of(folder))
    return store


def index_of(folder: Path) -> Path | None:
    """The index on disk of a build's Turtle, made for a large one; None where there is none of this very file."""
    turtle = turtle_of(folder)
    index, stamp = turtle.parent / INDEX, turtle.parent / STAMP
    if turtle.stat().st_size >= INDEX_FROM and not _current(turtle, stamp):
        build_index(folder)
    return index if index.is_dir() and _current(turtle, stamp) else None


def build_index(folder: Path) -> Path:
    """An index on disk beside a build's Turtle, for graphs that memory is too small for; returns its folder."""
    turtle = turtle_of(folder)
    index, stamp = turtle.parent / INDEX, turtle.parent / STAMP
    stamp.unlink(missing_ok=True)
    shutil.rmtree(index, ignore_errors=True)
    store = ox.Store(str(index))
    _fill(store, turtle)
    store.optimize()
    store.flush()
    del store
    stamp.write_text(json.dumps(_stamp(turtle)), encoding="utf-8")
    return index


def _fill(store: ox.Store, turtle: Path) -> None:
    vocabulary = ox.NamedNode(VOCABULARY.rstrip("#"))
    try:
        store.bulk_load(path=str(turtle), format=ox.RdfFormat.TURTLE)
    except SyntaxError as error:
        raise QueryError(f"{turtle} is not Turtle: {error}") from None
    store.load(path=str(ontology_dir() / "kg.ttl"), format=ox.RdfFormat.TURTLE, to_graph=vocabulary)


def _stamp(turtle: Path) -> dict[str, int]:
    status = turtle.stat()
    return {"size": status.st_size, "modified": status.st_mtime_ns}


def _current(turtle: Path, stamp: Path) -> bool:
    try:
        return bool(json.loads(stamp.read_text(encoding="utf-8")) == _stamp(turtle))
    except (OSError, ValueError):
        return False


def base_of_store(store: ox.Store) -> str:
    """The base of the entities' IRIs, from the data set's description."""
    found: list[Any] = [q.object for q in store.quads_for_pattern(None, ox.NamedNode(expand("void:uriSpace")), None)]
    return found[0].value if found else DEFAULT_BASE
