// The only place where elements are made. Text from the graph always goes in as text, never as markup.

/** An element with properties, data-* and aria-* attributes, listeners (onclick …) and children. */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (key === "text") node.textContent = value;
    else if (key === "class") node.className = value;
    else if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else node.setAttribute(key, value === true ? "" : String(value));
  }
  append(node, children);
  return node;
}

const SVG = "http://www.w3.org/2000/svg";

/** An SVG element; styles that change are set as attributes, which the page's policy allows. */
export function svg(tag, props = {}, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [key, value] of Object.entries(props)) {
    if (value === undefined || value === null) continue;
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else node.setAttribute(key, String(value));
  }
  append(node, children);
  return node;
}

export function append(node, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    node.append(child);
  }
}

export function byId(id) {
  return document.getElementById(id);
}

/** Empties `node` and fills it with `children`. */
export function fill(node, ...children) {
  node.replaceChildren();
  append(node, children);
  return node;
}

/** Says `text` to screen readers, and to everyone for a moment. */
export function announce(text, visible = true) {
  byId("live").textContent = text;
  const tip = byId("tip");
  if (!visible) return;
  tip.textContent = text;
  tip.hidden = false;
  clearTimeout(announce.timer);
  announce.timer = setTimeout(() => {
    tip.hidden = true;
  }, 3200);
}
