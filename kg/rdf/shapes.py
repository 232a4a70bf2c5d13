"""ontology/shapes.ttl, made from schema.toml: one node shape a type and a relation, and the shapes of evidence.

Every constraint stands on a property shape with an IRI and a message in both languages, so that a report of any
SHACL engine can be told in plain words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kg.rdf.names import PREFIXES, VOCABULARY
from kg.rdf.syntax import quoted
from kg.schema import EntityType, Relation, schema

NUMBER = "sh:or ( [ sh:datatype xsd:integer ] [ sh:datatype xsd:decimal ] [ sh:datatype xsd:double ] )"
_DATE = r"[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?"


class _Property:
    """A property shape: path, what it asks for, and what to say where it does not hold."""

    def __init__(self, path: str, wants: str, zh: str, en: str, name: str = "") -> None:
        self.path, self.wants, self.zh, self.en = path, wants, zh, en
        self.name = name or path.partition(":")[2].replace("/", "-")


def _shape(name: str, target: str, label: tuple[str, str], properties: Iterable[_Property], extra: str = "") -> str:
    """A node shape followed by its property shapes."""
    listed = list(properties)
    lines = [f"kg:{name} a sh:NodeShape", target, f"rdfs:label {quoted(label[0])}@zh , {quoted(label[1])}@en"]
    if extra:
        lines.append(extra)
    if listed:
        lines.append("sh:property " + " , ".join(f"kg:{name}-{p.name}" for p in listed))
    blocks = [" ;\n  ".join(lines) + " .\n"]
    for p in listed:
        message = f"sh:message {quoted(p.zh)}@zh , {quoted(p.en)}@en"
        blocks.append(f"kg:{name}-{p.name} a sh:PropertyShape ; sh:path {p.path} ;\n  {p.wants} ;\n  {message} .\n")
    return "".join(blocks)


def _any_of(classes: Iterable[str]) -> str:
    listed = [f"[ sh:class kg:{name} ]" for name in classes]
    return f"sh:or ( {' '.join(listed)} )"


def _named(kind: EntityType) -> Iterator[_Property]:
    """What every node has."""
    types = " ".join(f"kg:{name}" for name in schema().types)
    zh, en = kind.zh, kind.en
    name = 'sh:minCount 1 ; sh:maxCount 1 ; sh:languageIn ( "zh" ) ; sh:minLength 1'
    yield _Property("rdfs:label", name, f"{zh}须有且只有一个名称", f"{en}: must have exactly one name")
    one = f"sh:qualifiedValueShape [ sh:in ( {types} ) ] ; sh:qualifiedMinCount 1 ; sh:qualifiedMaxCount 1"
    yield _Property("rdf:type", one, f"{zh}不能同时属于另一类型", f"{en}: must not be of another type as well")
    yield _Property("skos:altLabel", 'sh:languageIn ( "zh" )', "别名须带语言标签 zh", "an alias must be tagged zh")
    statuses = " ".join(f"kg:{status}" for status in schema().statuses)
    yield _Property(
        "kg:status",
        f"sh:in ( {statuses} ) ; sh:maxCount 1",
        f"状态须是 {'、'.join(schema().statuses)} 之一",
        f"the status must be one of {', '.join(schema().statuses)}",
    )
    yield _Property(
        "skos:notation",
        'sh:datatype kg:DivisionCode ; sh:maxCount 1 ; sh:pattern "^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12})$"',
        "区划代码须是 2、4、6、9 或 12 位数字",
        "a division code has 2, 4, 6, 9 or 12 digits",
    )
    count = "sh:datatype xsd:integer ; sh:minInclusive 1 ; sh:maxCount 1"
    yield _Property("kg:count", count, "数量须是正整数", "a count must be a positive whole number")


def _figure() -> Iterator[_Property]:
    one = "sh:minCount 1 ; sh:maxCount 1"
    text = f"{one} ; sh:datatype xsd:string"
    yield _Property("kg:indicator", f"{text} ; sh:minLength 1", "数据须有一个指标", "a figure must have one indicator")
    yield _Property("kg:value", f"{one} ; {NUMBER}", "数据须有一个数值", "a figure must have one value, a number")
    yield _Property("kg:unit", text, "数据须有一个单位", "a figure must have one unit")
    yield _Property("kg:printed", text, "数据须有原文写法", "a figure must say how it is printed")
    yield _Property(
        "kg:baseValue", f"{one} ; {NUMBER}", "数据须有一个换算值", "a figure must have one base value, a number"
    )
    yield _Property("kg:baseUnit", text, "数据须有一个基本单位", "a figure must have one base unit")
    yield _Property(
        "kg:about", "sh:datatype xsd:boolean ; sh:maxCount 1", "约数标记须是真或假", "about must be true or false"
    )
    yield _Property(
        "kg:period",
        f'sh:datatype xsd:string ; sh:maxCount 1 ; sh:pattern "^{_DATE}(/{_DATE})?$"',
        "时期须写作 YYYY、YYYY-MM 或起止",
        "a period is YYYY, YYYY-MM or two of them with a slash",
    )
    yield _Property(
        "kg:periodStart", "sh:lessThanOrEquals kg:periodEnd", "时期的开始晚于结束", "the period ends before it starts"
    )
    yield _Property(
        "kg:growth", f"{NUMBER} ; sh:maxCount 1", "增幅须是数（百分比）", "growth must be a number (percent)"
    )
    yield _Property("kg:figureOf", one, "数据须说明恰好一个实体", "a figure must be of exactly one entity")
    yield _Property(
        "sosa:observedProperty",
        f"{one} ; sh:class kg:Indicator",
        "数据须指向一个指标概念",
        "a figure must point to one indicator",
    )
    yield _Property(
        "sosa:hasResult",
        "sh:class qudt:QuantityValue ; sh:maxCount 1",
        "换算结果须有描述",
        "the result must be described",
    )


def _document() -> Iterator[_Property]:
    yield _Property(
        "dct:title", 'sh:maxCount 1 ; sh:languageIn ( "zh" )', "文章至多一个标题", "a document has at most one title"
    )
    yield _Property(
        "kg:sha256",
        'sh:minCount 1 ; sh:maxCount 1 ; sh:pattern "^[0-9a-f]{64}$"',
        "文章须有 SHA-256 校验和（64 位十六进制）",
        "a document must have a SHA-256 of 64 hexadecimal digits",
    )
    yield _Property("kg:path", "sh:minCount 1 ; sh:maxCount 1", "文章须有一个路径", "a document must have one path")
    kinds = "sh:or ( [ sh:datatype xsd:date ] [ sh:datatype xsd:gYearMonth ] [ sh:datatype xsd:gYear ] )"
    yield _Property("dct:issued", f"sh:maxCount 1 ; {kinds}", "日期不是真实的日期", "the date is not a date")


def _types() -> Iterator[str]:
    for name, kind in schema().types.items():
        properties = list(_named(kind))
        properties += _figure() if name == "Figure" else _document() if name == "Document" else ()
        yield _shape(f"{name}Shape", f"sh:targetClass kg:{name}", (kind.zh, kind.en), properties)


def _end(names: tuple[str, ...]) -> tuple[str, ...]:
    """The classes that a domain or range allows."""
    if "*" not in names:
        return names
    return tuple(name for name in schema().types if name not in ("Document", "Figure"))


def _said(names: tuple[str, ...], language: str) -> str:
    if "*" in names:
        return {"zh": "任一实体", "en": "an entity"}[language]
    labels = [getattr(schema().types[name], language) for name in names]
    return "、".join(labels) if language == "zh" else " or ".join(labels)


def _relation(name: str, relation: Relation) -> str:
    """Both ends of a relation."""
    range_ = _Property(
        f"kg:{name}",
        _any_of(_end(relation.range)),
        f"“{relation.zh}”须指向{_said(relation.range, 'zh')}",
        f"“{relation.en}” must point to {_said(relation.range, 'en')}",
        "range",
    )
    domain = _Property(
        f"[ sh:inversePath kg:{name} ]",
        _any_of(_end(relation.domain)),
        f"“{relation.zh}”须从{_said(relation.domain, 'zh')}出发",
        f"“{relation.en}” must start from {_said(relation.domain, 'en')}",
        "domain",
    )
    return _shape(f"{name}Shape", f"sh:targetSubjectsOf kg:{name}", (relation.zh, relation.en), [range_]) + _shape(
        f"{name}InverseShape", f"sh:targetObjectsOf kg:{name}", (relation.inverse_zh, relation.inverse_en), [domain]
    )


def _evidence() -> Iterator[str]:
    one = "sh:minCount 1 ; sh:maxCount 1"
    relations = " ".join(f"kg:{name}" for name in schema().relations)
    yield _shape(
        "StatementShape",
        "sh:targetClass rdf:Statement",
        ("陈述", "Statement"),
        [
            _Property("rdf:subject", one, "陈述须有一个主语", "a statement must have one subject"),
            _Property(
                "rdf:predicate",
                f"{one} ; sh:in ( {relations} )",
                "陈述的关系不在词汇之中",
                "the relation of a statement must be one of the vocabulary",
            ),
            _Property("rdf:object", one, "陈述须有一个宾语", "a statement must have one object"),
            _Property("prov:wasDerivedFrom", "sh:minCount 1", "事实没有依据", "the fact has no evidence"),
            _Property(
                "kg:rule",
                "sh:minCount 1 ; sh:datatype xsd:string",
                "依据没有注明规则",
                "the evidence does not name the rule that found it",
            ),
        ],
    )
    yield _shape(
        "EvidenceShape",
        "sh:targetClass oa:SpecificResource",
        ("依据", "Evidence"),
        [
            _Property(
                "oa:hasSource",
                f"{one} ; sh:class kg:Document",
                "依据须出自一篇文章",
                "evidence must come from one document of the graph",
            ),
            _Property(
                "oa:hasSelector",
                "sh:minCount 2 ; sh:maxCount 2",
                "依据须有位置和引文",
                "evidence must have a position and a quote",
            ),
        ],
    )
    yield _shape(
        "PositionShape",
        "sh:targetClass oa:TextPositionSelector",
        ("位置", "Position"),
        [
            _Property(
                "oa:start",
                f"{one} ; sh:datatype xsd:integer ; sh:minInclusive 0 ; sh:lessThan oa:end",
                "起点须是非负整数，且在终点之前",
                "the start must be a whole number, 0 or more, and before the end",
            ),
            _Property("oa:end", f"{one} ; sh:datatype xsd:integer", "终点须是整数", "the end must be a whole number"),
        ],
    )
    yield _shape(
        "QuoteShape",
        "sh:targetClass oa:TextQuoteSelector",
        ("引文", "Quote"),
        [
            _Property(
                "oa:exact",
                f"{one} ; sh:datatype xsd:string ; sh:minLength 1",
                "引文不能为空",
                "the quote must not be empty",
            )
        ],
    )
    yield _shape(
        "ResultShape",
        "sh:targetClass qudt:QuantityValue",
        ("换算结果", "Result"),
        [
            _Property("qudt:numericValue", f"{one} ; {NUMBER}", "结果须有一个数", "the result must have one number"),
            _Property(
                "qudt:hasUnit", f"{one} ; sh:nodeKind sh:IRI", "结果须有一个单位", "the result must have one unit"
            ),
        ],
    )


def turtle() -> str:
    """The shapes as Turtle."""
    prefixes = "".join(f"@prefix {p}: <{iri}> .\n" for p, iri in PREFIXES.items())
    head = "# Made by python -m kg.rdf.vocabulary from schema.toml: change that, or kg/rdf/shapes.py.\n"
    ontology = f"<{VOCABULARY.rstrip('#')}/shapes> a owl:Ontology .\n"
    relations = [_relation(name, relation) for name, relation in schema().relations.items()]
    return "\n".join([head + prefixes, ontology, *_types(), *relations, *_evidence()])
