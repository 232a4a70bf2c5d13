// The canvas as SVG: the same places, marks and labels, as shapes and text that an editor can take up.
import { isDark } from "./settings.js";
import { corners, FAMILY, markOf, palette } from "./glyphs.js";
import { box, FONT, HUB_FONT, LINE } from "./layout.js";
import { svg } from "./dom.js";
import { money, oneLine, visible, width, wrap } from "./text.js";

const EDGE = 24;

/** The scene on the canvas as the text of an SVG file. */
export function picture(app) {
  const { scene, places, meta } = app;
  const colours = palette(isDark());
  const types = new Map(meta.types.map((type) => [type.name, type]));
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const node of scene.nodes.values()) {
    const [at, b] = [places.get(node.key), box(node)];
    left = Math.min(left, at.x - b.half - EDGE);
    right = Math.max(right, at.x + b.half + EDGE);
    top = Math.min(top, at.y - b.above - EDGE);
    bottom = Math.max(bottom, at.y + b.below + EDGE);
  }
  const [w, h] = [Math.ceil(right - left), Math.ceil(bottom - top)];
  const root = svg("svg", {
    xmlns: "http://www.w3.org/2000/svg",
    viewBox: `${left} ${top} ${w} ${h}`,
    width: w,
    height: h,
    "font-family": FAMILY.replace(/"/g, "'"),
  });
  root.append(
    text("title", {}, oneLine(meta.title)),
    svg("rect", { x: left, y: top, width: w, height: h, fill: colours.ground }),
  );
  root.append(svg("defs", {}, arrow(colours)));
  for (const edge of scene.edges) root.append(line(edge, scene.nodes, places, colours));
  for (const node of scene.nodes.values())
    root.append(drawing(node, places.get(node.key), types.get(node.kind), colours));
  return new XMLSerializer().serializeToString(root);
}

function text(tag, props, words) {
  const node = svg(tag, props);
  node.textContent = words;
  return node;
}

/** The head of an arrow, whose tip is the end of its line. */
function arrow(colours) {
  const room = { viewBox: "0 0 8 8", refX: 8, refY: 4, markerWidth: 7, markerHeight: 7, orient: "auto" };
  return svg("marker", { id: "arrow", ...room }, svg("path", { d: "M0 0.5L8 4L0 7.5Z", fill: colours.edge }));
}

/** Where a line towards `node` from the point (x, y) meets its mark. */
function rim(node, at, x, y) {
  const [dx, dy] = [x - at.x, y - at.y];
  const far = Math.hypot(dx, dy) || 1;
  let reach = node.r + (node.kind === "ProjectGroup" ? 4 : 2);
  if (node.hub) {
    const b = box(node);
    reach = Math.min((b.half - 1) / Math.abs(dx / far || 1e-9), (b.above - 1) / Math.abs(dy / far || 1e-9));
  }
  const part = Math.min(reach / far, 0.9);
  return [at.x + dx * part, at.y + dy * part];
}

function line(edge, nodes, places, colours) {
  const [a, b] = [places.get(edge.from), places.get(edge.to)];
  const faint = edge.edge === undefined;
  const props = {
    stroke: faint ? colours.faint : colours.edge,
    "stroke-width": 1,
    fill: "none",
    "stroke-dasharray": faint ? "2 4" : null,
    "marker-end": faint ? null : "url(#arrow)",
  };
  const bend = edge.turn ? (edge.turn % 2 ? 1 : -1) * (0.14 + 0.1 * Math.floor(edge.turn / 2)) : 0;
  const [mx, my] = [(a.x + b.x) / 2 - (b.y - a.y) * bend, (a.y + b.y) / 2 + (b.x - a.x) * bend];
  const [x, y] = rim(nodes.get(edge.to), b, mx, my);
  return svg("path", { ...props, class: "line", d: `M${a.x} ${a.y}Q${mx} ${my} ${x} ${y}` });
}

/** What keeps lines from striking through a label: a box in the colour of the ground behind it. */
function ground(lines, top, rows, colours) {
  const half = (Math.max(0, ...lines.map(width)) * FONT) / 2 + 2;
  const size = { x: -half, y: top, width: half * 2, height: rows * FONT * LINE };
  return svg("rect", { class: "ground", ...size, fill: colours.ground, "fill-opacity": 0.85 });
}

function drawing(node, at, type, colours) {
  const group = svg("g", { transform: `translate(${at.x} ${at.y})` });
  group.append(text("title", {}, oneLine(node.label)));
  const colour = type ? type[colours.mode] : colours.quiet;
  const middle = { "text-anchor": "middle" };
  if (node.hub) {
    const b = box(node);
    group.append(
      svg("rect", {
        x: -b.half + 3,
        y: -b.above + 3,
        width: b.half * 2 - 6,
        height: b.above * 2 - 6,
        rx: b.above - 3,
        fill: colour,
      }),
      text(
        "text",
        { ...middle, y: HUB_FONT * 0.36, "font-size": HUB_FONT, "font-weight": 600, fill: colours.onMark },
        visible(Array.from(node.label).slice(0, 14).join("")),
      ),
    );
    return group;
  }
  if (node.cluster !== undefined) {
    group.append(
      svg("circle", {
        r: node.r,
        fill: colours.bubble,
        stroke: colour,
        "stroke-dasharray": "4 3",
        "stroke-width": 1.4,
      }),
      text("text", { ...middle, y: 4, "font-size": 12, "font-weight": 600, fill: colour }, node.label),
    );
    if (node.caption)
      group.append(
        ground([node.caption], node.r + 4, 1, colours),
        text("text", { ...middle, y: node.r + 15, "font-size": FONT - 1, fill: colour }, node.caption),
      );
    return group;
  }
  const points = corners(type.shape, node.r);
  group.append(
    points
      ? svg("polygon", { points: points.map((p) => p.join(",")).join(" "), fill: colour })
      : svg("circle", { r: node.r, fill: colour }),
  );
  const size = Math.max(10, Math.min(16, node.r * 0.95));
  group.append(text("text", { ...middle, y: size * 0.36, "font-size": size, fill: colours.onMark }, markOf(type)));
  const lines = wrap(visible(node.label));
  group.append(ground(lines, node.r + 4, lines.length + (node.amount ? 1 : 0), colours));
  let y = node.r + 4 + FONT;
  for (const words of lines) {
    group.append(text("text", { ...middle, y, "font-size": FONT, fill: colours.ink }, words));
    y += FONT * LINE;
  }
  if (node.amount)
    group.append(
      text("text", { ...middle, y, "font-size": FONT - 1.5, "font-weight": 500, fill: colour }, money(node.amount)),
    );
  return group;
}
