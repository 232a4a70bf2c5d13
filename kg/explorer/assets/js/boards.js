// Three ways to look at the same selection: projects by status, honours, and the tree of areas.
import { el, fill } from "./dom.js";
import { nodeLink, statusBadge } from "./card.js";
import { quotations, wordsOf } from "./evidence.js";
import { label, money, number, oneLine, t } from "./text.js";
import { mark } from "./legend.js";

const SHOWN = 40;
const how = { honors: "honor", projects: "status" };

function accepted(app, kinds) {
  const { store, pass } = app;
  const wanted = new Set(kinds.map((k) => store.typeNames.indexOf(k)));
  const found = [];
  for (let n = 0; n < store.entities; n++) if (wanted.has(store.types[n]) && (!pass || pass[n])) found.push(n);
  return found;
}

function segments(field, options, again) {
  return el("div", { class: "segments", role: "group" }, options.map(([value, text]) => el("button", { type: "button", "aria-pressed": String(how[field] === value), onclick: () => {
    how[field] = value;
    again();
  } }, text)));
}

/** A list that shows its first rows and the rest when asked. */
function long(list, items, draw) {
  fill(list, items.slice(0, SHOWN).map(draw));
  if (items.length <= SHOWN) return list;
  const button = el("button", { type: "button", class: "more", text: t("more", { n: number(items.length - SHOWN) }), onclick: () => {
    fill(list, items.slice(0, 1000).map(draw));
  } });
  list.append(el("li", {}, button));
  return list;
}

export function showProjects(app, holder) {
  const { store, meta } = app;
  const again = () => showProjects(app, holder);
  const all = accepted(app, ["Project", "ProjectGroup"]);
  all.sort((a, b) => store.amount[b] - store.amount[a] || store.score[b] - store.score[a] || a - b);
  const bar = el("div", { class: "table-bar" }, segments("projects", [["status", t("status")], ["area", t("largestIn")]], again),
    el("span", { class: "quiet", role: "status", text: tally(store, all) }));
  if (how.projects === "area") fill(holder, bar, largestByArea(app, all));
  else {
    const columns = meta.statuses.map((status, i) => [i, all.filter((n) => store.status[n] === i)]).filter(([, list]) => list.length);
    columns.push(columns.shift()); // what no article reports on comes last
    if (columns[0] && columns[columns.length - 1][0] !== 0) columns.unshift(columns.pop());
    fill(holder, bar, all.length ? el("div", { class: "board", tabindex: "0", role: "region", "aria-label": t("view_projects") }, columns.map(([i, list]) => el("section", { class: "column" },
      el("h2", {}, statusBadge(app, i), el("span", { class: "n", text: tally(store, list) })),
      long(el("ul", { class: "tiles" }), list, (n) => projectTile(app, n))))) : el("p", { class: "quiet pad", text: t("nothing") }));
  }
}

/** How many, and the sum of the single projects (a group's sum would count its members twice). */
function tally(store, nodes) {
  const sum = total(store, nodes);
  return sum ? t("projectsOf", { n: number(nodes.length), amount: money(sum) }) : number(nodes.length);
}

function total(store, nodes) {
  const group = store.typeNames.indexOf("ProjectGroup");
  return nodes.reduce((sum, n) => sum + (store.types[n] === group ? 0 : store.amount[n]), 0);
}

function projectTile(app, node) {
  const { store } = app;
  const by = store.related(node, "undertakenBy", true).slice(0, 2).map((e) => oneLine(store.names[store.target[e]]));
  const area = store.home[node] >= 0 ? oneLine(store.names[store.home[node]]) : "";
  return el("li", { class: "tile" }, nodeLink(app, node),
    el("p", { class: "tile-facts" }, store.amount[node] ? el("strong", { text: money(store.amount[node]) }) : null, el("span", { class: "quiet", dir: "auto", text: [area, ...by].filter(Boolean).join(" · ") })));
}

/** One row an area: its largest project, who builds it, and where it says so. */
function largestByArea(app, all) {
  const { store } = app;
  const best = new Map();
  const project = store.typeNames.indexOf("Project");
  for (const n of all) if (store.types[n] === project && store.amount[n] && store.home[n] >= 0 && !best.has(store.home[n])) best.set(store.home[n], n);
  const rows = [...best].sort(([, a], [, b]) => store.amount[b] - store.amount[a]);
  return el("div", { class: "table-box", tabindex: "0", role: "region", "aria-label": t("largestIn") }, el("table", { class: "grid", "data-table": "largest" },
    el("thead", {}, el("tr", {}, ["area", "view_projects", "amount", "status", "undertaker"].map((key) => el("th", { scope: "col", text: t(key) })))),
    el("tbody", {}, rows.slice(0, 1000).map(([area, n]) => el("tr", {},
      el("td", {}, nodeLink(app, area)), el("td", {}, nodeLink(app, n)), el("td", { class: "num", text: money(store.amount[n]) }),
      el("td", {}, store.status[n] ? statusBadge(app, store.status[n]) : ""),
      el("td", {}, store.related(n, "undertakenBy", true).slice(0, 2).map((e) => nodeLink(app, store.target[e]))))))));
}

export function showHonors(app, holder) {
  const { store } = app;
  const again = () => showHonors(app, holder);
  const p = store.predicateNames.indexOf("receivedHonor");
  const groups = new Map();
  for (let e = 0; e < store.source.length; e++) {
    if (store.predicate[e] !== p) continue;
    const [who, what] = [store.source[e], store.target[e]];
    if (app.pass && !app.pass[who] && !app.pass[what]) continue;
    const key = how.honors === "honor" ? what : who;
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push(e);
  }
  const order = [...groups].sort(([a, x], [b, y]) => y.length - x.length || store.score[b] - store.score[a] || a - b);
  fill(holder,
    el("div", { class: "table-bar" }, segments("honors", [["honor", t("byHonor")], ["receiver", t("byReceiver")]], again),
      el("span", { class: "quiet", role: "status", text: order.length ? t("honorsOf", { n: number(order.length) }) : t("nothing") })),
    long(el("ul", { class: "honors" }), order, ([key, edges]) => honorRow(app, key, edges)));
}

function honorRow(app, key, edges) {
  const { store } = app;
  const other = how.honors === "honor" ? store.source : store.target;
  return el("li", { class: "honor" }, el("h2", {}, nodeLink(app, key), edges.length > 1 ? el("span", { class: "n", text: number(edges.length) }) : null),
    el("ul", {}, edges.slice(0, SHOWN).map((e) => {
      const sentences = el("div", { class: "sentences" });
      const details = el("details", { class: "evidence" }, el("summary", { text: t("sentences") }), sentences);
      details.addEventListener("toggle", async () => {
        if (details.open && !sentences.childNodes.length) fill(sentences, await quotations(app, e, [...wordsOf(store, store.source[e]), ...wordsOf(store, store.target[e])]));
      });
      return el("li", {}, nodeLink(app, other[e]), details);
    })));
}

/** The tree of areas, opened by the browser's own details; counts of what lies in each. */
export function showAreas(app, holder) {
  const { store, meta } = app;
  const inside = new Map();
  for (const [area, members] of store.content) {
    const n = app.pass ? members.filter((m) => app.pass[m]) : members;
    if (n.length) inside.set(area, n);
  }
  const sum = new Map();
  const size = (area) => {
    if (!sum.has(area)) {
      sum.set(area, 0);
      sum.set(area, (inside.get(area) || []).length + (store.children.get(area) || []).reduce((s, c) => s + size(c), 0));
    }
    return sum.get(area);
  };
  const branch = (area, depth) => {
    const body = el("div", { class: "branch" });
    const details = el("details", { class: "area" }, el("summary", {}, nodeName(area), el("span", { class: "n", text: number(size(area)) })), body);
    const grow = () => {
      if (!details.open || body.childNodes.length) return;
      fill(body,
        el("p", { class: "area-actions" }, nodeLink(app, area), el("button", { type: "button", class: "plain", onclick: () => app.go({ view: "graph", base: ["area", area], steps: [], focus: area }) }, t("show"))),
        byType(inside.get(area) || []),
        children(area).map((child) => branch(child, depth + 1)));
    };
    details.addEventListener("toggle", grow);
    if (depth < 2 && open < 14) {
      open++;
      details.open = true;
      grow();
    }
    return details;
  };
  const children = (area) => (store.children.get(area) || []).filter((c) => size(c)).sort((a, b) => size(b) - size(a) || a - b).slice(0, 400);
  const nodeName = (area) => el("bdi", { class: "area-name", text: oneLine(store.names[area]) });
  const byType = (members) => {
    const groups = new Map();
    for (const m of members) {
      if (!groups.has(store.types[m])) groups.set(store.types[m], []);
      groups.get(store.types[m]).push(m);
    }
    return [...groups].sort(([a], [b]) => a - b).map(([type, list]) => {
      list.sort((a, b) => store.amount[b] - store.amount[a] || store.score[b] - store.score[a] || a - b);
      const box = el("ul", { class: "chips-list" });
      const details = el("details", { class: "kind-group" }, el("summary", {}, mark(meta, type), label(meta.types[type]), " ", el("span", { class: "n", text: number(list.length) })), box);
      details.addEventListener("toggle", () => details.open && !box.childNodes.length && long(box, list, (n) => el("li", {}, nodeLink(app, n), store.amount[n] ? el("span", { class: "quiet", text: " " + money(store.amount[n]) }) : null)));
      return details;
    });
  };
  let open = 0;
  const roots = children(-1);
  fill(holder, el("div", { class: "tree" }, roots.length ? roots.map((root) => branch(root, 0)) : el("p", { class: "quiet pad", text: t("nothing") })));
}
