// The lines between nodes: colour, width, bend of parallel ones, and their labels.
import { label, visible } from "./text.js";

const LABELLED = 14; // lines that can be labelled without covering each other

/** How vis-network draws `edge` now: lit beside the active node, faint where no relation is stated. */
export function edgeStyle(canvas, edge) {
  const active = canvas.hovered || canvas.selected;
  const lit = active !== null && (edge.from === active || edge.to === active);
  const faint = edge.predicate === undefined || edge.predicate === "";
  const { colours } = canvas;
  const colour = lit ? (faint ? colours.edge : colours.ink) : faint || active !== null ? colours.faint : colours.edge;
  const told = lit ? canvas.lit <= LABELLED : active === null && canvas.edgeCount <= LABELLED;
  const text = told && edge.predicate ? edgeLabel(canvas, edge) : "";
  return {
    ...edge,
    label: text,
    font: { color: colours.ink, background: colours.ground, align: level(canvas, edge) ? "horizontal" : "middle" },
    color: { color: colour, hover: colours.ink, highlight: colours.ink, inherit: false },
    width: lit && !faint ? 1.5 : 1,
    dashes: faint ? [2, 4] : false,
    arrows: { to: { enabled: !faint } },
    smooth: edge.turn
      ? {
          enabled: true,
          type: edge.turn % 2 ? "curvedCW" : "curvedCCW",
          roundness: 0.14 + 0.1 * Math.floor(edge.turn / 2),
        }
      : false,
  };
}

/** What the line says in the direction of its arrow, whichever end is the active one. */
function edgeLabel(canvas, edge) {
  return visible(label(canvas.meta.predicates.find((p) => p.name === edge.predicate)));
}

/** vis-network turns a label with its line, and loses it where the line runs straight to the left. */
function level(canvas, edge) {
  const [a, b] = [canvas.places.get(edge.from), canvas.places.get(edge.to)];
  return Boolean(a && b && a.y === b.y && b.x < a.x);
}
