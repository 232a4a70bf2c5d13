// Entities, relations, figures and articles as tables: sort, filter, copy to a spreadsheet.
import { announce, el, fill } from "./dom.js";
import { figureText, growthText, nodeLink, statusBadge } from "./card.js";
import { fold } from "./search.js";
import { label, money, number, oneLine, period, t, visible } from "./text.js";

const PAGE_ROWS = 100;
export const TABLES = ["entities", "relations", "figures", "documents"];
const TITLE = { entities: "entities", relations: "relations", figures: "figures", documents: "articles" };
const view = { table: "", sort: null, down: false, page: 0, query: "" };

/** Columns of a table: {key, value(row) for sorting and copying, cell(row) for showing, numeric}. */
export function columnsOf(app, table) {
  const { store, meta } = app;
  const name = (n) => store.names[n];
  const type = (n) => label(meta.types[store.types[n]]);
  const home = (n) => (store.home[n] >= 0 && store.home[n] !== n ? store.names[store.home[n]] : store.parent[n] >= 0 ? store.names[store.parent[n]] : "");
  const years = (n) => (store.years[n].length ? (store.years[n].length > 1 ? `${store.years[n][0]}–${store.years[n].at(-1)}` : String(store.years[n][0])) : "");
  if (table === "relations") {
    return [
      { key: "subject", value: (e) => name(store.source[e]), cell: (e) => nodeLink(app, store.source[e]) },
      { key: "predicate", value: (e) => label(meta.predicates[store.predicate[e]]) },
      { key: "object", value: (e) => name(store.target[e]), cell: (e) => nodeLink(app, store.target[e]) },
      { key: "status", value: (e) => (store.edgeStatus[e] ? label(meta.statuses[store.statusNames.indexOf(store.edgeStatus[e])]) : "") },
    ];
  }
  if (table === "figures") {
    const owner = ownerOf(store);
    return [
      { key: "of", value: (n) => (owner.has(n) ? name(owner.get(n)) : ""), cell: (n) => (owner.has(n) ? nodeLink(app, owner.get(n)) : "") },
      { key: "indicator", value: (n) => store.figure(n).indicator, cell: (n) => el("button", { type: "button", class: "plain", onclick: () => app.focus(n) }, el("bdi", { text: visible(store.figure(n).indicator) || "–" })) },
      { key: "value", value: (n) => store.figure(n).value ?? "", sort: (n) => store.figure(n).base ?? 0, cell: (n) => figureText(store.figure(n)), numeric: true },
      { key: "unit", value: (n) => store.figure(n).unit },
      { key: "period", value: (n) => store.figure(n).period, cell: (n) => visible(period(store.figure(n).period)) },
      { key: "growth", value: (n) => store.figure(n).growth ?? "", cell: (n) => growthText(store.figure(n).growth), numeric: true },
    ];
  }
  if (table === "documents") {
    const field = (key) => ({ key, value: (n) => store.documentOf(n)[key] });
    return [{ key: "title", value: (n) => store.documentOf(n).title, cell: (n) => nodeLink(app, n) }, field("author"), field("date"), { key: "area", value: (n) => (store.home[n] >= 0 ? name(store.home[n]) : "") }, field("path")];
  }
  return [
    { key: "name", value: name, cell: (n) => nodeLink(app, n) },
    { key: "type", value: type },
    { key: "area", value: home },
    { key: "status", value: (n) => (store.status[n] ? label(meta.statuses[store.status[n]]) : ""), sort: (n) => store.status[n], cell: (n) => (store.status[n] ? statusBadge(app, store.status[n]) : "") },
    { key: "amount", value: (n) => store.amount[n] || "", sort: (n) => store.amount[n], cell: (n) => money(store.amount[n]), numeric: true },
    { key: "years", value: years },
    { key: "aliases", value: (n) => store.aliasesOf(n).join("、") },
  ];
}

function ownerOf(store) {
  if (store.owners) return store.owners;
  store.owners = new Map();
  const p = store.predicateNames.indexOf("figureOf");
  for (let e = 0; e < store.source.length; e++) if (store.predicate[e] === p) store.owners.set(store.source[e], store.target[e]);
  return store.owners;
}

/** Rows of a table that the filters let through: node numbers, or edge numbers for relations. */
export function rowsOf(app, table) {
  const { store, pass } = app;
  const rows = [];
  if (table === "relations") {
    for (let e = 0; e < store.source.length; e++) {
      if (store.quiet[store.predicate[e]]) continue;
      if (!pass || (pass[store.source[e]] || pass[store.target[e]])) rows.push(e);
    }
    return rows;
  }
  const [from, to] = table === "figures" ? [store.figureStart, store.documentStart] : table === "documents" ? [store.documentStart, store.size] : [0, store.entities];
  for (let n = from; n < to; n++) if (!pass || pass[n]) rows.push(n);
  return rows;
}

export function showTable(app, holder) {
  const { state } = app;
  if (view.table !== state.table) Object.assign(view, { table: state.table, sort: null, page: 0, query: "" });
  const columns = columnsOf(app, state.table);
  let rows = rowsOf(app, state.table);
  const wanted = fold(view.query);
  if (wanted) rows = rows.filter((row) => columns.some((c) => fold(String(c.value(row))).includes(wanted)));
  if (!view.sort && state.table === "entities") rows.sort((a, b) => app.store.score[b] - app.store.score[a] || a - b);
  if (view.sort) sortRows(rows, columns.find((c) => c.key === view.sort));
  view.page = Math.max(0, Math.min(view.page, Math.ceil(rows.length / PAGE_ROWS) - 1));
  const start = view.page * PAGE_ROWS;
  const again = () => showTable(app, holder);
  const query = holder.querySelector("input.rows");
  const typing = query && document.activeElement === query ? query.selectionStart : null;
  fill(holder,
    el("div", { class: "table-bar" },
      el("div", { class: "segments", role: "group", "aria-label": t("view_table") }, TABLES.map((table) => el("button", { type: "button", "aria-pressed": String(table === state.table), onclick: () => app.go({ table }) }, t(TITLE[table])))),
      el("input", { class: "rows", type: "search", value: view.query, placeholder: t("filterRows"), "aria-label": t("filterRows"), oninput: (event) => {
        view.query = event.target.value;
        view.page = 0;
        again();
      } }),
      el("button", { type: "button", onclick: () => copyRows(columns, rows) }, t("copy")),
      el("span", { class: "quiet", role: "status", text: rows.length ? t("rowsShown", { a: number(start + 1), b: number(Math.min(rows.length, start + PAGE_ROWS)), n: number(rows.length) }) : t("nothing") })),
    el("div", { class: "table-box", tabindex: "0", role: "region", "aria-label": t(TITLE[state.table]) }, el("table", { class: "grid" },
      el("thead", {}, el("tr", {}, columns.map((c) => head(c, again)))),
      el("tbody", {}, rows.slice(start, start + PAGE_ROWS).map((row) => el("tr", {}, columns.map((c) => cell(c, row))))))),
    rows.length > PAGE_ROWS ? pager(rows.length, again) : null);
  if (typing !== null) {
    const input = holder.querySelector("input.rows");
    input.focus();
    input.setSelectionRange(typing, typing);
  }
}

function sortRows(rows, column) {
  const value = column.sort || column.value;
  const keys = new Map(rows.map((row) => [row, value(row)]));
  const sign = view.down ? -1 : 1;
  const collator = new Intl.Collator("zh");
  rows.sort((a, b) => {
    const [x, y] = [keys.get(a), keys.get(b)];
    if (x === "" || y === "") return (x === "") - (y === "");
    return (typeof x === "number" && typeof y === "number" ? sign * (x - y) : sign * collator.compare(x, y)) || a - b;
  });
}

function head(column, again) {
  const sorted = view.sort === column.key ? (view.down ? "descending" : "ascending") : "none";
  return el("th", { scope: "col", "aria-sort": sorted, class: column.numeric ? "num" : "" },
    el("button", { type: "button", class: "sort", "data-sort": column.key, onclick: () => {
      view.down = view.sort === column.key ? !view.down : Boolean(column.numeric);
      view.sort = column.key;
      again();
    } }, t(column.key), el("span", { "aria-hidden": "true", text: sorted === "none" ? "" : view.down ? " ↓" : " ↑" })));
}

function cell(column, row) {
  const content = column.cell ? column.cell(row) : el("bdi", { text: oneLine(column.value(row)) });
  return el("td", { class: column.numeric ? "num" : "" }, content);
}

function pager(total, again) {
  const turn = (key, step, disabled) => el("button", { type: "button", disabled, onclick: () => {
    view.page += step;
    again();
  } }, t(key));
  return el("div", { class: "pager" }, turn("previous", -1, view.page === 0), turn("next", 1, (view.page + 1) * PAGE_ROWS >= total));
}

/** Tab-separated, as spreadsheets paste it. */
async function copyRows(columns, rows) {
  const clean = (value) => guard(oneLine(value));
  const text = [columns.map((c) => t(c.key)).join("\t"), ...rows.map((row) => columns.map((c) => clean(c.value(row))).join("\t"))].join("\n");
  await toClipboard(text);
  announce(t("copied", { n: number(rows.length) }));
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
