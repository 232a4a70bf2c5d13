"""Ways of finding names, one a module, each giving scored mentions with the rule that found them.

``find`` asks them all, has :mod:`kg.recognize.judge` weigh what they offer, and lets :mod:`kg.recognize.choose` settle
what overlaps.
"""

from __future__ import annotations

from collections.abc import Sequence

from kg.gazetteer.store import Division
from kg.model import Document, Mention
from kg.recognize import areas, bodies, bylines, campaigns, chains, groups, judge, lists, members, quotes, tagger, tidy
from kg.recognize.choose import choose
from kg.schema import toml


def find(document: Document, chain: Sequence[Division], reading: tagger.Reading) -> list[Mention]:
    """The names in an article without conflicts.

    ``chain`` is its own known area and that area's parents, ``reading`` the labellers' view of the article.
    """
    return choose(judge.judged(offered(document, chain, reading), reading))


def offered(document: Document, chain: Sequence[Division], reading: tagger.Reading) -> list[Mention]:
    """All that the recognizers find, conflicts and all."""
    least: float = toml("patterns/thresholds.toml")["entities"]["tagger"]
    known = areas.find(document, chain)
    labelled = [mention for mention in reading.mentions if mention.score >= least]
    labelled = areas.agree(list(chains.split(tidy.tidied(labelled, document.text))), known, chain)
    known = areas.believed(known, labelled, chain)
    places = [mention for mention in (*known, *labelled) if mention.type == "AdministrativeArea"]
    sets = groups.find(document)
    companies = [mention for mention in labelled if mention.type == "Organization"]
    rules = [
        *sets,
        *lists.find(document, sets, companies),
        *members.find(document, labelled),
        *quotes.find(document),
        *campaigns.find(document),
        *bodies.find(document, places, chain),
        *bodies.institutions(document),
    ]
    return [*known, *labelled, *rules, *bylines.find(document)]
