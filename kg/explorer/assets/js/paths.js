// Ways between two nodes, and what both have to do with.

/** The nodes of a shortest path over drawn relations, else over articles too; null if there is none. */
export function shortest(store, a, b) {
  return walk(store, a, b, false) || walk(store, a, b, true);
}

function walk(store, a, b, articles) {
  const came = new Map([[a, -1]]);
  let edge = [a];
  while (edge.length && !came.has(b)) {
    const next = [];
    for (const from of edge) {
      for (const e of store.edgesOf(from)) {
        if (!articles && store.quiet[store.predicate[e]]) continue;
        const to = store.other(e, from);
        if (came.has(to) || store.isFigure(to)) continue;
        came.set(to, from);
        next.push(to);
      }
    }
    edge = next;
  }
  if (!came.has(b)) return null;
  const path = [];
  for (let at = b; at >= 0; at = came.get(at)) path.unshift(at);
  return path;
}

/** Articles that name `node`, or for an area are about it or what lies below it. */
function articlesOf(store, node) {
  const found = new Set();
  if (store.isArea(node)) {
    const below = store.subtree(node);
    for (let d = store.documentStart; d < store.size; d++) if (below.has(store.home[d])) found.add(d);
  } else
    for (const e of store.edgesOf(node)) if (store.isDocument(store.other(e, node))) found.add(store.other(e, node));
  return found;
}

/** Entities that `node` has to do with: by a relation, as named in one of `articles`, or for an area by lying in it or
 * by a relation to what does. */
function reach(store, node, articles) {
  const found = new Set(store.neighbours(node));
  const from = store.isArea(node) ? store.subtree(node) : new Set([node]);
  for (const area of from) {
    for (const n of store.neighbours(area)) found.add(n);
    for (const member of store.content.get(area) || []) found.add(member);
  }
  for (const d of articles) for (const e of store.edgesOf(d)) found.add(store.other(e, d));
  for (const n of from) found.delete(n);
  return found;
}

/** What both have to do with. An article that names both tells nothing by what else it names. */
export function common(store, a, b) {
  const [one, two] = [articlesOf(store, a), articlesOf(store, b)];
  const apart = (mine, other) => [...mine].filter((d) => !other.has(d));
  const near = reach(store, a, apart(one, two));
  return [...reach(store, b, apart(two, one))].filter((n) => near.has(n) && n !== a && n !== b && n < store.entities);
}
