// The card of a node or a relation: what it is, its relations, and every sentence behind them.
import { byId, el, fill } from "./dom.js";
import { quotations, readArticle, wordsOf } from "./evidence.js";
import { ROWS, facts, figures, inside, moreButton, nodeLink, statusBadge, subtypeName } from "./facts.js";
import { mark } from "./legend.js";
import { inverse, label, oneLine, t, visible } from "./text.js";

export function showCard(app, node) {
  const { store } = app;
  const card = byId("card");
  card.hidden = false;
  document.body.classList.add("with-card");
  const type = app.meta.types[store.types[node]];
  fill(
    card,
    el(
      "header",
      { class: "card-head" },
      el(
        "p",
        { class: "kind" },
        mark(app.meta, store.types[node]),
        el("span", { text: label(type) }),
        store.subtype[node]
          ? el("span", { class: "quiet", text: " · " + subtypeName(app, store.subtype[node]) })
          : null,
      ),
      el("h2", { id: "card-title", tabindex: "-1", dir: "auto", text: oneLine(store.names[node]) || t("unnamed") }),
      el("button", { type: "button", class: "close", "aria-label": t("close"), onclick: () => app.closeCard() }, "✕"),
    ),
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

function actions(app, node) {
  const { store } = app;
  const button = (key, act, name) => el("button", { type: "button", "data-act": name, onclick: act }, t(key));
  return el(
    "div",
    { class: "actions" },
    button("expand", () => app.expand(node), "expand"),
    button(
      "focusHere",
      () => app.go({ view: "graph", base: store.isArea(node) ? ["area", node] : ["ego", node, 1], steps: [] }),
      "around",
    ),
    button("pathFrom", () => app.startCompare(node), "compare"),
    button(app.isPinned(node) ? "unpin" : "pin", () => app.pin(node), "pin"),
    button("hide", () => app.hide(node), "hide"),
  );
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
  const draw = (limit) =>
    fill(
      list,
      edges.slice(0, limit).map((e, i) => relation(app, node, e, i < 4 && edges.length <= ROWS)),
    );
  draw(ROWS);
  return el(
    "section",
    { class: "group" },
    el("h3", {}, visible(out ? label(record) : inverse(record)), " ", el("span", { class: "n", text: edges.length })),
    list,
    moreButton(edges.length, draw),
  );
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
  return el(
    "li",
    {},
    nodeLink(app, other),
    status ? statusBadge(app, Math.max(0, store.statusNames.indexOf(status))) : null,
    details,
  );
}

/** Articles that name the node, with the sentences around the name. */
function sources(app, node) {
  const { store } = app;
  const edges = store.related(node, "mentions", store.isDocument(node));
  if (!edges.length) return null;
  const isArticle = store.isDocument(node);
  const list = el("ul", { class: "relations" });
  const draw = (limit) =>
    fill(
      list,
      edges.slice(0, limit).map((e) => relation(app, node, e, !isArticle && edges.length <= 3)),
    );
  draw(ROWS);
  return el(
    "section",
    { class: "group" },
    el("h3", {}, isArticle ? t("entities") : t("mentionedIn", { n: edges.length })),
    list,
    moreButton(edges.length, draw),
  );
}

function article(app, node) {
  return el(
    "p",
    {},
    el("button", { type: "button", class: "primary", onclick: () => readArticle(app, node) }, t("readArticle")),
  );
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
    parts.push(
      el(
        "section",
        { class: "group" },
        el(
          "p",
          { class: "triple" },
          nodeLink(app, store.source[e]),
          el("span", { class: "predicate", text: visible(label(record)) }),
          nodeLink(app, store.target[e]),
        ),
        el("div", { class: "sentences" }, await quotations(app, e, [...wordsOf(store, s), ...wordsOf(store, o)])),
      ),
    );
  }
  fill(
    card,
    el(
      "header",
      { class: "card-head" },
      el("h2", {
        id: "card-title",
        tabindex: "-1",
        text: same.length > 1 ? t("edgeCount", { n: same.length }) : t("relations"),
      }),
      el("button", { type: "button", class: "close", "aria-label": t("close"), onclick: () => app.closeCard() }, "✕"),
    ),
    parts,
  );
}
