"""Resolution across articles: entities that are one thing become one cluster, and every merge says why.

Same name, same type, same scope is one node; what the scope is, :func:`identities` says. Beyond that, two clusters
are merged only where it is safe: a company's short form with the one full form of its region, a name with the one
entity of the same area that an article gives that name as an alias, and what the user's corrections file says.
Too little is merged rather than too much.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from kg import companies, national, subtypes
from kg.article import Article, Named, area_scoped
from kg.corrections import Corrections
from kg.model import Merge
from kg.names import norm
from kg.schema import schema

Identity = tuple[str, str, str]  # type, name or code, scope

_SHORTEST_ALIAS = 4  # a shorter alias (园区, 工作法) says too little to join two articles


@dataclass(slots=True, eq=False)
class Cluster:
    """Entities of articles that are one node."""

    type: str
    scope: str
    code: str = ""
    id: str = ""
    names: Counter[str] = field(default_factory=Counter)
    forms: set[str] = field(default_factory=set)
    subtypes: Counter[str] = field(default_factory=Counter)
    homes: set[str] = field(default_factory=set)
    parts: list[tuple[str, str]] = field(default_factory=list)  # (article id, entity key)
    count: int | None = None
    preferred: str = ""
    canonical: str = ""  # of what the whole country calls so (kg/national.py): its id is made of it

    @property
    def name(self) -> str:
        """The preferred name, else the one most articles print; of equals the fuller, the plainer, the smaller."""
        return self.preferred or min(self.names, key=lambda n: (-self.names[n], -len(norm(n)), len(n), n))

    @property
    def aliases(self) -> list[str]:
        return sorted({*self.names, *self.forms} - {self.name})

    @property
    def subtype(self) -> str:
        """The commonest of its mentions', else what its names show."""
        told = min(self.subtypes, key=lambda subtype: (-self.subtypes[subtype], subtype), default="")
        return told or subtypes.of(self.type, [self.name, *self.aliases])

    def take(self, entity: Named, article: Article) -> None:
        self.names[entity.name] += 1
        self.forms.update(entity.aliases)
        if entity.subtype:
            self.subtypes[entity.subtype] += 1
        self.code = self.code or entity.code
        self.count = entity.count if self.count is None else self.count
        self.homes.add(article.home)
        self.parts.append((article.id, entity.key))

    def absorb(self, other: Cluster) -> None:
        self.names.update(other.names)
        self.forms |= other.forms
        self.subtypes.update(other.subtypes)
        self.homes |= other.homes
        self.parts += other.parts
        self.code = self.code or other.code
        self.count = self.count if self.count is not None else other.count


@dataclass(slots=True)
class Resolution:
    """The clusters in the order of their ids, where each entity went, the merges, and corrections that met nothing."""

    clusters: list[Cluster]
    merges: list[Merge]
    unmatched: list[str]
    _nodes: dict[tuple[str, str], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._nodes = {part: cluster.id for cluster in self.clusters for part in cluster.parts}

    def node(self, article: str, key: str) -> str:
        """The node of an article's entity; '' where a correction dropped it."""
        return self._nodes.get((article, key), "")


def resolve(articles: Iterable[Article], corrections: Corrections | None = None) -> Resolution:
    """One cluster for each thing that ``articles`` (in the order of their ids) speak of."""
    corrections = corrections or Corrections()
    merges: list[Merge] = []
    clusters = sorted(_same_names(articles, corrections), key=_sort_key)
    for step in (_companies, _by_alias):
        clusters = list(step(clusters, corrections, merges))
    clusters = corrections.apply(clusters, merges)
    clusters = _with_ids(clusters, merges)
    return Resolution(clusters, merges, corrections.unmatched())


def _sort_key(cluster: Cluster) -> tuple[str, str, str, str, tuple[str, str]]:
    return (cluster.type, cluster.name, cluster.scope, cluster.code, min(cluster.parts))


# --- same name, same type, same scope


def identities(entity: Named, article: Article, by_area: frozenset[tuple[str, str]] = frozenset()) -> list[Identity]:
    """What makes two entities the same without further thought; one identity shared is enough.

    An area or village is its official code, a village without one its name in its parent; a group of projects is
    its article's; companies, honours, products and what :mod:`kg.national` lists are their name anywhere; everything
    else is its name in the article's own area. ``by_area`` holds (type, compared name) pairs that a correction scopes
    by area against this rule.
    """
    kind, name = entity.type, norm(entity.name)
    if kind == "ProjectGroup":
        return [(kind, name, article.id)]
    if kind == "AdministrativeArea" and entity.code:
        return [(kind, "", entity.code)]
    if kind == "Village" and entity.code:
        return [(kind, "", entity.code), (kind, name, entity.code[:9])]
    if (kind, name) in by_area:
        return [(kind, name, article.home or article.id)]
    if canonical := _canonical(entity):
        return [(kind, canonical, "")]
    return [(kind, name, scope_of(entity, article))]


def scope_of(entity: Named, article: Article) -> str:
    """The area within which the entity's name is unique; the article itself where no area is known."""
    if entity.type == "Organization":
        company = entity.subtype == "Company" or (not entity.subtype and companies.parse(entity.name))
        if company or companies.is_company(entity.name) or companies.names_its_area(entity.name):
            return ""
        return entity.scope or article.home or article.id
    if schema().types[entity.type].scope == "global":
        return ""
    if entity.type in ("Program", "Event") and companies.names_the_country(entity.name):
        return ""
    if entity.scope or entity.type not in area_scoped():
        return entity.scope
    return "" if article.home else article.id


def _canonical(entity: Named) -> str:
    known = national.find(entity.name, entity.type)
    return known.name if known else ""


def _same_names(articles: Iterable[Article], corrections: Corrections) -> Iterator[Cluster]:
    by_identity: dict[Identity, Cluster] = {}
    clusters: list[Cluster] = []
    for article in articles:
        for key in sorted(article.entities):
            entity = article.entities[key]
            wanted = identities(entity, article, corrections.by_area)
            held = (by_identity[identity] for identity in wanted if identity in by_identity)
            cluster = next((one for one in held if _agree(one, entity)), None)
            if cluster is None:
                cluster = Cluster(entity.type, "" if entity.code and entity.type != "Village" else wanted[-1][2])
                cluster.canonical = _canonical(entity) if not cluster.scope else ""
                clusters.append(cluster)
            cluster.take(entity, article)
            for identity in wanted:
                by_identity.setdefault(identity, cluster)
    return iter(clusters)


def _agree(cluster: Cluster, entity: Named) -> bool:
    return not (cluster.code and entity.code and cluster.code != entity.code)


# --- merges that take a reason


def _companies(clusters: list[Cluster], corrections: Corrections, merges: list[Merge]) -> Iterator[Cluster]:
    """Joins a company's short form with its full form, where the region has just one that fits."""
    stems: dict[str, list[Cluster]] = defaultdict(list)
    for cluster in clusters:
        if cluster.type == "Organization" and (parts := companies.parse(cluster.name)):
            stems[parts.stem].append(cluster)
    into: dict[int, Cluster] = {}
    for group in stems.values():
        for short in sorted(group, key=lambda cluster: (-len(cluster.name), _sort_key(cluster))):
            found: dict[int, tuple[Cluster, str]] = {}
            for full in group:
                if full is not short and (reason := why_one_company(short, full)):
                    kept = into.get(id(full), full)
                    found.setdefault(id(kept), (kept, reason))
            if len(found) == 1:
                ((kept, reason),) = found.values()
                if not corrections.apart("Organization", short.name, kept.name):
                    merges.append(Merge(kept.name, short.name, short.type, reason))
                    kept.preferred = kept.name
                    kept.absorb(short)
                    into[id(short)] = kept
    return (cluster for cluster in clusters if id(cluster) not in into)


def why_one_company(short: Cluster, full: Cluster) -> str:
    """Why the two organizations are one company, the second printed more fully; '' where that is not safe."""
    reason = companies.same(short.name, full.name)
    if not reason:
        return ""
    shared = sorted(regions(short) & regions(full))
    return f"{reason}; both in region {shared[0]}" if shared else ""


def regions(cluster: Cluster) -> set[str]:
    """The prefectures (four digits) of the articles that name it; an area without code stands for itself."""
    return {home[:4] if home[:4].isdigit() else home for home in cluster.homes if home}


def _by_alias(clusters: list[Cluster], corrections: Corrections, merges: list[Merge]) -> Iterator[Cluster]:
    """Joins a name with the one entity of the same type and area that carries it as an alias elsewhere."""
    carriers: dict[Identity, list[Cluster]] = defaultdict(list)
    for cluster in clusters:
        if cluster.scope and cluster.type != "ProjectGroup":
            for form in {norm(form) for form in cluster.forms} - {norm(cluster.name)}:
                if len(form) >= _SHORTEST_ALIAS:
                    carriers[cluster.type, form, cluster.scope].append(cluster)
    gone: dict[int, Cluster] = {}
    for cluster in clusters:
        found = carriers.get((cluster.type, norm(cluster.name), cluster.scope), [])
        if len(found) != 1 or found[0] is cluster or id(found[0]) in gone:
            continue
        (kept,) = found
        both_coded = kept.code and cluster.code and kept.code != cluster.code
        if both_coded or corrections.apart(cluster.type, cluster.name, kept.name):
            continue
        reason = f"an article of the same area ({cluster.scope}) gives {cluster.name} as another name of {kept.name}"
        merges.append(Merge(kept.name, cluster.name, cluster.type, reason))
        kept.preferred = kept.name
        kept.absorb(cluster)
        gone[id(cluster)] = kept
    return (cluster for cluster in clusters if id(cluster) not in gone)


# --- ids


def _with_ids(clusters: list[Cluster], merges: list[Merge]) -> list[Cluster]:
    """Gives every cluster its id; clusters that corrections have made the same become one."""
    by_id: dict[str, Cluster] = {}
    for cluster in sorted(clusters, key=_sort_key):
        name = _id_of(cluster)
        held = by_id.get(name)
        if held is None:
            cluster.id = name
            by_id[name] = cluster
        elif held.code and cluster.code and held.code != cluster.code:
            cluster.id = f"{cluster.type.lower()}/{cluster.code}"
            by_id[cluster.id] = cluster
        else:
            merges.append(Merge(held.name, cluster.name, held.type, "same name, type and scope after corrections"))
            held.absorb(cluster)
    return [by_id[name] for name in sorted(by_id)]


def _id_of(cluster: Cluster) -> str:
    kind = cluster.type.lower()
    if cluster.type == "AdministrativeArea" and cluster.code:
        return f"{kind}/{cluster.code}"
    name = re.sub(r"\s+", " ", cluster.preferred or cluster.canonical or cluster.name)
    scope = cluster.scope.removeprefix("document/")
    return f"{kind}/{name}@{scope}" if scope else f"{kind}/{name}"
