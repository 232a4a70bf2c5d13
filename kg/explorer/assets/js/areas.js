// The tree of areas, with what lies in each.
import { el, fill } from "./dom.js";
import { nodeLink } from "./facts.js";
import { long } from "./lists.js";
import { mark } from "./legend.js";
import { label, money, number, oneLine, t } from "./text.js";

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
      sum.set(
        area,
        (inside.get(area) || []).length + (store.children.get(area) || []).reduce((s, c) => s + size(c), 0),
      );
    }
    return sum.get(area);
  };
  const branch = (area, depth) => {
    const body = el("div", { class: "branch" });
    const details = el(
      "details",
      { class: "area" },
      el("summary", {}, nodeName(area), el("span", { class: "n", text: number(size(area)) })),
      body,
    );
    const grow = () => {
      if (!details.open || body.childNodes.length) return;
      fill(
        body,
        el(
          "p",
          { class: "area-actions" },
          nodeLink(app, area),
          el(
            "button",
            {
              type: "button",
              class: "plain",
              onclick: () => app.go({ view: "graph", base: ["area", area], steps: [], focus: area }),
            },
            t("show"),
          ),
        ),
        byType(inside.get(area) || []),
        children(area).map((child) => branch(child, depth + 1)),
      );
    };
    details.addEventListener("toggle", grow);
    if (depth < 2 && open < 14) {
      open++;
      details.open = true;
      grow();
    }
    return details;
  };
  const children = (area) =>
    (store.children.get(area) || [])
      .filter((c) => size(c))
      .sort((a, b) => size(b) - size(a) || a - b)
      .slice(0, 400);
  const nodeName = (area) => el("bdi", { class: "area-name", text: oneLine(store.names[area]) });
  const byType = (members) => {
    const groups = new Map();
    for (const m of members) {
      if (!groups.has(store.types[m])) groups.set(store.types[m], []);
      groups.get(store.types[m]).push(m);
    }
    return [...groups]
      .sort(([a], [b]) => a - b)
      .map(([type, list]) => {
        list.sort((a, b) => store.amount[b] - store.amount[a] || store.score[b] - store.score[a] || a - b);
        const box = el("ul", { class: "chips-list" });
        const details = el(
          "details",
          { class: "kind-group" },
          el(
            "summary",
            {},
            mark(meta, type),
            label(meta.types[type]),
            " ",
            el("span", { class: "n", text: number(list.length) }),
          ),
          box,
        );
        details.addEventListener(
          "toggle",
          () =>
            details.open &&
            !box.childNodes.length &&
            long(box, list, (n) =>
              el(
                "li",
                {},
                nodeLink(app, n),
                store.amount[n] ? el("span", { class: "quiet", text: " " + money(store.amount[n]) }) : null,
              ),
            ),
        );
        return details;
      });
  };
  let open = 0;
  const roots = children(-1);
  fill(
    holder,
    el(
      "div",
      { class: "tree" },
      roots.length ? roots.map((root) => branch(root, 0)) : el("p", { class: "quiet pad", text: t("nothing") }),
    ),
  );
}
