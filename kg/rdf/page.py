"""ontology/index.html: the vocabulary for people, one half in Chinese, one in English, from kg.ttl's own triples.

One language at a time, headings too; no script, no network; the anchors are the language and the term's name.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Any

import pyoxigraph as ox

from kg.rdf import vocabulary
from kg.rdf.names import PREFIXES, VOCABULARY, expand

_WORDS = {
    "zh": {
        "Classes": "类", "Relations": "关系", "Attributes": "属性", "Individuals": "个体", "broader": "上位",
        "domain": "定义域", "range": "值域", "inverse": "逆关系", "version": "版本", "licence": "许可",
        "is": "名称空间",
        "or": "或", "others": "本词汇与其他词汇的对应写在“上位”一行。", "types": "数据类型",
    },
    "en": {
        "Classes": "Classes", "Relations": "Relations", "Attributes": "Attributes", "Individuals": "Individuals",
        "broader": "Kind of", "domain": "Domain", "range": "Range", "inverse": "Inverse", "version": "Version",
        "licence": "Licence", "is": "Namespace", "or": "or", "types": "Datatypes",
        "others": "How a term stands to other vocabularies is said under “Kind of”.",
    },
}  # fmt: skip
_STYLE = """:root{color-scheme:light dark}body{font:16px/1.6 system-ui,"Noto Sans CJK SC","Microsoft YaHei",sans-serif;
max-width:60rem;margin:0 auto;padding:1rem}h3{margin-bottom:0}code{font-size:.9em}dl{margin:.2rem 0 1rem}
dt{font-weight:600;float:left;clear:left;margin-right:.5rem}dd{margin:0}section section{border-top:1px solid #8886}
nav li{display:inline-block;margin-right:1rem}"""
_GROUPS = {
    "Classes": "owl:Class",
    "Relations": "owl:ObjectProperty",
    "Attributes": "owl:DatatypeProperty",
    "types": "rdfs:Datatype",
    "Individuals": "",
}


class _Page:
    """One language's half of the page."""

    def __init__(self, store: ox.Store, language: str) -> None:
        self.store, self.language, self.words = store, language, _WORDS[language]

    def objects(self, subject: Any, curie: str) -> list[Any]:
        found = self.store.quads_for_pattern(subject, ox.NamedNode(expand(curie)), None)
        return sorted((quad.object for quad in found), key=str)

    def text(self, subject: Any, curie: str) -> str:
        return next((o.value for o in self.objects(subject, curie) if o.language == self.language), "")

    def items(self, head: Any) -> list[Any]:
        items = []
        while head.value != expand("rdf:nil"):
            items += self.objects(head, "rdf:first")
            (head,) = self.objects(head, "rdf:rest")
        return items

    def link(self, term: Any) -> str:
        """A term by name; a class of several as its members."""
        if isinstance(term, ox.BlankNode):
            (union,) = self.objects(term, "owl:unionOf")
            return f" {self.words['or']} ".join(map(self.link, self.items(union)))
        iri = term.value
        if iri.startswith(VOCABULARY):
            name = iri.removeprefix(VOCABULARY)
            return f'<a href="#{self.language}-{name}">{escape(self.text(term, "rdfs:label") or name)}</a>'
        for prefix, start in PREFIXES.items():
            if iri.startswith(start):
                return f'<a href="{escape(iri)}" rel="noreferrer"><code>{prefix}:{iri.removeprefix(start)}</code></a>'
        return escape(iri)

    def line(self, label: str, terms: Iterable[Any]) -> str:
        found = ", ".join(map(self.link, terms))
        return f"<dt>{self.words[label]}</dt><dd>{found}</dd>" if found else ""

    def term(self, term: Any) -> str:
        name = term.value.removeprefix(VOCABULARY)
        inverse = [q.subject for q in self.store.quads_for_pattern(None, ox.NamedNode(expand("owl:inverseOf")), term)]
        rows = [
            self.line("broader", self.objects(term, "rdfs:subClassOf") + self.objects(term, "rdfs:subPropertyOf")),
            self.line("domain", self.objects(term, "rdfs:domain")),
            self.line("range", self.objects(term, "rdfs:range")),
            self.line("inverse", [*inverse, *self.objects(term, "owl:inverseOf")]),
        ]
        comment = self.text(term, "rdfs:comment")
        heading = f"<h3>{escape(self.text(term, 'rdfs:label'))} <code>kg:{name}</code></h3>"
        return (
            f'<section id="{self.language}-{name}">{heading}'
            + (f"<p>{escape(comment)}</p>" if comment else "")
            + f"<dl>{''.join(rows)}</dl></section>"
        )

    def groups(self) -> dict[str, list[Any]]:
        """Our terms by what they are, each group by name."""
        defined = self.store.quads_for_pattern(None, ox.NamedNode(expand("rdfs:isDefinedBy")), None)
        ours = sorted({quad.subject for quad in defined}, key=str)
        kinds = {expand(kind): group for group, kind in _GROUPS.items() if kind}
        found: dict[str, list[Any]] = {group: [] for group in _GROUPS}
        for term in ours:
            types = [kinds[o.value] for o in self.objects(term, "rdf:type") if o.value in kinds]
            found[types[0] if types else "Individuals"].append(term)
        return found

    def half(self) -> str:
        ontology = ox.NamedNode(VOCABULARY.rstrip("#"))
        version = self.objects(ontology, "owl:versionInfo")[0].value
        licence = self.objects(ontology, "dct:license")[0].value
        groups = self.groups()
        words, code = self.words, "zh-Hans" if self.language == "zh" else "en"
        contents = "".join(f'<li><a href="#{self.language}-{g}">{words[g]}</a></li>' for g in groups)
        parts = [
            f'<section id="{self.language}-{group}"><h2>{words[group]}</h2>{"".join(map(self.term, terms))}</section>'
            for group, terms in groups.items()
        ]
        return f"""<div lang="{code}" id="{self.language}"><h1>{escape(self.text(ontology, "dct:title"))}</h1>
<p>{escape(self.text(ontology, "dct:description"))} {words["others"]}</p>
<dl><dt>{words["is"]}</dt><dd><code>{VOCABULARY}</code></dd><dt>{words["version"]}</dt><dd>{version}</dd>
<dt>{words["licence"]}</dt><dd><a href="{escape(licence)}" rel="noreferrer license">{escape(licence)}</a></dd></dl>
<nav><ul>{contents}</ul></nav>
{"".join(parts)}</div>
"""


def html() -> str:
    """The page, made from the vocabulary's triples."""
    store = ox.Store()
    store.load(vocabulary.turtle().encode(), format=ox.RdfFormat.TURTLE)
    halves = "".join(_Page(store, language).half() for language in ("zh", "en"))
    head = '<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>kg</title>'
    choose = '<nav><a href="#zh" lang="zh-Hans">中文</a> · <a href="#en" lang="en">English</a></nav>'
    page = f"<head>{head}<style>{_STYLE}</style></head><body>{choose}\n{halves}</body>"
    return f'<!doctype html>\n<html lang="zh-Hans">{page}</html>\n'
