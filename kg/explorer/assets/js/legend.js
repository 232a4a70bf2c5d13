// Marks of types as small drawings, for lists, cards and the legend.
import { corners, markOf } from "./glyphs.js";
import { svg } from "./dom.js";

/** The mark of a type: its shape and character, coloured by the style sheet (data-type). */
export function mark(meta, type) {
  const record = meta.types[type];
  const points = record.shape === "pill" ? null : corners(record.shape, 8.4);
  const shape =
    record.shape === "pill"
      ? svg("rect", { x: -10, y: -7, width: 20, height: 14, rx: 7 })
      : points
        ? svg("polygon", { points: points.map((p) => p.map((v) => v.toFixed(1)).join(",")).join(" ") })
        : svg("circle", { r: 8.4 });
  const text = svg("text", { "text-anchor": "middle", y: 3.4 });
  text.textContent = markOf(record);
  const drawing = svg(
    "svg",
    { class: "mark", viewBox: "-11 -11 22 22", "aria-hidden": "true", focusable: "false", "data-type": record.name },
    shape,
    text,
  );
  drawing.style.setProperty("--light", record.light);
  drawing.style.setProperty("--dark", record.dark);
  return drawing;
}
