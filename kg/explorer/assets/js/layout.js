// Free places for labelled nodes that are opened later. The same measures and the same spiral as `layout.py`.
import { width, wrap } from "./text.js";

export const FONT = 13;
export const HUB_FONT = 15;
export const LINE = 1.25;
const GAP = 7;
const CELL = 120;

/** The rectangle of a node around its centre: {half, above, below}. */
export function box(node) {
  if (node.hub) {
    const half = (width(Array.from(node.label).slice(0, 14).join("")) * HUB_FONT) / 2 + 16;
    return { half, above: HUB_FONT * 0.5 + 11, below: HUB_FONT * 0.5 + 11 };
  }
  const lines = wrap(node.label);
  const widest = Math.max(0, ...lines.map(width));
  const notes = node.amount ? 1 : 0;
  return {
    half: Math.max(node.r, (widest * FONT) / 2),
    above: node.r,
    below: node.r + 4 + (lines.length + notes) * FONT * LINE,
  };
}

/** Rectangles placed so far, in a grid of cells. */
export class Plane {
  constructor() {
    this.cells = new Map();
  }

  free(x, y, b) {
    const r = { left: x - b.half - GAP, right: x + b.half + GAP, top: y - b.above - GAP, bottom: y + b.below + GAP };
    return !this.over(r, (o) => o.left < r.right && r.left < o.right && o.top < r.bottom && r.top < o.bottom);
  }

  put(x, y, b) {
    const r = { left: x - b.half, right: x + b.half, top: y - b.above, bottom: y + b.below };
    for (const key of keys(r)) {
      const list = this.cells.get(key);
      if (list) list.push(r);
      else this.cells.set(key, [r]);
    }
  }

  /** The first free spot on a spiral around (x, y); it is taken. */
  nearest(x, y, b, start = 0, inner = 0) {
    let angle = start;
    let radius = inner;
    let px = x;
    let py = y;
    for (let i = 0; i < 4000; i++) {
      px = x + radius * Math.cos(angle) * 1.25;
      py = y + radius * Math.sin(angle);
      if (this.free(px, py, b)) break;
      const step = 14 / Math.max(radius, 14);
      angle += step;
      radius += ((14 * step) / (2 * Math.PI)) * 1.3;
    }
    px = Math.round(px * 10) / 10;
    py = Math.round(py * 10) / 10;
    this.put(px, py, b);
    return { x: px, y: py };
  }

  over(r, test) {
    for (const key of keys(r)) {
      for (const o of this.cells.get(key) || []) if (test(o)) return true;
    }
    return false;
  }
}

function* keys(r) {
  for (let i = Math.floor(r.left / CELL); i <= Math.floor(r.right / CELL); i++) {
    for (let j = Math.floor(r.top / CELL); j <= Math.floor(r.bottom / CELL); j++) yield i + "," + j;
  }
}

const FEW = 8; // newcomers whose lines are long enough for what they say

/**
 * Places for the nodes that have none yet. Those in `places` stay where they are, so nothing jumps.
 * Each new node goes near its anchor (the node it was opened from), away from the scene's middle.
 */
export function placeNew(nodes, places, inner = 104, roomy = 156) {
  const plane = new Plane();
  const waiting = [];
  for (const node of nodes) {
    const at = places.get(node.key);
    if (at) plane.put(at.x, at.y, box(node));
    else waiting.push(node);
  }
  const seats = new Map(); // newcomers of each anchor, to share them out over the circle
  for (const node of waiting) seats.set(node.anchor, (seats.get(node.anchor) || 0) + 1);
  const taken = new Map();
  for (const node of waiting) {
    const anchor = places.get(node.anchor);
    const seat = taken.get(node.anchor) || 0;
    taken.set(node.anchor, seat + 1);
    // Labels hang below their marks, so the first places are at the sides, not above and below.
    const count = seats.get(node.anchor);
    const angle = (count < 3 ? 0 : -Math.PI / 2 + Math.PI / count) + (2 * Math.PI * seat) / count;
    const spot = anchor
      ? plane.nearest(anchor.x, anchor.y, box(node), angle, node.cluster !== undefined ? 60 : count > FEW ? inner : roomy)
      : plane.nearest(node.wantX || 0, node.wantY || 0, box(node));
    places.set(node.key, spot);
  }
  return places;
}

/** Clusters whose place was taken by nodes that were opened lose it. */
export function giveWay(nodes, places) {
  const plane = new Plane();
  for (const node of nodes) {
    const at = places.get(node.key);
    if (node.cluster === undefined && at) plane.put(at.x, at.y, box(node));
  }
  for (const node of nodes) {
    const at = places.get(node.key);
    if (node.cluster !== undefined && at && !plane.free(at.x, at.y, box(node))) places.delete(node.key);
  }
}

const STAR_GAP = 40;

/** A hub at (0, 0) with `members` shared out around it: {places, left, right, top, bottom}. */
function star(hub, members) {
  const plane = new Plane();
  const places = new Map([[hub.key, { x: 0, y: 0 }]]);
  const room = { left: 0, right: 0, top: 0, bottom: 0 };
  const grow = (node, { x, y }) => {
    const b = box(node);
    room.left = Math.min(room.left, x - b.half);
    room.right = Math.max(room.right, x + b.half);
    room.top = Math.min(room.top, y - b.above);
    room.bottom = Math.max(room.bottom, y + b.below);
  };
  plane.put(0, 0, box(hub));
  grow(hub, { x: 0, y: 0 });
  members.forEach((node, i) => {
    const angle = -Math.PI / 2 + (2 * Math.PI * i) / members.length;
    places.set(node.key, plane.nearest(0, 0, box(node), angle, 64));
    grow(node, places.get(node.key));
  });
  return { places, ...room };
}

/** Stars in rows, the whole about `aspect` times as wide as high; as `pack` in `layout.py`. */
export function packStars(groups, places, aspect = 1.55) {
  const stars = groups.map(([hub, members]) => star(hub, members));
  if (!stars.length) return;
  const wide = (row) => row.reduce((sum, s) => sum + s.right - s.left + STAR_GAP, 0);
  const high = (row) => Math.max(...row.map((s) => s.bottom - s.top)) + STAR_GAP;
  let best = null;
  for (let n = 1; n <= stars.length; n++) {
    const size = Math.ceil(stars.length / n);
    const rows = [];
    for (let i = 0; i < stars.length; i += size) rows.push(stars.slice(i, i + size));
    const ratio = Math.max(...rows.map(wide)) / rows.reduce((sum, row) => sum + high(row), 0);
    const miss = Math.abs(Math.log(ratio / aspect));
    if (!best || miss < best.miss) best = { rows, miss };
  }
  const limit = Math.max(...best.rows.map(wide));
  let y = 0;
  for (const row of best.rows) {
    const spare = (limit - wide(row)) / row.length + STAR_GAP;
    let x = 0;
    for (const s of row) {
      const dy = y - s.top + (high(row) - STAR_GAP - (s.bottom - s.top)) / 2;
      for (const [key, at] of s.places) places.set(key, { x: x - s.left + spare / 2 + at.x, y: dy + at.y });
      x += s.right - s.left + spare;
    }
    y += high(row);
  }
}
