// Taking away: pictures, tables, data, a query, a link.
import { announce, byId, el, fill } from "./dom.js";
import { columnsOf, copiedHead, guard, rowsOf, toClipboard } from "./columns.js";
import { picture } from "./picture.js";
import { sparql } from "./sparql.js";
import { number, oneLine, t } from "./text.js";

export function startTakeaway(app) {
  const toggle = byId("takeaway-toggle");
  const menu = byId("takeaway");
  const show = (open) => {
    menu.hidden = !open;
    toggle.setAttribute("aria-expanded", String(open));
    if (open) drawMenu(app, menu, () => show(false));
  };
  toggle.addEventListener("click", () => show(menu.hidden));
  document.addEventListener("pointerdown", (event) => {
    if (!menu.hidden && !menu.contains(event.target) && !toggle.contains(event.target)) show(false);
  });
}

function drawMenu(app, menu, close) {
  const nodes = selection(app);
  const scope =
    app.state.view === "graph"
      ? t("scopeCanvas", { n: number(nodes.length) })
      : t("scopeFiltered", { n: number(nodes.length) });
  const item = (key, act) =>
    el(
      "button",
      {
        type: "button",
        "data-take": key,
        onclick: () => {
          close();
          act();
        },
      },
      t(key),
    );
  const graph = app.state.view === "graph";
  fill(
    menu,
    el("p", { class: "quiet", text: `${t("selection")}: ${scope}` }),
    graph ? item("png", () => savePng(app)) : null,
    graph ? item("svg", () => save(app, "svg", picture(app), "image/svg+xml")) : null,
    item("csv", () => save(app, "csv", "\ufeff" + csv(app, nodes), "text/csv")),
    item("json", () => saveJson(app, nodes)),
    item("sparql", () => showQuery(app)),
    item("link", async () => {
      await toClipboard(location.href);
      announce(t("linkCopied"));
    }),
  );
  menu.querySelector("button").focus();
}

/** What is taken away: the nodes of the canvas, or what the filters let through in the other views. */
export function selection(app) {
  if (app.state.view === "graph")
    return [...app.scene.nodes.values()].filter((n) => n.node !== undefined).map((n) => n.node);
  return rowsOf(app, "entities");
}

export function quoteCell(value) {
  const text = guard(oneLine(value ?? ""));
  return /[",\n\r]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
}

/** The selection as a table, ids in front. */
export function csv(app, nodes) {
  const columns = columnsOf(app, "entities");
  const head = [t("id"), ...columns.map(copiedHead)];
  const rows = nodes.map((n) => [app.store.ids[n], ...columns.map((c) => c.value(n))]);
  return [head, ...rows].map((row) => row.map(quoteCell).join(",")).join("\r\n") + "\r\n";
}

/** The selection as a graph in node-link form, with its figures and evidence. */
export async function subgraph(app, nodes) {
  const { store } = app;
  const inside = new Set(nodes);
  for (const n of nodes) for (const e of store.related(n, "figureOf", false)) inside.add(store.source[e]);
  const links = [];
  for (const n of inside) {
    for (const e of store.edgesOf(n)) {
      if (store.source[e] !== n || !inside.has(store.target[e])) continue;
      const evidence = (await store.evidenceOf(e)).map(({ document, start, end, quote, rule }) =>
        document >= 0 && start >= 0
          ? { document: store.ids[document], start, end, quote, rule }
          : { ...(document >= 0 ? { document: store.ids[document] } : {}), rule },
      );
      links.push({
        source: store.ids[n],
        target: store.ids[store.target[e]],
        key: store.predicateName(e),
        predicate: store.predicateName(e),
        ...(store.edgeStatus[e] ? { status: store.edgeStatus[e] } : {}),
        evidence,
      });
    }
  }
  return {
    directed: true,
    multigraph: true,
    graph: {},
    nodes: [...inside].sort((a, b) => a - b).map((n) => record(store, n)),
    links,
  };
}

function record(store, n) {
  const node = { id: store.ids[n], type: store.typeName(n), name: store.names[n] };
  if (store.aliasesOf(n).length) node.aliases = store.aliasesOf(n);
  for (const key of ["subtype", "code", "count"]) if (store[key][n] !== undefined) node[key] = store[key][n];
  if (store.status[n]) node.status = store.statusNames[store.status[n]];
  if (store.isFigure(n)) {
    for (const [key, column] of Object.entries(store.figures)) {
      const value = column[n - store.figureStart];
      if (value !== null && value !== undefined) node[key] = value;
    }
  }
  return { ...node, ...store.extra[n] };
}

async function saveJson(app, nodes) {
  const graph = await subgraph(app, nodes);
  save(app, "json", JSON.stringify(graph, null, 1) + "\n", "application/json");
}

function showQuery(app) {
  const text = sparql(app, selection(app));
  const dialog = byId("dialog");
  const code = el("textarea", {
    class: "query",
    readonly: true,
    rows: 18,
    spellcheck: "false",
    "aria-label": t("sparql"),
  });
  code.value = text;
  fill(
    dialog,
    el(
      "header",
      {},
      el("h2", { text: t("sparql") }),
      el("button", { type: "button", class: "close", "aria-label": t("close"), onclick: () => dialog.close() }, "✕"),
    ),
    code,
    el(
      "p",
      {},
      el(
        "button",
        {
          type: "button",
          class: "primary",
          onclick: async () => {
            await toClipboard(text);
            announce(t("copied", { n: text.split("\n").length }));
          },
        },
        t("copy"),
      ),
    ),
  );
  dialog.showModal();
}

/** A PNG of the picture at twice its size, painted from the SVG's own numbers so that both agree. */
function savePng(app) {
  const image = new Image();
  const url = URL.createObjectURL(new Blob([picture(app)], { type: "image/svg+xml" }));
  image.onload = () => {
    const scale = Math.min(2, 8000 / Math.max(image.width, image.height));
    const canvas = el("canvas", { width: Math.round(image.width * scale), height: Math.round(image.height * scale) });
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    URL.revokeObjectURL(url);
    canvas.toBlob((blob) => saveBlob(app, "png", blob), "image/png");
  };
  image.src = url;
}

function save(app, ending, text, type) {
  saveBlob(app, ending, new Blob([text], { type: type + ";charset=utf-8" }));
}

function saveBlob(app, ending, blob) {
  const name = `${fileName(app)}.${ending}`;
  const url = URL.createObjectURL(blob);
  const link = el("a", { href: url, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 10000);
  announce(t("saved", { name }));
}

function fileName(app) {
  const { base, view } = app.state;
  const subject = base[1] === undefined ? app.meta.title : app.store.names[base[1]];
  return `${oneLine(subject)
    .replace(/[\\/:*?"<>|\s⟨⟩]+/g, "_")
    .slice(0, 60)}-${view}`;
}
