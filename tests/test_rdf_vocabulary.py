"""The vocabulary: made from the schema, complete in both languages, without contradiction."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdf_small
import rdflib

from kg.export.rdf import write_turtle
from kg.rdf import page, shapes, vocabulary
from kg.rdf.names import PREFIXES, VOCABULARY
from kg.schema import ontology_dir, schema, toml

RDFS, OWL, SKOS = rdflib.RDFS, rdflib.OWL, rdflib.SKOS


@pytest.fixture(scope="module")
def terms() -> rdflib.Graph:
    return rdflib.Graph().parse(ontology_dir() / "kg.ttl")


@pytest.mark.parametrize(
    ("name", "made"), [("kg.ttl", vocabulary.turtle), ("shapes.ttl", shapes.turtle), ("index.html", page.html)]
)
def test_made_files_follow_the_schema(name: str, made: object) -> None:
    assert callable(made)
    assert (ontology_dir() / name).read_text("utf-8") == made(), "run python -m kg.rdf.vocabulary"


def test_every_term_has_labels_in_both_languages(terms: rdflib.Graph) -> None:
    ours = set(terms.subjects(RDFS.isDefinedBy, None))
    assert len(ours) > 70
    for term in ours:
        assert {label.language for label in terms.objects(term, RDFS.label)} == {"zh", "en"}, term
        assert len(list(terms.objects(term, RDFS.label))) == 2, term


def test_labels_do_not_mix_languages(terms: rdflib.Graph) -> None:
    for _, property_, text in terms:
        if property_ in (RDFS.label, RDFS.comment) and isinstance(text, rdflib.Literal):
            chinese = re.search(r"[\u4e00-\u9fff]", text)
            assert bool(chinese) == (text.language == "zh") or text.value == "SHA-256", text


def test_names_of_terms_are_of_one_thing_only() -> None:
    data = toml("alignment.toml")
    inverses = [vocabulary.inverse_name(r.inverse_en) for r in schema().relations.values()]
    subtypes = [s for t in schema().types.values() for s in t.subtypes]
    names = [
        *schema().types,
        *schema().relations,
        *schema().statuses,
        *inverses,
        *subtypes,
        *data["properties"],
        *data["classes"],
    ]
    assert sorted(names) == sorted(set(names))
    assert set(subtypes) == set(data["subtypes"])
    assert set(schema().types) == set(data["types"])
    assert set(schema().relations) == set(data["relations"])


def test_data_uses_declared_terms_only(terms: rdflib.Graph, tmp_path: Path) -> None:
    write_turtle(rdf_small.small(), tmp_path / "graph.ttl", {})
    data = rdflib.Graph().parse(tmp_path / "graph.ttl")
    used = {str(term) for triple in data for term in triple if str(term).startswith(VOCABULARY)} - {VOCABULARY}
    declared = {str(s) for s in terms.subjects(RDFS.isDefinedBy, None)}
    assert used <= declared
    assert {VOCABULARY + name for name in schema().types} <= used


def test_reasoner_finds_no_contradiction(terms: rdflib.Graph, tmp_path: Path) -> None:
    owlrl = pytest.importorskip("owlrl")
    write_turtle(rdf_small.small(), tmp_path / "graph.ttl", {})
    both = rdflib.Graph().parse(tmp_path / "graph.ttl") + terms
    village, company = rdflib.URIRef(VOCABULARY + "Village"), rdflib.URIRef(VOCABULARY + "Company")
    error = rdflib.URIRef("http://www.daml.org/2002/03/agents/agent-ont#error")
    closure = rdflib.Graph() + both
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(closure)
    assert list(closure.objects(None, error)) == []
    some = next(both.subjects(rdflib.RDF.type, company))
    assert (some, rdflib.RDF.type, rdflib.URIRef(PREFIXES["org"] + "Organization")) in closure, (
        "the alignment is derived"
    )
    wrong = rdflib.Graph() + terms
    wrong.add((some, rdflib.RDF.type, company))
    wrong.add((some, rdflib.RDF.type, village))
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(wrong)
    assert list(wrong.objects(None, error)), "the reasoner would tell"


def test_relations_have_domain_range_and_inverse(terms: rdflib.Graph) -> None:
    for name in schema().relations:
        relation = rdflib.URIRef(VOCABULARY + name)
        assert terms.value(relation, RDFS.domain) is not None
        assert terms.value(relation, RDFS.range) is not None
        assert terms.value(None, OWL.inverseOf, relation) is not None


def test_header_of_the_vocabulary(terms: rdflib.Graph) -> None:
    (ontology,) = terms.subjects(rdflib.RDF.type, OWL.Ontology)
    about = toml("alignment.toml")["vocabulary"]
    assert str(terms.value(ontology, OWL.versionIRI)).endswith(about["version"])
    assert terms.value(ontology, rdflib.DCTERMS.license) == rdflib.URIRef(about["licence"])
    assert {t.language for t in terms.objects(ontology, rdflib.DCTERMS.title)} == {"zh", "en"}


class _Texts(HTMLParser):
    """Text by the language that holds there, and the targets of links."""

    def __init__(self) -> None:
        super().__init__()
        self.stack: list[str] = []
        self.found: list[tuple[str, str]] = []
        self.ids: set[str] = set()
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        self.ids.add(named.get("id") or "")
        self.links.append(named.get("href") or "")
        if tag not in ("meta", "link", "br", "input", "hr"):
            self.stack.append(named.get("lang") or (self.stack[-1] if self.stack else ""))

    def handle_endtag(self, tag: str) -> None:
        self.stack.pop()

    def handle_data(self, data: str) -> None:
        if data.strip() and self.stack:
            self.found.append((self.stack[-1], data.strip()))


def test_page_keeps_the_languages_apart() -> None:
    parser = _Texts()
    parser.feed((ontology_dir() / "index.html").read_text("utf-8"))
    english = [text for language, text in parser.found if language == "en"]
    assert len(english) > 300
    assert not [text for text in english if re.search(r"[\u4e00-\u9fff]", text)]
    assert len([text for language, text in parser.found if language.startswith("zh")]) > 300
    inside = {link[1:] for link in parser.links if link.startswith("#")}
    assert inside <= parser.ids
    assert not [
        link
        for link in parser.links
        if link.startswith("http")
        and "w3.org" not in link
        and "spdx" not in link
        and "example.org" not in link
        and "schema.org" not in link
        and "xmlns" not in link
        and "purl" not in link
    ]


def test_shapes_are_turtle() -> None:
    assert len(list(ox.parse(path=str(ontology_dir() / "shapes.ttl"), format=ox.RdfFormat.TURTLE))) > 1000
