// Parts of a card: links, badges, attributes, figures as a table, what lies in an area.
import { el, fill } from "./dom.js";
import { quotations, wordsOf } from "./evidence.js";
import { mark } from "./legend.js";
import { label, money, number, oneLine, period, t, visible } from "./text.js";

export const ROWS = 12; // relations of one kind that are shown at once

/** A link to another node's card. */
export function nodeLink(app, node, extra = "") {
  return el(
    "button",
    { type: "button", class: "node-link " + extra, "data-node": node, onclick: () => app.focus(node) },
    mark(app.meta, app.store.types[node]),
    el("bdi", { text: oneLine(app.store.names[node]) || t("unnamed") }),
  );
}

export function statusBadge(app, status) {
  const record = app.meta.statuses[status];
  return el("span", { class: "status", "data-status": record.name, text: record.name ? label(record) : t("noStatus") });
}

export function figureText(f) {
  if (typeof f.value !== "number") return visible(f.value ?? "");
  return number(f.value) + " " + visible(f.unit) + (f.about ? t("aboutMark") : "");
}

export function growthText(growth, unit = "%") {
  if (typeof growth !== "number") return "";
  return (growth > 0 ? "▲ +" : growth < 0 ? "▼ −" : "") + number(Math.abs(growth)) + unit;
}

export function subtypeName(app, name) {
  const record = app.meta.subtypes[name];
  return record ? label(record) : visible(name);
}

export function facts(app, node) {
  const { store } = app;
  const rows = [];
  const add = (key, ...value) => rows.push(el("dt", { text: key }), el("dd", {}, ...value));
  const status = store.status[node];
  if (status) add(t("status"), statusBadge(app, status));
  if (store.amount[node] && !store.isFigure(node)) add(t("amount"), el("strong", { text: money(store.amount[node]) }));
  if (store.count[node]) add(t("count"), number(store.count[node]));
  if (store.code[node]) add(t("code"), el("code", { text: visible(store.code[node]) }));
  if (store.home[node] >= 0 && store.home[node] !== node && !store.isFigure(node)) {
    add(
      t(store.isDocument(node) ? "area" : store.guessed.has(node) ? "homeGuess" : "home"),
      el(
        "span",
        { class: "path" },
        store.pathOf(store.home[node]).map((a) => nodeLink(app, a)),
      ),
    );
  } else if (store.isArea(node) && store.parent[node] >= 0) {
    add(
      t("home"),
      el(
        "span",
        { class: "path" },
        store.pathOf(store.parent[node]).map((a) => nodeLink(app, a)),
      ),
    );
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
    for (const key of ["author", "date", "period", "path"])
      if (d[key]) add(t(key), el("bdi", { text: visible(key === "period" ? period(d[key]) : d[key]) }));
  }
  for (const [key, value] of Object.entries(store.extra[node] || {})) add(t(key), el("bdi", { text: visible(value) }));
  add(t("id"), el("code", { class: "id", text: visible(store.ids[node]) }));
  return el("dl", { class: "facts" }, rows);
}

/** Of an area: how much of each type lies in it, and its largest projects. */
export function inside(app, node) {
  const { store, meta } = app;
  const members = store.isArea(node) ? store.content.get(node) || [] : [];
  if (!members.length) return null;
  const kinds = new Map();
  for (const m of members) kinds.set(store.types[m], (kinds.get(store.types[m]) || 0) + 1);
  const largest = members
    .filter((m) => store.typeName(m) === "Project" && store.amount[m])
    .sort((a, b) => store.amount[b] - store.amount[a] || a - b);
  const chip = ([type, n]) =>
    el(
      "button",
      {
        type: "button",
        class: "chip",
        onclick: () =>
          app.go({ view: "table", table: "entities", filters: { ...app.state.filters, area: node, types: [type] } }),
      },
      mark(meta, type),
      label(meta.types[type]),
      " ",
      el("span", { class: "n", text: number(n) }),
    );
  return el(
    "section",
    { class: "group" },
    el("h3", { text: t("inside") }),
    el("div", { class: "kinds" }, [...kinds].sort(([a], [b]) => a - b).map(chip)),
    largest.length ? el("h4", { text: t("largestHere") }) : null,
    el(
      "ol",
      { class: "relations" },
      largest
        .slice(0, 3)
        .map((m) =>
          el(
            "li",
            { class: "largest" },
            nodeLink(app, m),
            el("strong", { class: "num", text: money(store.amount[m]) }),
          ),
        ),
    ),
  );
}

export function figures(app, node) {
  const { store } = app;
  const edges = store.related(node, "figureOf", false);
  if (!edges.length) return null;
  const list = edges.map((e) => ({ edge: e, ...store.figure(store.source[e]) }));
  list.sort((a, b) => (b.period > a.period ? 1 : b.period < a.period ? -1 : 0) || a.node - b.node);
  const body = el("tbody");
  const draw = (limit) => {
    fill(
      body,
      list.slice(0, limit).flatMap((f) => figureRow(app, f)),
    );
  };
  draw(ROWS);
  return el(
    "section",
    { class: "group" },
    el("h3", {}, t("figures"), " ", el("span", { class: "n", text: list.length })),
    el(
      "table",
      { class: "figures" },
      el(
        "thead",
        {},
        el(
          "tr",
          {},
          ["indicator", "value", "period", "growth"].map((key) => el("th", { scope: "col", text: t(key) })),
        ),
      ),
      body,
    ),
    moreButton(list.length, draw),
  );
}

function figureRow(app, f) {
  const holder = el("td", { colspan: "4" });
  const detail = el("tr", { class: "detail", hidden: true }, holder);
  const toggle = el(
    "button",
    {
      type: "button",
      class: "cell",
      "aria-expanded": "false",
      onclick: async () => {
        detail.hidden = !detail.hidden;
        toggle.setAttribute("aria-expanded", String(!detail.hidden));
        if (!detail.hidden && !holder.childNodes.length)
          fill(holder, await quotations(app, f.edge, wordsOf(app.store, f.node)));
      },
    },
    el("bdi", { text: visible(f.indicator) || "–" }),
  );
  const growth = growthText(f.growth);
  return [
    el(
      "tr",
      { class: "figure" },
      el("td", {}, toggle),
      el("td", { class: "num", text: figureText(f) }),
      el("td", { text: visible(period(f.period)) }),
      el("td", {
        class: "num " + (f.growth < 0 ? "fall" : "rise"),
        text: [growth, visible(f.rank)].filter(Boolean).join(" "),
      }),
    ),
    detail,
  ];
}

export function moreButton(total, draw) {
  if (total <= ROWS) return null;
  const button = el("button", {
    type: "button",
    class: "more",
    text: t("more", { n: total - ROWS }),
    onclick: () => {
      draw(Infinity);
      button.remove();
    },
  });
  return button;
}
