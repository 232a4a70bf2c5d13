// Strings for people: labels in two languages, amounts, periods, and characters that must be seen to be believed.

let strings = {};
let language = 0; // 0 Chinese, 1 English

export function setStrings(table) {
  strings = table;
}

export function setLanguage(name) {
  language = name === "en" ? 1 : 0;
}

export function lang() {
  return language ? "en" : "zh";
}

/** The label `key` in the page's language, with {names} filled in. */
export function t(key, values = {}) {
  const pair = strings[key];
  if (!pair) return key;
  return pair[language].replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
}

/** The label of a type, predicate or status record. */
export function label(record) {
  return language ? record.en : record.zh;
}

/** A predicate as it reads from its object. */
export function inverse(record) {
  return language ? record.inverse_en : record.inverse_zh;
}

const BIDI = /[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]/g;
// eslint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g;

/** `text` with control characters and direction marks made visible, so that none acts on what is around it. */
export function visible(text) {
  return String(text)
    .replace(CONTROL, (c) => {
      const code = c.charCodeAt(0);
      return code < 0x20 ? String.fromCharCode(0x2400 + code) : "\u2421";
    })
    .replace(BIDI, (c) => "⟨U+" + c.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0") + "⟩");
}

/** On one line: wraps inside Chinese text fall away, other white space becomes one space. */
export function oneLine(text) {
  return visible(
    String(text)
      .replace(/([\u3000-\u9fff\uff00-\uffef])\s*\n\s*(?=[\u3000-\u9fff\uff00-\uffef])/g, "$1")
      .replace(/[\s\u3000]+/g, " ")
      .trim(),
  );
}

const NUMBER = [
  new Intl.NumberFormat("zh-CN", { maximumFractionDigits: 2 }),
  new Intl.NumberFormat("en", { maximumFractionDigits: 2 }),
];

export function number(value) {
  return NUMBER[language].format(value);
}

/** A sum of money in yuan: 2.24e9 → 22.4亿元, or ¥2.24bn. */
export function money(yuan) {
  if (!yuan) return "";
  if (language) {
    for (const [size, unit] of [
      [1e9, "bn"],
      [1e6, "m"],
      [1e3, "k"],
    ]) {
      if (yuan >= size) return "¥" + number(Number((yuan / size).toPrecision(3))) + unit;
    }
    return "¥" + number(yuan);
  }
  if (yuan >= 1e8) return number(Number((yuan / 1e8).toPrecision(4))) + "亿元";
  if (yuan >= 1e4) return number(Number((yuan / 1e4).toPrecision(4))) + "万元";
  return number(yuan) + "元";
}

/** 2024-01/2024-06 → 2024年1–6月. */
export function period(text) {
  if (!text || language) return text || "";
  const [from, to] = text.split("/").map((part) => part.split("-").map(Number));
  if (from.some(Number.isNaN) || (to && to.some(Number.isNaN))) return text;
  const start = from[0] + "年" + (from[1] ? from[1] + "月" : "");
  if (!to) return start;
  if (to[0] === from[0]) return to[1] ? `${from[0]}年${from[1]}–${to[1]}月` : start;
  return start + "–" + to[0] + "年" + (to[1] ? to[1] + "月" : "");
}

/** Widths of a Chinese character, as `layout.py` counts them. */
export function width(text) {
  let total = 0;
  for (const c of text) total += c.codePointAt(0) > 0x2e7f ? 1 : 0.56;
  return total;
}

export const WRAP = 9;
export const LINES = 2;

const CLOSING = "”’」』》）)】、，。：；！？…%"; // never begin a line
const OPENING = "“‘「『《（(【"; // never end one

/** Lines of a label, as `layout.py` breaks them; with `most` more lines than it has. */
export function wrap(text, most = LINES) {
  const characters = Array.from(text);
  const whole = width(text);
  const limit = whole > WRAP && most === LINES ? Math.min(WRAP, Math.max(whole / LINES + 0.5, 4)) : WRAP;
  const lines = [];
  let line = "";
  let used = 0;
  for (let i = 0; i < characters.length; i++) {
    const w = width(characters[i]);
    if (used + w > limit && line && !CLOSING.includes(characters[i])) {
      if (lines.length === most - 1) {
        const rest = characters.slice(i).join("");
        if (used + width(rest) <= WRAP) return [...lines, line + rest];
        return [...lines, Array.from(line).slice(0, -1).join("") + "…"];
      }
      const last = Array.from(line).pop();
      const kept = OPENING.includes(last) && line.length > 1 ? last : "";
      lines.push(line.slice(0, line.length - kept.length));
      line = kept;
      used = width(kept);
    }
    line += characters[i];
    used += w;
  }
  return line ? [...lines, line] : lines;
}
