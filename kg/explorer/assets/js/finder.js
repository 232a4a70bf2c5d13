// The search box: suggestions as you type, with type and area.
import { byId, el, fill } from "./dom.js";
import { mark } from "./legend.js";
import { fold } from "./search.js";
import { label, oneLine, t } from "./text.js";

const SUGGESTED = 12;

export function startSearch(app) {
  const input = byId("search");
  const list = byId("suggestions");
  let found = [];
  let active = -1;

  const close = () => {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
    active = -1;
  };
  const choose = (node) => {
    input.value = "";
    close();
    app.focus(node);
  };
  const move = (step) => {
    if (!found.length) return;
    active = (active + step + found.length) % found.length;
    [...list.children].forEach((item, i) => item.setAttribute("aria-selected", String(i === active)));
    const item = list.children[active];
    input.setAttribute("aria-activedescendant", item.id);
    item.scrollIntoView({ block: "nearest" });
  };
  const update = () => {
    const query = input.value;
    if (!fold(query)) {
      found = [];
      close();
      return;
    }
    found = app.index.find(query, SUGGESTED);
    active = -1;
    fill(
      list,
      found.length
        ? found.map((node, i) => suggestion(app, node, i, query, choose))
        : el("li", { class: "none", role: "option", "aria-disabled": "true", text: t("noMatch", { q: query }) }),
    );
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
    byId("live").textContent = t("matches", { n: found.length });
  };
  input.addEventListener("input", update);
  input.addEventListener("focus", () => input.value && update());
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown") move(1);
    else if (event.key === "ArrowUp") move(-1);
    else if (event.key === "Enter" && found.length) choose(found[Math.max(active, 0)]);
    else if (event.key === "Escape") {
      input.value = "";
      close();
      if (app.picking !== null) {
        app.picking = null;
        app.render();
      }
      return;
    } else return;
    event.preventDefault();
  });
  document.addEventListener("pointerdown", (event) => {
    if (!list.contains(event.target) && event.target !== input) close();
  });
}

function suggestion(app, node, i, query, choose) {
  const { store, meta } = app;
  const type = meta.types[store.types[node]];
  const alias = app.index.alias(node, query);
  const area = store.home[node] >= 0 && store.home[node] !== node ? store.home[node] : store.parent[node];
  const where =
    area >= 0
      ? store
          .pathOf(area)
          .slice(-2)
          .map((a) => oneLine(store.names[a]))
          .join(" › ")
      : "";
  return el(
    "li",
    {
      role: "option",
      id: "suggestion-" + i,
      "aria-selected": "false",
      "data-node": node,
      onpointerdown: (event) => {
        event.preventDefault();
        choose(node);
      },
    },
    mark(meta, store.types[node]),
    el(
      "span",
      { class: "who" },
      emphasised(oneLine(store.names[node]), query),
      alias ? el("span", { class: "quiet" }, ` ${t("alias")} `, emphasised(oneLine(alias), query)) : null,
    ),
    el("span", { class: "where", dir: "auto", text: [label(type), where].filter(Boolean).join(" · ") }),
  );
}

function emphasised(name, query) {
  const at = name.toLowerCase().indexOf(query.trim().toLowerCase());
  if (at < 0) return el("bdi", { text: name });
  const end = at + query.trim().length;
  return el("bdi", {}, name.slice(0, at), el("b", { text: name.slice(at, end) }), name.slice(end));
}
