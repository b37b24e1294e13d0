// Draws one list as a table.  What it is given is set as text and never read as markup.  A click
// on a child, or on the button of a row, goes back to Python by the row's own word.

function make(tag, kind, ...parts) {
  const made = document.createElement(tag);
  if (kind) made.className = kind;
  made.append(...parts);
  return made;
}

// In a cell: a text, or texts under a class.
function draw(part) {
  if (typeof part === "string") return part;
  const made = make(part.meaning ? "abbr" : "span", part.kind, ...part.parts.map(draw));
  if (part.meaning) made.title = part.meaning;
  if (part.hidden) made.setAttribute("aria-hidden", "true");
  if (part.more) made.dataset.more = part.more;
  if ("left" in part) made.style.left = `${part.left}%`;
  if ("height" in part) made.style.height = `${part.height}px`;
  return made;
}

// The style sheet lays rows out as a grid, or as cards, so each part says what it is in a table.
function drawAs(role, tag, kind, ...parts) {
  const made = make(tag, kind, ...parts);
  made.setAttribute("role", role);
  return made;
}

function drawChild(row) {
  const child = row.to ? make("a", "", row.child) : row.child;
  const made = Object.assign(drawAs("rowheader", "th", "child", child), { scope: "row" });
  if (row.to) {
    made.firstChild.href = row.to;
    made.firstChild.dataset.open = row.to;
  }
  return made;
}

function drawCell(cell, label) {
  const { kind, parts } = typeof cell === "string" ? { kind: "", parts: [cell] } : cell;
  const made = drawAs("cell", "td", `cell ${kind}`, ...parts.map(draw));
  made.dataset.label = label;
  return made;
}

function drawButton(row, [label, about]) {
  const button = make("button", "press", label, make("span", "label", ` ${about} ${row.child}`));
  button.type = "button";
  button.dataset.press = row.key;
  return drawAs("cell", "td", "action", button);
}

function drawRow(list, row) {
  const first = row.child === undefined ? [] : [drawChild(row)];
  const cells = row.cells.map((cell, place) => drawCell(cell, list.labels[first.length + place]));
  const under = row.under.map((text) => drawCell({ kind: "under", parts: [text] }, ""));
  const button = list.button ? [drawButton(row, list.button)] : [];
  const made = drawAs("row", "tr", row.kind, ...first, ...cells, ...under, ...button);
  made.dataset.key = row.key;
  return made;
}

function drawTable(list, rows, label) {
  const heads = list.heads.map((head) =>
    Object.assign(drawAs("columnheader", "th", "", draw(head)), { scope: "col" }));
  const made = drawAs(
    "table", "table", `rows rows-${list.kind}`,
    drawAs("rowgroup", "thead", "", drawAs("row", "tr", "", ...heads)),
    drawAs("rowgroup", "tbody", "", ...rows.map((row) => drawRow(list, row))),
  );
  made.setAttribute("aria-label", label);
  return made;
}

function drawPart(list, part, isOpen) {
  const made = make("section", "");
  const shape = { kind: "shape", parts: [part.shape], hidden: true };
  if (part.title) made.append(make("h2", "", draw(shape), part.title));
  if (part.rows.length) made.append(drawTable(list, part.rows, part.label));
  if (part.fold) {
    const fold = make("button", "fold", part.fold);
    fold.type = "button";
    fold.setAttribute("aria-expanded", String(isOpen));
    made.append(fold);
  }
  if (part.note) made.append(make("p", "", part.note));
  return made;
}

// Make what stands there say what is new, and keep each element that says the same or has the focus.
function settle(old, fresh) {
  if (old.nodeType === Node.TEXT_NODE) {
    if (old.data !== fresh.data) old.data = fresh.data;
    return;
  }
  for (const { name } of [...old.attributes]) {
    if (!fresh.hasAttribute(name)) old.removeAttribute(name);
  }
  for (const { name, value } of fresh.attributes) {
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
  const keyed = new Map([...old.children].map((child) => [child.dataset.key, child]));
  const all = [...fresh.childNodes];
  all.forEach((wanted, place) => {
    const here = old.childNodes[place];
    const same = wanted.dataset?.key ? keyed.get(wanted.dataset.key) : here;
    if (same === undefined || same.nodeName !== wanted.nodeName) {
      old.insertBefore(wanted, here ?? null);
      return;
    }
    if (same !== here) old.insertBefore(same, here);
    settle(same, wanted);
  });
  while (old.childNodes.length > all.length) old.lastChild.remove();
}

export default function ({ data, parentElement, setTriggerValue }) {
  const isOpen = () => parentElement.dataset.unfolded === "true";
  const root = parentElement.querySelector(".list") ?? make("div", "list");
  const focused = document.activeElement;
  settle(root, make("div", "list", ...data.parts.map((part) => drawPart(data, part, isOpen()))));
  if (!root.isConnected) parentElement.append(root);
  if (root.contains(focused) && focused !== document.activeElement) focused.focus();
  parentElement.onclick = (event) => {
    const part = event.target.closest("a, button");
    if (!part || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (part.dataset.open) {
      event.preventDefault();
      setTriggerValue("open", part.dataset.open);
    } else if (part.dataset.press) {
      setTriggerValue("press", part.dataset.press);
    } else {
      parentElement.dataset.unfolded = String(!isOpen());
      for (const each of root.querySelectorAll(".fold")) each.ariaExpanded = String(isOpen());
    }
  };
}
