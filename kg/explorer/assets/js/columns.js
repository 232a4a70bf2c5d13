// Columns and rows of the tables, for showing, copying and saving.
import { el } from "./dom.js";
import { growthText, nodeLink, statusBadge } from "./facts.js";
import { label, money, number, period, t, visible } from "./text.js";

/**
 * Columns of a table: {key, copied (the heading of the value where it differs), value(row) for sorting and copying,
 * cell(row) for showing, numeric}.
 */
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
  const article = (edge) => ({
    key: "document",
    value: (row) => (store.articleOf(edge(row)) < 0 ? "" : store.documentOf(store.articleOf(edge(row))).title),
    cell: (row) => (store.articleOf(edge(row)) < 0 ? "" : nodeLink(app, store.articleOf(edge(row)))),
  });
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
      article((e) => e),
    ];
  }
  if (table === "figures") {
    const tie = tieOf(store);
    return [
      {
        key: "of",
        value: (n) => (tie.has(n) ? name(store.target[tie.get(n)]) : ""),
        cell: (n) => (tie.has(n) ? nodeLink(app, store.target[tie.get(n)]) : ""),
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
        cell: (n) => bare(store.figure(n).value),
        numeric: true,
      },
      { key: "unit", value: (n) => store.figure(n).unit },
      { key: "about", value: (n) => (store.figure(n).about ? t("about") : "") },
      { key: "period", value: (n) => period(store.figure(n).period), sort: (n) => store.figure(n).period },
      {
        key: "growthPercent",
        value: (n) => store.figure(n).growth ?? "",
        cell: (n) => growthText(store.figure(n).growth, ""),
        numeric: true,
      },
      article((n) => tie.get(n)),
    ];
  }
  if (table === "documents") {
    const field = (key) => ({ key, value: (n) => store.documentOf(n)[key] });
    return [
      { key: "title", value: (n) => store.documentOf(n).title, cell: (n) => nodeLink(app, n) },
      field("author"),
      field("date"),
      { key: "period", value: (n) => period(store.documentOf(n).period), sort: (n) => store.documentOf(n).period },
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
      copied: "amountYuan",
      value: (n) => store.amount[n] || "",
      sort: (n) => store.amount[n],
      cell: (n) => money(store.amount[n]),
      numeric: true,
    },
    { key: "years", value: years },
    { key: "aliases", value: (n) => store.aliasesOf(n).join("、") },
  ];
}

function bare(value) {
  return typeof value === "number" ? number(value) : visible(value ?? "");
}

/** The heading of a column as it is copied and saved: sums are in yuan there. */
export function copiedHead(column) {
  return t(column.copied || column.key);
}

/** Of each figure the edge to what it measures. */
function tieOf(store) {
  if (store.ties) return store.ties;
  store.ties = new Map();
  const p = store.predicateNames.indexOf("figureOf");
  for (let e = 0; e < store.source.length; e++) if (store.predicate[e] === p) store.ties.set(store.source[e], e);
  return store.ties;
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
