// What stands around the canvas: the way back, zoom, depth, and the list that holds what the canvas holds.
import { byId, el, fill } from "./dom.js";
import { nodeLink } from "./facts.js";
import { label, number, oneLine, t } from "./text.js";

export function showDock(app) {
  const { canvas } = app;
  const dock = byId("dock");
  if (dock.dataset.lang === document.documentElement.lang && dock.childNodes.length) return;
  dock.dataset.lang = document.documentElement.lang;
  const button = (key, sign, act) =>
    el(
      "button",
      { type: "button", "aria-label": t(key), title: t(key), "data-act": key, onclick: act },
      el("span", { "aria-hidden": "true", text: sign }),
    );
  fill(
    dock,
    button("back", "←", () => history.back()),
    button("forward", "→", () => history.forward()),
    button("overview", "⌂", () => app.go({ base: ["overview"], steps: [], focus: null, edge: null })),
    button("fit", "⤢", () => canvas.fit()),
    button("zoomIn", "+", () => canvas.zoom(1.3)),
    button("zoomOut", "−", () => canvas.zoom(1 / 1.3)),
  );
}

/** Where the canvas is: the overview, an area's path, surroundings with their depth, a path between two. */
export function showCrumbs(app) {
  const { state, store } = app;
  const [base, a, b] = state.base;
  const home = el(
    "button",
    {
      type: "button",
      class: "plain",
      onclick: () => app.go({ base: ["overview"], steps: [], focus: null, edge: null }),
    },
    t("overview"),
  );
  if (base === "area") {
    fill(
      byId("crumbs"),
      home,
      store.pathOf(a).map((area) => [
        " › ",
        el(
          "button",
          {
            type: "button",
            class: "plain",
            "aria-current": area === a ? "page" : null,
            onclick: () => app.go({ base: ["area", area], steps: [] }),
          },
          el("bdi", { text: oneLine(store.names[area]) }),
        ),
      ]),
    );
  } else if (base === "ego") {
    const depth = (n) =>
      el(
        "button",
        { type: "button", "aria-pressed": String(n === b), onclick: () => app.go({ base: ["ego", a, n], steps: [] }) },
        String(n),
      );
    fill(
      byId("crumbs"),
      home,
      " › ",
      el("bdi", { text: oneLine(store.names[a]) }),
      el("span", { class: "depth", role: "group", "aria-label": t("depth") }, t("depth"), [1, 2, 3].map(depth)),
    );
  } else if (base === "path") {
    fill(
      byId("crumbs"),
      home,
      " › ",
      el("bdi", { text: t("pathBetween", { a: oneLine(store.names[a]), b: oneLine(store.names[b]) }) }),
    );
  } else fill(byId("crumbs"));
}

/** The same as the canvas, as a list by type, for readers who do not see the canvas. */
export function showParallel(app) {
  const holder = byId("parallel");
  const draw = () => {
    if (!holder.open) return;
    const groups = new Map();
    for (const node of app.scene.nodes.values()) {
      const kind = node.kind && node.node !== undefined ? node.kind : "";
      if (!groups.has(kind)) groups.set(kind, []);
      groups.get(kind).push(node);
    }
    fill(
      byId("parallel-list"),
      [...groups].map(([kind, nodes]) => {
        const record = app.meta.types.find((type) => type.name === kind);
        return el(
          "section",
          {},
          el("h3", {}, record ? label(record) : "…", " ", el("span", { class: "n", text: number(nodes.length) })),
          el(
            "ul",
            {},
            nodes.map((node) =>
              el("li", {}, node.node === undefined ? bubbleButton(app, node) : nodeLink(app, node.node)),
            ),
          ),
        );
      }),
    );
  };
  holder.ontoggle = draw;
  draw();
}

function bubbleButton(app, node) {
  const { store, meta } = app;
  const kind = meta.types.find((type) => type.name === node.kind);
  const area = node.cluster >= 0 ? oneLine(store.names[node.cluster]) : "";
  const text =
    node.key === "c"
      ? t("otherAreas", { n: node.count })
      : node.key.startsWith("x")
        ? t("restNode", { node: area, n: node.count })
        : kind
          ? t("restKind", { area, n: node.count, kind: label(kind) })
          : t("rest", { area, n: node.count });
  return el("button", { type: "button", class: "node-link", onclick: () => app.openBubble(node) }, text);
}
