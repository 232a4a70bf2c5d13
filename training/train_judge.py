"""Trains the judge of names (kg/recognize/judge.py); writes ontology/models/mentions.crfsuite.

    python -m training.train_judge ARTICLES --crossfit FOLDER

It learns from what the recognizers offer in articles that the labellers of FOLDER (training/crossfit.py) have not seen:
right where the annotation has the name with that type, open where it is optional there. FOLDER also gets a judge for
each fold that has not learnt from it.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from kg import recognize
from kg.extract import home_chain
from kg.model import LAND, Mention
from kg.names import norm
from kg.recognize import judge, tagger
from kg.recognize.maxent import train
from kg.schema import ontology_dir
from training import crossfit, data
from training.annotations import by_form


class Verdicts:
    """Says of a find whether the annotation of an article has it."""

    def __init__(self, article: data.Article) -> None:
        self.labels = article.labels
        self.forms = by_form(article.gold)
        self.counts: dict[int, bool] = {}
        for entity in article.gold["entities"]:
            if entity["type"] == "ProjectGroup":
                self.counts[entity.get("count") or 0] = bool(entity.get("optional"))

    def of(self, mention: Mention) -> str | None:
        """``yes``, ``no``, or None where a reader may do as he likes."""
        if mention.rule == tagger.INNER_RULE:
            return None  # nobody asks the judge about names inside names
        if mention.type == "ProjectGroup":
            known = (mention.count or 0) in self.counts
            return (None if self.counts[mention.count or 0] else "yes") if known else "no"
        hits = self.forms.get(norm(mention.form), []) + self.forms.get(norm(mention.text), [])
        if any(entity.get("optional") for entity in hits):
            return None
        right = any(mention.type in (entity["type"], *entity.get("or", ())) for entity in hits)  # type: ignore[misc]
        return "yes" if right and not self._misplaced(mention) else "no"

    def _misplaced(self, mention: Mention) -> bool:
        """Does it lie across an annotated name, or inside one that it may not be nested in?"""
        for label in self.labels:
            if label.span.overlaps(mention.span) and not mention.span.contains(label.span):
                inside = label.span.contains(mention.span)
                if not inside or mention.type not in LAND:
                    return True
        return False


def rows(articles: list[data.Article], folder: Path) -> Iterator[tuple[str, Mention, list[str], str | None]]:
    """Article, find, features, verdict."""
    for article in crossfit.recognizers(articles, folder):
        reading = tagger.read(article.document)
        offered = recognize.offered(article.document, home_chain(article.document), reading)
        verdicts = Verdicts(article)
        for mention, features in zip(offered, judge.rows(offered, reading), strict=True):
            yield article.name, mention, features, verdicts.of(mention)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles", type=Path, help="annotated articles: NAME.yaml beside NAME.txt")
    parser.add_argument("--parts", nargs="+", default=["train", "working"])
    parser.add_argument("--crossfit", type=Path, required=True)
    parser.add_argument("--output", type=Path, default=ontology_dir() / "models" / "mentions.crfsuite")
    options = parser.parse_args()
    articles = data.load(options.articles, options.parts)
    told = [(name, features, verdict) for name, _, features, verdict in rows(articles, options.crossfit) if verdict]
    for k in range(crossfit.FOLDS):
        train(options.crossfit / f"fold{k}.judge", [row[1:] for row in told if crossfit.fold(row[0]) != k])
    train(options.output, [row[1:] for row in told])
    right = sum(verdict == "yes" for _, _, verdict in told)
    print(f"{len(told)} finds, {right} right; {options.output.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
