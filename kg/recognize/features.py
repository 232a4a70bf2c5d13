"""Features of each character for the labeller: words, clusters, heads, quotation, repetition.

Everything is a short string; the labeller has a vector for each. What a name is spelt with, and what stands around it,
it reads by itself. The same code serves training and inference.
"""

from __future__ import annotations

import lzma
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from kg import segment
from kg.schema import ontology_dir, toml

_OPEN, _CLOSE = "“‘《「『", "”’》」』"
_WIDE = str.maketrans({chr(code + 0xFEE0): chr(code) for code in range(0x21, 0x7F)})
_PUNCTUATION = str.maketrans(
    {
        **{str(digit): "0" for digit in range(10)},
        **dict(zip(",;:!?()", "，；：！？（）", strict=True)),
        **dict.fromkeys("“”‘’「」『』", '"'),
        "％": "%",
    }
)
_BREAKS = frozenset('，。；：！？、"《》（）\n ')
_MAX_HEAD = 4


def normalize(text: str) -> str:
    """One character for one: digits to 0, letters to lower case, marks to one form."""
    folded = text.translate(_WIDE).translate(_PUNCTUATION)
    lowered = folded.lower()
    return lowered if len(lowered) == len(folded) else folded


@dataclass(frozen=True)
class Resources:
    """What the features look up: clusters of words and characters, head words by class, trigger words by class."""

    words: dict[str, tuple[str, str]] = field(default_factory=dict)
    characters: dict[str, str] = field(default_factory=dict)
    heads: dict[str, str] = field(default_factory=dict)
    triggers: dict[str, str] = field(default_factory=dict)
    surnames: frozenset[str] = frozenset()


@cache
def resources() -> Resources:
    """The clusters of ontology/models/clusters.tsv.xz and the word classes of ontology/models/words.toml."""
    words: dict[str, tuple[str, str]] = {}
    characters: dict[str, str] = {}
    path = ontology_dir() / "models" / "clusters.tsv.xz"
    if path.is_file():
        for line in lzma.decompress(path.read_bytes()).decode("utf-8").split("\n"):
            kind, unit, *labels = line.split("\t")
            if kind == "w":
                words[unit] = (labels[0], labels[1])
            else:
                characters[unit] = labels[0]
    classes = toml("models/words.toml")
    heads = {word: name for name, text in classes["heads"].items() for word in text.split()}
    triggers = {word: name for name, text in classes["triggers"].items() for word in text.split()}
    return Resources(words, characters, heads, triggers, frozenset("".join(classes["surnames"].split())))


@dataclass(frozen=True)
class Repetition:
    """For each character of a document: the longest repeated n-gram that starts, and that ends, there."""

    starts: bytes
    ends: bytes


def repetition(text: str) -> Repetition:
    """Counted over the normalized text of the whole article, up to six characters."""
    starts, ends = bytearray(len(text)), bytearray(len(text))
    for size in (2, 3, 4, 6):
        grams = [text[at : at + size] for at in range(len(text) - size + 1)]
        counts = Counter(grams)
        for at, gram in enumerate(grams):
            if counts[gram] > 1 and not (_BREAKS & set(gram)):
                starts[at] = size
                ends[at + size - 1] = size
    return Repetition(bytes(starts), bytes(ends))


def _bucket(distance: int) -> str:
    return str(distance) if distance < 4 else "4" if distance < 6 else "6" if distance < 10 else "x"


def _head_of(word: str, heads: dict[str, str]) -> str:
    """The class of the longest head word that a word ends with; empty if none."""
    for size in range(min(_MAX_HEAD, len(word)), 0, -1):
        found = heads.get(word[-size:])
        if found:
            return found
    return ""


@dataclass
class _Words:
    """The words of a sentence, and for each character the index of its word and its place in it."""

    words: list[str]
    tags: list[str]
    index: list[int]
    place: list[str]


def _cut(text: str) -> _Words:
    words: list[str] = []
    tags: list[str] = []
    index: list[int] = []
    place: list[str] = []
    for number, (word, tag) in enumerate(segment.tagged(text)):
        words.append(word)
        tags.append(tag)
        size = len(word)
        index.extend([number] * size)
        place.extend("S" if size == 1 else "B" + "M" * (size - 2) + "E")
    return _Words(words, tags, index, place)


def _word_features(cut: _Words, known: Resources) -> list[dict[str, list[str]]]:
    """The features of a word's characters by their place in it: word, tags, clusters, heads and triggers around it."""
    words, tags = cut.words, cut.tags
    count = len(words)
    fine = [known.words.get(w, ("?", "?"))[0] for w in words]
    coarse = [known.words.get(w, ("?", "?"))[1] for w in words]
    heads = [_head_of(w, known.heads) for w in words]
    broken = [w[0] in _BREAKS for w in words]
    ahead = _heads_ahead(words, heads, broken, tags)
    behind = _triggers_behind(words, known.triggers, broken)
    f, c = ["^", *fine, "$"], ["^", *coarse, "$"]
    t, h = ["^", *tags, "$"], ["", *heads, ""]
    result = []
    for i in range(1, count + 1):
        own = [f"t{t[i]}", f"ta{t[i - 1]}|{t[i]}", f"tb{t[i]}|{t[i + 1]}", f"f{f[i]}", f"c{c[i]}", f"w{words[i - 1]}"]
        near = [f"fa{f[i - 1]}", f"fb{f[i + 1]}", f"h{h[i]}|{h[i + 1]}|{h[i - 1]}"]
        shared = [*own[:-1], *near, *ahead[i - 1], *behind[i - 1]]
        places = "S" if len(words[i - 1]) == 1 else "BEM"[: len(words[i - 1])]
        result.append({p: [f"p{p}", *(f"p{p}{feature}" for feature in own), *shared] for p in places})
    return result


def _heads_ahead(words: list[str], heads: list[str], broken: list[bool], tags: list[str]) -> list[list[str]]:
    """The next heads within the clause, by class and distance, and the mark that ends the clause."""
    count = len(words)
    result: list[list[str]] = [[] for _ in range(count)]
    first, second, mark = ("", 99), ("", 99), "$"
    verb = 99
    for n in range(count - 1, -1, -1):
        if broken[n]:
            first, second, mark, verb = ("", 99), ("", 99), words[n], 99
        result[n] = [
            f"ha{first[0]}{_bucket(first[1])}",
            f"hb{first[0]}|{second[0]}",
            f"hm{mark}|{first[0]}",
            f"hv{first[0]}|{verb < first[1]}",
        ]
        if heads[n]:
            second, first = (first[0], first[1] + 1), (heads[n], 1)
        else:
            second, first = (second[0], second[1] + 1), (first[0], first[1] + 1)
        verb = 1 if tags[n] == "v" else verb + 1
    return result


def _triggers_behind(words: list[str], triggers: dict[str, str], broken: list[bool]) -> list[list[str]]:
    """The last trigger word of the clause and of the sentence, by class and distance, and the mark before."""
    result: list[list[str]] = []
    last, distance, clause, mark, before = "", 99, "", "^", "^"
    for n, word in enumerate(words):
        result.append([f"ga{last}{_bucket(distance)}", f"gb{clause}|{mark}", f"gc{before}|{mark}"])
        distance += 1
        if broken[n]:
            before, mark, clause = mark, word[0], ""
        found = triggers.get(word)
        if found:
            last, clause, distance = found, found, 1
    return result


def _quotation(raw: str) -> list[tuple[str, ...]]:
    """For each character: inside quotation marks or brackets and how long they are, or what closed just before."""
    state: list[tuple[str, ...]] = [()] * len(raw)
    at = 0
    while at < len(raw):
        kind = _OPEN.find(raw[at])
        if kind >= 0:
            close = raw.find(_CLOSE[kind], at + 1, at + 40)
            if close > 0:
                size = "s" if close - at < 6 else "m" if close - at < 12 else "l"
                book = "b" if raw[at] == "《" else "q"
                after = raw[close + 1 : close + 3]
                inside = (f"q{book}{size}", f"qa{book}{after[:1]}", f"qb{after}")
                for inner in range(at, close + 1):
                    state[inner] = inside
                for outer in range(close + 1, min(close + 7, len(raw))):
                    state[outer] = (f"qo{min(outer - close, 4)}",)
                at = close
        at += 1
    return state


def sentence_features(
    raw: str,
    known: Resources,
    repeated: Repetition | None = None,
    offset: int = 0,
    kind: str = "body",
) -> list[list[str]]:
    """The features of each character of a sentence.

    ``repeated`` is counted over the article's normalized text, in which the sentence begins at ``offset``.
    """
    text = normalize(raw)
    size = len(text)
    cut = _cut(text)
    by_word = _word_features(cut, known)
    quoted = _quotation(raw)
    clusters = known.characters
    result: list[list[str]] = []
    for at in range(size):
        place = cut.place[at]
        here = clusters.get(text[at], "?")
        features = [f"k{here}", *by_word[cut.index[at]][place], *quoted[at]]
        if text[at] in known.surnames:
            follows = clusters.get(text[at + 1], "?") if at + 1 < size else "$"
            features.append(f"n{place}{follows}")
        if at and text[at - 1] in known.surnames:
            features.append(f"nb{place}")
        if repeated is not None:
            s, t = repeated.starts, repeated.ends
            j = offset + at
            before = s[j - 1] if j else 0
            after = t[j + 1] if j + 1 < len(t) else 0
            features.append(f"r{s[j]}{'>' if s[j] > before else '='}")
            features.append(f"R{t[j]}{'>' if t[j] > after else '='}")
        if kind != "body":
            features.append(f"b{kind}")
            features.append(f"b{kind}{text[at]}")
            features.append(f"b{kind}{place}t{cut.tags[cut.index[at]]}")
        if at < 2:
            features.append(f"^{at}")
        result.append(features)
    return result


def block_kinds(blocks: Sequence[tuple[int, int, str]], starts: Sequence[int]) -> list[str]:
    """The kind of the block in which each position lies; both in order."""
    result = []
    at = 0
    for start in starts:
        while at + 1 < len(blocks) and blocks[at + 1][0] <= start:
            at += 1
        result.append(blocks[at][2] if blocks else "body")
    return result
