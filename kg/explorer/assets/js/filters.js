// Which entities the filters let through.

export function anyFilter(filters) {
  return Boolean(
    filters.types.length ||
    filters.area !== null ||
    filters.years ||
    filters.statuses.length ||
    filters.amount ||
    filters.document !== null,
  );
}

/**
 * A mark for each node (1 passes), or null when no filter is set. `without` leaves one filter out, for counting what
 * its other values would give. Figures pass with what they measure; articles when they name something that passes.
 */
export function passing(store, filters, without = "") {
  const active = {
    ...filters,
    ...(without
      ? { [without]: Array.isArray(filters[without]) && ["types", "statuses"].includes(without) ? [] : null }
      : {}),
  };
  if (!anyFilter(active)) return null;
  const pass = new Uint8Array(store.size);
  const types = active.types.length ? new Set(active.types) : null;
  const statuses = active.statuses.length ? new Set(active.statuses) : null;
  const areas = active.area === null ? null : store.subtree(active.area);
  const named = active.document === null ? null : namedIn(store, active.document);
  const [from, to] = active.years || [0, 0];
  const [low, high] = active.amount || [0, 0];
  for (let i = 0; i < store.entities; i++) {
    if (types && !types.has(store.types[i])) continue;
    if (statuses && !statuses.has(store.status[i])) continue;
    if (areas && !areas.has(store.home[i])) continue;
    if (named && !named.has(i)) continue;
    if (active.years && !store.years[i].some((y) => y >= from && y <= to)) continue;
    if (active.amount && !(store.amount[i] >= low && store.amount[i] <= high)) continue;
    pass[i] = 1;
  }
  passOn(store, pass, active);
  return pass;
}

function passOn(store, pass, active) {
  const figureOf = store.predicateNames.indexOf("figureOf");
  const mentions = store.predicateNames.indexOf("mentions");
  for (let e = 0; e < store.source.length; e++) {
    const [s, o] = [store.source[e], store.target[e]];
    if (store.predicate[e] === figureOf && pass[o]) pass[s] = inYears(store.years[s], active.years) ? 1 : 0;
    if (store.predicate[e] === mentions && pass[o]) pass[s] = active.document === null || s === active.document ? 1 : 0;
  }
}

function inYears(years, range) {
  return !range || years.some((y) => y >= range[0] && y <= range[1]);
}

function namedIn(store, document) {
  const found = new Set();
  for (const e of store.edgesOf(document)) {
    found.add(store.other(e, document));
  }
  return found;
}

/** How many entities of each type (or status) pass the other filters. */
export function counts(store, filters, field) {
  const pass = passing(store, filters, field === "types" ? "types" : "statuses");
  const column = field === "types" ? store.types : store.status;
  const total = new Map();
  for (let i = 0; i < store.entities; i++) {
    if (!pass || pass[i]) total.set(column[i], (total.get(column[i]) || 0) + 1);
  }
  return total;
}
