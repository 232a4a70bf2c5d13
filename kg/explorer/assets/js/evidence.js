// Sentences behind a fact, with the words marked, and the whole article to read in place.
import { byId, el, fill } from "./dom.js";
import { oneLine, t, visible } from "./text.js";

const STOP = /[。！？!?；;]/;
const BEHIND = /[”’」』）)]/; // may stand behind it
const REACH = 120; // characters on each side of a name that are looked through for the ends of its sentence

/** `text` as text nodes and <mark>s around each of `words`. */
export function marked(text, words) {
  const clean = oneLine(text);
  const known = [...new Set(words.map((w) => oneLine(w)).filter((w) => w.length > 1))].sort(
    (a, b) => b.length - a.length,
  );
  const parts = [];
  let rest = clean;
  while (rest) {
    let at = -1;
    let found = "";
    for (const word of known) {
      const i = rest.indexOf(word);
      if (i >= 0 && (at < 0 || i < at || (i === at && word.length > found.length))) {
        at = i;
        found = word;
      }
    }
    if (at < 0) break;
    if (at > 0) parts.push(rest.slice(0, at));
    parts.push(el("mark", { text: found }));
    rest = rest.slice(at + found.length);
  }
  if (rest) parts.push(rest);
  return parts;
}

/** The words to mark for a node: its name and other names; for a figure its number and indicator. */
export function wordsOf(store, node) {
  if (store.isFigure(node)) {
    const f = store.figure(node);
    return [String(f.value) + f.unit, String(f.value), f.indicator];
  }
  return [store.names[node], ...store.aliasesOf(node)];
}

/** Quotations of `edge` as elements; each leads to its place in the article. */
export async function quotations(app, edge, words) {
  const found = await app.store.evidenceOf(edge);
  if (!found.length) return [el("p", { class: "quiet", text: t("noQuote", { rule: "–" }) })];
  const items = [];
  for (const item of found) items.push(await quotation(app, item, words));
  return items;
}

async function quotation(app, item, words) {
  const { store } = app;
  if (!item.quote) return el("p", { class: "quiet", text: t("noQuote", { rule: visible(item.rule) }) });
  let { quote, start, end } = item;
  if (quote.length < 24 && start >= 0 && item.document >= 0) {
    const wider = around(await store.article(item.document), start, end);
    if (wider) ({ quote, start, end } = wider);
  }
  const title = item.document >= 0 ? store.documentOf(item.document).title : "";
  const source =
    item.document < 0
      ? null
      : el(
          "button",
          {
            type: "button",
            class: "source",
            onclick: () => readArticle(app, item.document, item.start, item.end),
            "aria-label": `${t("readArticle")}: ${oneLine(title)}`,
            title: visible(item.rule),
          },
          el("span", { text: oneLine(title), dir: "auto" }),
        );
  return el(
    "figure",
    { class: "quote" },
    el("blockquote", { dir: "auto" }, marked(quote, [item.quote.length < 24 ? item.quote : "", ...words])),
    source && el("figcaption", {}, source),
  );
}

/** The sentence around a name, when the evidence quotes only the name; … where it goes on too far to be shown. */
export function around(text, start, end) {
  if (!text.length) return null;
  let a = start;
  let b = end;
  while (a > 0 && start - a < REACH && !stops(text, a - 1)) a--;
  while (b < text.length && b - end < REACH && !stops(text, b)) b++;
  const before = a > 0 && !stops(text, a - 1) ? "…" : "";
  const after = b < text.length && !stops(text, b) ? "…" : "";
  while (!before && a < start && BEHIND.test(text[a])) a++; // the end of the sentence before
  while (!after && b + 1 < text.length && BEHIND.test(text[b + 1])) b++;
  b = Math.min(b + 1, text.length);
  return { quote: before + text.slice(a, b).join("") + after, start: a, end: b };
}

/** Whether a sentence ends with this character; a line may also end where the print was wrapped. */
function stops(text, at) {
  if (text[at] !== "\n") return STOP.test(text[at]);
  return text[at - 1] === "\n" || text[at + 1] === "\n" || text[at + 1] === "\u3000";
}

/** Opens the article with `start:end` marked and every name that the graph knows as a link to its card. */
export async function readArticle(app, document, start = -1, end = -1) {
  const { store } = app;
  const text = await store.article(document);
  const record = store.documentOf(document);
  const dialog = byId("reader");
  const links = await namesIn(store, document, text);
  const body = el("div", { class: "article", dir: "auto", tabindex: "0", "aria-label": oneLine(record.title) });
  if (text.length) writeArticle(app, body, text, links, start, end, dialog);
  else body.append(el("p", { class: "quiet", text: t("noText") }));
  const about = [record.author, record.date, record.path]
    .filter(Boolean)
    .map((part) => visible(part))
    .join(" · ");
  fill(
    dialog,
    el(
      "header",
      {},
      el(
        "div",
        {},
        el("h2", { text: oneLine(record.title), dir: "auto", id: "reader-title" }),
        el("p", { class: "quiet", text: about }),
      ),
      el("button", { type: "button", class: "close", "aria-label": t("close"), onclick: () => dialog.close() }, "✕"),
    ),
    body,
  );
  if (!dialog.open) dialog.showModal();
  const mark = dialog.querySelector("mark.here");
  if (mark) mark.scrollIntoView({ block: "center" });
}

/** Where the article names things: [{start, end, node}], none inside another. */
async function namesIn(store, document) {
  const found = [];
  for (const e of store.related(document, "mentions", true)) {
    for (const item of await store.evidenceOf(e)) {
      if (item.document === document && item.start >= 0)
        found.push({ start: item.start, end: item.end, node: store.target[e] });
    }
  }
  found.sort((a, b) => a.start - b.start || b.end - a.end);
  return found.filter(
    (item, i) => !found.slice(0, i).some((o) => o.end > item.start && o !== item && o.start <= item.start),
  );
}

function writeArticle(app, body, text, links, start, end, dialog) {
  const cuts = new Set([0, text.length]);
  if (start >= 0) cuts.add(start).add(end);
  for (const l of links) cuts.add(l.start).add(l.end);
  const order = [...cuts].filter((c) => c <= text.length).sort((a, b) => a - b);
  let next = 0;
  let mark = null;
  for (let i = 0; i + 1 < order.length; i++) {
    const [from, to] = [order[i], order[i + 1]];
    const inside = start >= 0 && from >= start && to <= end;
    if (inside && !mark) {
      mark = el("mark", { class: "here" });
      body.append(mark);
    } else if (!inside) mark = null;
    while (next < links.length && links[next].end <= from) next++;
    const link = links[next] && links[next].start <= from && to <= links[next].end ? links[next] : null;
    const words = visible(text.slice(from, to).join(""));
    const part = link
      ? el(
          "a",
          {
            href: "#focus=" + encodeURIComponent(app.store.ids[link.node]),
            class: "name",
            onclick: (event) => {
              event.preventDefault();
              dialog.close();
              app.focus(link.node);
            },
          },
          words,
        )
      : words;
    (mark || body).append(part);
  }
}
