// Columns and rows of the tables, for showing, copying and saving.
import { el } from "./dom.js";
import { figureText, growthText, nodeLink, statusBadge } from "./facts.js";
import { label, money, period, visible } from "./text.js";

/** Columns of a table: {key, value(row) for sorting and copying, cell(row) for showing, numeric}. */
export function columnsOf(app, table) {
  const { store, meta } = app;
  const name = (n) => store.names[n];
  const type = (n) => label(meta.types[store.types[n]]);
  const home = (n) =>
    store.home[n] >= 0 && store.home[n] !== n
      ? store.names[store.home[n]]
      : store.parent[n] >= 0
        ? store.names[store.parent[n]]
        : "";
  const years = (n) =>
    store.years[n].length
      ? store.years[n].length > 1
        ? `${store.years[n][0]}–${store.years[n].at(-1)}`
        : String(store.years[n][0])
      : "";
  if (table === "relations") {
    return [
      { key: "subject", value: (e) => name(store.source[e]), cell: (e) => nodeLink(app, store.source[e]) },
      { key: "predicate", value: (e) => label(meta.predicates[store.predicate[e]]) },
      { key: "object", value: (e) => name(store.target[e]), cell: (e) => nodeLink(app, store.target[e]) },
      {
        key: "status",
        value: (e) => (store.edgeStatus[e] ? label(meta.statuses[store.statusNames.indexOf(store.edgeStatus[e])]) : ""),
      },
    ];
  }
  if (table === "figures") {
    const owner = ownerOf(store);
    return [
      {
        key: "of",
        value: (n) => (owner.has(n) ? name(owner.get(n)) : ""),
        cell: (n) => (owner.has(n) ? nodeLink(app, owner.get(n)) : ""),
      },
      {
        key: "indicator",
        value: (n) => store.figure(n).indicator,
        cell: (n) =>
          el(
            "button",
            { type: "button", class: "plain", onclick: () => app.focus(n) },
            el("bdi", { text: visible(store.figure(n).indicator) || "–" }),
          ),
      },
      {
        key: "value",
        value: (n) => store.figure(n).value ?? "",
        sort: (n) => store.figure(n).base ?? 0,
        cell: (n) => figureText(store.figure(n)),
        numeric: true,
      },
      { key: "unit", value: (n) => store.figure(n).unit },
      { key: "period", value: (n) => store.figure(n).period, cell: (n) => visible(period(store.figure(n).period)) },
      {
        key: "growth",
        value: (n) => store.figure(n).growth ?? "",
        cell: (n) => growthText(store.figure(n).growth),
        numeric: true,
      },
    ];
  }
  if (table === "documents") {
    const field = (key) => ({ key, value: (n) => store.documentOf(n)[key] });
    return [
      { key: "title", value: (n) => store.documentOf(n).title, cell: (n) => nodeLink(app, n) },
      field("author"),
      field("date"),
      { key: "area", value: (n) => (store.home[n] >= 0 ? name(store.home[n]) : "") },
      field("path"),
    ];
  }
  return [
    { key: "name", value: name, cell: (n) => nodeLink(app, n) },
    { key: "type", value: type },
    { key: "area", value: home },
    {
      key: "status",
      value: (n) => (store.status[n] ? label(meta.statuses[store.status[n]]) : ""),
      sort: (n) => store.status[n],
      cell: (n) => (store.status[n] ? statusBadge(app, store.status[n]) : ""),
    },
    {
      key: "amount",
      value: (n) => store.amount[n] || "",
      sort: (n) => store.amount[n],
      cell: (n) => money(store.amount[n]),
      numeric: true,
    },
    { key: "years", value: years },
    { key: "aliases", value: (n) => store.aliasesOf(n).join("、") },
  ];
}

function ownerOf(store) {
  if (store.owners) return store.owners;
  store.owners = new Map();
  const p = store.predicateNames.indexOf("figureOf");
  for (let e = 0; e < store.source.length; e++)
    if (store.predicate[e] === p) store.owners.set(store.source[e], store.target[e]);
  return store.owners;
}

/** Rows of a table that the filters let through: node numbers, or edge numbers for relations. */
export function rowsOf(app, table) {
  const { store, pass } = app;
  const rows = [];
  if (table === "relations") {
    for (let e = 0; e < store.source.length; e++) {
      if (store.quiet[store.predicate[e]]) continue;
      if (!pass || pass[store.source[e]] || pass[store.target[e]]) rows.push(e);
    }
    return rows;
  }
  const [from, to] =
    table === "figures"
      ? [store.figureStart, store.documentStart]
      : table === "documents"
        ? [store.documentStart, store.size]
        : [0, store.entities];
  for (let n = from; n < to; n++) if (!pass || pass[n]) rows.push(n);
  return rows;
}

/** A cell that a spreadsheet would run as a formula, made plain text. */
export function guard(text) {
  return /^[=+@\t\r]|^-(?![\d.]+$)/.test(text) ? "'" + text : text;
}

export async function toClipboard(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = el("textarea", { class: "hidden" });
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
}
