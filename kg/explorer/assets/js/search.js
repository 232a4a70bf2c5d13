// Search as you type: names, aliases, pinyin in full and pinyin initials, over any number of names.

const SEPARATOR = "\u0001";

export function fold(text) {
  // eslint-disable-next-line no-control-regex
  return text.toLowerCase().replace(/[\s\u3000\u0001"'“”‘’「」『』《》]/g, "");
}

const STARTS = 6000; // of a short query only so many rows are looked at: those that begin with it …
const INSIDE = 6000; // … and those that hold it

/** All names as one string, with where each node's begin. Built once. */
export class Index {
  constructor(store) {
    this.store = store;
    const parts = [];
    const starts = [];
    const nodes = [];
    const own = [];
    let length = 0;
    const add = (node, text, name = 0) => {
      if (!text) return;
      parts.push(SEPARATOR, text);
      starts.push(length + 1);
      nodes.push(node);
      own.push(name);
      length += text.length + 1;
    };
    for (let i = 0; i < store.size; i++) {
      if (store.isFigure(i)) continue;
      add(i, fold(store.names[i]), 1);
      addPinyin(i, store.pinyin[i], add);
      const aliases = store.aliases[i];
      if (!aliases) continue;
      for (const alias of aliases) add(i, fold(alias));
      for (const alias of store.aliasPinyin[i] || []) addPinyin(i, alias, add);
    }
    this.text = parts.join("") + SEPARATOR;
    this.starts = Int32Array.from(starts);
    this.nodes = Int32Array.from(nodes);
    this.own = Uint8Array.from(own); // 1 for a row that is a node's name itself
  }

  /**
   * Numbers of the nodes whose name, alias or pinyin holds `query`: whole names first, then beginnings, then the rest;
   * articles after things; names before aliases and pinyin; then by how much is said of them.
   */
  find(query, limit = 12, accept = () => true) {
    const wanted = fold(query);
    if (!wanted) return [];
    const best = new Map();
    const note = (row, rank) => {
      const node = this.nodes[row];
      if (!accept(node)) return;
      const worth = rank * 4 + (node < this.store.entities ? 2 : 0) + this.own[row];
      if (worth > (best.get(node) ?? -1)) best.set(node, worth);
    };
    let at = this.text.indexOf(SEPARATOR + wanted);
    for (let n = 0; at >= 0 && n < STARTS; n++) {
      const row = this.rowAt(at + 1);
      note(row, this.text[at + 1 + wanted.length] === SEPARATOR ? 2 : 1);
      at = this.text.indexOf(SEPARATOR + wanted, at + 1);
    }
    at = this.text.indexOf(wanted);
    for (let n = 0; at >= 0 && n < INSIDE; n++) {
      const row = this.rowAt(at);
      if (at > this.starts[row]) note(row, 0);
      at = this.text.indexOf(wanted, this.endOf(row));
    }
    const { names, score } = this.store;
    return [...best]
      .sort(([a, x], [b, y]) => y - x || score[b] - score[a] || names[a].length - names[b].length || a - b)
      .slice(0, limit)
      .map(([node]) => node);
  }

  /** The alias of `node` that holds `query`, when its name does not. */
  alias(node, query) {
    const wanted = fold(query);
    if (fold(this.store.names[node]).includes(wanted)) return "";
    return this.store.aliasesOf(node).find((alias) => fold(alias).includes(wanted)) || "";
  }

  rowAt(position) {
    let low = 0;
    let high = this.starts.length;
    while (low + 1 < high) {
      const middle = (low + high) >> 1;
      if (this.starts[middle] <= position) low = middle;
      else high = middle;
    }
    return low;
  }

  endOf(row) {
    return row + 1 < this.starts.length ? this.starts[row + 1] - 1 : this.text.length;
  }
}

function addPinyin(node, pinyin, add) {
  if (!pinyin) return;
  const syllables = pinyin.split(" ");
  add(node, syllables.join(""));
  if (syllables.length > 1) add(node, syllables.map((s) => s[0]).join(""));
}
