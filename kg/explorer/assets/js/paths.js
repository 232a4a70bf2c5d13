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

/** Entities that `node` has to do with: by a relation, or, for an area, as named in its articles or related to what lies in it. */
export function reach(store, node) {
  const found = new Set(store.neighbours(node));
  const from = store.isArea(node) ? store.subtree(node) : new Set([node]);
  for (const area of from) {
    for (const n of store.neighbours(area)) found.add(n);
    for (const member of store.content.get(area) || []) found.add(member);
  }
  for (let d = store.documentStart; d < store.size; d++) {
    const about = store.isArea(node) ? from.has(store.home[d]) : names(store, d, node);
    if (about) for (const e of store.edgesOf(d)) found.add(store.other(e, d));
  }
  for (const n of from) found.delete(n);
  return found;
}

function names(store, document, node) {
  for (const e of store.edgesOf(document)) if (store.other(e, document) === node) return true;
  return false;
}

export function common(store, a, b) {
  const one = reach(store, a);
  return [...reach(store, b)].filter((n) => one.has(n) && n !== a && n !== b && n < store.entities);
}
