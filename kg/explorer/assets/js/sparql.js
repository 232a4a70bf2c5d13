// The selection as a SPARQL query over the Turtle that is built with the page.
import { anyFilter } from "./filters.js";

/** A string as a SPARQL literal. */
export function literal(text) {
  // eslint-disable-next-line no-control-regex
  return '"' + text.replace(/[\\"\n\r\t\u0000-\u001f]/g, (c) => ({ "\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t" })[c] || "\\u" + c.charCodeAt(0).toString(16).padStart(4, "0")) + '"';
}

export function sparql(app) {
  return anyFilter(app.state.filters) ? "" : "";
}
