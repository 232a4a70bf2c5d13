// The card of a node: what it is, its figures, its relations and every sentence behind them.
import { byId, el, fill } from "./dom.js";
import { quotations, readArticle, wordsOf } from "./evidence.js";
import { mark } from "./legend.js";
import { inverse, label, money, number, oneLine, period, t, visible } from "./text.js";

const ROWS = 12; // relations of one kind that are shown at once

/** A link to another node's card. */
export function nodeLink(app, node, extra = "") {
  return el("button", { type: "button", class: "node-link " + extra, "data-node": node, onclick: () => app.focus(node) },
    mark(app.meta, app.store.types[node]),
    el("bdi", { text: oneLine(app.store.names[node]) || t("unnamed") }));
}

export function showCard(app, node) {
  const { store } = app;
  const card = byId("card");
  card.hidden = false;
  document.body.classList.add("with-card");
  const type = app.meta.types[store.types[node]];
  fill(card,
    el("header", { class: "card-head" },
      el("p", { class: "kind" }, mark(app.meta, store.types[node]), el("span", { text: label(type) }), store.subtype[node] ? el("span", { class: "quiet", text: " · " + subtype(app, store.subtype[node]) }) : null),
      el("h2", { id: "card-title", tabindex: "-1", dir: "auto", text: oneLine(store.names[node]) || t("unnamed") }),
      el("button", { type: "button", class: "close", "aria-label": t("close"), onclick: () => app.closeCard() }, "✕")),
    store.isDocument(node) ? null : actions(app, node),
    facts(app, node),
    inside(app, node),
    figures(app, node),
    store.isDocument(node) ? article(app, node) : null,
    ...relations(app, node),
    sources(app, node),
  );
  card.scrollTop = 0;
}

function subtype(app, name) {
  const record = app.meta.subtypes[name];
  return record ? label(record) : visible(name);
}

function actions(app, node) {
  const { store } = app;
  const button = (key, act, name) => el("button", { type: "button", "data-act": name, onclick: act }, t(key));
  return el("div", { class: "actions" },
    button("expand", () => app.expand(node), "expand"),
    button("focusHere", () => app.go({ view: "graph", base: store.isArea(node) ? ["area", node] : ["ego", node, 1], steps: [] }), "around"),
    button("pathFrom", () => app.startCompare(node), "compare"),
    button(app.isPinned(node) ? "unpin" : "pin", () => app.pin(node), "pin"),
    button("hide", () => app.hide(node), "hide"));
}

function facts(app, node) {
  const { store } = app;
  const rows = [];
  const add = (key, ...value) => rows.push(el("dt", { text: key }), el("dd", {}, ...value));
  const status = store.status[node];
  if (status) add(t("status"), statusBadge(app, status));
  if (store.amount[node] && !store.isFigure(node)) add(t("amount"), el("strong", { text: money(store.amount[node]) }));
  if (store.count[node]) add(t("count"), number(store.count[node]));
  if (store.code[node]) add(t("code"), el("code", { text: visible(store.code[node]) }));
  if (store.home[node] >= 0 && store.home[node] !== node && !store.isFigure(node)) {
    add(t("home"), el("span", { class: "path" }, store.pathOf(store.home[node]).map((a) => nodeLink(app, a))));
  } else if (store.isArea(node) && store.parent[node] >= 0) {
    add(t("home"), el("span", { class: "path" }, store.pathOf(store.parent[node]).map((a) => nodeLink(app, a))));
  }
  const aliases = store.aliasesOf(node);
  if (aliases.length) add(t("aliases"), el("bdi", { text: aliases.map(oneLine).join("、") }));
  if (store.isFigure(node)) {
    const f = store.figure(node);
    add(t("indicator"), visible(f.indicator));
    add(t("value"), figureText(f));
    if (f.period) add(t("period"), visible(period(f.period)));
  }
  if (store.isDocument(node)) {
    const d = store.documentOf(node);
    for (const key of ["author", "date", "path"]) if (d[key]) add(t(key), el("bdi", { text: visible(d[key]) }));
  }
  for (const [key, value] of Object.entries(store.extra[node] || {})) add(visible(key), el("bdi", { text: visible(value) }));
  add(t("id"), el("code", { class: "id", text: visible(store.ids[node]) }));
  return el("dl", { class: "facts" }, rows);
}

/** Of an area: how much of each type lies in it, and its largest projects. */
function inside(app, node) {
  const { store, meta } = app;
  const members = store.isArea(node) ? store.content.get(node) || [] : [];
  if (!members.length) return null;
  const kinds = new Map();
  for (const m of members) kinds.set(store.types[m], (kinds.get(store.types[m]) || 0) + 1);
  const largest = members.filter((m) => store.typeName(m) === "Project" && store.amount[m]).sort((a, b) => store.amount[b] - store.amount[a] || a - b);
  const chip = ([type, n]) => el("button", { type: "button", class: "chip", onclick: () => app.go({ view: "table", table: "entities", filters: { ...app.state.filters, area: node, types: [type] } }) }, mark(meta, type), label(meta.types[type]), " ", el("span", { class: "n", text: number(n) }));
  return el("section", { class: "group" }, el("h3", { text: t("inside") }),
    el("div", { class: "kinds" }, [...kinds].sort(([a], [b]) => a - b).map(chip)),
    largest.length ? el("h4", { text: t("largestHere") }) : null,
    el("ol", { class: "relations" }, largest.slice(0, 3).map((m) => el("li", { class: "largest" }, nodeLink(app, m), el("strong", { class: "num", text: money(store.amount[m]) })))));
}

export function statusBadge(app, status) {
  const record = app.meta.statuses[status];
  return el("span", { class: "status", "data-status": record.name, text: record.name ? label(record) : t("noStatus") });
}

export function figureText(f) {
  if (typeof f.value !== "number") return visible(f.value ?? "");
  return (f.about ? t("about") + " " : "") + number(f.value) + " " + visible(f.unit);
}

export function growthText(growth) {
  if (typeof growth !== "number") return "";
  return (growth > 0 ? "▲ +" : growth < 0 ? "▼ −" : "") + number(Math.abs(growth)) + "%";
}

function figures(app, node) {
  const { store } = app;
  const edges = store.related(node, "figureOf", false);
  if (!edges.length) return null;
  const list = edges.map((e) => ({ edge: e, ...store.figure(store.source[e]) }));
  list.sort((a, b) => (b.period > a.period ? 1 : b.period < a.period ? -1 : 0) || a.node - b.node);
  const body = el("tbody");
  const draw = (limit) => {
    fill(body, list.slice(0, limit).flatMap((f) => figureRow(app, f)));
  };
  draw(ROWS);
  return el("section", { class: "group" },
    el("h3", {}, t("figures"), " ", el("span", { class: "n", text: list.length })),
    el("table", { class: "figures" },
      el("thead", {}, el("tr", {}, ["indicator", "value", "period", "growth"].map((key) => el("th", { scope: "col", text: t(key) })))),
      body),
    moreButton(list.length, draw));
}

function figureRow(app, f) {
  const holder = el("td", { colspan: "4" });
  const detail = el("tr", { class: "detail", hidden: true }, holder);
  const toggle = el("button", { type: "button", class: "cell", "aria-expanded": "false", onclick: async () => {
    detail.hidden = !detail.hidden;
    toggle.setAttribute("aria-expanded", String(!detail.hidden));
    if (!detail.hidden && !holder.childNodes.length) fill(holder, await quotations(app, f.edge, wordsOf(app.store, f.node)));
  } }, el("bdi", { text: visible(f.indicator) || "–" }));
  const growth = growthText(f.growth);
  return [el("tr", { class: "figure" },
    el("td", {}, toggle),
    el("td", { class: "num", text: figureText(f) }),
    el("td", { text: visible(period(f.period)) }),
    el("td", { class: "num " + (f.growth < 0 ? "fall" : "rise"), text: [growth, visible(f.rank)].filter(Boolean).join(" ") })), detail];
}

function moreButton(total, draw) {
  if (total <= ROWS) return null;
  const button = el("button", { type: "button", class: "more", text: t("more", { n: total - ROWS }), onclick: () => {
    draw(Infinity);
    button.remove();
  } });
  return button;
}

/** Relations grouped by predicate and direction, each with its sentences. */
function relations(app, node) {
  const { store } = app;
  const groups = new Map();
  for (const e of store.edgesOf(node)) {
    const name = store.predicateName(e);
    if (name === "figureOf" && !store.isFigure(node)) continue;
    if (name === "mentions") continue;
    const out = store.source[e] === node;
    const key = name + (out ? ">" : "<");
    if (!groups.has(key)) groups.set(key, { predicate: store.predicate[e], out, edges: [] });
    groups.get(key).edges.push(e);
  }
  const order = [...groups.values()].sort((a, b) => a.predicate - b.predicate || Number(b.out) - Number(a.out));
  return order.map((group) => relationGroup(app, node, group));
}

function relationGroup(app, node, { predicate, out, edges }) {
  const { store } = app;
  const record = app.meta.predicates[predicate];
  const list = el("ul", { class: "relations" });
  edges.sort((a, b) => store.score[store.other(b, node)] - store.score[store.other(a, node)] || a - b);
  const draw = (limit) => fill(list, edges.slice(0, limit).map((e, i) => relation(app, node, e, i < 4 && edges.length <= ROWS)));
  draw(ROWS);
  return el("section", { class: "group" },
    el("h3", {}, visible(out ? label(record) : inverse(record)), " ", el("span", { class: "n", text: edges.length })),
    list, moreButton(edges.length, draw));
}

function relation(app, node, edge, open) {
  const { store } = app;
  const other = store.other(edge, node);
  const status = store.edgeStatus[edge];
  const holder = el("div", { class: "sentences" });
  const details = el("details", { class: "evidence" }, el("summary", { text: t("sentences") }), holder);
  details.addEventListener("toggle", async () => {
    if (details.open && !holder.childNodes.length) {
      fill(holder, await quotations(app, edge, [...wordsOf(store, node), ...wordsOf(store, other)]));
    }
  });
  details.open = open;
  return el("li", {}, nodeLink(app, other),
    status ? statusBadge(app, Math.max(0, store.statusNames.indexOf(status))) : null, details);
}

/** Articles that name the node, with the sentences around the name. */
function sources(app, node) {
  const { store } = app;
  const edges = store.related(node, "mentions", store.isDocument(node));
  if (!edges.length) return null;
  const isArticle = store.isDocument(node);
  const list = el("ul", { class: "relations" });
  const draw = (limit) => fill(list, edges.slice(0, limit).map((e) => relation(app, node, e, !isArticle && edges.length <= 3)));
  draw(ROWS);
  return el("section", { class: "group" },
    el("h3", {}, isArticle ? t("entities") : t("mentionedIn", { n: edges.length })),
    list, moreButton(edges.length, draw));
}

function article(app, node) {
  return el("p", {}, el("button", { type: "button", class: "primary", onclick: () => readArticle(app, node) }, t("readArticle")));
}

/** The card of a relation that was clicked: both ends and the sentences. */
export async function showEdge(app, edge) {
  const { store } = app;
  const card = byId("card");
  card.hidden = false;
  document.body.classList.add("with-card");
  const [s, o] = [store.source[edge], store.target[edge]];
  const same = [...store.edgesOf(s)].filter((e) => store.other(e, s) === o && !store.quiet[store.predicate[e]]);
  const parts = [];
  for (const e of same) {
    const record = app.meta.predicates[store.predicate[e]];
    parts.push(el("section", { class: "group" },
      el("p", { class: "triple" }, nodeLink(app, store.source[e]), el("span", { class: "predicate", text: visible(label(record)) }), nodeLink(app, store.target[e])),
      el("div", { class: "sentences" }, await quotations(app, e, [...wordsOf(store, s), ...wordsOf(store, o)]))));
  }
  fill(card,
    el("header", { class: "card-head" },
      el("h2", { id: "card-title", tabindex: "-1", text: same.length > 1 ? t("edgeCount", { n: same.length }) : t("relations") }),
      el("button", { type: "button", class: "close", "aria-label": t("close"), onclick: () => app.closeCard() }, "✕")),
    parts);
}

