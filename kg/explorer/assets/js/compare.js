// Two chosen nodes: the path between them with its relations, and what both have to do with.
import { byId, el, fill } from "./dom.js";
import { nodeLink } from "./facts.js";
import { common, shortest } from "./paths.js";
import { inverse, label, number, oneLine, t, visible } from "./text.js";

const COMMON_SHOWN = 40;

export function showCompare(app, a, b) {
  const { store, meta } = app;
  const card = byId("card");
  card.hidden = false;
  document.body.classList.add("with-card");
  const path = shortest(store, a, b);
  const shared = common(store, a, b).sort((x, y) => store.score[y] - store.score[x] || x - y);
  const groups = new Map();
  for (const n of shared) {
    if (!groups.has(store.types[n])) groups.set(store.types[n], []);
    groups.get(store.types[n]).push(n);
  }
  const program = store.typeNames.indexOf("Program");
  const order = [...groups.keys()].sort((x, y) => (y === program) - (x === program) || x - y);
  fill(
    card,
    el(
      "header",
      { class: "card-head" },
      el("h2", {
        id: "card-title",
        tabindex: "-1",
        text: t("pathBetween", { a: oneLine(store.names[a]), b: oneLine(store.names[b]) }),
      }),
      el("button", { type: "button", class: "close", "aria-label": t("close"), onclick: () => app.closeCard() }, "✕"),
    ),
    el(
      "section",
      { class: "group" },
      el("h3", { text: pathHead(store, path) }),
      path && (sameArticle(store, path) ? nodeLink(app, path[1]) : steps(app, path)),
    ),
    el(
      "section",
      { class: "group", "data-part": "shared" },
      el("h3", {}, t("shared"), " ", el("span", { class: "n", text: number(shared.length) })),
      el("p", { class: "quiet", text: shared.length ? t("sharedHow") : t("sharedNone") }),
    ),
    order.map((type) =>
      el(
        "section",
        { class: "group", "data-shared": meta.types[type].name },
        el("h3", {}, label(meta.types[type]), " ", el("span", { class: "n", text: number(groups.get(type).length) })),
        el(
          "ul",
          { class: "relations" },
          groups
            .get(type)
            .slice(0, COMMON_SHOWN)
            .map((n) => el("li", {}, nodeLink(app, n))),
        ),
      ),
    ),
  );
}

/** Whether nothing ties the two ends but an article that names both. */
function sameArticle(store, path) {
  return path.length === 3 && store.isDocument(path[1]);
}

function pathHead(store, path) {
  if (!path) return t("noPath");
  if (sameArticle(store, path)) return t("sameArticle");
  const articles = path.slice(1, -1).some((n) => store.isDocument(n));
  return t(articles ? "pathArticles" : "pathLength", { n: path.length - 1 });
}

function steps(app, path) {
  const { store, meta } = app;
  const items = [el("li", {}, nodeLink(app, path[0]))];
  for (let i = 1; i < path.length; i++) {
    const edges = [...store.edgesOf(path[i])].filter((e) => store.other(e, path[i]) === path[i - 1]);
    const words = [
      ...new Set(
        edges.map((e) => {
          const record = meta.predicates[store.predicate[e]];
          return visible(store.source[e] === path[i - 1] ? label(record) : inverse(record));
        }),
      ),
    ].join("、");
    const button = el(
      "button",
      { type: "button", class: "plain predicate", onclick: () => app.go({ edge: edges[0], focus: null }, true) },
      words,
    );
    items.push(el("li", {}, "↓ ", button), el("li", {}, nodeLink(app, path[i])));
  }
  return el("ol", { class: "steps" }, items);
}
