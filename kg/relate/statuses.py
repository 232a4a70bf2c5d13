"""How far a project, facility or place is: planned, signed, started, under way, completed. Told by the words around."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from kg.model import Evidence, Fact, Span
from kg.recognize import groups, lists
from kg.relate import reader
from kg.relate.context import Context
from kg.relate.reader import Reading
from kg.relate.relations import trim
from kg.relate.triggers import trigger_classes
from kg.schema import toml

BUILT = ("Project", "ProjectGroup", "Facility", "Place")  # what may be planned, under way, completed


def features(context: Context, index: int, span: Span) -> list[str]:
    """String features of one mention of what may be built."""
    text = context.text
    entity = context.entities[index]
    sentence = _part(context, span)
    clause = context.clause(span.start)
    after = context.clause(span.end)
    left, right = text[clause.start : span.start], text[span.end : after.end]
    far_left, far_right = text[sentence.start : span.start], text[span.end : sentence.end]
    kind = entity.type
    found = [f"type={kind}", f"end={entity.name[-2:]}"]
    for tag, stretch in (("L", left), ("R", right), ("FL", far_left[-60:]), ("FR", far_right[:60])):
        classes = _told(stretch)
        found += [f"{tag}={c}" for c in sorted(set(classes))] or [f"{tag}=none"]
        if classes:
            nearest = classes[-1] if "L" in tag else classes[0]
            found += [f"{tag}1={nearest}", f"{tag}1={nearest}|{kind}"]
            if tag == "FL":
                found += [f"first={classes[0]}|{kind}", f"first={classes[0]}|{nearest}"]
    told = set(_told(far_left + "，" + far_right))
    if len(told) == 1:
        found += [f"only={next(iter(told))}", f"only={next(iter(told))}|{kind}"]
    found += [f"l{n}={text[max(sentence.start, span.start - n) : span.start]}" for n in (1, 2, 3, 4)]
    found += [f"r{n}={text[span.end : span.end + n]}" for n in (1, 2, 3, 4)]
    for tag, low, high in (("wl", clause.start, span.start), ("wr", span.end, after.end)):
        found += [f"{tag}={w.text}" for w in context.words_between(low, high) if len(w.text) > 1 and w.tag[:1] != "m"]
    for tag, low, high in (("sl", sentence.start, span.start), ("sr", span.end, sentence.end)):
        verbs = [w.text for w in context.words_between(low, high) if w.tag.startswith("v")]
        found += [f"{tag}={v}" for v in (verbs[-4:] if tag == "sl" else verbs[:4])]
    found += [f"in={c}" for c in sorted(set(_told(entity.name)))]
    found += _group_end(context, index, span, sentence)
    return found


def _part(context: Context, span: Span) -> Span:
    """The part of the sentence between semicolons: 竣工23个项目；新开工14个项目 says two things."""
    sentence = context.document.sentence_at(span.start)
    start = max(sentence.start, context.text.rfind("；", sentence.start, span.start) + 1)
    end = context.text.find("；", span.end, sentence.end)
    return Span(start, end if end >= 0 else max(sentence.end, span.end))


_TELLING = frozenset({"planned", "signed", "started", "underway", "completed", "negative", "honor"})


def _group_end(context: Context, index: int, span: Span, sentence: Span) -> list[str]:
    """For a member of an enumeration, the words behind the group that closes it."""
    if context.entities[index].type == "ProjectGroup":
        return []
    groups = [
        placed.span
        for placed in context.by_sentence.get(context.document.sentence_at(span.start).start, [])
        if span.end <= placed.span.start < sentence.end and context.entities[placed.entity].type == "ProjectGroup"
    ]
    if not groups:
        return ["group=none"]
    end = groups[0].end
    rest = context.text[end : context.clause(end).end]
    classes = _told(rest)
    return [f"group={c}" for c in classes[:2]] + [f"gr={rest[:n]}" for n in (2, 4)]


def find(context: Context, reading: Reading) -> tuple[dict[int, str], list[Fact]]:
    """Each status by entity index, and the sentences that report it.

    What the words around a name tell counts first; a group that has a status gives it to its members that have none.
    """
    least: dict[str, float] = toml("patterns/thresholds.toml")["statuses"]
    placed = [
        (index, mention.span)
        for index, entity in enumerate(context.entities)
        if entity.type in BUILT
        for mention in entity.mentions
        if context.document.blocks[context.block(mention.span.start)].kind != "caption"  # （资料图）
    ]
    rows = [features(context, index, span) for index, span in placed]
    chances = reading.statuses([span for _, span in placed], rows)
    seen = reader.gathered((index, span, found) for (index, span), found in zip(placed, chances, strict=True))
    told = {index: reader.likeliest(labels) for index, labels in seen.items()}
    best = {
        index: (
            groups.status(context.entities[index]) or _plain(context, fact.place) or _done(context, label, fact.place),
            fact.place,
        )
        for index, (label, fact) in told.items()
        if fact.chance >= least[context.entities[index].type]
    }
    listed = {
        index: label
        for index, span, label in _listed(context, placed, chances)
        if index in best and best[index][1] == span
    }
    facts = [
        Fact(
            context.document.id,
            "reportsStatus",
            context.entities[index].key,
            (_evidence(context, span, "status:list" if index in listed else "status:words"),),
            listed.get(index, label),
        )
        for index, (label, span) in best.items()
    ]
    return {index: label for index, (label, _) in best.items()} | listed, facts


def _listed(
    context: Context, placed: Sequence[tuple[int, Span]], chances: Sequence[Mapping[str, float]]
) -> Iterator[tuple[int, Span, str]]:
    """What an enumeration and the group that closes it tell together is the status of each of them there."""
    for index, group in placed:
        links = lists.links(context.text, group) if context.entities[index].type == "ProjectGroup" else []
        # The verb of all may stand before the first link; another link with a verb has a status of its own.
        if not links or any(_told(context.text[link.start : link.end]) for link in links[1:]):
            continue
        row = [at for at, (_, span) in enumerate(placed) if any(span.overlaps(link) for link in (*links, group))]
        if len(row) > 2:
            told = _ahead(context, links[0]) or _plain(context, group) or _likeliest([chances[at] for at in row])
            yield from ((*placed[at], told) for at in row)


def _ahead(context: Context, first: Span) -> str:
    """The status that the verb in front of an enumeration tells (新开工总投资27亿元的甲、乙等9个项目), or ""."""
    before = context.text[_part(context, first).start : first.start]
    said = re.search(toml("patterns/statuses.toml")["ahead"], before)
    return _told(said["verb"])[-1] if said else ""


def _likeliest(chances: Sequence[Mapping[str, float]]) -> str:
    """The status with the highest sum of chances."""
    sums: Counter[str] = Counter()
    for one in chances:
        sums.update({label: chance for label, chance in one.items() if label != reader.NONE})
    return max(sorted(sums), key=sums.__getitem__)


def _told(text: str) -> list[str]:
    return [c for c in trigger_classes(text) if c in _TELLING]


def _plain(context: Context, span: Span) -> str:
    """The status that the words around a name tell beyond doubt, or "".

    Right behind it, alone in its part of the sentence (甲项目顺利开工，), behind its enumeration (甲等9个项目开工，) or
    where that part closes, with nothing else that is built between (甲项目总投资2亿元，现已投产。).
    """
    words, text, part = toml("patterns/statuses.toml"), context.text, _part(context, span)
    if (said := re.compile(words["behind"]).match(text, span.end)) and not _told(text[said.end() : part.end]):
        return _told(said["verb"])[-1]
    said = re.compile(words["listed"]).match(text, span.end)
    if said and not re.search(words["unsure"], text[part.start : span.start]):
        return _told(said["verb"])[-1]
    rest = text[span.end : part.end].rstrip()
    said = re.search(words["closing"], rest)
    if said and not re.search(words["open"], rest) and not _others(context, span, part):
        return _told(said["verb"])[-1]
    return ""


def _others(context: Context, span: Span, part: Span) -> bool:
    """Whether something else that may be built is named behind ``span`` in its part of the sentence."""
    return any(
        span.end <= placed.span.start < part.end and context.entities[placed.entity].type in BUILT
        for placed in context.by_sentence.get(context.document.sentence_at(span.start).start, [])
    )


def _done(context: Context, label: str, span: Span) -> str:
    """``label``, but for a completion that is told only as the time when something else will be (投产后，可年产…)."""
    part = _part(context, span)
    around = context.text[part.start : span.start] + "，" + context.text[span.end : part.end]
    rest, once = re.subn(toml("patterns/statuses.toml")["once_done"], "", around)
    return "underway" if label == "completed" and once and "completed" not in _told(rest) else label


def from_groups(context: Context, facts: list[Fact], status: dict[int, str]) -> list[Fact]:
    """Members of a group with a status take it where they have none of their own."""
    by_key = {entity.key: index for index, entity in enumerate(context.entities)}
    more = []
    for fact in facts:
        if fact.predicate != "partOf":
            continue
        member, group = by_key[fact.subject], by_key[fact.object]
        if group in status and member not in status and context.entities[member].type == "Project":
            status[member] = status[group]
            evidence = tuple(Evidence(e.document, e.start, e.end, e.quote, "status:group") for e in fact.evidence)
            more.append(Fact(context.document.id, "reportsStatus", fact.subject, evidence, status[group]))
    return more


def _evidence(context: Context, span: Span, rule: str) -> Evidence:
    return context.document.evidence(trim(context, context.document.sentence_at(span.start)), rule)
