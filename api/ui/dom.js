// Elements from data. Texts are always texts: nothing that users wrote is ever read as markup.

const SVG = "http://www.w3.org/2000/svg";

/** An element with attributes (`onclick` and the like are listeners) and children; null and false are left out. */
export function el(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/** The same for a part of an SVG picture. */
export function svg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(2).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** A selection of one of several values; `options` are values, or pairs of a value and its name. */
export function choice(name, label, options, chosen) {
  const items = options.map((option) => {
    const [value, text] = Array.isArray(option) ? option : [option, option];
    return el("option", { value, selected: value === (chosen ?? "") }, text);
  });
  return el("label", {}, label, el("select", { name }, items));
}

/** A field to write in. */
export function field(name, label, type, value, more = {}) {
  return el("label", {}, label, el("input", { name, type, value: value ?? "", ...more }));
}

/** A value as JSON, folded away when it is long. */
export function json(title, value, open = false) {
  const text = typeof value === "string" ? value : JSON.stringify(value, null, 2);
  return el("details", { open }, el("summary", {}, title), el("pre", { tabindex: 0 }, text ?? "null"));
}
