"""ontology/kg.ttl, made from schema.toml and alignment.toml.

``python -m kg.rdf.vocabulary`` writes kg.ttl, shapes.ttl and index.html anew; a test fails where they have drifted
from what they are made from.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kg.rdf.names import PREFIXES, VOCABULARY
from kg.rdf.syntax import quoted
from kg.schema import ontology_dir, schema, toml

SEPARATE = ("Document", "Figure")


def inverse_name(label_en: str) -> str:
    """The local name of an inverse relation: "has part" gives hasPart."""
    first, *rest = label_en.split()
    return first + "".join(word.capitalize() for word in rest)


def labels(zh: str, en: str, comment_zh: str = "", comment_en: str = "") -> list[str]:
    """rdfs:label and rdfs:comment in both languages."""
    lines = [f"rdfs:label {quoted(zh)}@zh , {quoted(en)}@en"]
    if comment_zh or comment_en:
        lines.append(f"rdfs:comment {quoted(comment_zh)}@zh , {quoted(comment_en)}@en")
    return lines


def paragraph(subject: str, kind: str, lines: Iterable[str]) -> str:
    """One subject with its lines."""
    return " ;\n  ".join([f"{subject} a {kind}", *lines, "rdfs:isDefinedBy <>"]) + " .\n"


def classes_of(names: Iterable[str]) -> str:
    """One class, or the union of several; ``*`` is any entity."""
    listed = ["Entity" if name == "*" else name for name in names]
    if len(listed) == 1:
        return f"kg:{listed[0]}"
    return "[ a owl:Class ; owl:unionOf ( " + " ".join(f"kg:{name}" for name in listed) + " ) ]"


def _header(about: dict[str, str]) -> str:
    document = VOCABULARY.rstrip("#")
    prefixes = "".join(f"@prefix {p}: <{iri}> .\n" for p, iri in PREFIXES.items())
    lines = [
        "# Made by python -m kg.rdf.vocabulary from schema.toml and alignment.toml: change those.",
        f"@base <{document}> .\n{prefixes}",
        "<> a owl:Ontology ;",
        f"  owl:versionIRI <{document}/{about['version']}> ;",
        f'  owl:versionInfo "{about["version"]}" ;',
        f"  dct:title {quoted(about['title_zh'])}@zh , {quoted(about['title_en'])}@en ;",
        f"  dct:description {quoted(about['comment_zh'])}@zh , {quoted(about['comment_en'])}@en ;",
        f"  dct:license <{about['licence']}> ;",
        f"  dc:creator {quoted(about['creator'])} ;",
        f'  dct:modified "{about["date"]}"^^xsd:date ;',
        '  vann:preferredNamespacePrefix "kg" ;',
        f'  vann:preferredNamespaceUri "{VOCABULARY}" .\n',
    ]
    return "\n".join(lines)


def _classes(data: dict[str, Any]) -> list[str]:
    out = []
    for name, fields in data["classes"].items():
        broader = [f"rdfs:subClassOf {' , '.join(fields['broader'])}"] if fields["broader"] else []
        text = labels(fields["zh"], fields["en"], fields["comment_zh"], fields["comment_en"])
        out.append(paragraph(f"kg:{name}", "owl:Class", [*text, *broader]))
    for name, kind in schema().types.items():
        above = [*([] if name in SEPARATE else ["kg:Entity"]), *data["types"].get(name, [])]
        text = labels(kind.zh, kind.en, kind.comment_zh, kind.comment_en)
        out.append(paragraph(f"kg:{name}", "owl:Class", [*text, f"rdfs:subClassOf {' , '.join(above)}"]))
        for subtype in kind.subtypes:
            fields = data["subtypes"][subtype]
            above = [f"kg:{name}", *fields["broader"]]
            text = labels(fields["zh"], fields["en"])
            out.append(paragraph(f"kg:{subtype}", "owl:Class", [*text, f"rdfs:subClassOf {' , '.join(above)}"]))
    members = " ".join(f"kg:{name}" for name in schema().types)
    out.append(f"[] a owl:AllDisjointClasses ; owl:members ( {members} ) .\n")
    return out


def _relations(data: dict[str, Any]) -> list[str]:
    out = []
    for name, relation in schema().relations.items():
        fields = data["relations"].get(name, {})
        inverse = inverse_name(relation.inverse_en)
        text = labels(relation.zh, relation.en, fields.get("comment_zh", ""), fields.get("comment_en", ""))
        domain, range_ = classes_of(relation.domain), classes_of(relation.range)
        lines = [*text, f"rdfs:domain {domain}", f"rdfs:range {range_}"]
        lines += [f"rdfs:subPropertyOf {' , '.join(fields['broader'])}"] if fields.get("broader") else []
        out.append(paragraph(f"kg:{name}", "owl:ObjectProperty", lines))
        lines = [*labels(relation.inverse_zh, relation.inverse_en), f"owl:inverseOf kg:{name}"]
        above = fields.get("inverse_broader")
        lines += [f"rdfs:subPropertyOf {' , '.join(above)}"] if above else []
        out.append(paragraph(f"kg:{inverse}", "owl:ObjectProperty", lines))
    return out


def _properties(data: dict[str, Any]) -> list[str]:
    out = []
    for name, fields in data["properties"].items():
        lines = labels(fields["zh"], fields["en"], fields["comment_zh"], fields["comment_en"])
        lines += [f"rdfs:domain {classes_of(fields['domain'])}"] if "domain" in fields else []
        lines += [f"rdfs:range {fields['range']}"] if "range" in fields else []
        lines += [f"rdfs:subPropertyOf {' , '.join(fields['broader'])}"] if "broader" in fields else []
        kind = "owl:ObjectProperty" if fields.get("range") == "kg:Status" else "owl:DatatypeProperty"
        out.append(paragraph(f"kg:{name}", kind, lines))
    return out


def _individuals() -> list[str]:
    scheme = labels("项目状态", "Project statuses")
    out = [paragraph("kg:statuses", "skos:ConceptScheme", scheme)]
    for name, status in schema().statuses.items():
        lines = [*labels(status.zh, status.en), "skos:inScheme kg:statuses", f"kg:order {status.order}"]
        out.append(paragraph(f"kg:{name}", "kg:Status", lines))
    text = labels(
        "背景知识", "Background knowledge", "来自区划表等，不出自文章", "Known from the gazetteer, not from an article"
    )
    out.append(paragraph("kg:background", "prov:Entity", text))
    text = labels("次序", "order", "状态在项目过程中的次序", "Place of the status in a project's life")
    lines = [*text, "rdfs:domain kg:Status", "rdfs:range xsd:integer"]
    out.append(paragraph("kg:order", "owl:DatatypeProperty", lines))
    text = labels("行政区划代码", "Division code", "国家统计局区划代码", "Code of the national list of divisions")
    out.append(paragraph("kg:DivisionCode", "rdfs:Datatype", text))
    union = "owl:unionOf ( xsd:integer xsd:decimal xsd:double )"
    out.append(paragraph("kg:Number", "rdfs:Datatype", [*labels("数", "Number"), union]))
    return out


def turtle() -> str:
    """The vocabulary as Turtle."""
    data = toml("alignment.toml")
    parts = [_header(data["vocabulary"]), *_classes(data), *_relations(data), *_properties(data), *_individuals()]
    return "\n".join(parts)


def main() -> None:
    """Write what is made from the schema into ontology/."""
    from kg.rdf import page, shapes  # noqa: PLC0415  they read what this module makes

    folder = ontology_dir()
    for name, text in (("kg.ttl", turtle()), ("shapes.ttl", shapes.turtle()), ("index.html", page.html())):
        (folder / name).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
