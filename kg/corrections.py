"""The user's corrections file: merge, split, rename, drop, retype; honoured by every build.

A correction names things by type and name, and by scope (an area's code or name, as on the node) where a name
stands for several; never by ids, which may change when articles are added. A name matches if any article prints it
as the entity's name. What matched nothing is told after the build; it is no error. The form is
TOML; ``docs/corrections.md`` tells and shows it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.article import Article, Named
from kg.errors import UserError
from kg.model import Merge
from kg.names import norm
from kg.schema import schema

if TYPE_CHECKING:
    from kg.across import Cluster

_FIELDS = {
    "merge": ({"type", "names"}, {"scope", "reason"}),
    "split": ({"type", "names"}, {"scope", "by", "reason"}),
    "rename": ({"type", "name", "to"}, {"scope", "reason"}),
    "drop": ({"type", "name"}, {"scope", "reason"}),
    "retype": ({"type", "name", "to"}, {"scope", "subtype", "reason"}),
}


class CorrectionsError(UserError):
    """A corrections file that cannot be used; ``str()`` is the sentence for the user."""


@dataclass(slots=True, eq=False)
class Correction:
    """One entry of the file. ``used`` tells whether it changed anything."""

    verb: str
    type: str
    names: tuple[str, ...]
    to: str = ""
    scope: str = ""
    by: str = ""
    subtype: str = ""
    used: bool = False
    refused: int = 0  # facts that the new type may not have

    def __str__(self) -> str:
        what = f"{self.verb} {self.type} {' / '.join(self.names)}"
        return what + (f" in {self.scope}" if self.scope else "") + (f" to {self.to}" if self.to else "")

    def concerns(self, kind: str, names: Iterable[str], scope: str, which: int | None = None) -> bool:
        """Whether a thing of this type with these names in this scope is meant; ``which`` picks one of the names."""
        wanted = {norm(name) for name in (self.names if which is None else self.names[which : which + 1])}
        return kind == self.type and (not self.scope or self.scope == scope) and any(norm(n) in wanted for n in names)


@dataclass(slots=True)
class Corrections:
    """All corrections, in the order of the file within each verb."""

    entries: list[Correction] = field(default_factory=list)
    _articles: list[Article] = field(default_factory=list)  # those that were separated, to take facts away from

    def of(self, verb: str) -> list[Correction]:
        return [entry for entry in self.entries if entry.verb == verb]

    def unmatched(self) -> list[str]:
        """The corrections that met nothing in the articles."""
        return [str(entry) for entry in self.entries if not entry.used]

    def left_out(self) -> list[str]:
        """The corrections that left facts out, and how many: those that something of the new type may not have."""
        return [f"{e}: {e.refused} fact{'s' * (e.refused > 1)} left out" for e in self.entries if e.refused]

    @property
    def by_area(self) -> frozenset[tuple[str, str]]:
        """(type, compared name) of the names that stand for one thing an area."""
        return frozenset((e.type, norm(name)) for e in self.of("split") if e.by == "area" for name in e.names)

    def apart(self, kind: str, one: str, other: str) -> bool:
        """Whether the user says that the two names are two things. Counts as the correction's use."""
        for entry in self.of("split"):
            names = {norm(name) for name in entry.names}
            if not entry.by and entry.type == kind and norm(one) != norm(other) and {norm(one), norm(other)} <= names:
                entry.used = True
                return True
        return False

    # --- before resolution: one article's entities

    def separate(self, article: Article) -> Article:
        """The article with split names as entities of their own.

        Where an entity of one name carries another of the split names as an alias, the places that print that alias
        become its own entity, and so do the facts and figures whose sentences have the alias and not the name.
        """
        entities = dict(article.entities)
        moved: dict[str, list[tuple[str, Named]]] = {}
        for entry in self.of("split"):
            for key, entity in list(entities.items()):
                if entry.by == "area":
                    entry.used |= entry.concerns(entity.type, [entity.name], entity.scope or article.home)
                    continue
                if not entry.concerns(entity.type, [entity.name], entity.scope):
                    continue
                for name in entry.names:
                    aliases = [alias for alias in entity.aliases if norm(alias) == norm(name) != norm(entity.name)]
                    if aliases:
                        entities[key], apart = _cut(entities[key], name, aliases)
                        entities[apart.key] = apart
                        moved.setdefault(key, []).append((name, apart))
                        entry.used = True
        separated = _reassigned(article, entities, moved) if moved else article
        if self.of("retype"):
            self._articles.append(separated)
        return separated

    # --- after resolution: clusters

    def apply(self, clusters: list[Cluster], merges: list[Merge]) -> list[Cluster]:
        """The clusters after drop, retype, rename and merge, in this order; merges are logged.

        The facts that a retype makes impossible are taken out of the articles that :meth:`separate` gave.
        """
        dropped = {id(c) for e in self.of("drop") for c in _matching(e, clusters)}
        clusters = [cluster for cluster in clusters if id(cluster) not in dropped]
        retyped: dict[tuple[str, str], Correction] = {}
        for entry in self.of("retype"):
            for cluster in _matching(entry, clusters):
                retyped |= dict.fromkeys(cluster.parts, entry)
                cluster.type = entry.to
                cluster.subtypes.clear()
                if entry.subtype:
                    cluster.subtypes[entry.subtype] = 1
        self._leave_out(clusters, retyped)
        for entry in self.of("rename"):
            for cluster in _matching(entry, clusters):
                cluster.preferred = entry.to
        for entry in self.of("merge"):
            clusters = _merged(entry, clusters, merges)
        return clusters

    def _leave_out(self, clusters: Iterable[Cluster], retyped: Mapping[tuple[str, str], Correction]) -> None:
        """Takes out and counts the facts that the schema does not allow between the types that their ends have now."""
        types = {part: cluster.type for cluster in clusters for part in cluster.parts}
        for article in self._articles if retyped else ():
            kept = []
            for fact in article.facts:
                ends = [(article.id, key) for key in (fact.subject, fact.object)]
                kinds = ["Document" if key == article.id else types.get((article.id, key), "") for _, key in ends]
                entry = next((retyped[end] for end in ends if end in retyped), None)
                if entry and all(kinds) and not schema().relations[fact.predicate].accepts(kinds[0], kinds[1]):
                    entry.refused += 1
                else:
                    kept.append(fact)
            article.facts[:] = kept
        self._articles.clear()


def _matching(entry: Correction, clusters: Iterable[Cluster]) -> list[Cluster]:
    found = [c for c in clusters if entry.concerns(c.type, [*c.names, c.preferred], c.scope)]
    entry.used |= bool(found)
    return found


def _merged(entry: Correction, clusters: list[Cluster], merges: list[Merge]) -> list[Cluster]:
    """The clusters with all that the entry names in one; nothing changes where fewer than two are there."""
    found = [
        [c for c in clusters if entry.concerns(c.type, [*c.names, c.preferred], c.scope, which)]
        for which in range(len(entry.names))
    ]
    ordered = list(dict.fromkeys(cluster for group in found for cluster in group))
    entry.used |= sum(map(bool, found)) > 1
    if len(ordered) < 2 or not entry.used:
        return clusters
    kept, others = ordered[0], ordered[1:]
    kept.preferred = entry.names[0]
    for other in others:
        merges.append(Merge(entry.names[0], other.name, kept.type, "the corrections file says so"))
        kept.absorb(other)
    return [cluster for cluster in clusters if cluster not in others]


def _cut(entity: Named, name: str, aliases: list[str]) -> tuple[Named, Named]:
    wanted = {norm(alias) for alias in aliases}
    places = tuple(item for item in entity.evidence if norm(item.quote) in wanted)
    rest = replace(
        entity,
        aliases=tuple(alias for alias in entity.aliases if alias not in aliases),
        evidence=tuple(item for item in entity.evidence if item not in places),
    )
    apart = replace(
        entity, key=f"{entity.key}|{name}", name=name, aliases=(), code="", subtype=entity.subtype, evidence=places
    )
    return rest, apart


def _reassigned(article: Article, entities: dict[str, Named], moved: Mapping[str, list[tuple[str, Named]]]) -> Article:
    def owner(key: str, quotes: str) -> str:
        if key not in moved or norm(entities[key].name) in quotes:
            return key
        return next((apart.key for name, apart in moved[key] if norm(name) in quotes), key)

    def read(evidence: Iterable[Any]) -> str:
        return norm("".join(item.quote for item in evidence))

    facts = []
    for fact in article.facts:
        quotes = read(fact.evidence)
        facts.append(replace(fact, subject=owner(fact.subject, quotes), object=owner(fact.object, quotes)))
    figures = [replace(figure, owner=owner(figure.owner, read(figure.evidence))) for figure in article.figures]
    return replace(article, entities=entities, facts=facts, figures=figures)


# --- reading the file


def read(path: Path) -> Corrections:
    """The corrections of a TOML file. Raises :class:`CorrectionsError` for a file that is not one."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise CorrectionsError(f"{path}: cannot be read ({error.strerror}); check the path") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CorrectionsError(
            f"{path}: is not TOML in UTF-8 ({error}); its form is told in docs/corrections.md"
        ) from None
    entries = []
    for verb, rows in data.items():
        if verb not in _FIELDS or not isinstance(rows, list):
            raise CorrectionsError(f"{path}: there is no correction [[{verb}]]; there are {', '.join(_FIELDS)}")
        entries += [_entry(path, verb, row) for row in rows]
    return Corrections(sorted(entries, key=lambda entry: list(_FIELDS).index(entry.verb)))


def _entry(path: Path, verb: str, row: Any) -> Correction:
    needed, optional = _FIELDS[verb]

    def wrong(problem: str) -> CorrectionsError:
        return CorrectionsError(f"{path}: a [[{verb}]] {problem}")

    if not isinstance(row, dict) or not needed <= set(row):
        raise wrong(f"needs {', '.join(sorted(needed))}")
    if unknown := set(row) - needed - optional:
        raise wrong(f"has {', '.join(sorted(unknown))}; it may have {', '.join(sorted(needed | optional))}")
    if row.get("by", "area") != "area":
        raise wrong(f'has by = "{row["by"]}"; only "area" is known')
    names = row.get("names", [row.get("name")])
    least = 1 if verb not in ("merge", "split") or row.get("by") == "area" else 2
    if not isinstance(names, list) or len(names) < least or not all(map(_is_name, names)):
        raise wrong(f"needs {'at least two names in a list' if least == 2 else 'a name'} with letters or digits")
    types = [kind for kind in schema().types if kind not in ("Figure", "Document")]
    for kind in (row["type"], row["to"] if verb == "retype" else row["type"]):
        if kind not in types:
            raise wrong(f"has the type {kind!r}; there are {', '.join(types)}")
    if verb == "rename" and not _is_name(row["to"]):
        raise wrong(f"of {names[0]} needs a name with letters or digits in to, not {row['to']!r}")
    if (subtype := row.get("subtype", "")) and subtype not in schema().types[row["to"]].subtypes:
        known = ", ".join(schema().types[row["to"]].subtypes) or "none"
        raise wrong(f"has the subtype {subtype!r}; of {row['to']} there are {known}")
    to, scope, by, subtype = (str(row.get(key, "")).strip() for key in ("to", "scope", "by", "subtype"))
    return Correction(verb, row["type"], tuple(name.strip() for name in names), to, scope, by, subtype)


def _is_name(name: Any) -> bool:
    """Whether something is left of it when names are compared: of "·" nothing is, and it would be like any such."""
    return isinstance(name, str) and bool(norm(name))
