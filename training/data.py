"""Annotated articles as labelled sentences: every occurrence of an entity's forms in the repaired text is a mention.

The annotation names entities per article, not spans. Names are compared as the score does: without white space and
quotation marks, after NFKC, in lower case.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import yaml

from kg import repair
from kg.model import Document, Source, Span
from kg.names import norm

SPLIT = Path(__file__).with_name("split.toml")
WRITTEN = Path(__file__).with_name("articles")  # articles and annotations of our own
MENDED = Path(__file__).with_name("mended")  # annotations of others' texts, in place of those in the folder
KINDS = ("composed", "real", "corpus", "written")
PAIRS = {"”": "“", "’": "‘", "》": "《", "」": "「", "』": "『", "）": "（", ")": "("}
# A form that only points at an entity in context; labelling it would teach the model to name every 街道.
GENERIC = re.compile(
    r"(全|我|该|本|这个|这|此|两|各|新|老|当地|市|县|镇|乡|村|区|省)?"
    r"(国|省|市|县|区|州|镇|乡|村|街道|社区|办事处|园区|开发区|景区|片区|公司|企业|集团|合作社|协会|学校|医院|局|"
    r"项目|工程|基地|中心|产业园|小区|广场|公园|水库|林场|营地|民宿|联盟|平台|村里|镇里|县里|市里|区里|镇上|县城|"
    r"党委|党支部|村委会|村两委|工作组|工作队|派出所|卫生院|宣讲团|分行|一期|二期|三期|国家|首都|总书记|奖牌|"
    r"地震|保护区|示范村|养殖场|丰收节|组织部|自治区|党员|干部|我|家|店|厂)"
)
TITLED = re.compile(r"(党委|政府|人大|政协|纪委|党工委|管委会|区委|市委|县委|省委|乡委|镇委)$")


A = TypeVar("A")
INNER = ("AdministrativeArea", "Village", "Place")
HELD = ("Organization", "Facility")


@dataclass(frozen=True)
class Label:
    """A gold mention. A masked one is neither taught nor denied."""

    span: Span
    type: str
    entity: str
    masked: bool = False


@dataclass
class Article:
    name: str
    document: Document
    gold: dict[str, Any]
    labels: list[Label] = field(default_factory=list)
    inner: list[Label] = field(default_factory=list)  # places and areas also where they stand inside longer names
    held: list[Label] = field(default_factory=list)  # organizations and facilities, likewise

    @property
    def kind(self) -> str:
        head = self.name.split("-")[0]
        return head if head in KINDS else "other"


def read(path: Path, text_path: Path | None = None) -> Article:
    """An annotated article: NAME.yaml with NAME.txt beside it, or ``text_path``."""
    gold = yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    data = (text_path or path.with_suffix(".txt")).read_bytes()
    source = Source(path.stem, data.decode("utf-8"), hashlib.sha256(data).hexdigest())
    article = Article(path.stem, repair.document(source), gold)
    article.labels = project(article.document.text, gold["entities"])
    article.inner = project(article.document.text, gold["entities"], INNER)
    article.held = project(article.document.text, gold["entities"], HELD)
    return article


def split() -> dict[str, dict[str, list[str]]]:
    """kind → part → names of articles."""
    with SPLIT.open("rb") as file:
        return tomllib.load(file)


def names(parts: Sequence[str], kinds: Sequence[str] = KINDS) -> list[str]:
    """The names of the articles of some parts, in order."""
    table = split()
    return sorted(name for kind in kinds for part in parts for name in table.get(kind, {}).get(part, []))


def locate(folder: Path, name: str) -> tuple[Path, Path]:
    """Annotation and text of an article: our own, else the folder's, with a mended annotation if there is one."""
    if (WRITTEN / f"{name}.yaml").is_file():
        folder = WRITTEN
    mended = MENDED / f"{name}.yaml"
    return mended if mended.is_file() else folder / f"{name}.yaml", folder / f"{name}.txt"


def load(folder: Path, parts: Sequence[str], kinds: Sequence[str] = KINDS) -> list[Article]:
    """The articles of some parts, in order of name."""
    return [read(*locate(folder, name)) for name in names(parts, kinds)]


def weighed(articles: Sequence[A], name: Callable[[A], str], times: Mapping[str, int]) -> list[A]:
    """All articles, and behind them those of some kinds again: ``times`` says how often an epoch sees these."""
    again = [one for kind, n in times.items() for _ in range(n - 1) for one in articles if name(one).startswith(kind)]
    return [*articles, *again]


def _normalized(text: str) -> tuple[str, list[int]]:
    characters: list[str] = []
    places: list[int] = []
    for index, character in enumerate(text):
        for mapped in norm(character):
            characters.append(mapped)
            places.append(index)
    return "".join(characters), places


def _decomposable(form: str, name: str, others: set[str]) -> bool:
    """Whether a form is other entities' forms followed by the entity's own name (四川省|高县|大屋村)."""
    if len(form) <= len(name) or not form.endswith(name):
        return False
    prefix = form[: -len(name)]
    reachable = {0}
    for start in range(len(prefix)):
        if start in reachable:
            reachable.update(end for end in range(start + 2, len(prefix) + 1) if prefix[start:end] in others)
    return len(prefix) in reachable


def _forms(entities: list[dict[str, Any]]) -> dict[str, tuple[str, str, bool]]:
    """Normalized form → type, name, masked. Names go before aliases."""
    normal = [[norm(form) for form in [entity["name"], *entity.get("also", [])]] for entity in entities]
    everything = {form: index for index, forms in enumerate(normal) for form in forms}
    result: dict[str, tuple[str, str, bool]] = {}
    for names in (True, False):
        for entity, forms in zip(entities, normal, strict=True):
            others = {form for form in everything if form not in forms}
            group = entity["type"] == "ProjectGroup"
            for printed in forms[:1] if names else forms[1:]:
                form = printed.removeprefix("等") if group else printed
                if len(form) < 2 or form in result or (GENERIC.fullmatch(form) and not TITLED.search(form)):
                    continue
                if _decomposable(form, forms[0], others):
                    continue
                result[form] = (entity["type"], entity["name"], bool(entity.get("optional")))
    return result


def project(text: str, entities: list[dict[str, Any]], types: tuple[str, ...] = ()) -> list[Label]:
    """Every occurrence of an entity's forms, longest first, not overlapping, quotation marks kept in pairs.

    With ``types``, only theirs, also where they stand inside names of other types.
    """
    haystack, places = _normalized(text)
    taken = bytearray(len(text))
    labels: list[Label] = []
    forms = _forms(entities)
    for form in sorted(forms, key=lambda f: (-len(f), f)):
        kind, name, masked = forms[form]
        if types and kind not in types:
            continue
        at = haystack.find(form)
        while at >= 0:
            start, end = places[at], places[at + len(form) - 1] + 1
            ascii_edge = form[0].isascii() and form[0].isalnum() and at > 0 and haystack[at - 1] == "."
            digit_edge = form[0].isdigit() and at > 0 and (haystack[at - 1].isdigit() or haystack[at - 1] == ".")
            if not (ascii_edge or digit_edge) and not any(taken[start:end]):
                span = _balanced(text, start, end)
                taken[span.start : span.end] = b"\x01" * (span.end - span.start)
                labels.append(Label(span, kind, name, masked))
            at = haystack.find(form, at + 1)
    return sorted(labels, key=lambda label: label.span)


def _balanced(text: str, start: int, end: int) -> Span:
    """Take in the opening or closing mark whose partner is inside, and leave out a lone pair round the whole."""
    inside = text[start:end]
    for close, open_ in PAIRS.items():
        if close in inside and open_ not in inside[: inside.index(close)] and text[start - 1 : start] == open_:
            start -= 1
        elif open_ in inside and close not in inside[inside.rindex(open_) :] and text[end : end + 1] == close:
            end += 1
    return Span(start, end)


def tags_of(labels: Sequence[Label], start: int, end: int) -> list[str]:
    """BIOES tags of the characters start:end; ``?`` where a masked label stands."""
    tags = ["O"] * (end - start)
    for label in labels:
        if label.span.end <= start or label.span.start >= end:
            continue
        first, last = max(label.span.start, start) - start, min(label.span.end, end) - start
        if label.masked:
            tags[first:last] = ["?"] * (last - first)
        elif last - first == 1:
            tags[first] = f"S-{label.type}"
        else:
            tags[first:last] = [
                f"B-{label.type}",
                *[f"I-{label.type}"] * (last - first - 2),
                f"E-{label.type}",
            ]
    return tags
