// Honours and who received them, each with where it says so.
import { el, fill } from "./dom.js";
import { quotations, wordsOf } from "./evidence.js";
import { nodeLink } from "./facts.js";
import { SHOWN, how, long, segments } from "./lists.js";
import { number, t } from "./text.js";

export function showHonors(app, holder) {
  const { store } = app;
  const again = () => showHonors(app, holder);
  const p = store.predicateNames.indexOf("receivedHonor");
  const groups = new Map();
  for (let e = 0; e < store.source.length; e++) {
    if (store.predicate[e] !== p) continue;
    const [who, what] = [store.source[e], store.target[e]];
    if (app.pass && !app.pass[who] && !app.pass[what]) continue;
    const key = how.honors === "honor" ? what : who;
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push(e);
  }
  const order = [...groups].sort(([a, x], [b, y]) => y.length - x.length || store.score[b] - store.score[a] || a - b);
  fill(
    holder,
    el(
      "div",
      { class: "table-bar" },
      segments(
        "honors",
        [
          ["honor", t("byHonor")],
          ["receiver", t("byReceiver")],
        ],
        again,
      ),
      el("span", {
        class: "quiet",
        role: "status",
        text: order.length ? t("honorsOf", { n: number(order.length) }) : t("nothing"),
      }),
    ),
    long(el("ul", { class: "honors" }), order, ([key, edges]) => honorRow(app, key, edges)),
  );
}

function honorRow(app, key, edges) {
  const { store } = app;
  const other = how.honors === "honor" ? store.source : store.target;
  return el(
    "li",
    { class: "honor" },
    el("h2", {}, nodeLink(app, key), edges.length > 1 ? el("span", { class: "n", text: number(edges.length) }) : null),
    el(
      "ul",
      {},
      edges.slice(0, SHOWN).map((e) => {
        const sentences = el("div", { class: "sentences" });
        const details = el("details", { class: "evidence" }, el("summary", { text: t("sentences") }), sentences);
        details.addEventListener("toggle", async () => {
          if (details.open && !sentences.childNodes.length)
            fill(
              sentences,
              await quotations(app, e, [...wordsOf(store, store.source[e]), ...wordsOf(store, store.target[e])]),
            );
        });
        return el("li", {}, nodeLink(app, other[e]), details);
      }),
    ),
  );
}
