"""Pairs of entities that may be related, and what speaks for and against each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kg.model import LAND, Span
from kg.relate.context import Context, Placed
from kg.relate.triggers import trigger_classes

_WORKS, _WHOLES = ("Project", "ProjectGroup", "Facility"), ("ProjectGroup", "Organization", "Project")
_JOINERS = "、和与及以等，,“”《》暨 "  # what may stand between the links of an enumeration
_HOLDERS = ("Organization", "Village")  # of works and people of later paragraphs
_REACH = 160  # characters between two names of one sentence that are still looked at


@dataclass(frozen=True, slots=True)
class Pair:
    """Subject and object as placed in the text; ``mode`` says how the subject came to be considered."""

    subject: int
    object: int
    # near, home, topic, before, far, echo, in-home, in-topic, in-before, of-before, of-after, of-far, of-afar, of-echo,
    # of-group
    mode: str
    at_subject: Span | None
    at_object: Span | None

    @property
    def anchor(self) -> Span:
        """The object's place, or the subject's where the object is not in the sentence."""
        found = self.at_object or self.at_subject
        assert found is not None
        return found


def candidates(context: Context, allowed: frozenset[tuple[str, str]]) -> Iterator[Pair]:
    """Pairs whose types some relation joins: of one sentence, with the article's own area, with the sentence before."""
    types = [entity.type for entity in context.entities]
    home = context.home
    previous: list[Placed] = []
    for number, start in enumerate(context.named):
        here = context.by_sentence[start]
        present = {placed.entity for placed in here}
        looked: set[tuple[int, int]] = set()
        for subject, object_ in _nearest(here):
            if (types[subject.entity], types[object_.entity]) in allowed:
                yield Pair(subject.entity, object_.entity, "near", subject.span, object_.span)
        firsts = {placed.entity: placed for placed in reversed(here)}
        outside: list[tuple[int, str]] = []
        if home >= 0 and home not in present:
            outside.append((home, "home"))
        if context.topic >= 0 and context.topic not in present:
            outside.append((context.topic, "topic"))
        same_block = previous and context.block(previous[0].span.start) == context.block(start)
        if same_block:
            outside += [
                (placed.entity, "before")
                for placed in _leads(previous)
                if placed.entity not in present and placed.entity not in (home, context.topic)
            ]
        for subject_index, mode in outside:
            for object_index, placed in sorted(firsts.items()):
                if subject_index == object_index:
                    continue
                if (types[subject_index], types[object_index]) in allowed:
                    looked.add((subject_index, object_index))
                    yield Pair(subject_index, object_index, mode, None, placed.span)
                if types[subject_index] in LAND and (types[object_index], types[subject_index]) in allowed:
                    looked.add((object_index, subject_index))
                    yield Pair(object_index, subject_index, f"in-{mode}", placed.span, None)
        apart = [*_wholes(types, firsts, previous)] if same_block else []
        apart += _apart(context, types, number, firsts)
        for pair in apart:
            key = (pair.subject, pair.object)
            if key not in looked and (types[pair.subject], types[pair.object]) in allowed:
                looked.add(key)
                yield pair
        previous = here


def _wholes(types: list[str], here: dict[int, Placed], before: list[Placed]) -> Iterator[Pair]:
    """Works of this sentence with the groups and organizations that only the sentence before names."""
    named = sorted({placed.entity for placed in before if types[placed.entity] in _WHOLES} - here.keys())
    for index, placed in sorted(here.items()):
        if types[index] in _WORKS:
            for whole in named:
                yield Pair(index, whole, "of-before", placed.span, None)


def _apart(context: Context, types: list[str], number: int, here: dict[int, Placed]) -> Iterator[Pair]:
    """Names of this sentence with names of others that it may speak of, and works with a whole that follows."""
    start = context.named[number]
    last = context.latest(start, here)
    afar = context.latest_afar(start, here)
    echoed = sorted(context.echoed(start).values())
    groups = [group for group in context.groups_before(start) if group not in here]
    holders = [afar[kind].entity for kind in _HOLDERS if kind in afar and afar[kind] != last.get(kind)]
    for index, placed in sorted(here.items()):
        for _, other in sorted(last.items()):
            yield Pair(other.entity, index, "far", None, placed.span)
            yield Pair(index, other.entity, "of-far", placed.span, None)
        for entity in echoed:
            yield Pair(entity, index, "echo", None, placed.span)
            yield Pair(index, entity, "of-echo", placed.span, None)
        if types[index] in _WORKS:
            for group in groups:
                yield Pair(index, group, "of-group", placed.span, None)
        if types[index] in (*_WORKS, "Person"):
            for holder in holders:
                yield Pair(index, holder, "of-afar", placed.span, None)
    yield from _after(context, types, number, here)


def _after(context: Context, types: list[str], number: int, here: dict[int, Placed]) -> Iterator[Pair]:
    """Works of this sentence with the groups and organizations that the next one of the paragraph names."""
    starts = context.named
    if number + 1 == len(starts) or context.block(starts[number + 1]) != context.block(starts[number]):
        return
    for other in context.by_sentence[starts[number + 1]]:
        if types[other.entity] in _WHOLES and other.entity not in here:
            for index, placed in sorted(here.items()):
                if types[index] in _WORKS:
                    yield Pair(index, other.entity, "of-after", placed.span, None)


def _leads(sentence: list[Placed]) -> list[Placed]:
    """The names that a following sentence may leave out: the first one and the last one."""
    return (
        [sentence[0]]
        if len(sentence) == 1 or sentence[0].entity == sentence[-1].entity
        else [sentence[0], sentence[-1]]
    )


def _nearest(here: list[Placed]) -> Iterator[tuple[Placed, Placed]]:
    """For each ordered pair of different entities in a sentence the two mentions that stand nearest."""
    best: dict[tuple[int, int], tuple[int, Placed, Placed]] = {}
    for a in here:
        for b in here:
            if a.entity == b.entity:
                continue
            gap = max(b.span.start - a.span.end, a.span.start - b.span.end)
            # a subject usually stands before its object: a longer way round counts double
            cost = max(gap, 0) * (1 if a.span.start <= b.span.start else 2)
            if gap <= _REACH and cost < best.get((a.entity, b.entity), (10**9, a, b))[0]:
                best[a.entity, b.entity] = (cost, a, b)
    for key in sorted(best):
        yield best[key][1], best[key][2]


def features(context: Context, pair: Pair) -> list[str]:
    """String features of one candidate."""
    subject, object_ = context.entities[pair.subject], context.entities[pair.object]
    topic = context.topic
    types = f"{subject.type}>{object_.type}"
    found = [
        f"T={types}",
        f"M={pair.mode}",
        f"TM={types}|{pair.mode}",
        f"sub={subject.subtype}>{object_.subtype}|{object_.type}",
    ]
    found += [f"home={pair.subject == context.home}|{types}", f"homeo={pair.object == context.home}|{types}"]
    found += [f"topic={pair.subject == topic}|{types}", f"topico={pair.object == topic}|{types}"]
    found += _around(context, pair, types)
    if pair.at_subject is not None and pair.at_object is not None:
        found += _between(context, pair.at_subject, pair.at_object, pair, types)
    else:
        found += _alone(context, pair, types)
    return found


def _bucket(n: int) -> str:
    return (
        str(n)
        if n < 4
        else "4-6"
        if n < 7
        else "7-12"
        if n < 13
        else "13-25"
        if n < 26
        else "26-50"
        if n < 51
        else "51+"
    )


def _around(context: Context, pair: Pair, types: str) -> list[str]:
    """What stands left and right of the anchor."""
    beside = context.beside(pair.anchor)
    entity = context.entities[pair.object if pair.at_object is not None else pair.subject]
    name, object_type = entity.name.strip('”“"'), entity.type if pair.at_object is not None else f"s{entity.type}"
    found = [f"oL{n}={beside.left[-n:]}|{object_type}" for n in (1, 2, 3)]
    found += [f"oR{n}={beside.right[:n]}|{object_type}" for n in (1, 2, 3)]
    found += [f"oend={name[-2:]}|{types}", f"oend1={name[-1:]}|{object_type}"]
    found += [f"oW={word}|{object_type}" for word in beside.before]
    if beside.verb:
        found += [f"oV={beside.verb}|{types}", f"oV={beside.verb}"]
    found += [f"oA={word}|{object_type}" for word in beside.behind]
    found += [f"otrig={c}|{types}" for c in beside.triggers_before]
    found += [f"orig={c}|{types}" for c in beside.triggers_behind]
    return found


def _alone(context: Context, pair: Pair, types: str) -> list[str]:
    """No subject in the sentence: who else could be it?"""
    sentence = context.document.sentence_at(pair.anchor.start)
    before = [p for p in context.by_sentence[sentence.start] if p.span.start < pair.anchor.start]
    rivals = sorted(
        {context.entities[p.entity].type for p in before} & {"Organization", "Village", "AdministrativeArea", "Person"}
    )
    sentence_text = context.text[sentence.start : pair.anchor.start]
    found = [
        f"rivals={'+'.join(rivals)}|{types}|{pair.mode}",
        f"lead={context.text[sentence.start : sentence.start + 2]}|{pair.mode}",
    ]
    found += [f"alltrig={c}|{types}|{pair.mode}" for c in sorted(set(trigger_classes(sentence_text)))]
    found.append(f"nob={_bucket(len(before))}|{types}|{pair.mode}")
    kind = context.document.blocks[context.block(sentence.start)].kind if context.document.blocks else "body"
    found.append(f"kind={kind}|{types}")
    absent = pair.object if pair.at_object is None else pair.subject
    echo = context.echo(absent, sentence)
    found += [f"echo={echo}|{types}|{pair.mode}", f"echo={bool(echo)}|{types}|{pair.mode}"]
    found.append(f"away={min(context.away(absent, sentence.start), 4)}|{types}|{pair.mode}")
    return found


def _between(context: Context, s: Span, o: Span, pair: Pair, types: str) -> list[str]:
    if s.contains(o) or o.contains(s):
        where = "in" if o.contains(s) else "holds"
        edge = "start" if s.start == o.start else "end" if s.end == o.end else "mid"
        return [f"nest={where}|{edge}|{types}", f"order=nested|{types}"]
    order = "SO" if s.start < o.start else "OS"
    low, high = (s.end, o.start) if order == "SO" else (o.end, s.start)
    text = context.text[low:high]
    tag = f"{order}|{types}"
    marks = context.clause_marks(low, high)
    found = [f"order={tag}", f"gap={_bucket(max(high - low, 0))}|{tag}", f"marks={min(marks, 4)}|{tag}"]
    if len(text) <= 8:
        found += [f"btw={text}|{tag}", f"btw={text}"]
    found += [f"b1={text[:1]}|{tag}", f"b2={text[:2]}|{tag}", f"e1={text[-1:]}|{tag}", f"e2={text[-2:]}|{tag}"]
    words = [word for word in context.words_between(low, high) if len(word.text) > 1 and word.tag[:1] not in "mx"]
    if len(words) <= 14:
        found += [f"bw={word.text}|{tag}" for word in words]
        found += [f"bv={word.text}|{order}" for word in words if word.tag.startswith("v")]
    classes = trigger_classes(text)
    found += [f"btrig={c}|{tag}" for c in sorted(set(classes))] or [f"btrig=none|{tag}"]
    if classes:
        found += [f"btrig1={classes[0]}|{tag}", f"btrig9={classes[-1]}|{tag}"]
    found += _company(context, pair, low, high, tag)
    left = context.text[max(0, min(s.start, o.start) - 3) : min(s.start, o.start)]
    found += [f"sL={left[-1:]}|{tag}", f"sL2={left[-2:]}|{tag}"]
    subject = context.entities[pair.subject].name
    found.append(f"send={subject[-1:]}|{tag}")
    return found


def _company(context: Context, pair: Pair, low: int, high: int, tag: str) -> list[str]:
    """Which other names stand between, and is there a nearer candidate of the subject's or object's type?"""
    sentence = context.document.sentence_at(pair.anchor.start)
    subject_type, object_type = context.entities[pair.subject].type, context.entities[pair.object].type
    inside = [p for p in context.by_sentence.get(sentence.start, []) if low <= p.span.start and p.span.end <= high]
    kinds = [context.entities[p.entity].type for p in inside]
    same_subject, same_object = kinds.count(subject_type), kinds.count(object_type)
    text = context.text[low:high]
    listed = not _strip_list(text, inside, low)
    found = [
        f"ins={min(same_subject, 3)}|{tag}",
        f"ino={min(same_object, 3)}|{tag}",
        f"listed={listed}|{tag}",
        f"between={'+'.join(sorted(set(kinds)))}|{tag}",
    ]
    first = context.by_sentence[sentence.start][0]
    found.append(f"first={first.entity == pair.subject}|{tag}")
    return found


def _strip_list(text: str, inside: list[Placed], low: int) -> str:
    """What is left of the text between when names and the marks of an enumeration are taken away."""
    chars = list(text)
    for placed in inside:
        for i in range(placed.span.start - low, placed.span.end - low):
            chars[i] = ""
    return "".join(chars).strip(_JOINERS)
