// How a node looks: a mark whose shape, colour and character tell its type, and its label; on canvas and as SVG.
import { FONT, HUB_FONT, LINE } from "./layout.js";
import { lang, money, visible, width, wrap } from "./text.js";

export const FAMILY =
  '"Noto Sans CJK SC","Noto Sans SC","PingFang SC","Microsoft YaHei","Hiragino Sans GB",system-ui,sans-serif';

const SIDES = { diamond: [4, 0], hexagon: [6, 0], octagon: [8, Math.PI / 8], pentagon: [5, -Math.PI / 2] };

/** Corners of a mark around (0, 0), or null for a circle. */
export function corners(shape, r) {
  if (shape === "square") {
    const h = r * 0.88;
    return [
      [-h, -h],
      [h, -h],
      [h, h],
      [-h, h],
    ];
  }
  const form = SIDES[shape];
  if (!form) return null;
  const [n, turn] = form;
  const size = r * (n === 4 ? 1.16 : 1.06);
  return Array.from({ length: n }, (_, i) => {
    const a = turn + (2 * Math.PI * i) / n;
    return [size * Math.cos(a), size * Math.sin(a)];
  });
}

/** Colours of the page for the canvas, which knows no CSS. */
export function palette(dark) {
  return dark
    ? {
        ground: "#16191d",
        veil: "rgb(22 25 29 / 80%)",
        ink: "#e9e6df",
        quiet: "#a9adb3",
        edge: "#6d747d",
        faint: "#363c44",
        accent: "#f2c14e",
        onMark: "#14171a",
        bubble: "#1f2429",
        mode: "dark",
      }
    : {
        ground: "#faf8f3",
        veil: "rgb(250 248 243 / 80%)",
        ink: "#20262c",
        quiet: "#5a6169",
        edge: "#9a9c98",
        faint: "#dcd8cd",
        accent: "#b3261e",
        onMark: "#ffffff",
        bubble: "#ffffff",
        mode: "light",
      };
}

export function markOf(type) {
  return lang() === "en" ? type.mark_en : type.mark_zh;
}

/** Draws a node on the canvas. `look` is {type, dim, selected, hover, small (labels too small to read), scale}. */
export function drawNode(ctx, node, x, y, colours, look) {
  ctx.globalAlpha = look.dim ? 0.3 : 1;
  if (node.hub) drawHub(ctx, node, x, y, colours, look);
  else if (node.cluster !== undefined) drawBubble(ctx, node, x, y, colours, look);
  else drawMark(ctx, node, x, y, colours, look);
  ctx.globalAlpha = 1;
}

function drawHub(ctx, node, x, y, colours, look) {
  const zoom = look.small ? Math.min(2.6, 0.78 / look.scale) : 1;
  const font = HUB_FONT * zoom;
  ctx.font = `600 ${font}px ${FAMILY}`;
  const text = visible(Array.from(node.label).slice(0, 14).join(""));
  const half = ctx.measureText(text).width / 2 + 13 * zoom;
  const height = font / 2 + 8 * zoom;
  round(ctx, x - half, y - height, half * 2, height * 2, height);
  ctx.fillStyle = look.type[colours.mode];
  ctx.fill();
  ring(ctx, node, colours, look);
  ctx.fillStyle = colours.onMark;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  ctx.fillText(text, x, y + font * 0.05);
}

function drawBubble(ctx, node, x, y, colours, look) {
  ctx.beginPath();
  ctx.arc(x, y, node.r, 0, 2 * Math.PI);
  ctx.fillStyle = colours.bubble;
  ctx.fill();
  ctx.setLineDash([4, 3]);
  ctx.lineWidth = look.selected || look.hover ? 2.5 : 1.4;
  ctx.strokeStyle = look.type ? look.type[colours.mode] : colours.quiet;
  ctx.stroke();
  ctx.setLineDash([]);
  ctx.fillStyle = look.type ? look.type[colours.mode] : colours.quiet;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  ctx.font = `600 12px ${FAMILY}`;
  ctx.fillText(node.label, x, y);
  if (node.caption && !look.small) {
    ctx.font = `400 ${FONT - 1}px ${FAMILY}`;
    ctx.textBaseline = "top";
    ctx.fillText(node.caption, x, y + node.r + 4);
  }
}

function drawMark(ctx, node, x, y, colours, look) {
  trace(ctx, look.type.shape, x, y, node.r);
  ctx.fillStyle = look.type[colours.mode];
  ctx.fill();
  if (node.kind === "ProjectGroup") {
    ctx.lineWidth = 1.5;
    ctx.strokeStyle = look.type[colours.mode];
    ctx.beginPath();
    ctx.arc(x, y, node.r + 3, 0, 2 * Math.PI);
    ctx.stroke();
  } else {
    ring(ctx, node, colours, look, x, y);
  }
  ctx.fillStyle = colours.onMark;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  ctx.font = `500 ${Math.max(10, Math.min(16, node.r * 0.95))}px ${FAMILY}`;
  ctx.fillText(markOf(look.type), x, y + 0.5);
  if (node.pinned) {
    ctx.fillStyle = colours.accent;
    ctx.beginPath();
    ctx.arc(x + node.r * 0.8, y - node.r * 0.8, 3.5, 0, 2 * Math.PI);
    ctx.fill();
  }
  if (look.small && !look.selected && !look.hover) return;
  drawLabel(ctx, node, x, y + node.r + 4, colours, look);
}

function drawLabel(ctx, node, x, top, colours, look) {
  const near = look.selected || look.hover; // then the whole name, however long
  const lines = near ? wrap(visible(node.label), 6) : node.lines || (node.lines = wrap(visible(node.label)));
  ctx.textBaseline = "top";
  ctx.font = `${near ? 600 : 400} ${FONT}px ${FAMILY}`;
  const half = (Math.max(...lines.map(width)) * FONT) / 2 + 2;
  ctx.fillStyle = colours.veil; // lines behind a label step back
  ctx.fillRect(x - half, top - 1, half * 2, (lines.length + (node.amount ? 1 : 0)) * FONT * LINE);
  ctx.fillStyle = colours.ink;
  let y = top;
  for (const line of lines) {
    ctx.fillText(line, x, y);
    y += FONT * LINE;
  }
  if (node.amount) {
    ctx.font = `500 ${FONT - 1.5}px ${FAMILY}`;
    ctx.fillStyle = look.type[colours.mode];
    ctx.fillText(money(node.amount), x, y);
  }
}

function ring(ctx, node, colours, look, x, y) {
  if (!look.selected && !look.hover && !look.chosen) return;
  if (x !== undefined) trace(ctx, look.type.shape, x, y, node.r + 2);
  ctx.lineWidth = look.selected ? 3 : 2;
  ctx.strokeStyle = look.selected || look.chosen ? colours.accent : colours.ink;
  ctx.stroke();
}

function trace(ctx, shape, x, y, r) {
  const points = corners(shape, r);
  ctx.beginPath();
  if (!points) {
    ctx.arc(x, y, r, 0, 2 * Math.PI);
    return;
  }
  points.forEach(([px, py], i) => (i ? ctx.lineTo(x + px, y + py) : ctx.moveTo(x + px, y + py)));
  ctx.closePath();
}

function round(ctx, x, y, w, h, r) {
  ctx.beginPath();
  ctx.moveTo(x + r, y);
  ctx.arcTo(x + w, y, x + w, y + h, r);
  ctx.arcTo(x + w, y + h, x, y + h, r);
  ctx.arcTo(x, y + h, x, y, r);
  ctx.arcTo(x, y, x + w, y, r);
  ctx.closePath();
}
