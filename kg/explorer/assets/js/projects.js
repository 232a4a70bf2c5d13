// Projects by status with their amounts, and the largest of each area.
import { el, fill } from "./dom.js";
import { nodeLink, statusBadge } from "./facts.js";
import { how, long, segments } from "./lists.js";
import { money, number, oneLine, t } from "./text.js";

export function showProjects(app, holder) {
  const { store, meta } = app;
  const again = () => showProjects(app, holder);
  const all = accepted(app, ["Project", "ProjectGroup"]);
  all.sort((a, b) => store.amount[b] - store.amount[a] || store.score[b] - store.score[a] || a - b);
  const bar = el(
    "div",
    { class: "table-bar" },
    segments(
      "projects",
      [
        ["status", t("status")],
        ["area", t("largestIn")],
      ],
      again,
    ),
    el("span", { class: "quiet", role: "status", text: tally(store, all) }),
  );
  if (how.projects === "area") fill(holder, bar, largestByArea(app, all));
  else {
    const columns = meta.statuses
      .map((status, i) => [i, all.filter((n) => store.status[n] === i)])
      .filter(([, list]) => list.length);
    columns.push(columns.shift()); // what no article reports on comes last
    if (columns[0] && columns[columns.length - 1][0] !== 0) columns.unshift(columns.pop());
    fill(
      holder,
      bar,
      all.length
        ? el(
            "div",
            { class: "board", tabindex: "0", role: "region", "aria-label": t("view_projects") },
            columns.map(([i, list]) =>
              el(
                "section",
                { class: "column" },
                el(
                  "h2",
                  {},
                  statusBadge(app, i),
                  el("span", {
                    class: "n",
                    text: [number(list.length), money(total(store, list))].filter(Boolean).join(" · "),
                  }),
                ),
                long(el("ul", { class: "tiles" }), list, (n) => projectTile(app, n)),
              ),
            ),
          )
        : el("p", { class: "quiet pad", text: t("nothing") }),
    );
  }
}

function accepted(app, kinds) {
  const { store, pass } = app;
  const wanted = new Set(kinds.map((k) => store.typeNames.indexOf(k)));
  const found = [];
  for (let n = 0; n < store.entities; n++) if (wanted.has(store.types[n]) && (!pass || pass[n])) found.push(n);
  return found;
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
  const by = store
    .related(node, "undertakenBy", true)
    .slice(0, 2)
    .map((e) => oneLine(store.names[store.target[e]]));
  const area = store.home[node] >= 0 ? oneLine(store.names[store.home[node]]) : "";
  return el(
    "li",
    { class: "tile" },
    nodeLink(app, node),
    el(
      "p",
      { class: "tile-facts" },
      store.amount[node] ? el("strong", { text: money(store.amount[node]) }) : null,
      el("span", { class: "quiet", dir: "auto", text: [area, ...by].filter(Boolean).join(" · ") }),
    ),
  );
}

/** One row an area: its largest project, who builds it, and where it says so. */
function largestByArea(app, all) {
  const { store } = app;
  const best = new Map();
  const project = store.typeNames.indexOf("Project");
  for (const n of all)
    if (store.types[n] === project && store.amount[n] && store.home[n] >= 0 && !best.has(store.home[n]))
      best.set(store.home[n], n);
  const rows = [...best].sort(([, a], [, b]) => store.amount[b] - store.amount[a]);
  return el(
    "div",
    { class: "table-box", tabindex: "0", role: "region", "aria-label": t("largestIn") },
    el(
      "table",
      { class: "grid", "data-table": "largest" },
      el(
        "thead",
        {},
        el(
          "tr",
          {},
          ["area", "view_projects", "amount", "status", "undertaker"].map((key) =>
            el("th", { scope: "col", text: t(key) }),
          ),
        ),
      ),
      el(
        "tbody",
        {},
        rows.slice(0, 1000).map(([area, n]) =>
          el(
            "tr",
            {},
            el("td", {}, nodeLink(app, area)),
            el("td", {}, nodeLink(app, n)),
            el("td", { class: "num", text: money(store.amount[n]) }),
            el("td", {}, store.status[n] ? statusBadge(app, store.status[n]) : ""),
            el(
              "td",
              {},
              store
                .related(n, "undertakenBy", true)
                .slice(0, 2)
                .map((e) => nodeLink(app, store.target[e])),
            ),
          ),
        ),
      ),
    ),
  );
}
