// What the boards share: a choice of two orders, and lists that grow when asked.
import { el, fill } from "./dom.js";
import { number, t } from "./text.js";

export const SHOWN = 40;

export const how = { honors: "honor", projects: "status" };

export function segments(field, options, again) {
  return el(
    "div",
    { class: "segments", role: "group" },
    options.map(([value, text]) =>
      el(
        "button",
        {
          type: "button",
          "aria-pressed": String(how[field] === value),
          onclick: () => {
            how[field] = value;
            again();
          },
        },
        text,
      ),
    ),
  );
}

/** A list that shows its first rows and the rest when asked. */
export function long(list, items, draw) {
  fill(list, items.slice(0, SHOWN).map(draw));
  if (items.length <= SHOWN) return list;
  const button = el("button", {
    type: "button",
    class: "more",
    text: t("more", { n: number(items.length - SHOWN) }),
    onclick: () => {
      fill(list, items.slice(0, 1000).map(draw));
    },
  });
  list.append(el("li", {}, button));
  return list;
}
