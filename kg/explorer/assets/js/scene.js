// What is on the canvas: a base (overview, an area, surroundings, a path) and the steps taken from it.
// A scene is a pure function of the state, the filters and the data, so a link can bring it back.
import { common, shortest } from "./paths.js";

export const LIMIT = 200; // nodes on the canvas: what vis-network moves at 30 frames a second

const PAGE = 18; // nodes that one step adds

const HUBS = 12;

/** The radius of a mark, as `overview.py` has it. */
export function radius(kind, amount, score) {
  if (amount > 0 && (kind === "Project" || kind === "ProjectGroup")) {
    return Math.min(24, Math.max(11, 11 + 3.2 * (Math.log10(amount) - 6.5)));
  }
  return Math.min(16, 11 + score / 60);
}

export function bubble(count) {
  return Math.min(26, 13 + 3 * Math.log10(Math.max(count, 1)));
}

/**
 * The scene of `state` as {nodes: Map key → node, edges, full}. `pass` marks entities that the filters let through
 * (null for all); `first` is the opening scene that Python made.
 */
export class Scene {
  constructor(store, first, pass) {
    this.store = store;
    this.first = first;
    this.pass = pass;
    this.nodes = new Map();
    this.hidden = new Set();
    this.split = new Set(); // hubs whose rest is shown by type
    this.hubs = [];
    this.pages = new Map();
    this.full = false;
  }

  accepts(node) {
    return !this.pass || this.pass[node] === 1;
  }

  byWeight(nodes) {
    const { amount, score } = this.store;
    const worth = (n) => (this.store.typeName(n).startsWith("Project") ? amount[n] : 0);
    return nodes.sort((a, b) => worth(b) - worth(a) || score[b] - score[a] || a - b);
  }

  add(node, anchor, always = false) {
    const key = "n" + node;
    if (this.nodes.has(key) || (!always && !this.accepts(node))) return false;
    // A hub may bring a cluster with it, and one more stands for other areas.
    if (this.nodes.size + this.hubs.length + this.pages.size + 2 >= LIMIT) {
      this.full = true;
      return false;
    }
    this.hidden.delete(node);
    const { store } = this;
    const kind = store.typeName(node);
    this.nodes.set(key, {
      key,
      node,
      kind,
      label: store.names[node],
      hub: store.isArea(node),
      amount: kind === "Project" || kind === "ProjectGroup" ? store.amount[node] : 0,
      r: radius(kind, store.amount[node], store.score[node]),
      anchor: anchor === undefined ? undefined : "n" + anchor,
    });
    return true;
  }

  base([name, ...rest]) {
    if (name === "area") this.area(rest[0]);
    else if (name === "ego") this.ego(rest[0], Number(rest[1]) || 1);
    else if (name === "path") this.path(rest[0], rest[1]);
    else this.overview();
  }

  /** The opening scene; chosen anew when filters are set, in the way of `overview.py`. */
  overview() {
    if (!this.pass && this.first) {
      for (const node of this.first.nodes) if (node.node !== undefined) this.add(node.node, undefined, true);
      this.hubs = this.first.nodes.filter((n) => n.hub).map((n) => n.node);
      return;
    }
    const { store } = this;
    const content = [...store.content]
      .map(([hub, all]) => [hub, all.filter((n) => this.accepts(n))])
      .filter(([, all]) => all.length);
    content.sort(([a, x], [b, y]) => y.length - x.length || a - b);
    const chosen = content.slice(0, HUBS);
    const each = Math.max(2, Math.min(14, Math.floor(80 / Math.max(chosen.length, 1)) - 2));
    for (const [hub] of chosen) this.add(hub, undefined, true);
    for (const [hub, all] of chosen) for (const n of this.byWeight(all).slice(0, each)) this.add(n, hub);
    this.hubs = chosen.map(([hub]) => hub);
    if (!content.length) for (const n of this.someEntities()) this.add(n);
  }

  someEntities() {
    const found = [];
    for (let i = 0; i < this.store.entities; i++) if (this.accepts(i)) found.push(i);
    return this.byWeight(found).slice(0, 40);
  }

  /** An area: those below it, the largest of what lies in it, the rest by type. */
  area(hub) {
    const { store } = this;
    this.add(hub, undefined, true);
    this.hubs = [hub];
    this.split.add(hub);
    const children = (store.children.get(hub) || []).filter((c) => store.content.has(c));
    children.sort((a, b) => store.content.get(b).length - store.content.get(a).length || a - b);
    for (const child of children.slice(0, 8)) {
      this.add(child, hub, true);
      this.hubs.push(child);
      const few = Math.floor(24 / Math.min(children.length, 8));
      for (const n of this.byWeight(store.content.get(child).filter((m) => this.accepts(m))).slice(0, few))
        this.add(n, child);
    }
    const own = (store.content.get(hub) || []).filter((n) => this.accepts(n));
    const kinds = new Map();
    for (const n of this.byWeight(own)) {
      const seen = kinds.get(store.types[n]) || 0;
      kinds.set(store.types[n], seen + 1);
      if (seen < (store.typeName(n) === "Project" ? 10 : 4)) this.add(n, hub);
    }
  }

  /** Everything within `depth` steps of `centre`, the most telling first. */
  ego(centre, depth) {
    this.add(centre, undefined, true);
    let edge = [centre];
    const room = [0, 40, 64, 90, 110][Math.min(depth, 4)];
    for (let step = 1; step <= depth; step++) {
      const next = [];
      for (const from of edge) {
        const near = this.byWeight([...this.store.neighbours(from)].filter((n) => n < this.store.entities));
        let shown = 0;
        for (const n of near) {
          if (this.nodes.size > room || shown >= 24) break;
          if (this.add(n, from)) {
            next.push(n);
            shown++;
          }
        }
        if (!this.pages.has(from)) this.pages.set(from, 0);
      }
      edge = next;
    }
  }

  /** A shortest path between two nodes and what both have to do with. */
  path(a, b) {
    const steps = shortest(this.store, a, b);
    this.pathLength = steps ? steps.length - 1 : -1;
    (steps || [a, b]).forEach((n, i) => {
      this.add(n, undefined, true);
      const row = Math.floor(i / 4); // long paths turn like a snake
      Object.assign(this.nodes.get("n" + n), { wantX: (row % 2 ? 3 - (i % 4) : i % 4) * 230, wantY: row * 170 });
    });
    for (const n of this.byWeight(common(this.store, a, b)).slice(0, 24)) {
      if (this.add(n, undefined)) {
        const [length, rows] = [Math.min(steps ? steps.length : 2, 4), steps ? Math.ceil(steps.length / 4) : 1];
        Object.assign(this.nodes.get("n" + n), { wantX: (length - 1) * 115, wantY: rows * 170 });
      }
    }
  }

  /** One step: [name, ...arguments]. */
  step([name, node, kind]) {
    const { store } = this;
    if (name === "expand") {
      this.pages.set(node, (this.pages.get(node) || 0) + 1);
      this.add(node, undefined, true);
      this.takePage([...store.neighbours(node)], node);
    } else if (name === "open") {
      this.takePage(
        (store.content.get(node) || []).filter((n) => store.typeName(n) === kind),
        node,
      );
    } else if (name === "more") {
      this.moreAreas();
    } else if (name === "hide") {
      this.nodes.delete("n" + node);
      this.hidden.add(node);
      this.hubs = this.hubs.filter((h) => h !== node);
    } else if (name === "add") {
      const anchor = [...store.neighbours(node)].find((n) => this.nodes.has("n" + n));
      this.add(node, anchor ?? (this.nodes.has("n" + store.home[node]) ? store.home[node] : undefined), true);
    }
  }

  takePage(nodes, anchor) {
    const fresh = this.byWeight(
      nodes.filter((n) => n < this.store.entities && !this.nodes.has("n" + n) && !this.hidden.has(n)),
    );
    let taken = 0;
    for (const n of fresh) {
      if (taken >= PAGE) break;
      if (this.add(n, anchor)) taken++;
    }
  }

  moreAreas() {
    const { store } = this;
    const rest = [...store.content].filter(([hub]) => !this.nodes.has("n" + hub));
    rest.sort(([a, x], [b, y]) => y.length - x.length || a - b);
    for (const [hub] of rest.slice(0, 16)) {
      if (!this.add(hub, undefined, true)) break;
      this.hubs.push(hub);
      this.nodes.get("n" + hub).below = true;
    }
  }

  /** Adds the bubbles that stand for what is not shown, and the edges; call once, at the end. */
  finish(overview) {
    const { store } = this;
    for (const hub of this.hubs) {
      const rest = (store.content.get(hub) || []).filter((n) => this.accepts(n) && !this.nodes.has("n" + n));
      if (!rest.length) continue;
      if (!this.split.has(hub)) {
        this.bubble("c" + hub, hub, rest.length);
        continue;
      }
      const kinds = new Map();
      for (const n of rest) kinds.set(store.types[n], (kinds.get(store.types[n]) || 0) + 1);
      for (const [kind, count] of [...kinds].sort((a, b) => a[0] - b[0])) {
        this.bubble(`c${hub}:${kind}`, hub, count, store.typeNames[kind]);
      }
    }
    for (const node of this.pages.keys()) {
      const rest = [...store.neighbours(node)].filter(
        (n) => n < store.entities && this.accepts(n) && !this.nodes.has("n" + n),
      );
      if (rest.length && this.nodes.has("n" + node)) this.bubble("x" + node, node, rest.length);
    }
    if (overview) {
      let others = 0;
      for (const [hub, all] of store.content) {
        if (!this.nodes.has("n" + hub) && (!this.pass || all.some((n) => this.accepts(n)))) others++;
      }
      if (others) this.bubble("c", -1, others);
    }
    this.edges = this.ties();
    return this;
  }

  bubble(key, hub, count, kind) {
    this.nodes.set(key, {
      key,
      cluster: hub,
      count,
      kind,
      label: "+" + count,
      r: bubble(count),
      anchor: hub < 0 ? undefined : "n" + hub,
    });
  }

  /** Relations among what is shown, and a faint line to the area of what no relation ties to it. */
  ties() {
    const { store } = this;
    const edges = [];
    const tied = new Set();
    const parallel = new Map();
    for (const { key, node } of this.nodes.values()) {
      if (node === undefined) continue;
      for (const e of store.edgesOf(node)) {
        if (store.source[e] !== node || (store.quiet[store.predicate[e]] && !store.isDocument(node))) continue;
        const to = "n" + store.target[e];
        if (!this.nodes.has(to)) continue;
        const pair = key < to ? key + to : to + key;
        const turn = parallel.get(pair) || 0;
        parallel.set(pair, turn + 1);
        edges.push({ id: "e" + e, edge: e, from: key, to, turn });
        if (store.home[node] === store.target[e]) tied.add(key);
        if (store.home[store.target[e]] === node) tied.add(to);
      }
    }
    for (const { key, node, cluster, hub } of this.nodes.values()) {
      const area = "n" + (node === undefined ? cluster : store.home[node]);
      if (hub || tied.has(key) || key === area || !this.nodes.has(area)) continue;
      edges.push({ id: "h" + key, from: area, to: key, turn: 0 });
    }
    return edges;
  }

  /** What a bubble says under its number. */
  caption(node, t, label) {
    if (node.key === "c") return t("otherAreasShort");
    if (node.kind) return label(this.store.meta.types[this.store.typeNames.indexOf(node.kind)]);
    return "";
  }
}
