// The graph as the page holds it: columns by node number, edges as a compressed list, articles on demand.

/** Decodes a block of the page: base64, gzip, JSON. */
export async function block(name) {
  const node = document.getElementById("block-" + name);
  if (!node) return null;
  const text = node.textContent;
  const packed = atob(text.trim());
  const bytes = new Uint8Array(packed.length);
  for (let i = 0; i < packed.length; i++) bytes[i] = packed.charCodeAt(i);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  const data = JSON.parse(await new Response(stream).text());
  node.remove();
  return data;
}

/** Relations that belong to articles and figures: told by the cards, not drawn. */
export const QUIET = new Set(["mentions", "figureOf", "reportsStatus"]);

export class Store {
  constructor(core, meta, load = block) {
    Object.assign(this, core);
    this.meta = meta;
    this.size = core.ids.length;
    this.load = load;
    this.cache = new Map();
    this.predicateOf = core.predicate;
    this.quiet = core.predicateNames.map((name) => QUIET.has(name));
    this.indexEdges();
    this.indexAreas();
    this.number = new Map(core.ids.map((id, i) => [id, i]));
    this.guessed = new Set(core.guessed); // what lies in its area by its articles only
  }

  /** Edges of each node, outgoing and incoming, as one array with offsets. */
  indexEdges() {
    const { source, target, size } = this;
    const offset = new Int32Array(size + 1);
    for (let e = 0; e < source.length; e++) {
      offset[source[e] + 1]++;
      if (target[e] !== source[e]) offset[target[e] + 1]++;
    }
    for (let i = 0; i < size; i++) offset[i + 1] += offset[i];
    const list = new Int32Array(offset[size]);
    const at = offset.slice();
    for (let e = 0; e < source.length; e++) {
      list[at[source[e]]++] = e;
      if (target[e] !== source[e]) list[at[target[e]]++] = e;
    }
    this.edgeOffset = offset;
    this.edgeList = list;
  }

  /** Members of each area, and areas below each area. */
  indexAreas() {
    this.content = new Map();
    this.children = new Map();
    const area = this.typeNames.indexOf("AdministrativeArea");
    for (let i = 0; i < this.entities; i++) {
      if (this.types[i] === area) {
        push(this.children, this.parent[i], i);
      } else if (this.home[i] >= 0) {
        push(this.content, this.home[i], i);
      }
    }
    this.areaType = area;
  }

  edgesOf(node) {
    return this.edgeList.subarray(this.edgeOffset[node], this.edgeOffset[node + 1]);
  }

  other(edge, node) {
    return this.source[edge] === node ? this.target[edge] : this.source[edge];
  }

  predicateName(edge) {
    return this.predicateNames[this.predicate[edge]];
  }

  typeName(node) {
    return this.typeNames[this.types[node]];
  }

  isArea(node) {
    return this.types[node] === this.areaType;
  }

  isDocument(node) {
    return node >= this.documentStart;
  }

  isFigure(node) {
    return node >= this.figureStart && node < this.documentStart;
  }

  aliasesOf(node) {
    return this.aliases[node] || [];
  }

  /** Entities tied to `node` by relations that are drawn. */
  neighbours(node) {
    const found = new Set();
    for (const e of this.edgesOf(node)) {
      if (!this.quiet[this.predicate[e]]) found.add(this.other(e, node));
    }
    found.delete(node);
    return found;
  }

  /** Edges of `node` with this predicate; `out` true, false or undefined for both directions. */
  related(node, predicate, out) {
    const p = this.predicateNames.indexOf(predicate);
    const found = [];
    for (const e of this.edgesOf(node)) {
      if (this.predicate[e] !== p) continue;
      if (out === true && this.source[e] !== node) continue;
      if (out === false && this.target[e] !== node) continue;
      found.push(e);
    }
    return found;
  }

  /** The areas from the root down to `area`. */
  pathOf(area) {
    const path = [];
    for (let at = area; at >= 0; at = this.parent[at]) path.unshift(at);
    return path;
  }

  /** The first of the articles that an edge rests on, -1 for none. */
  articleOf(edge) {
    const first = edge === undefined ? -1 : this.firstArticle[edge];
    return first < 0 ? -1 : first + this.documentStart;
  }

  /** `area` and every area below it. */
  subtree(area) {
    const found = new Set([area]);
    const waiting = [area];
    while (waiting.length) {
      for (const child of this.children.get(waiting.pop()) || []) {
        if (!found.has(child)) {
          found.add(child);
          waiting.push(child);
        }
      }
    }
    return found;
  }

  figure(node) {
    const i = node - this.figureStart;
    const f = this.figures;
    return {
      node,
      indicator: f.indicator[i] ?? "",
      value: f.value[i],
      unit: f.unit[i] ?? "",
      base: f.base_value[i],
      about: Boolean(f.about[i]),
      period: f.period[i] ?? "",
      growth: f.growth[i],
      rank: f.rank[i] ?? "",
    };
  }

  documentOf(node) {
    const i = node - this.documentStart;
    const d = this.documents;
    const [author, date, period, path] = [d.author, d.date, d.period, d.path].map((column) => column[i]);
    return { node, title: d.title[i] || this.names[node], author, date, period, path };
  }

  async once(name) {
    if (!this.cache.has(name)) this.cache.set(name, this.load(name));
    return this.cache.get(name);
  }

  /** The text of the article that is node `node`, as an array of code points (offsets count those); [] if not kept. */
  async article(node) {
    const i = node - this.documentStart;
    const chunk = this.chunkOf[i];
    const texts = await this.once("texts-" + chunk);
    return Array.from(texts ? texts[i - this.chunkOf.indexOf(chunk)] : "");
  }

  /** Evidence of an edge: [{document (node or -1), start, end, quote, rule}]. */
  async evidenceOf(edge) {
    const data = await this.once("evidence");
    if (!this.evidenceOffset) {
      this.evidenceOffset = new Int32Array(data.counts.length + 1);
      data.counts.forEach((n, i) => {
        this.evidenceOffset[i + 1] = this.evidenceOffset[i] + n;
      });
    }
    const found = [];
    for (let i = this.evidenceOffset[edge]; i < this.evidenceOffset[edge + 1]; i++) {
      const document = data.document[i] < 0 ? -1 : data.document[i] + this.documentStart;
      const start = data.start[i];
      const end = start + data.length[i];
      let quote = data.quotes[i];
      if (quote === undefined && start >= 0 && document >= 0) {
        quote = (await this.article(document)).slice(start, end).join("");
      }
      found.push({ document, start, end, quote: quote || "", rule: data.rules[data.rule[i]] });
    }
    return found;
  }
}

function push(map, key, value) {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
