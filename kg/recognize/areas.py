"""Administrative areas and villages that the gazetteer knows, decided by the article's own area."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence, Set

from kg import segment
from kg.gazetteer import gazetteer
from kg.gazetteer.store import Division
from kg.model import AREAS, Document, Mention, Span
from kg.schema import toml

_SCORES = {"full": 0.9, "short": 0.85, "former": 0.75, "stem": 0.7, "variant": 0.8, "village": 0.9, "bare": 0.35}


def agree(labelled: Sequence[Mention], known: Sequence[Mention], context: Sequence[Division]) -> list[Mention]:
    """The labeller's mentions with the gazetteer's codes; chains that the gazetteer cuts into links (贵州威宁) go."""
    codes = [division.code for division in context]
    named = _codes(context, known)
    by_span = {mention.span: mention for mention in known}
    ends = {mention.span.end: mention for mention in known}
    result = []
    for mention in labelled:
        if mention.type not in AREAS:
            result.append(mention)
            continue
        same = by_span.get(mention.span)
        last = ends.get(mention.span.end)
        if same is not None:
            alone = mention.span.start not in ends and _namesake(same.code, context, named)
            if same.type == mention.type:
                coded = dataclasses.replace(mention, code=same.code, name=same.name)
                result.append(mention if alone else coded)
        elif (
            last is None
            or last.span.start < mention.span.start
            or (last.rule.endswith(("stem", "bare")) and mention.type == "Village")
        ):
            meant = gazetteer().resolve(mention.text, codes) if mention.type == "AdministrativeArea" else None
            fits = meant is not None and meant.level != "village" and not _of_neighbours(meant, context)
            fits = fits and not (meant is not None and _namesake(meant.code, context, named))
            if meant is None or not fits:
                result.append(mention)
            elif _of_nature(mention, meant, (*labelled, *known)):
                result.append(dataclasses.replace(mention, type="Place"))
            else:
                result.append(dataclasses.replace(mention, code=meant.code))
    return result


def _of_nature(mention: Mention, town: Division, others: Sequence[Mention]) -> bool:
    """草海 is the lake, not the town of that name, where 草海湖 stands in the article and 草海镇 does not."""
    if town.level != "town" or mention.text == town.name:
        return False
    endings = toml("patterns/names.toml")["natural"]["endings"]
    names = {(other.text, other.type == "Place") for other in others}
    lakes = any((mention.text + ending, True) in names for ending in endings)
    return lakes and (town.name, False) not in names


def _of_neighbours(town: Division, context: Sequence[Division]) -> bool:
    """Is it a town of another county than the article's own? Where it stands by its full name, it is known already."""
    counties = {division.code[:6] for division in context if division.level in ("county", "town")}
    return town.level == "town" and bool(counties) and town.code[:6] not in counties


def _codes(context: Sequence[Division], known: Sequence[Mention]) -> set[str]:
    """The codes of what an article names and of its own areas."""
    return ({mention.code for mention in known} | {division.code for division in context}) - {""}


def _namesake(code: str, context: Sequence[Division], named: Set[str]) -> bool:
    """Is a town of this code most likely another of its name: of a province that the article does not name, or of a
    county that it does not name where it names no more than the province?"""
    if len(code) != 9:
        return False
    provinces = {other[:2] for other in named if not other.startswith(code)}
    if provinces and code[:2] not in provinces:
        return True
    return bool(context) and context[0].level == "province" and code[:6] not in named


def believed(known: Sequence[Mention], labelled: Sequence[Mention], chain: Sequence[Division]) -> list[Mention]:
    """Without towns of other provinces that stand alone and that the labeller does not see (平安建设红旗镇); those that
    it sees are namesakes and lose their code."""
    if not chain:
        return list(known)
    seen = {mention.span for mention in labelled}
    ends = {mention.span.end for mention in known}
    named = _codes(chain, known)
    kept = []
    for mention in known:
        alone = mention.span.start not in ends and _namesake(mention.code, chain, named)
        foreign = mention.code[:2] != chain[0].code[:2]
        if not alone or mention.span in seen or not foreign:
            kept.append(dataclasses.replace(mention, code="", name="") if alone else mention)
    return kept


def home(document: Document) -> tuple[Division, ...]:
    """The most specific known areas that the article is about, best first."""
    return gazetteer().home(document.text)


def _part_of_word(text: str, start: int, end: int) -> bool:
    """Is the stem part of a longer ordinary word (大理 in 大理石)?"""
    low = max(0, start - 4)
    for word in segment.words(text[low : end + 4]):
        first, last = low + word.start, low + word.end
        if first <= start and end <= last and last - first > end - start:
            return not word.tag.startswith(("ns", "nt", "nr", "nz"))
    return False


def find(document: Document, context: Sequence[Division]) -> list[Mention]:
    """Mentions with codes where one division is meant; contradicted names are left out."""
    mentions: list[Mention] = []
    generic = tuple(toml("patterns/names.toml")["no_area"]["endings"])
    for found in gazetteer().find(document.text, [division.code for division in context]):
        if found.form in ("stem", "bare") and _part_of_word(document.text, found.start, found.end):
            continue
        if found.form == "former" and found.name.endswith(generic):
            continue  # 半山区 was a district once; here it is hill country
        division = found.division or (found.candidates[0] if len(found.candidates) == 1 else None)
        level = (division or found.candidates[0]).level
        kind = "Village" if level == "village" else "AdministrativeArea"
        name = division.label if division is not None and found.form in ("former", "variant") else ""
        code = division.code if division is not None else ""
        mentions.append(
            Mention(
                Span(found.start, found.end),
                found.name,
                kind,
                f"gazetteer:{found.form}",
                _SCORES[found.form],
                name=name,
                code=code,
            )
        )
    return mentions
