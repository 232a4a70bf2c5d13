// The graph itself: vis-network draws and moves it, with marks of our own and places that are given.
/* global vis */
import { box } from "./layout.js";
import { drawNode, FAMILY, palette } from "./glyphs.js";
import { edgeStyle } from "./lines.js";

const CROWDED = 150; // nodes above which lines are left out while the canvas is dragged
const SMALL = 0.52; // below this scale labels cannot be read and are left out

export class Canvas {
  constructor(element, options, meta, act) {
    this.element = element;
    this.meta = meta;
    this.types = new Map(meta.types.map((type) => [type.name, type]));
    this.nodes = new vis.DataSet();
    this.edges = new vis.DataSet();
    this.shown = new Map();
    this.near = new Set();
    this.selected = null;
    this.hovered = null;
    this.chosen = null;
    this.cursor = null;
    this.crowded = false;
    this.setTheme(false);
    this.network = new vis.Network(
      element,
      { nodes: this.nodes, edges: this.edges },
      {
        ...options,
        edges: { ...options.edges, font: { face: FAMILY, size: 11, strokeWidth: 0, align: "middle" } },
      },
    );
    this.listen(act);
  }

  setTheme(dark) {
    this.colours = palette(dark);
    if (!this.network) return;
    this.edges.update(this.edges.get().map((e) => edgeStyle(this, e)));
    this.network.redraw();
  }

  listen(act) {
    const { element, network } = this;
    network.on("click", ({ nodes, edges, pointer, event }) => {
      this.intent = null;
      const key = nodes[0] || this.labelAt(pointer.canvas);
      const shift =
        event && event.srcEvent && (event.srcEvent.shiftKey || event.srcEvent.ctrlKey || event.srcEvent.metaKey);
      if (key) act.node(key, Boolean(shift));
      else if (edges.length) act.edge(edges[0]);
      else act.ground();
    });
    network.on("doubleClick", ({ nodes, pointer }) => {
      const key = nodes[0] || this.labelAt(pointer.canvas);
      if (key) act.expand(key);
    });
    network.on("hoverNode", ({ node }) => this.hover(node));
    network.on("blurNode", () => this.hover(null));
    network.on("dragStart", () => {
      this.intent = null;
    });
    network.on("dragEnd", ({ nodes }) => {
      if (!nodes.length) return;
      const at = network.getPosition(nodes[0]);
      act.moved(nodes[0], at.x, at.y);
    });
    network.on("zoom", () => {
      this.keepInRange();
    });
    network.on("beforeDrawing", () => {
      const scale = network.getScale();
      const middle = network.getViewPosition();
      const { clientWidth, clientHeight } = element;
      this.camera = { scale, left: middle.x - clientWidth / 2 / scale, top: middle.y - clientHeight / 2 / scale };
    });
    // vis-network scales the view after it has told of the new size; ours comes after that and before the next frame.
    network.on("resize", () => {
      const { camera } = this;
      queueMicrotask(() => this.keepCamera(camera));
    });
  }

  /** When a panel opens, the drawing keeps its size and its left upper corner. */
  keepCamera(camera) {
    if (!camera) return;
    if (this.intent && performance.now() < this.intent.until) {
      this.intent.act();
      return;
    }
    const { scale, left, top } = camera;
    const { clientWidth, clientHeight } = this.element;
    const position = { x: left + clientWidth / 2 / scale, y: top + clientHeight / 2 / scale };
    this.network.moveTo({ scale, position, animation: false });
  }

  /** Puts `scene` on the canvas with `places`; what stays is not moved. */
  show(nodes, edges, places) {
    this.shown = nodes;
    this.places = places;
    const keep = new Set(nodes.keys());
    this.nodes.remove(this.nodes.getIds().filter((id) => !keep.has(id)));
    const fresh = [];
    for (const node of nodes.values()) {
      const at = places.get(node.key) || { x: 0, y: 0 };
      const old = this.nodes.get(node.key);
      if (!old || old.x !== at.x || old.y !== at.y) {
        fresh.push({ id: node.key, x: at.x, y: at.y, shape: "custom", ctxRenderer: this.renderer(), size: node.r });
      }
    }
    this.nodes.update(fresh);
    this.edgeCount = edges.length;
    const crowded = nodes.size > CROWDED;
    if (crowded !== this.crowded) this.network.setOptions({ interaction: { hideEdgesOnDrag: crowded } });
    this.crowded = crowded;
    const wanted = new Set(edges.map((e) => e.id));
    this.edges.remove(this.edges.getIds().filter((id) => !wanted.has(id)));
    this.edges.update(edges.filter((e) => !this.edges.get(e.id)).map((e) => edgeStyle(this, e)));
    this.refresh();
  }

  renderer() {
    if (this.render) return this.render;
    this.render = ({ ctx, id, x, y }) => {
      const node = this.shown.get(id);
      if (!node) return { drawNode() {}, nodeDimensions: { width: 1, height: 1 } };
      const b = node.box || (node.box = box(node));
      const size = node.hub ? { width: b.half * 2, height: b.above * 2 } : { width: node.r * 2, height: node.r * 2 };
      return { drawNode: () => drawNode(ctx, node, x, y, this.colours, this.look(id, node)), nodeDimensions: size };
    };
    return this.render;
  }

  look(id, node) {
    const active = this.hovered || this.selected;
    const scale = this.network ? this.network.getScale() : 1;
    return {
      type: this.types.get(node.kind),
      dim: active !== null && id !== active && id !== this.selected && id !== this.chosen && !this.near.has(id),
      selected: id === this.selected || id === this.cursor,
      chosen: id === this.chosen,
      hover: id === this.hovered,
      small: scale < SMALL,
      scale,
    };
  }

  /** Redraws selection: neighbours of the active node stay bright, the rest steps back. */
  refresh() {
    const active = this.hovered || this.selected;
    this.near = new Set();
    this.lit = 0;
    if (active) {
      for (const e of this.edges.get()) {
        if (e.from === active || e.to === active) {
          this.near.add(e.from === active ? e.to : e.from);
          this.lit++;
        }
      }
    }
    this.edges.update(this.edges.get().map((e) => edgeStyle(this, e)));
    this.network.redraw();
  }

  hover(key) {
    if (this.hovered === key) return;
    this.hovered = key;
    this.element.classList.toggle("pointing", key !== null);
    this.refresh();
  }

  select(key, chosen = null) {
    this.selected = key && this.shown.has(key) ? key : null;
    this.chosen = chosen;
    this.refresh();
  }

  /** The node whose label is at this point, so that labels can be clicked too. */
  labelAt({ x, y }) {
    for (const [key, node] of this.shown) {
      const at = this.places.get(key);
      const b = box(node);
      if (at && Math.abs(x - at.x) <= b.half && y >= at.y - b.above && y <= at.y + b.below) return key;
    }
    return null;
  }

  /** Where the camera is going: taken up again if the room changes on the way, as when a card opens. */
  intend(act, first) {
    if (first) this.intent = { act, until: performance.now() + 700 };
  }

  /** Shows everything, or `keys`; if `readable`, and on a narrow window always, no smaller than labels need. */
  fit(keys, animate = true, readable = false) {
    const list = (keys || [...this.shown.keys()]).filter((key) => this.places.has(key));
    if (!list.length) return;
    this.intend(() => this.fit(keys, false, readable), animate);
    let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
    for (const key of list) {
      const at = this.places.get(key);
      const b = box(this.shown.get(key));
      left = Math.min(left, at.x - b.half);
      right = Math.max(right, at.x + b.half);
      top = Math.min(top, at.y - b.above);
      bottom = Math.max(bottom, at.y + b.below);
    }
    const room = this.room();
    const across = (room.width - 36) / (right - left);
    const whole = Math.min(1.25, across, (room.height - 36) / (bottom - top));
    // Where the whole would be too small to read: as wide as fits, from the top; the rest is below.
    const least = readable || room.width < 600 ? Math.min(0.85, across) : 0.08;
    const scale = Math.max(0.08, whole, least);
    const low = Math.min((top + bottom) / 2, top + (room.height / 2 - 18) / scale);
    this.network.moveTo({
      position: { x: (left + right) / 2, y: (scale > whole ? low : (top + bottom) / 2) + room.shift / scale },
      scale,
      animation: animate && !still() ? { duration: 320, easingFunction: "easeInOutQuad" } : false,
    });
  }

  zoom(factor) {
    const scale = Math.min(3, Math.max(0.08, this.network.getScale() * factor));
    this.network.moveTo({ scale, animation: still() ? false : { duration: 160, easingFunction: "easeInOutQuad" } });
  }

  keepInRange() {
    const scale = this.network.getScale();
    if (scale > 3 || scale < 0.08) this.network.moveTo({ scale: Math.min(3, Math.max(0.08, scale)) });
  }

  /** The part of the canvas that no card lies over (on a phone the card covers the lower half). */
  room() {
    const { width, height, bottom } = this.element.getBoundingClientRect();
    const card = document.getElementById("card").getBoundingClientRect();
    const covered = card.height && card.width >= width ? Math.max(0, bottom - card.top) : 0;
    const crumbs = document.getElementById("crumbs").offsetHeight;
    const head = crumbs ? crumbs + 12 : 0;
    return { width, height: height - covered - head, head, shift: (covered - head) / 2 };
  }

  /** Whether the card, which is closed, would open over this node. */
  underCard(key) {
    const at = this.places.get(key);
    if (!at || !document.getElementById("card").hidden) return false;
    const spot = this.network.canvasToDOM(at);
    const { width, height } = this.element.getBoundingClientRect();
    return width < 900 ? spot.y > height * 0.36 : spot.x > width - 420;
  }

  /** Newcomers that are out of sight, with the node they belong to, are brought into view. */
  bringIn(keys) {
    const room = this.room();
    const outside = (key) => {
      const { x, y } = this.network.canvasToDOM(this.places.get(key));
      return x < 0 || y < 0 || x > room.width || y > room.height - 60;
    };
    if (keys.some(outside)) this.fit(this.selected ? [...keys, this.selected] : keys);
  }

  /** Brings a node that is not in sight well inside, no further; what is in sight stays under the mouse. */
  reveal(key, zoom = true, animate = true) {
    const at = this.places.get(key);
    if (!at) return;
    const scale = this.network.getScale();
    const spot = this.network.canvasToDOM(at);
    const { width, height, head } = this.room();
    const off = { x: beyond(spot.x, 80, width - 80), y: beyond(spot.y, head + 80, head + height - 80) };
    if (zoom && scale < SMALL) this.centre(key);
    else if (off.x || off.y) {
      this.intend(() => this.reveal(key, zoom, false), animate);
      const middle = this.network.getViewPosition();
      this.moveTo({ x: middle.x + off.x / scale, y: middle.y + off.y / scale }, scale, animate);
    }
  }

  centre(key, animate = true) {
    const at = this.places.get(key);
    if (!at) return;
    this.intend(() => this.centre(key, false), animate);
    const scale = Math.max(this.network.getScale(), 0.8);
    this.moveTo({ x: at.x, y: at.y + this.room().shift / scale }, scale, animate);
  }

  moveTo(position, scale, animate) {
    const animation = still() || !animate ? false : { duration: 260, easingFunction: "easeInOutQuad" };
    this.network.moveTo({ position, scale, animation });
  }

  /** The node nearest to `from` in a direction, for the arrow keys. */
  towards(from, dx, dy) {
    const start = this.places.get(from);
    let best = null;
    let least = Infinity;
    for (const key of this.shown.keys()) {
      if (key === from) continue;
      const at = this.places.get(key);
      const along = (at.x - start.x) * dx + (at.y - start.y) * dy;
      const across = Math.abs((at.x - start.x) * dy) + Math.abs((at.y - start.y) * dx);
      if (along <= 0 || across > along * 2) continue;
      if (along + across * 2 < least) {
        least = along + across * 2;
        best = key;
      }
    }
    return best;
  }
}

const SLACK = 56; // how near to an edge a node may stand

/** How far `at` is before `low` (below 0) or behind `high`; 0 if only by a little. */
function beyond(at, low, high) {
  const off = at < low ? at - low : Math.max(0, at - Math.max(low, high));
  return Math.abs(off) > SLACK ? off : 0;
}

/** Whether people asked their system for less motion. */
export function still() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}
