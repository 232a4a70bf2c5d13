// The keyboard: everything that the mouse can do.
import { nextTheme, setTheme } from "./settings.js";
import { byId, el, fill } from "./dom.js";
import { VIEWS } from "./state.js";
import { announce } from "./dom.js";
import { label, oneLine, t } from "./text.js";

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const HELP = ["keys_search", "keys_click", "keys_bubble", "keys_arrows", "keys_zoom", "keys_undo", "keys_views"];

export function startKeys(app) {
  byId("theme").addEventListener("click", () => nextTheme(app));
  byId("language").addEventListener("click", () => app.switchLanguage());
  byId("help-toggle").addEventListener("click", () => showHelp());
  byId("filters-toggle").addEventListener("click", () => togglePanel());
  byId("skip").addEventListener("click", (event) => {
    event.preventDefault();
    byId("main").focus();
  });
  byId("canvas").addEventListener("keydown", (event) => app.store && onCanvas(app, event));
  byId("canvas").addEventListener("blur", () => moveCursor(app, null));
  byId("tabs").addEventListener("keydown", (event) => onTabs(app, event));
  document.addEventListener("keydown", (event) => app.store && onPage(app, event));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () =>
    setTheme(app, document.documentElement.dataset.theme, false),
  );
}

export function togglePanel(open) {
  const shown = document.body.classList.toggle("with-filters", open);
  byId("filters-toggle").setAttribute("aria-expanded", String(shown));
}

function typing(target) {
  return target.closest("input, select, textarea, [contenteditable]") !== null;
}

function onPage(app, event) {
  if (event.key === "Escape") return escape(app);
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z" && !typing(event.target)) {
    event.preventDefault();
    history.back();
    announce(t("undone"));
    return undefined;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || document.querySelector("dialog[open]"))
    return undefined;
  if (event.key === "/") {
    event.preventDefault();
    byId("search").focus();
  } else if (event.key >= "1" && event.key <= String(VIEWS.length)) app.go({ view: VIEWS[Number(event.key) - 1] });
  else if (event.key === "f" || event.key === "F") togglePanel();
  else if (event.key === "l" || event.key === "L") app.switchLanguage();
  else if (event.key === "?") showHelp();
  return undefined;
}

function escape(app) {
  if (document.querySelector("dialog[open]")) return;
  if (!byId("takeaway").hidden) byId("takeaway-toggle").click();
  else if (app.picking !== null) {
    app.picking = null;
    app.render();
  } else if (!byId("card").hidden) app.closeCard();
  else togglePanel(false);
}

function onTabs(app, event) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step || !app.store) return;
  const at = (VIEWS.indexOf(app.state.view) + step + VIEWS.length) % VIEWS.length;
  app.go({ view: VIEWS[at] });
  byId("tab-" + VIEWS[at]).focus();
}

function onCanvas(app, event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const { canvas } = app;
  const arrow = ARROWS[event.key];
  const at = canvas.cursor && canvas.shown.has(canvas.cursor) ? canvas.cursor : canvas.selected;
  const node = at ? canvas.shown.get(at) : null;
  const key = event.key.toLowerCase();
  if (arrow) moveCursor(app, at ? canvas.towards(at, ...arrow) || at : [...canvas.shown.keys()][0]);
  else if (event.key === "Enter" && node) app.openNode(at);
  else if (key === "e" && node) app.expandKey(at);
  else if (key === "h" && node && node.node !== undefined) app.hide(node.node);
  else if (key === "p" && node && node.node !== undefined) app.pin(node.node);
  else if (key === "c" && node && node.node !== undefined) app.startCompare(node.node);
  else if (event.key === "+" || event.key === "=") canvas.zoom(1.3);
  else if (event.key === "-") canvas.zoom(1 / 1.3);
  else if (event.key === "0") canvas.fit();
  else return;
  event.preventDefault();
  event.stopPropagation();
}

function moveCursor(app, key) {
  const { canvas } = app;
  if (!canvas) return;
  canvas.cursor = key;
  canvas.hover(key);
  if (!key) return;
  canvas.centre(key);
  const node = canvas.shown.get(key);
  const type = app.meta.types.find((record) => record.name === node.kind);
  byId("live").textContent = `${type ? label(type) : ""} ${oneLine(node.label)} ${node.caption || ""}`;
}

function showHelp() {
  const dialog = byId("dialog");
  fill(
    dialog,
    el(
      "header",
      {},
      el("h2", { text: t("keysTitle") }),
      el("button", { type: "button", class: "close", "aria-label": t("close"), onclick: () => dialog.close() }, "✕"),
    ),
    el(
      "ul",
      { class: "help" },
      HELP.map((key) => el("li", { text: t(key) })),
    ),
  );
  dialog.showModal();
}
