"""How far a find is to be believed: a trained judge weighs its rule, the labellers' support and the other finds.

The score of a find becomes the probability that a reader would call it a name of that type. Trained by
training/train_judge.py on what the recognizers find in articles that their labellers have not learnt from.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from kg.model import Mention, Span
from kg.recognize import members
from kg.recognize.choose import by_character
from kg.recognize.maxent import model
from kg.recognize.tagger import INNER_RULE, Reading
from kg.schema import toml

_MARKS = "“”‘’《》"


def judged(mentions: Sequence[Mention], reading: Reading) -> list[Mention]:
    """The finds with probabilities as scores, without those that are too unlikely.

    Names inside longer ones keep the labeller's score, counted members their rule's.
    """
    least: float = toml("patterns/thresholds.toml")["entities"]["judge"]
    judge = model("mentions")
    found = []
    for mention, features in zip(mentions, rows(mentions, reading), strict=True):
        if mention.rule in (INNER_RULE, members.RULE):
            found.append(mention)
            continue
        score = judge.probabilities(features).get("yes", 0.0)
        if score >= least:
            found.append(replace(mention, score=round(score, 4)))
    return found


def rows(mentions: Sequence[Mention], reading: Reading) -> Iterator[list[str]]:
    """String features of each find."""
    same: dict[tuple[Span, str], list[str]] = defaultdict(list)
    spans: dict[Span, set[str]] = defaultdict(set)
    for mention in mentions:
        same[mention.span, mention.type].append(_rule(mention))
        spans[mention.span].add(mention.type)
    times = Counter(mention.text for mention in mentions)
    best: dict[tuple[str, str], float] = defaultdict(float)
    supports = [reading.support(mention.span, mention.type) for mention in mentions]
    for mention, support in zip(mentions, supports, strict=True):
        key = mention.text, mention.type
        best[key] = max(best[key], support)
    labelled = by_character((mention.span, mention) for mention in mentions if _rule(mention) == "tagger")
    read = ((mention.span, mention) for mention in reading.mentions if mention.type == "AdministrativeArea")
    areas = by_character(read)
    for mention, support in zip(mentions, supports, strict=True):
        yield [
            *_own(mention, reading, _tenths(support)),
            *_text(mention, reading.text),
            *_company(mention, same[mention.span, mention.type], spans[mention.span], labelled),
            *_link(mention, areas),
            f"times={min(times[mention.text], 3)}|{mention.type}",
            f"best={_tenths(best[mention.text, mention.type])}|{_rule(mention)}|{mention.type}",
        ]


def _rule(mention: Mention) -> str:
    head, _, rest = mention.rule.partition(":")
    return mention.rule if head in ("gazetteer", "lists", "tagger") else f"{head}:{rest}" if rest in _WAYS else head


_WAYS = ("row", "announced")


def _tenths(chance: float) -> str:
    return f"{min(int(chance * 10), 9)}" if chance >= 0.1 else "0+" if chance >= 0.02 else "0"


def _own(mention: Mention, reading: Reading, support: str) -> Iterator[str]:
    """The rule, and what the labellers think of the span."""
    rule, kind = _rule(mention), mention.type
    yield f"rule={rule}|{kind}"
    yield f"support={support}|{rule}"
    yield f"support={support}|{rule}|{kind}"
    begins, ends, outside = reading.edges(mention.span)
    yield f"edges={_tenths(begins)}|{_tenths(ends)}"
    yield f"begins={_tenths(begins)}|{rule}|{kind}"
    yield f"ends={_tenths(ends)}|{rule}|{kind}"
    yield f"outside={_tenths(outside)}|{rule}|{kind}"
    if rule not in ("tagger", "tagger:inner"):
        yield f"score={_tenths(mention.score)}|{rule}|{kind}"
    yield f"code={bool(mention.code)}|{rule}|{kind}"


def _text(mention: Mention, text: str) -> Iterator[str]:
    """How the name looks and what stands beside it."""
    start, end = mention.span
    name, kind = mention.text.strip(_MARKS), mention.type
    yield f"size={min(len(name), 12)}|{kind}"
    yield f"end={name[-2:]}|{kind}"
    yield f"end1={name[-1:]}|{kind}"
    yield f"first={name[:1]}|{kind}"
    yield f"left={text[max(0, start - 1) : start]}|{kind}"
    yield f"left2={text[max(0, start - 2) : start]}|{kind}"
    yield f"right={text[end : end + 1]}|{kind}"
    yield f"right2={text[end : end + 2]}|{kind}"
    yield f"quoted={text[max(0, start - 1) : start] in _MARKS}|{mention.text[:1] in _MARKS}|{kind}"
    yield f"digits={any(c.isdigit() for c in name)}|{kind}"


def _link(mention: Mention, areas: dict[int, list[Mention]]) -> Iterator[str]:
    """Is it a link of a chain of areas that the labellers read as one name (山西|灵石)?"""
    for chain in areas.get(mention.span.start, ()):
        if chain.span.contains(mention.span) and chain.span != mention.span:
            edge = "start" if chain.span.start == mention.span.start else "mid"
            edge = "end" if chain.span.end == mention.span.end else edge
            yield f"chain={edge}|{_rule(mention)}|{mention.type}"


def _company(mention: Mention, rules: list[str], types: set[str], labelled: dict[int, list[Mention]]) -> Iterator[str]:
    """Which other finds agree, and which lie across, inside or around."""
    kind, rule = mention.type, _rule(mention)
    yield f"agree={'+'.join(sorted(set(rules)))}|{kind}"
    yield f"types={'+'.join(sorted(types - {kind}))}|{kind}"
    around = {"none"}
    for other in (other for at in range(*mention.span) for other in labelled.get(at, ())):
        if other.span == mention.span:
            continue
        if other.span.contains(mention.span):
            edge = "start" if other.span.start == mention.span.start else ""
            edge = "end" if other.span.end == mention.span.end else edge
            around.add(f"in{other.type}{edge}")
        elif mention.span.contains(other.span):
            around.add(f"has{other.type}")
        else:
            around.add(f"cross{other.type}")
    if len(around) > 1:
        around.discard("none")
    for what in sorted(around):
        yield f"around={what}|{rule}|{kind}"
