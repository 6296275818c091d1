// Makes what is shown equal to a new version of it, and touches only what differs: a node that can be
// tapped or holds the focus is never replaced. Children are told apart by data-key.

// Belongs to the reader or to the clock, not to the server: an opened "More" stays open.
const OWN = new Set(["open", "data-old"]);

export function morph(shown, fresh) {
  attributes(shown, fresh);
  children(shown, fresh);
}

function attributes(shown, fresh) {
  for (const { name, value } of fresh.attributes) {
    if (!OWN.has(name) && shown.getAttribute(name) !== value) shown.setAttribute(name, value);
  }
  for (const { name } of [...shown.attributes]) {
    if (!OWN.has(name) && !fresh.hasAttribute(name)) shown.removeAttribute(name);
  }
}

function children(shown, fresh) {
  const free = [...shown.childNodes];
  const pairs = [...fresh.childNodes].map((wanted) => {
    const place = free.findIndex((node) => alike(node, wanted));
    return [place < 0 ? null : free.splice(place, 1)[0], wanted];
  });
  for (const node of free) node.remove();
  // Kept nodes stand in their order as a rule, so that nothing moves and new ones slip in between.
  let cursor = shown.firstChild;
  for (const [kept, wanted] of pairs) {
    if (kept) update(kept, wanted);
    if (kept && kept === cursor) cursor = cursor.nextSibling;
    else shown.insertBefore(kept ?? document.importNode(wanted, true), cursor);
  }
}

function update(node, wanted) {
  if (node.nodeType === Node.ELEMENT_NODE) morph(node, wanted);
  else if (node.data !== wanted.data) node.data = wanted.data;
}

const alike = (node, wanted) => node.nodeName === wanted.nodeName && key(node) === key(wanted);

const key = (node) => node.dataset?.key ?? "";
