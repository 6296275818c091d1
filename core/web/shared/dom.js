// The few lines of DOM that an app's pages need.

/** element("button.chip", {type: "button", onclick}, "text", child, …) */
export function element(selector, attributes = {}, ...children) {
  const [tag, ...classes] = selector.split(".");
  const node = document.createElement(tag);
  if (classes.length) node.className = classes.join(" ");
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value != null) node.setAttribute(name, value);
  }
  node.append(...children.flat().filter((child) => child != null && child !== "" && child !== false));
  return node;
}

export const button = (classes, attributes, ...children) =>
  element(`button.${classes}`, { type: "button", ...attributes }, ...children);

/** Changes text only when it differs, so that nothing under a finger is replaced. */
export function say(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

export const press = (node, pressed) => node.setAttribute("aria-pressed", String(Boolean(pressed)));
