"""Pages for people: an entity with its facts and their sentences, the query page; and the service description."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from html import escape
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pyoxigraph as ox

from kg.query import questions
from kg.rdf.names import PREFIXES, VOCABULARY, expand
from kg.rdf.values import LITERALS
from kg.schema import schema, toml
from kg.serve.engine import Engine

MOST = 2000  # facts on a page

_WORDS = {
    "zh": {
        "facts": "事实", "about": "属性", "sources": "依据", "none": "没有记录", "query": "查询", "home": "图谱",
        "more": "只列出前 {} 条", "relation": "关系", "other": "对方", "sentence": "原文", "article": "文章",
    },
    "en": {
        "facts": "Facts", "about": "Attributes", "sources": "Evidence", "none": "Nothing recorded", "query": "Query",
        "home": "Graph", "more": "The first {} only", "relation": "Relation", "other": "With", "sentence": "Sentence",
        "article": "Article",
    },
}  # fmt: skip

# terms of other vocabularies that a page shows, by local name: zh, en
_BORROWED = {
    "label": ("名称", "Name"),
    "type": ("类型", "Type"),
    "altLabel": ("别名", "Also called"),
    "notation": ("区划代码", "Division code"),
    "spatial": ("所属区域", "Area"),
    "title": ("标题", "Title"),
    "issued": ("日期", "Date"),
    "creator": ("作者", "Author"),
    "observedProperty": ("指标概念", "Indicator"),
    "hasResult": ("换算结果", "Result"),
    "wasDerivedFrom": ("依据", "Evidence"),
    "hasSource": ("文章", "Article"),
    "hasSelector": ("位置与引文", "Position and quote"),
}
_STYLE = """:root{color-scheme:light dark}body{font:16px/1.6 system-ui,"Noto Sans CJK SC","Microsoft YaHei",sans-serif;
max-width:62rem;margin:0 auto;padding:1rem}table{border-collapse:collapse;width:100%}th,td{text-align:left;
vertical-align:top;padding:.35rem .6rem;border-bottom:1px solid #8886}blockquote{margin:0;padding-left:.6rem;
border-left:3px solid #8888}.kind{color:#666;font-size:1rem}nav a{margin-right:1rem}
code{overflow-wrap:anywhere}a{color:#0a58ca}
@media(prefers-color-scheme:dark){a{color:#8ab4f8}.kind{color:#aaa}}"""


def description_query(subject: ox.NamedNode) -> str:
    """What is told of a resource: its triples, the statements it is in, their evidence, labels of what they name."""
    return f"""CONSTRUCT {{ ?s ?p ?o . ?o rdfs:label ?label }} WHERE {{
  {{ BIND({subject} AS ?s) }}
  UNION {{ ?s rdf:subject {subject} }} UNION {{ ?s rdf:object {subject} }}
  UNION {{ {{ ?f rdf:subject {subject} }} UNION {{ ?f rdf:object {subject} }}
    {{ ?f prov:wasDerivedFrom ?s }} UNION {{ ?f prov:wasDerivedFrom/oa:hasSelector ?s }} }}
  UNION {{ {subject} sosa:hasResult|oa:hasSelector ?s }}
  ?s ?p ?o . OPTIONAL {{ ?o rdfs:label ?label }} }}"""


def term_labels(language: str) -> dict[str, str]:
    """Labels of the vocabulary's terms by local name; inverses under ``<name``."""
    known = {name: getattr(t, language) for name, t in schema().types.items()}
    known |= {name: getattr(s, language) for name, s in schema().statuses.items()}
    for name, relation in schema().relations.items():
        known[name] = getattr(relation, language)
        known[f"<{name}"] = getattr(relation, f"inverse_{language}")
    known |= {name: text[language == "en"] for name, text in _BORROWED.items()}
    data = toml("alignment.toml")
    for group in ("properties", "subtypes", "classes"):
        known |= {name: fields[language] for name, fields in data[group].items()}
    return known


def _link(base: str, iri: str, text: str) -> str:
    if iri.startswith(VOCABULARY):
        return f'<a href="/ontology">{escape(text)}</a>'
    if iri.startswith(base):
        return f'<a href="/{escape(iri.removeprefix(base), quote=True)}">{escape(text)}</a>'
    return (
        f'<a href="{escape(iri, quote=True)}" rel="noreferrer">{escape(text)}</a>'
        if iri.startswith("http")
        else escape(text)
    )


def _attributes(store: ox.Store, base: str, subject: ox.NamedNode, known: dict[str, str]) -> Iterable[str]:
    """Rows of a resource's own triples that are not facts."""
    for quad in sorted(store.quads_for_pattern(subject, None, None), key=str):
        predicate, value = quad.predicate.value, quad.object
        local = predicate.removeprefix(VOCABULARY)
        if local in schema().relations or isinstance(value, ox.Triple):
            continue
        name = known.get(local if local != predicate else predicate.rpartition("#")[2].rpartition("/")[2])
        name = name or predicate.rpartition("#")[2].rpartition("/")[2]
        if isinstance(value, ox.NamedNode):
            text = value.value.removeprefix(VOCABULARY)
            cell = _link(base, value.value, known.get(text) or _label(store, base, value))
        else:
            cell = escape(value.value)
        yield f"<tr><th scope=row>{escape(name)}</th><td>{cell}</td></tr>"


def entity_page(store: ox.Store, base: str, subject: ox.NamedNode, language: str, known: dict[str, str]) -> bytes:
    """An entity, article or other resource as a page in one language, with the terms' ``known`` labels."""
    words = _WORDS[language]
    title = _label(store, base, subject)
    rows = list(islice(_facts(store, base, subject, known), MOST))
    facts = "".join(rows)
    heads = "".join(f"<th scope=col>{words[name]}</th>" for name in ("relation", "other", "sentence"))
    table = (
        f"<table><thead><tr>{heads}</tr></thead><tbody>{facts}</tbody></table>" if rows else f"<p>{words['none']}</p>"
    )
    more = f"<p>{words['more'].format(MOST)}</p>" if len(rows) == MOST else ""
    body = f"""<nav><a href="/">{words["home"]}</a><a href="/query">{words["query"]}</a>
<a href="?format=ttl">Turtle</a><a href="?format=jsonld">JSON-LD</a></nav>
<h1>{escape(title)}</h1><p class=kind><code>{escape(subject.value)}</code></p>
<h2>{words["about"]}</h2><table>{"".join(_attributes(store, base, subject, known))}</table>
<h2>{words["facts"]}</h2>{table}{more}"""
    return _page(title, language, body)


def _objects(store: ox.Store, subject: Any, curie: str) -> list[Any]:
    return [quad.object for quad in store.quads_for_pattern(subject, ox.NamedNode(expand(curie)), None)]


def _label(store: ox.Store, base: str, term: Any) -> str:
    labels = sorted(label.value for label in _objects(store, term, "rdfs:label"))
    return labels[0] if labels else unquote(term.value.removeprefix(base))


def _facts(store: ox.Store, base: str, subject: ox.NamedNode, known: dict[str, str]) -> Iterator[str]:
    """Rows of the statements that a resource is in, outgoing first; by index look-ups, so that no page waits."""
    for end, other in (("rdf:subject", "rdf:object"), ("rdf:object", "rdf:subject")):
        found = []
        for quad in store.quads_for_pattern(None, ox.NamedNode(expand(end)), subject):
            relation, target = (_objects(store, quad.subject, part)[0] for part in ("rdf:predicate", other))
            name = relation.value.removeprefix(VOCABULARY)
            said = known.get(f"<{name}" if end == "rdf:object" else name, name)
            status = _objects(store, quad.subject, "kg:status")
            said += f" · {known.get(status[0].value.removeprefix(VOCABULARY), '')}" if status else ""
            found.append((said, _label(store, base, target), target.value, quad.subject))
        for said, name, iri, statement in sorted(found, key=lambda item: item[:3]):
            sentences = "".join(_evidence(store, base, statement))
            yield f"<tr><td>{escape(said)}</td><td>{_link(base, iri, name)}</td><td>{sentences}</td></tr>"


def _evidence(store: ox.Store, base: str, statement: Any) -> Iterator[str]:
    """Each sentence that a statement rests on, with its article."""
    for source in sorted(_objects(store, statement, "prov:wasDerivedFrom"), key=str):
        for document in _objects(store, source, "oa:hasSource"):
            selectors = _objects(store, source, "oa:hasSelector")
            quotes = [quote.value for selector in selectors for quote in _objects(store, selector, "oa:exact")]
            article = _link(base, document.value, _label(store, base, document))
            yield "".join(f"<blockquote>{escape(quote)}</blockquote>" for quote in quotes) + f"<p>{article}</p>"


def _page(title: str, language: str, body: str) -> bytes:
    code = "zh-Hans" if language == "zh" else "en"
    head = f"<meta charset=utf-8><meta name=viewport content='width=device-width'><title>{escape(title)}</title>"
    head = f"<head>{head}<style>{_STYLE}</style></head>"
    return f"<!doctype html><html lang={code}>{head}<body>{body}</body></html>".encode()


def query_page(engine: Engine, language: str, query: str = "") -> bytes:
    """The query page with the named questions and the terms to complete."""
    asked = [
        {
            "name": q.name,
            "zh": q.zh,
            "en": q.en,
            "sparql": q.sparql,
            "parameters": [
                # whose name it is, the user says: somebody else's town is no default
                {"name": p.name, "zh": p.zh, "en": p.en, "default": "" if p.names else p.default}
                for p in q.parameters
            ],
        }
        for q in questions()
        if not any(p.is_build for p in q.parameters)
    ]
    names = [*schema().types, *schema().relations, *schema().statuses, *toml("alignment.toml")["properties"]]
    terms = [f"kg:{name}" for name in names] + sorted({p for p in LITERALS.values() if not p.startswith("kg:")})
    usual = ["rdf:type", "rdfs:label", "skos:altLabel", "skos:notation", "dct:issued", "dct:spatial"]
    usual += ["prov:wasDerivedFrom", "oa:hasSource", "oa:hasSelector", "oa:exact", "oa:start", "oa:end"]
    data = {
        "language": language, "query": query, "questions": asked, "base": engine.base, "prefixes": PREFIXES,
        "terms": sorted({*terms, *usual}), "labels": {code: term_labels(code) for code in ("zh", "en")},
    }  # fmt: skip
    inside = json.dumps(data, ensure_ascii=False).replace("<", "\\u003c")
    template = (Path(__file__).parent / "query.html").read_text(encoding="utf-8")
    return template.replace("/*DATA*/null", inside).encode()


def service_description(endpoint: str) -> bytes:
    """The endpoint described in the terms of SPARQL 1.1 Service Description."""
    formats = ("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV", "Turtle")
    listed = " , ".join(
        f"<http://www.w3.org/ns/formats/{name}>" for name in (*formats, "N-Triples", "JSON-LD", "RDF_XML")
    )
    return f"""@prefix sd: <http://www.w3.org/ns/sparql-service-description#> .
<{endpoint}> a sd:Service ;
  sd:endpoint <{endpoint}> ;
  sd:supportedLanguage sd:SPARQL11Query ;
  sd:resultFormat {listed} .
""".encode()
