"""Trains the comparison of names (kg/resolve/alike.py); writes ontology/models/alike.crfsuite.

    python -m training.train_alike ARTICLES --crossfit FOLDER

It learns from the names that the rules leave apart in articles which the labellers of FOLDER (training/crossfit.py)
have not seen: right where the annotation has both for one thing, wrong where it has them for two, open where it does
not have one of them.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from kg import recognize
from kg.extract import home_chain
from kg.model import Entity
from kg.names import norm
from kg.recognize import tagger
from kg.recognize.maxent import train
from kg.resolve import alike
from kg.resolve.entities import grouped
from kg.schema import ontology_dir
from training import crossfit, data
from training.annotations import by_form

C1, C2 = 0.3, 0.5


class Meant:
    """Says which annotated things an entity may be."""

    def __init__(self, gold: Mapping[str, Any]) -> None:
        self._forms = by_form(gold)
        self._groups = [thing for thing in gold["entities"] if thing["type"] == "ProjectGroup"]

    def by(self, entity: Entity) -> set[str]:
        """The things' names; by the entity's name, else by its other forms, a group's by its count."""
        if entity.type == "ProjectGroup":
            return {str(group["name"]) for group in self._groups if group.get("count") == entity.count}
        return self._named([entity.name]) or self._named(entity.aliases)

    def _named(self, forms: Iterable[str]) -> set[str]:
        return {str(thing["name"]) for form in forms for thing in self._forms.get(norm(form), ())}


def rows(named: alike.Named, gold: Mapping[str, Any]) -> Iterator[tuple[list[str], str]]:
    """Features of each pair whose names are both annotated, and ``yes`` or ``no``."""
    meant = Meant(gold)
    things = [meant.by(entity) for entity in named.entities]
    for one, other in named.pairs():
        if things[one] and things[other]:
            # two annotated groups of one size are found as two
            same = len(things[one] & things[other])
            group = named.entities[one].type == "ProjectGroup"
            yield alike.features(named, one, other), "yes" if same == 1 or (same and not group) else "no"


def compared(articles: Iterable[data.Article], folder: Path) -> Iterator[tuple[list[str], str]]:
    """The rows of all articles, with the names that labellers find which have not learnt from them."""
    for article in crossfit.recognizers(list(articles), folder):
        document = article.document
        found = recognize.find(document, home_chain(document), tagger.read(document))
        yield from rows(alike.Named(document, grouped(document, found)[0]), article.gold)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles", type=Path, help="annotated articles: NAME.yaml beside NAME.txt")
    parser.add_argument("--parts", nargs="+", default=["train", "working"])
    parser.add_argument("--crossfit", type=Path, required=True)
    parser.add_argument("--output", type=Path, default=ontology_dir() / "models" / f"{alike.MODEL}.crfsuite")
    options = parser.parse_args()
    told = list(compared(data.load(options.articles, options.parts), options.crossfit))
    train(options.output, told, C1, C2)
    right = sum(verdict == "yes" for _, verdict in told)
    print(f"{len(told)} pairs, {right} of one thing; {options.output.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
