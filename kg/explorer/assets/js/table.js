// Entities, relations, figures and articles as tables: sort, filter, copy to a spreadsheet.
import { columnsOf, copiedHead, guard, rowsOf, toClipboard } from "./columns.js";
import { announce, el, fill } from "./dom.js";
import { fold } from "./search.js";
import { number, oneLine, t } from "./text.js";

const PAGE_ROWS = 100;

export const TABLES = ["entities", "relations", "figures", "documents"];

const TITLE = { entities: "entities", relations: "relations", figures: "figures", documents: "articles" };

/** The columns that a table is sorted by until a heading is clicked; entities by their weight. */
const ORDER = { relations: ["subject", "predicate"], figures: ["of", "indicator"], documents: ["title"] };

const view = { table: "", sort: null, down: false, page: 0, query: "" };

export function showTable(app, holder) {
  const { state } = app;
  if (view.table !== state.table)
    Object.assign(view, { table: state.table, sort: null, down: false, page: 0, query: "" });
  const columns = columnsOf(app, state.table);
  let rows = rowsOf(app, state.table);
  const wanted = fold(view.query);
  if (wanted) rows = rows.filter((row) => columns.some((c) => fold(String(c.value(row))).includes(wanted)));
  if (!view.sort && state.table === "entities") rows.sort((a, b) => app.store.score[b] - app.store.score[a] || a - b);
  else {
    const keys = view.sort ? [view.sort] : ORDER[state.table];
    sortRows(
      rows,
      columns.filter((c) => keys.includes(c.key)),
    );
  }
  view.page = Math.max(0, Math.min(view.page, Math.ceil(rows.length / PAGE_ROWS) - 1));
  const start = view.page * PAGE_ROWS;
  const again = () => showTable(app, holder);
  const query = holder.querySelector("input.rows");
  const typing = query && document.activeElement === query ? query.selectionStart : null;
  fill(
    holder,
    el(
      "div",
      { class: "table-bar" },
      el(
        "div",
        { class: "segments", role: "group", "aria-label": t("view_table") },
        TABLES.map((table) =>
          el(
            "button",
            { type: "button", "aria-pressed": String(table === state.table), onclick: () => app.go({ table }) },
            t(TITLE[table]),
          ),
        ),
      ),
      el("input", {
        class: "rows",
        type: "search",
        value: view.query,
        placeholder: t("filterRows"),
        "aria-label": t("filterRows"),
        oninput: (event) => {
          view.query = event.target.value;
          view.page = 0;
          again();
        },
      }),
      el("button", { type: "button", onclick: () => copyRows(columns, rows) }, t("copy")),
      el("span", {
        class: "quiet",
        role: "status",
        text: rows.length
          ? t("rowsShown", {
              a: number(start + 1),
              b: number(Math.min(rows.length, start + PAGE_ROWS)),
              n: number(rows.length),
            })
          : t("nothing"),
      }),
    ),
    el(
      "div",
      { class: "table-box", tabindex: "0", role: "region", "aria-label": t(TITLE[state.table]) },
      el(
        "table",
        { class: "grid" },
        el(
          "thead",
          {},
          el(
            "tr",
            {},
            columns.map((c) => head(c, again)),
          ),
        ),
        el(
          "tbody",
          {},
          rows.slice(start, start + PAGE_ROWS).map((row) =>
            el(
              "tr",
              {},
              columns.map((c) => cell(c, row)),
            ),
          ),
        ),
      ),
    ),
    rows.length > PAGE_ROWS ? pager(rows.length, again) : null,
  );
  if (typing !== null) {
    const input = holder.querySelector("input.rows");
    input.focus();
    input.setSelectionRange(typing, typing);
  }
}

/** By the first of `columns`, then the next; what is empty comes last. */
function sortRows(rows, columns) {
  const places = columns.map((column) => placesOf(rows, column));
  rows.sort((a, b) => places.reduce((before, place) => before || place.get(a) - place.get(b), 0) || a - b);
}

function placesOf(rows, column) {
  const value = column.sort || column.value;
  const keys = rows.map(value);
  const { compare } = new Intl.Collator("zh");
  const order = [...new Set(keys)].filter((key) => key !== "");
  order.sort((x, y) => (typeof x === "number" && typeof y === "number" ? x - y : compare(x, y)));
  if (view.down) order.reverse();
  const place = new Map([...order, ""].map((key, i) => [key, i]));
  return new Map(rows.map((row, i) => [row, place.get(keys[i])]));
}

function head(column, again) {
  const sorted = view.sort === column.key ? (view.down ? "descending" : "ascending") : "none";
  return el(
    "th",
    { scope: "col", "aria-sort": sorted, class: column.numeric ? "num" : "" },
    el(
      "button",
      {
        type: "button",
        class: "sort",
        "data-sort": column.key,
        onclick: () => {
          view.down = view.sort === column.key ? !view.down : Boolean(column.numeric);
          view.sort = column.key;
          again();
        },
      },
      t(column.key),
      el("span", { "aria-hidden": "true", text: sorted === "none" ? "" : view.down ? " ↓" : " ↑" }),
    ),
  );
}

function cell(column, row) {
  const content = column.cell ? column.cell(row) : el("bdi", { text: oneLine(column.value(row)) });
  return el("td", { class: column.numeric ? "num" : "" }, content);
}

function pager(total, again) {
  const turn = (key, step, disabled) =>
    el(
      "button",
      {
        type: "button",
        disabled,
        onclick: () => {
          view.page += step;
          again();
        },
      },
      t(key),
    );
  return el(
    "div",
    { class: "pager" },
    turn("previous", -1, view.page === 0),
    turn("next", 1, (view.page + 1) * PAGE_ROWS >= total),
  );
}

/** Tab-separated, as spreadsheets paste it. */
async function copyRows(columns, rows) {
  const clean = (value) => guard(oneLine(value));
  const text = [
    columns.map(copiedHead).join("\t"),
    ...rows.map((row) => columns.map((c) => clean(c.value(row))).join("\t")),
  ].join("\n");
  await toClipboard(text);
  announce(t("copied", { n: number(rows.length) }));
}
