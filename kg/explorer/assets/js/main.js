// The explorer: reads the page's data, keeps the state, and shows it.
import { byId, el, fill, announce } from "./dom.js";
import { Canvas } from "./canvas.js";
import { Index } from "./search.js";
import { showScene, firstPlaces } from "./stage.js";
import { isDark, remember, setTheme, translate } from "./settings.js";
import { Store, block } from "./store.js";
import { emptyFilters, emptyState, readHash, VIEWS, writeHash } from "./state.js";
import { anyFilter, passing } from "./filters.js";
import { showCard, showEdge } from "./card.js";
import { lang, oneLine, setLanguage, setStrings, t } from "./text.js";
import { startSearch } from "./finder.js";
import { startKeys } from "./keys.js";
import { showPanel, showChips, showPicking } from "./panel.js";
import { showCompare } from "./compare.js";
import { showTable } from "./table.js";
import { showAreas } from "./areas.js";
import { showHonors } from "./honors.js";
import { showProjects } from "./projects.js";
import { startTakeaway } from "./takeaway.js";

const SHOW = { table: showTable, projects: showProjects, honors: showHonors, areas: showAreas };

class App {
  constructor() {
    this.meta = JSON.parse(byId("meta").textContent);
    this.first = JSON.parse(byId("first").textContent);
    setStrings(JSON.parse(byId("strings").textContent));
    this.state = emptyState();
    this.store = null;
    this.pass = null;
    this.places = firstPlaces(this);
    this.picking = null;
    this.passKey = "";
    this.hash = "";
  }

  /** Before the data is decoded: labels and the opening scene, from what Python put into the page. */
  open() {
    setLanguage(remember("kg-language") || (navigator.language.startsWith("zh") ? "zh" : "en"));
    setTheme(this, remember("kg-theme") || "auto", false);
    translate(this);
    this.canvas = new Canvas(byId("canvas"), this.first.options, this.meta, {
      node: (key, second) => this.clickNode(key, second),
      edge: (id) => this.clickEdge(id),
      ground: () => this.picking === null && this.closeCard(),
      expand: (key) => this.ready(() => this.expandKey(key)),
      moved: (key, x, y) => this.ready(() => this.moved(key, x, y)),
    });
    this.canvas.setTheme(isDark());
    if (!location.hash || location.hash === "#") this.showFirst();
    document.documentElement.dataset.ready = "first";
  }

  showFirst() {
    const nodes = new Map(this.first.nodes.map((n) => [n.id, { ...n, key: n.id }]));
    const edges = this.first.edges.map((e) => ({ ...e }));
    this.canvas.show(nodes, edges, this.places);
    this.canvas.fit(null, false, true);
  }

  async load() {
    if (typeof DecompressionStream === "undefined") {
      announce(t("noDecoder"));
      return;
    }
    this.store = new Store(await block("core"), this.meta);
    this.index = new Index(this.store);
    this.hash = location.hash;
    this.state = readHash(this.hash, this.store);
    startSearch(this);
    startTakeaway(this);
    addEventListener("popstate", () => this.restore());
    addEventListener("hashchange", () => this.restore());
    this.render(location.hash.length > 1); // the opening scene stands already
    document.documentElement.dataset.ready = "all";
  }

  ready(act) {
    if (this.store) act();
  }

  restore() {
    this.hash = location.hash || (history.state && history.state.hash) || "";
    const before = JSON.stringify(this.state.base);
    this.state = readHash(this.hash, this.store);
    this.render(before !== JSON.stringify(this.state.base));
  }

  /** Changes the state; a new entry in the history unless `quiet`. */
  go(change, quiet = false) {
    const refit = "base" in change && JSON.stringify(change.base) !== JSON.stringify(this.state.base);
    this.state = { ...this.state, ...change };
    const hash = writeHash(this.state, this.store);
    const step = quiet || hash === this.hash ? "replaceState" : "pushState";
    this.hash = hash;
    try {
      history[step]({ hash }, "", hash || location.pathname + location.search);
    } catch {
      history[step]({ hash }, ""); // inside a notebook's frame the page has no address of its own
    }
    this.render(refit);
  }

  setFilters(change) {
    this.go({ filters: { ...this.state.filters, ...change } });
  }

  render(refit = false) {
    const { state, store } = this;
    const key = JSON.stringify(state.filters);
    if (key !== this.passKey) {
      this.pass = passing(store, state.filters);
      this.passKey = key;
    }
    document.body.dataset.view = state.view;
    for (const view of VIEWS) byId("view-" + view).hidden = view !== state.view;
    this.showTabs();
    showPanel(this);
    showChips(this);
    showPicking(this);
    this.showSide(); // before the scene, which is fitted into the room that the card leaves
    if (state.view === "graph") showScene(this, refit);
    else SHOW[state.view](this, byId("view-" + state.view));
  }

  showSide() {
    const { state } = this;
    const what =
      state.base[0] === "path" && state.focus === null && state.edge === null
        ? "path" + state.base.join()
        : `${state.focus},${state.edge},${lang()},${this.isPinned(state.focus)}`;
    if (state.base[0] === "path" && state.focus === null && state.edge === null && state.view === "graph")
      showCompare(this, state.base[1], state.base[2]);
    else if (state.edge !== null) showEdge(this, state.edge);
    else if (state.focus !== null) {
      if (this.cardShown !== what || byId("card").hidden) showCard(this, state.focus);
    } else {
      byId("card").hidden = true;
      document.body.classList.remove("with-card");
    }
    this.cardShown = what;
  }

  /** A click waits for a second one where the card would open over the node. */
  clickNode(key, second) {
    clearTimeout(this.waiting);
    if (this.canvas.underCard(key)) this.waiting = setTimeout(() => this.openNode(key, second), 240);
    else this.openNode(key, second);
  }

  openNode(key, second = false) {
    this.ready(() => {
      const node = this.canvas.shown.get(key);
      if (!node) return;
      if (node.cluster !== undefined) this.openBubble(node);
      else if (this.picking !== null || (second && this.state.focus !== null))
        this.compare(this.picking ?? this.state.focus, node.node);
      else this.focus(node.node, true);
    });
  }

  clickEdge(id) {
    this.ready(() => {
      if (id.startsWith("e")) this.go({ edge: Number(id.slice(1)), focus: null }, true);
    });
  }

  openBubble({ key, cluster, kind }) {
    const { steps } = this.state;
    if (key === "c") this.go({ steps: [...steps, ["more"]] });
    else if (key.startsWith("x")) this.go({ steps: [...steps, ["expand", cluster]] });
    else if (kind) this.go({ steps: [...steps, ["open", cluster, kind]] });
    else this.go({ base: ["area", cluster], steps: [] });
  }

  /** Shows the card of `node`, and the node itself if the canvas is open and lacks it; one `clicked` is seen already. */
  focus(node, clicked = false) {
    if (this.picking !== null && node !== this.picking && !this.store.isFigure(node)) {
      this.compare(this.picking, node);
      return;
    }
    const change = { focus: node, edge: null };
    if (this.state.view === "graph" && node < this.store.entities && this.scene && !this.scene.nodes.has("n" + node)) {
      change.base = this.store.isArea(node) ? ["area", node] : ["ego", node, 1];
      change.steps = [];
    }
    this.go(change);
    // After keepCamera, which sets the drawing right again where the card takes room from it.
    if (this.state.view === "graph" && !("base" in change))
      queueMicrotask(() => this.canvas.reveal("n" + node, !clicked));
    const title = byId("card-title");
    if (title && document.activeElement !== byId("canvas")) title.focus({ preventScroll: true });
    announce(oneLine(this.store.names[node]), false);
  }

  closeCard() {
    if (!this.store || (this.state.focus === null && this.state.edge === null && byId("card").hidden)) return;
    const leave = this.state.base[0] === "path" && this.state.focus === null;
    this.go({ focus: null, edge: null, ...(leave ? { base: ["overview"], steps: [] } : {}) });
  }

  expand(node) {
    this.go({ view: "graph", steps: [...this.state.steps, ["expand", node]] });
  }

  expandKey(key) {
    clearTimeout(this.waiting);
    const node = this.canvas.shown.get(key);
    if (!node) return;
    if (node.cluster !== undefined) this.openBubble(node);
    else this.expand(node.node);
  }

  hide(node) {
    this.go({
      steps: [...this.state.steps, ["hide", node]],
      focus: this.state.focus === node ? null : this.state.focus,
    });
  }

  isPinned(node) {
    const last = this.state.steps.filter(([name, n]) => (name === "pin" || name === "unpin") && n === node).pop();
    return last !== undefined && last[0] === "pin";
  }

  pin(node) {
    const at = this.places.get("n" + node) || { x: 0, y: 0 };
    this.go({ steps: [...this.state.steps, this.isPinned(node) ? ["unpin", node] : ["pin", node, at.x, at.y]] });
  }

  moved(key, x, y) {
    this.places.set(key, { x, y });
    const node = this.canvas.shown.get(key);
    if (node && node.node !== undefined) this.go({ steps: [...this.state.steps, ["pin", node.node, x, y]] });
  }

  startCompare(node) {
    this.picking = node;
    announce(t("pathPick"));
    byId("search").focus();
    this.render();
  }

  compare(a, b) {
    this.picking = null;
    byId("tip").hidden = true;
    if (a !== b) this.go({ view: "graph", base: ["path", a, b], steps: [], focus: null, edge: null });
  }

  showTabs() {
    const tabs = byId("tabs");
    if (!tabs.childNodes.length) {
      fill(
        tabs,
        VIEWS.map((view) =>
          el("button", {
            type: "button",
            role: "tab",
            id: "tab-" + view,
            "aria-controls": "view-" + view,
            onclick: () => this.go({ view }),
          }),
        ),
      );
    }
    for (const view of VIEWS) {
      const tab = byId("tab-" + view);
      tab.textContent = t("view_" + view);
      tab.setAttribute("aria-selected", String(view === this.state.view));
      tab.tabIndex = view === this.state.view ? 0 : -1;
    }
  }

  clearFilters() {
    this.go({ filters: emptyFilters() });
  }

  filtered() {
    return anyFilter(this.state.filters);
  }

  switchLanguage() {
    setLanguage(lang() === "zh" ? "en" : "zh");
    remember("kg-language", lang());
    translate(this);
    this.cardShown = "";
    if (this.store) this.render();
  }
}

const app = new App();
app.open();
startKeys(app);
addEventListener("load", () => setTimeout(() => app.load(), 0));
