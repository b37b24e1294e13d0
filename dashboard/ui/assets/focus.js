// Moves the focus to where a person goes on, for who works with keys or by ear: to another page's
// title, to Undo after something was logged, to the child's row after Undo, to the passphrase after
// a wrong one.  Paper says on each page whose and what it is.  A button that
// chooses a day says for what.

const TITLE = "[data-testid=stMain] h1";
const [TRIES, PAUSE_MS] = [20, 150];
// What the run before said; nothing is moved on the first, where a browser begins at its top.
let last = null;

function choose(before, now) {
  if (now.page !== before.page) return [TITLE];
  if (now.undo && now.undo !== before.undo) return [".st-key-undo button"];
  if (now.attempts > before.attempts) return ["input[type=password]"]; // gone if it was right
  if (before.undo && now.undone) return [`[data-key="${CSS.escape(now.undone)}"] .press`, TITLE];
  return [];
}

// A dialog that closes gives the focus back to its button, a moment later: so it waits first.
// Who has gone on meanwhile, to a field of the new page, is let be.
function move(wanted, from, tries) {
  const now = document.activeElement;
  const isElsewhere = now !== from && now !== document.body;
  if (wanted[0] === TITLE && (isElsewhere || now.matches("input, textarea"))) return;
  const place = wanted.map((each) => document.querySelector(each)).find(Boolean);
  if (!place || place.closest("[data-stale=true]")) {
    if (tries) setTimeout(move, PAUSE_MS, wanted, from, tries - 1);
    return;
  }
  if (place.localName === "h1") place.tabIndex = -1;
  place.focus({ preventScroll: place.localName === "h1" });
}

const paper = new CSSStyleSheet();
document.adoptedStyleSheets.push(paper);
addEventListener("beforeprint", () => {
  const title = document.querySelector(TITLE)?.innerText ?? ""; // it says what is filtered
  const told = `${last.head} · ${title}`.replace(/\s+/g, " ").replace(/[\\"]/g, "\\$&");
  paper.replaceSync(`@page { @top-left { content: "${told}"; font: 9pt sans-serif; } }`);
});

new MutationObserver(() => {
  for (const each of document.querySelectorAll('[data-testid=stDateInput] [aria-label="Choose date"]'))
    each.ariaLabel += `: ${each.closest("[data-testid=stDateInput]").innerText.split("\n")[0]}`;
}).observe(document.body, { childList: true, subtree: true });

// Whose children a page is of stands in the address, and is no step of its own for who goes back.
// The list to choose them from lies over the page, so it closes after each choice.
const push = history.pushState;
history.pushState = function (state, unused, address) {
  const [to, here] = [address, location].map((each) => {
    const url = new URL(each, location);
    url.searchParams.delete("of");
    return url.href;
  });
  (to === here ? history.replaceState : push).call(history, state, unused, address);
  const field = to === here && document.querySelector(".st-key-place input:focus");
  if (field) field.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
};

export default function ({ data }) {
  const wanted = last === null ? [] : choose(last, data);
  last = data;
  if (wanted.length) setTimeout(move, PAUSE_MS, wanted, document.activeElement, TRIES);
}
