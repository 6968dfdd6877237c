// Finds words in the document. The program looks for them; the browser paints what is in view, without touching the text.
import { changed, quotation } from "./source_marks.js";
import { lastAtMost, main, offsetInView, partAt, parts, rangeBetween, show, spanOf, top as topOfText } from "./source_text.js";

const MOST_PAINTED = 400;
const form = document.getElementById("find");
const words = document.getElementById("words");
const hits = document.getElementById("hits");
const buttons = { before: document.getElementById("hit-before"), after: document.getElementById("hit-after") };
const painted = window.CSS?.highlights ? { all: new Highlight(), one: new Highlight() } : null;
const inView = new Set();
let starts = [];
let ends = [];
let count = 0;
let at = -1;
let asked = "";
let request = null;
/** The offset that a search goes on from while its words are being typed, until the reader moves. */
let origin = null;

async function find() {
  const wanted = words.value.trim();
  if (wanted === asked) return;
  asked = wanted;
  request?.abort();
  if (!wanted) {
    settle([], 0);
    return;
  }
  request = new AbortController();
  hits.textContent = "…";
  try {
    const answer = await fetch(`${main.dataset.find}&words=${encodeURIComponent(wanted)}`, { signal: request.signal });
    if (answer.ok) {
      const found = await answer.json();
      settle(found.offsets, found.count);
    } else {
      settle([], 0);
      hits.textContent = [404, 409].includes(answer.status) ? hits.dataset.moved : hits.dataset.lost;
    }
  } catch (error) {
    if (error.name === "AbortError") return;
    settle([], 0);
    hits.textContent = hits.dataset.lost;
  }
}

function settle(offsets, number) {
  starts = offsets.filter((_, index) => index % 2 === 0);
  ends = offsets.filter((_, index) => index % 2 === 1);
  count = number;
  at = -1;
  buttons.before.disabled = buttons.after.disabled = !count;
  origin = asked ? (origin ?? placeOfReading()) : null;
  if (count) at = firstFrom(origin);
  if (at >= 0) go();
  else {
    hits.textContent = count ? `–/${count.toLocaleString()}` : asked ? hits.dataset.none : "";
    hits.removeAttribute("aria-label");
    paint();
  }
}

/** Where a search begins: at the quotation, where that is in view, else at the first line that is. */
function placeOfReading() {
  const quoted = document.getElementById("q")?.getBoundingClientRect();
  const inSight = quotation() && quoted && quoted.bottom > topOfText() && quoted.top < window.innerHeight;
  return inSight ? quotation()[0] : offsetInView();
}

/** The first hit from an offset on; none where hits are so many that those there are not told. */
function firstFrom(offset) {
  const hit = lastAtMost(ends, offset) + 1;
  if (hit < starts.length) return hit;
  return count > starts.length ? -1 : 0;
}

function go() {
  const of = count.toLocaleString();
  hits.textContent = `${(at + 1).toLocaleString()}/${of}`;
  hits.setAttribute("aria-label", hits.dataset.some.replace("{number}", at + 1).replace("{count}", of));
  show(starts[at], ends[at]);
  paint();
}

function step(by) {
  if (!starts.length) return;
  at = at < 0 ? (by > 0 ? 0 : starts.length - 1) : (at + by + starts.length) % starts.length;
  origin = starts[at];
  go();
}

/** The hits that lie in a part, as their first and last index; the nearest to the one shown where there are too many. */
function hitsIn(index) {
  const [start, end] = spanOf(index);
  let first = lastAtMost(ends, start) + 1;
  let last = lastAtMost(starts, end - 1);
  if (last - first >= MOST_PAINTED) {
    first = Math.max(first, Math.min(at, last) - MOST_PAINTED / 2);
    last = Math.min(last, first + MOST_PAINTED);
  }
  return [first, last];
}

function paint() {
  if (!painted) {
    paintWithout();
    return;
  }
  painted.all.clear();
  painted.one.clear();
  if (at < 0) return;
  const one = rangeBetween(starts[at], ends[at]);
  if (one) painted.one.add(one);
  for (const index of inView) {
    const [first, last] = hitsIn(index);
    for (let hit = first; hit <= last && painted.all.size < MOST_PAINTED; hit += 1) {
      const range = hit === at ? null : rangeBetween(starts[hit], ends[hit]);
      if (range) painted.all.add(range);
    }
  }
}

/** A browser that cannot paint shows the hit as what is selected. */
function paintWithout() {
  const selection = window.getSelection();
  const range = at < 0 ? null : rangeBetween(starts[at], ends[at]);
  if (!range) return;
  selection.removeAllRanges();
  selection.addRange(range);
}

function clear() {
  words.value = "";
  find();
}

if (form && main) {
  form.hidden = false;
  if (painted) {
    CSS.highlights.set("hit", painted.all);
    painted.one.priority = 1;
    CSS.highlights.set("hit-shown", painted.one);
  }
  const observer = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        const index = partAt(Number(target.dataset.at));
        if (isIntersecting) inView.add(index);
        else inView.delete(index);
      }
      if (at >= 0 && painted) paint();
    },
    { rootMargin: "300px" },
  );
  parts.forEach((part) => observer.observe(part));
  let waiting;
  words.addEventListener("input", (event) => {
    clearTimeout(waiting);
    if (!event.isComposing) waiting = setTimeout(find, 220);
  });
  words.addEventListener("compositionend", () => { waiting = setTimeout(find, 220); });
  // The program prepares a text the first time that it is searched.
  words.addEventListener("focus", () => fetch(`${main.dataset.find}&words=`).catch(() => {}), { once: true });
  form.addEventListener("submit", (event) => event.preventDefault());
  words.addEventListener("keydown", async (event) => {
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === "Enter") {
      event.preventDefault();
      clearTimeout(waiting);
      if (words.value.trim() !== asked) await find();
      else step(event.shiftKey ? -1 : 1);
    } else if (event.key === "Escape" && words.value) {
      event.preventDefault();
      event.stopPropagation();
      clear();
    }
  });
  for (const moved of ["wheel", "touchmove"]) window.addEventListener(moved, () => { origin = null; }, { passive: true });
  buttons.before.addEventListener("click", () => step(-1));
  buttons.after.addEventListener("click", () => step(1));
  changed.addEventListener("changed", () => at >= 0 && paint());
  document.addEventListener("keydown", (event) => {
    const typing = event.target instanceof Element && event.target.closest("input, textarea, [contenteditable]");
    if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    words.focus({ preventScroll: true });
    words.select();
  });
}
