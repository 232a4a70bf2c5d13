"""The reader of facts: where it looks, what it is told, and that its answers are probabilities."""

from __future__ import annotations

import hashlib

import pytest

from kg import figures, repair
from kg.model import Document, Entity, Mention, Source, Span
from kg.recognize import tagger
from kg.relate import reader
from kg.relate.context import Context
from kg.relate.reader import Pair

TEXT = "双溪镇云岭食品有限公司投资3200万元，云岭食品速冻果蔬加工项目今年6月竣工投产。"
COMPANY, PROJECT = "云岭食品", "速冻果蔬加工项目"


def document(text: str) -> Document:
    return repair.document(Source("a.txt", text, hashlib.sha256(text.encode()).hexdigest()))


def entity(text: str, kind: str, *names: str) -> Entity:
    spans = [Span(at, at + len(name)) for name in names for at in range(len(text)) if text.startswith(name, at)]
    mentions = [Mention(span, text[span.start : span.end], kind, "test") for span in spans]
    return Entity(key=names[0], type=kind, name=names[0], mentions=mentions)


@pytest.fixture
def context() -> Context:
    entities = [
        entity(TEXT, "AdministrativeArea", "双溪镇"),
        entity(TEXT, "Organization", "云岭食品有限公司", COMPANY),
        entity(TEXT, "Project", PROJECT),
    ]
    return Context(document(TEXT), entities)


def reading(context: Context) -> reader.Reading:
    seen = tagger.read(context.document)
    return reader.Reading(reader.model(), context, seen.batches, figures.find(TEXT, context.document.sentences))


def at(name: str) -> Span:
    start = TEXT.rindex(name)
    return Span(start, start + len(name))


def test_a_longer_name_covers_the_names_in_it(context: Context) -> None:
    types = reader.model().types
    marks = reader.marks(context, [], types)
    long = TEXT.index("云岭食品有限公司")
    assert len({marks[i] for i in range(long + 1, long + 7)}) == 1  # inside, to the end of the longer name
    assert marks[TEXT.index("今年")] == 0


def test_figures_are_marked_where_no_name_stands(context: Context) -> None:
    quantities = figures.find(TEXT, context.document.sentences)
    start = TEXT.index("3200")
    assert {q.span.start for q in quantities} >= {start}
    types = reader.model().types
    marks = reader.marks(context, quantities, types)
    assert marks[start] == reader.count(types) - 2
    assert marks[start + 1] == reader.count(types) - 1


@pytest.mark.parametrize(
    ("one", "other", "together", "expected"),
    [
        (Span(0, 3), Span(5, 8), True, (3, 5)),
        (Span(5, 8), Span(0, 3), True, (3, 5)),
        (Span(0, 3), Span(5, 8), False, (3, 3)),  # not of one sentence
        (Span(0, 3), Span(2, 8), True, (3, 3)),  # overlapping
        (Span(0, 3), Span(500, 503), True, (3, 3)),  # too far apart
    ],
)
def test_what_stands_between(one: Span, other: Span, together: bool, expected: tuple[int, int]) -> None:
    assert reader.gap(Pair(one, other, together)) == expected


def test_an_entity_is_read_where_it_was_named_last(context: Context) -> None:
    assert reader.place(context, 1, None, TEXT.index("今年")) == at(COMPANY)
    assert reader.place(context, 2, None, 0) == at(PROJECT)  # named only later
    assert reader.place(context, 1, Span(3, 11), 0) == Span(3, 11)


def test_sentences_are_read_together_in_their_order() -> None:
    long = document("".join(f"第{number}个村建起{number}座大棚，村民收入增加。\n" for number in range(60)))
    parts = reader.stretches(tagger.read(long).batches)
    places = [int(place) for part in parts for place in part.places]
    assert places == [at for at, character in enumerate(long.text) if character != "\n"]
    assert len(parts) > 1
    assert all(reader.STRETCH / 2 < len(part.places) <= reader.STRETCH for part in parts[:-1])
    rows = reader.rows_of([part.places for part in parts], len(long.text))
    assert [int(rows[place]) for place in places] == list(range(len(places)))
    assert rows[len(long.text)] == len(places)


def test_probabilities(context: Context) -> None:
    read = reading(context)
    pairs = [Pair(at(PROJECT), at(COMPANY), True), Pair(at(COMPANY), at("双溪镇"), True)]
    for chances in (*read.relations(pairs, [[], []]), *read.statuses([at(PROJECT)], [["no such feature"]])):
        assert sum(chances.values()) == pytest.approx(1, abs=1e-5)
    assert sum(read.owners(pairs, [[], []])) == pytest.approx(1, abs=1e-5)
    assert read.relations([], []) == []
    assert read.statuses([], []) == []


def test_an_empty_article() -> None:
    empty = Context(document("\n"), [])
    read = reader.Reading(reader.model(), empty, tagger.read(empty.document).batches, [])
    assert read.relations([], []) == []


def test_places_that_tell_a_fact_count_together() -> None:
    told = [
        (1, "first", {"none": 0.5, "planned": 0.1, "underway": 0.4}),
        (1, "second", {"none": 0.2, "planned": 0.3, "underway": 0.5}),
        (0, "third", {"none": 0.3, "planned": 0.7, "underway": 0.0}),
    ]
    found = reader.gathered(told)
    assert list(found) == [0, 1]
    label, fact = reader.likeliest(found[1])
    assert (label, fact.place) == ("underway", "second")  # the place that tells it best is its evidence
    assert fact.chance == pytest.approx(1 - 0.6 * 0.5)
    assert reader.likeliest(found[0])[0] == "planned"
    assert (found[1]["planned"].times, found[0]["underway"].times) == (2, 0)  # places that tell it not wholly unlikely


def test_of_equally_likely_labels_the_first_by_name() -> None:
    found = reader.gathered([(0, "here", {"underway": 0.5, "planned": 0.5, "none": 0.0})])
    assert reader.likeliest(found[0])[0] == "planned"
