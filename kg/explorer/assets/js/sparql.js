// The selection as a SPARQL query over the RDF that is built with the page.

/** A node's IRI in angle brackets, as `kg/rdf/names.py` makes it. */
export function iri(store, node) {
  const simple = encodeURIComponent(store.ids[node])
    .replace(/[!'()*]/g, (c) => "%" + c.charCodeAt(0).toString(16).toUpperCase())
    .replace(/%2F/g, "/")
    .replace(/%40/g, "@");
  return `<${store.meta.rdf.base}${store.iris[node] || simple}>`;
}

/**
 * A query that returns `nodes`. The filters are written as patterns where RDF has what they ask for (type, status,
 * article) and nothing else is set; otherwise the nodes are listed.
 */
export function sparql(app, nodes) {
  const { store, state, meta } = app;
  const f = state.filters;
  const byPattern = state.view !== "graph" && f.area === null && !f.years && !f.amount;
  const types =
    f.types.length && byPattern
      ? f.types.map((i) => store.typeNames[i])
      : store.typeNames.filter((t) => t !== "Figure" && t !== "Document");
  const lines = [
    `PREFIX kg: <${meta.rdf.vocabulary}>`,
    "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>",
    "SELECT DISTINCT ?entity ?type ?name ?status WHERE {",
    `  VALUES ?type { ${types.map((t) => "kg:" + t).join(" ")} }`,
  ];
  if (byPattern) {
    if (f.statuses.length)
      lines.push(
        `  VALUES ?status { ${f.statuses.map((s) => "kg:" + store.statusNames[s]).join(" ")} }`,
        "  ?entity kg:status ?status .",
      );
    if (f.document !== null) lines.push(`  ${iri(store, f.document)} kg:mentions|kg:reportsStatus ?entity .`);
  } else {
    lines.push("  VALUES ?entity {", ...nodes.map((n) => "    " + iri(store, n)), "  }");
  }
  lines.push("  ?entity a ?type ; rdfs:label ?name .");
  if (!byPattern || !f.statuses.length) lines.push("  OPTIONAL { ?entity kg:status ?status }");
  return [...lines, "}", "ORDER BY ?type ?name", ""].join("\n");
}
