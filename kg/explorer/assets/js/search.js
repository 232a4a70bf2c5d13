// Search as you type: names, aliases, pinyin in full and pinyin initials, over any number of names.

const SEPARATOR = "\u0001";

export function fold(text) {
  // eslint-disable-next-line no-control-regex
  return text.toLowerCase().replace(/[\s\u3000\u0001"'“”‘’「」『』《》]/g, "");
}

/** All names as one string, with where each node's begin. Built once. */
export class Index {
  constructor(store) {
    this.store = store;
    const parts = [];
    const starts = [];
    const nodes = [];
    let length = 0;
    const add = (node, text) => {
      if (!text) return;
      parts.push(SEPARATOR, text);
      starts.push(length + 1);
      nodes.push(node);
      length += text.length + 1;
    };
    for (let i = 0; i < store.size; i++) {
      if (store.isFigure(i)) continue;
      add(i, fold(store.names[i]));
      addPinyin(i, store.pinyin[i], add);
      const aliases = store.aliases[i];
      if (!aliases) continue;
      for (const alias of aliases) add(i, fold(alias));
      for (const alias of store.aliasPinyin[i] || []) addPinyin(i, alias, add);
    }
    this.text = parts.join("") + SEPARATOR;
    this.starts = Int32Array.from(starts);
    this.nodes = Int32Array.from(nodes);
  }

  /** Numbers of the nodes whose name, alias or pinyin holds `query`: whole names first, then beginnings, then by weight. */
  find(query, limit = 12, accept = () => true) {
    const wanted = fold(query);
    if (!wanted) return [];
    const best = new Map();
    let at = this.text.indexOf(wanted);
    let steps = 0;
    while (at >= 0 && steps < 40000) {
      steps++;
      const row = this.rowAt(at);
      const start = this.starts[row];
      const node = this.nodes[row];
      const whole = at === start && this.text[at + wanted.length] === SEPARATOR;
      const rank = whole ? 2 : at === start ? 1 : 0;
      if (accept(node) && rank >= (best.get(node) ?? -1)) best.set(node, rank);
      at = this.text.indexOf(wanted, rank === 0 ? at + 1 : this.endOf(row));
    }
    const { names, score, entities } = this.store;
    const article = (n) => (n >= entities ? 1 : 0);
    const own = (n) => (fold(names[n]).includes(wanted) ? 1 : 0);
    return [...best]
      .sort(
        ([a, x], [b, y]) =>
          y - x ||
          article(a) - article(b) ||
          own(b) - own(a) ||
          score[b] - score[a] ||
          names[a].length - names[b].length ||
          a - b,
      )
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
