// The state of the page and its address: every step is an entry of the browser's history.

export const VIEWS = ["graph", "table", "projects", "honors", "areas"];
const STEPS = new Set(["expand", "open", "more", "hide", "add", "pin", "unpin"]);

export function emptyFilters() {
  return { types: [], area: null, years: null, statuses: [], amount: null, document: null };
}

export function emptyState() {
  return {
    view: "graph",
    base: ["overview"],
    steps: [],
    focus: null,
    edge: null,
    compare: null,
    filters: emptyFilters(),
    table: "entities",
  };
}

/** The part of the address after #. Ids are written out, so a link survives a rebuild. */
export function writeHash(state, store) {
  const id = (node) => encodeURIComponent(store.ids[node]);
  const parts = [];
  if (state.view !== "graph") parts.push("view=" + state.view);
  if (state.view === "table" && state.table !== "entities") parts.push("table=" + state.table);
  const [base, ...rest] = state.base;
  if (base === "area") parts.push("area=" + id(rest[0]));
  if (base === "ego") parts.push(`around=${id(rest[0])},${rest[1]}`);
  if (base === "path") parts.push(`between=${id(rest[0])},${id(rest[1])}`);
  for (const [name, node, a, b] of state.steps) {
    const more =
      name === "open" ? "," + encodeURIComponent(a) : name === "pin" ? `,${Math.round(a)},${Math.round(b)}` : "";
    parts.push(`${name}=${node === undefined ? "" : id(node)}${more}`);
  }
  if (state.focus !== null) parts.push("focus=" + id(state.focus));
  if (state.edge !== null) {
    parts.push(
      `fact=${id(store.source[state.edge])},${encodeURIComponent(store.predicateName(state.edge))},${id(store.target[state.edge])}`,
    );
  }
  const f = state.filters;
  if (f.types.length) parts.push("types=" + f.types.map((k) => encodeURIComponent(store.typeNames[k])).join(","));
  if (f.area !== null) parts.push("in=" + id(f.area));
  if (f.years) parts.push("years=" + f.years.join("-"));
  if (f.statuses.length)
    parts.push("status=" + f.statuses.map((s) => encodeURIComponent(store.statusNames[s])).join(","));
  if (f.amount) parts.push("amount=" + f.amount.join("-"));
  if (f.document !== null) parts.push("document=" + id(f.document));
  return parts.length ? "#" + parts.join("&") : "";
}

/** The state that an address describes; what it does not know or cannot find is left out. */
export function readHash(hash, store) {
  const state = emptyState();
  const node = (text) => {
    const found = store.number.get(decode(text));
    return found === undefined ? null : found;
  };
  for (const part of hash.replace(/^#/, "").split("&")) {
    const cut = part.indexOf("=");
    if (cut < 0) continue;
    const key = part.slice(0, cut);
    const values = part.slice(cut + 1).split(",");
    const first = node(values[0]);
    if (key === "view" && VIEWS.includes(values[0])) state.view = values[0];
    else if (key === "table" && ["entities", "relations", "figures", "documents"].includes(values[0]))
      state.table = values[0];
    else if (key === "area" && first !== null) state.base = ["area", first];
    else if (key === "around" && first !== null) state.base = ["ego", first, Math.min(3, Number(values[1]) || 1)];
    else if (key === "between" && first !== null && node(values[1]) !== null)
      state.base = ["path", first, node(values[1])];
    else if (key === "focus") state.focus = first;
    else if (key === "fact" && first !== null) {
      const found = store.related(first, decode(values[1]), true).find((e) => store.target[e] === node(values[2]));
      state.edge = found ?? null;
    } else if (key === "more") state.steps.push(["more"]);
    else if (key === "open" && first !== null) state.steps.push([key, first, decode(values[1])]);
    else if (key === "pin" && first !== null)
      state.steps.push([key, first, Number(values[1]) || 0, Number(values[2]) || 0]);
    else if (STEPS.has(key) && first !== null) state.steps.push([key, first]);
    else readFilter(state.filters, key, values, first, store);
  }
  return state;
}

function readFilter(filters, key, values, first, store) {
  const numbers = (names) => values.map((v) => names.indexOf(decode(v))).filter((i) => i >= 0);
  if (key === "types") filters.types = numbers(store.typeNames);
  else if (key === "status") filters.statuses = numbers(store.statusNames);
  else if (key === "in") filters.area = first;
  else if (key === "document") filters.document = first;
  else if (key === "years" || key === "amount") {
    const range = values[0].split("-").map(Number);
    if (range.length === 2 && range.every(Number.isFinite)) filters[key] = range;
  }
}

function decode(text) {
  try {
    return decodeURIComponent(text ?? "");
  } catch {
    return text;
  }
}
