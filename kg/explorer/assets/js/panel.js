// The filters: types (which are the legend too), area, years, status, amounts, article.
import { byId, el, fill } from "./dom.js";
import { counts } from "./filters.js";
import { amountChart, yearChart } from "./charts.js";
import { mark } from "./legend.js";
import { label, money, number, oneLine, t, visible } from "./text.js";

export function showPanel(app) {
  const panel = byId("filters");
  const drawn = app.passKey + document.documentElement.lang;
  if (panel.dataset.drawn === drawn) return;
  panel.dataset.drawn = drawn;
  const opened = new Set([...panel.querySelectorAll("details[open]")].map((d) => d.dataset.part));
  const focused = panel.contains(document.activeElement) ? document.activeElement.dataset.key : null;
  const top = panel.scrollTop;
  const first = !panel.childNodes.length;
  const part = (key, open, ...children) =>
    el(
      "details",
      { "data-part": key, open: first ? open : opened.has(key) },
      el("summary", {}, el("h2", { text: t(key) })),
      ...children,
    );
  fill(
    panel,
    part("types", true, typeList(app)),
    part("area", true, areaChoice(app)),
    part("years", true, yearChart(app)),
    part("amount", true, amountChart(app)),
    part("status", true, statusList(app)),
    part("document", true, documentChoice(app)),
  );
  panel.scrollTop = top;
  if (focused) {
    const again = [...panel.querySelectorAll("[data-key]")].find((node) => node.dataset.key === focused);
    if (again) again.focus();
  }
}

/** A row of buttons that are pressed or not; one list of values. */
function toggles(app, field, values, draw) {
  const chosen = app.state.filters[field];
  return el(
    "ul",
    { class: "toggles" },
    values.map(([value, n]) =>
      el(
        "li",
        {},
        el(
          "button",
          {
            type: "button",
            "data-key": field + value,
            "aria-pressed": String(chosen.includes(value)),
            class: chosen.length && !chosen.includes(value) ? "off" : "",
            onclick: () => {
              app.setFilters({
                [field]: chosen.includes(value) ? chosen.filter((v) => v !== value) : [...chosen, value],
              });
            },
          },
          draw(value),
          el("span", { class: "n", text: number(n) }),
        ),
      ),
    ),
  );
}

function typeList(app) {
  const { meta, store } = app;
  const total = counts(store, app.state.filters, "types");
  const values = meta.types
    .map((type, i) => [i, total.get(i) || 0, type.count])
    .filter(([i, , all]) => all && meta.types[i].name !== "Figure" && meta.types[i].name !== "Document");
  return toggles(
    app,
    "types",
    values.map(([i, n]) => [i, n]),
    (i) => [
      mark(meta, i),
      el("span", {
        class: "label",
        text: visible(label(meta.types[i])),
        title: meta.types[i]["comment_" + document.documentElement.lang.slice(0, 2)],
      }),
    ],
  );
}

function statusList(app) {
  const { meta, store } = app;
  const total = counts(store, app.state.filters, "statuses");
  const values = meta.statuses.map((_, i) => [i, total.get(i) || 0]).filter(([i, n]) => i > 0 && n);
  if (!values.length) return el("p", { class: "quiet", text: t("nothing") });
  return toggles(app, "statuses", values, (i) =>
    el("span", { class: "status", "data-status": meta.statuses[i].name, text: label(meta.statuses[i]) }),
  );
}

function areaChoice(app) {
  const { store } = app;
  const options = [el("option", { value: "", text: t("allAreas") })];
  const walk = (area, depth) => {
    options.push(
      el("option", {
        value: area,
        selected: app.state.filters.area === area,
        text: "\u2003".repeat(depth) + oneLine(store.names[area]),
      }),
    );
    if (options.length < 3000) for (const child of store.children.get(area) || []) walk(child, depth + 1);
  };
  for (const root of store.children.get(-1) || []) walk(root, 0);
  return select(app, "area", options);
}

function documentChoice(app) {
  const { store } = app;
  const options = [el("option", { value: "", text: t("allDocuments") })];
  for (let d = store.documentStart; d < Math.min(store.size, store.documentStart + 3000); d++) {
    options.push(
      el("option", { value: d, selected: app.state.filters.document === d, text: oneLine(store.documentOf(d).title) }),
    );
  }
  return select(app, "document", options);
}

function select(app, field, options) {
  return el(
    "select",
    {
      "aria-label": t(field),
      "data-key": field,
      onchange: (event) => app.setFilters({ [field]: event.target.value === "" ? null : Number(event.target.value) }),
    },
    options,
  );
}

/** The filters that are set, each with a way to clear it, above every view. */
export function showChips(app) {
  const { filters } = app.state;
  const { store, meta } = app;
  const chips = [];
  const chip = (text, clear) =>
    chips.push(
      el(
        "button",
        { type: "button", class: "chip", "aria-label": `${t("clear")}: ${text}`, onclick: () => app.setFilters(clear) },
        el("bdi", { text }),
        el("span", { "aria-hidden": "true" }, " ✕"),
      ),
    );
  if (filters.types.length) chip(filters.types.map((i) => label(meta.types[i])).join("、"), { types: [] });
  if (filters.area !== null) chip(oneLine(store.names[filters.area]), { area: null });
  if (filters.years)
    chip(
      filters.years[0] === filters.years[1]
        ? t("datedOne", { from: filters.years[0] })
        : t("dated", { from: filters.years[0], to: filters.years[1] }),
      { years: null },
    );
  if (filters.amount) chip(`${money(filters.amount[0]) || "0"} – ${money(filters.amount[1])}`, { amount: null });
  if (filters.statuses.length) chip(filters.statuses.map((i) => label(meta.statuses[i])).join("、"), { statuses: [] });
  if (filters.document !== null) chip(oneLine(store.documentOf(filters.document).title), { document: null });
  if (chips.length) {
    let n = 0;
    for (let i = 0; i < store.entities; i++) n += app.pass[i];
    chips.push(el("span", { class: "quiet", role: "status", text: t("passing", { n: number(n) }) }));
    if (chips.length > 2)
      chips.push(
        el("button", { type: "button", class: "plain", onclick: () => app.clearFilters(), text: t("clearAll") }),
      );
  }
  fill(byId("chips"), chips);
}

/** Over the canvas, so that nothing under the mouse moves: another node is to be chosen. */
export function showPicking(app) {
  const cancel = () => {
    app.picking = null;
    app.render();
  };
  const holder = byId("picking");
  holder.hidden = app.picking === null;
  if (app.picking === null) return;
  const name = el("b", { text: oneLine(app.store.names[app.picking]) });
  fill(
    holder,
    name,
    " ↔ ",
    t("pathPick"),
    " ",
    el("button", { type: "button", class: "plain", onclick: cancel }, t("cancel")),
  );
}
