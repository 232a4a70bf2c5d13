// Two charts that filter by dragging, or with two sliders for the keyboard: a timeline and a histogram of amounts.
import { el, svg } from "./dom.js";
import { passing } from "./filters.js";
import { money, number, t } from "./text.js";

const WIDTH = 240;
const HEIGHT = 56;

/** Entities by year. */
export function yearChart(app) {
  const { store } = app;
  const pass = passing(store, app.state.filters, "years");
  const all = new Map();
  const shown = new Map();
  for (let i = 0; i < store.entities; i++) {
    for (const y of store.years[i]) {
      all.set(y, (all.get(y) || 0) + 1);
      if (!pass || pass[i]) shown.set(y, (shown.get(y) || 0) + 1);
    }
  }
  if (!all.size) return el("p", { class: "quiet", text: t("nothing") });
  const years = [...all.keys()].sort((a, b) => a - b);
  const from = Math.max(years[0], years[years.length - 1] - 39);
  const bins = [];
  for (let y = from; y <= years[years.length - 1]; y++)
    bins.push({ low: y, high: y, n: shown.get(y) || 0, text: String(y) });
  return chart(app, "years", bins, (bin) => bin.text);
}

/** Amounts on a logarithmic scale, two bars to a power of ten. */
export function amountChart(app) {
  const { store } = app;
  const pass = passing(store, app.state.filters, "amount");
  const counts = new Map();
  let [least, most] = [Infinity, -Infinity];
  const ends = [Infinity, -Infinity];
  for (let i = 0; i < store.entities; i++) {
    if (store.amount[i] < 1) continue;
    ends[0] = Math.min(ends[0], Math.floor(store.amount[i]));
    ends[1] = Math.max(ends[1], Math.ceil(store.amount[i]));
    const b = Math.max(0, Math.floor(Math.log10(store.amount[i]) * 2));
    least = Math.min(least, b);
    most = Math.max(most, b);
    if (!pass || pass[i]) counts.set(b, (counts.get(b) || 0) + 1);
  }
  if (most < least) return el("p", { class: "quiet", text: t("nothing") });
  const bins = [];
  for (let b = least; b <= most; b++) {
    bins.push({ low: Math.round(10 ** (b / 2)), high: Math.round(10 ** ((b + 1) / 2)), n: counts.get(b) || 0 });
  }
  [bins[0].low, bins.at(-1).high] = ends; // the smallest and the largest there is
  return chart(app, "amount", bins, (bin, end) => money(end ? bin.high : bin.low));
}

function chart(app, field, bins, name) {
  const range = app.state.filters[field];
  const most = Math.max(1, ...bins.map((b) => b.n));
  const step = WIDTH / bins.length;
  const inside = (bin) =>
    !range ||
    (bin.high >= range[0] &&
      bin.low <= range[1] &&
      (field === "years" || (bin.low >= range[0] * 0.999 && bin.high <= range[1] * 1.001)));
  const bars = bins.map((bin, i) => {
    const h = bin.n ? Math.max(2, (bin.n / most) * (HEIGHT - 4)) : 0;
    const title = svg("title");
    title.textContent = `${name(bin, false)}${field === "amount" ? "–" + name(bin, true) : ""}: ${number(bin.n)}`;
    return svg(
      "rect",
      {
        x: i * step + 0.75,
        y: HEIGHT - h,
        width: Math.max(1, step - 1.5),
        height: h,
        rx: 1,
        class: inside(bin) ? "bar" : "bar off",
      },
      title,
    );
  });
  const brush = svg("rect", { class: "brush", y: 0, height: HEIGHT, width: 0, x: 0 });
  const drawing = svg(
    "svg",
    {
      viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
      class: "chart",
      preserveAspectRatio: "none",
      "aria-hidden": "true",
      "data-chart": field,
    },
    svg("line", { x1: 0, x2: WIDTH, y1: HEIGHT - 0.5, y2: HEIGHT - 0.5, class: "axis" }),
    bars,
    brush,
  );
  const choose = (a, b) => {
    const [i, j] = [Math.min(a, b), Math.max(a, b)];
    app.setFilters({ [field]: i === 0 && j === bins.length - 1 ? null : [bins[i].low, bins[j].high] });
  };
  drag(drawing, brush, bins.length, choose);
  let [i, j] = [bins.findIndex(inside), bins.length - 1 - [...bins].reverse().findIndex(inside)];
  if (i < 0) [i, j] = [0, bins.length - 1];
  const slider = (end, value) =>
    el("input", {
      type: "range",
      min: 0,
      max: bins.length - 1,
      value,
      "data-key": field + end,
      "aria-label": `${t(field)} ${t(end)}`,
      "aria-valuetext": name(bins[value], end === "to"),
      onchange: (event) =>
        choose(end === "from" ? Number(event.target.value) : i, end === "to" ? Number(event.target.value) : j),
    });
  return el(
    "div",
    { class: "chart-box" },
    drawing,
    el(
      "div",
      { class: "scale" },
      el("span", { text: name(bins[0], false) }),
      el("span", { text: name(bins[bins.length - 1], true) }),
    ),
    el("div", { class: "sliders", title: t("dragHint") }, slider("from", i), slider("to", j)),
  );
}

/** Dragging over the bars chooses a range of them. */
function drag(drawing, brush, count, choose) {
  let start = null;
  const at = (event) => {
    const room = drawing.getBoundingClientRect();
    return Math.min(count - 1, Math.max(0, Math.floor(((event.clientX - room.left) / room.width) * count)));
  };
  const draw = (a, b) => {
    const step = WIDTH / count;
    brush.setAttribute("x", Math.min(a, b) * step);
    brush.setAttribute("width", (Math.abs(a - b) + 1) * step);
  };
  drawing.addEventListener("pointerdown", (event) => {
    start = at(event);
    drawing.setPointerCapture(event.pointerId);
    draw(start, start);
  });
  drawing.addEventListener("pointermove", (event) => start !== null && draw(start, at(event)));
  drawing.addEventListener("pointerup", (event) => {
    if (start === null) return;
    const from = start;
    start = null;
    choose(from, at(event));
  });
}
