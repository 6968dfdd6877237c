// The text of the document on the page. Offsets count characters as the program counts them, not UTF-16 units.
const main = document.getElementById("text");
const parts = main ? [...main.querySelectorAll(".part")] : [];
const starts = parts.map((part) => Number(part.dataset.at));
export const length = Number(main?.dataset.length ?? 0);
export { main, parts };

/** Of some ascending numbers, the index of the last one that is at most `value`; -1 when there is none. */
export function lastAtMost(numbers, value) {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (numbers[middle] <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** The index of the part that an offset lies in. */
export function partAt(offset) {
  return Math.max(0, lastAtMost(starts, offset));
}

/** The offsets of a part. */
export function spanOf(index) {
  return [starts[index], starts[index + 1] ?? length];
}

/** The page that an offset lies on, null in a document without pages. */
export function pageAt(offset) {
  return Number(parts[partAt(offset)]?.dataset.on ?? 0) || null;
}

const characters = (string) => {
  let count = 0;
  for (const _ of string) count += 1;
  return count;
};

function textNodes(part) {
  const nodes = [];
  const walker = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) nodes.push(walker.currentNode);
  return nodes;
}

/** Whether every character of a part is one UTF-16 unit, so that units need no counting. */
function isPlain(index) {
  const part = parts[index];
  if (part.plain === undefined) part.plain = part.textContent.length === spanOf(index)[1] - starts[index];
  return part.plain;
}

/** The units that the first `count` characters of a string take. */
function units(string, count) {
  let at = 0;
  for (let left = count; left > 0 && at < string.length; left -= 1) at += string.codePointAt(at) > 0xffff ? 2 : 1;
  return at;
}

/** The text nodes between two offsets, as [node, from, to] in UTF-16 units. */
export function piecesBetween(start, end) {
  const found = [];
  for (let index = partAt(start); index < parts.length && starts[index] < end; index += 1) {
    const plain = isPlain(index);
    let at = starts[index];
    for (const node of textNodes(parts[index])) {
      const size = plain ? node.length : characters(node.data);
      const from = Math.max(0, start - at);
      const to = Math.min(size, end - at);
      if (from < to) found.push(plain ? [node, from, to] : [node, units(node.data, from), units(node.data, to)]);
      at += size;
      if (at >= end) break;
    }
  }
  return found;
}

/** The Range between two offsets; null when they hold nothing. */
export function rangeBetween(start, end) {
  const pieces = piecesBetween(start, end);
  if (!pieces.length) return null;
  const range = document.createRange();
  const [last] = pieces.slice(-1);
  range.setStart(pieces[0][0], pieces[0][1]);
  range.setEnd(last[0], last[2]);
  return range;
}

/** The words between two offsets. */
export function wordsBetween(start, end) {
  return piecesBetween(start, end).map(([node, from, to]) => node.data.slice(from, to)).join("");
}

function offsetOf(node, unit) {
  const inside = node.nodeType === Node.TEXT_NODE ? node.parentElement : node;
  const part = inside.closest(".part");
  if (!part) return starts[unit] ?? length;
  const before = document.createRange();
  before.setStart(part, 0);
  before.setEnd(node, unit);
  return Number(part.dataset.at) + characters(before.toString());
}

/** The offset of the first line in view. */
export function offsetInView() {
  const [x, y] = [main.getBoundingClientRect().left + main.clientWidth / 2, top() + 4];
  const place = document.caretPositionFromPoint?.(x, y) ?? document.caretRangeFromPoint?.(x, y);
  const node = place?.offsetNode ?? place?.startContainer;
  return node && main.contains(node) ? offsetOf(node, place.offset ?? place.startOffset) : starts[partAtHeight(y)];
}

/** The offsets of what the user has selected of the text, without white space around it; null when that is nothing. */
export function selected() {
  const selection = window.getSelection();
  if (!main || !selection?.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  if (!range.intersectsNode(main)) return null;
  const start = main.contains(range.startContainer) ? offsetOf(range.startContainer, range.startOffset) : 0;
  const end = main.contains(range.endContainer) ? offsetOf(range.endContainer, range.endOffset) : length;
  const words = wordsBetween(start, end);
  const kept = words.trim();
  if (!kept) return null;
  const from = start + characters(words.slice(0, words.indexOf(kept)));
  return [from, from + characters(kept)];
}

const MOST_FRAMES = 30;
let holding = 0;

/** Bring an element or a Range into view, below what stays at the top of the window, and keep it there while parts
    around it, which were not laid out so far, take their real height; until the user moves. */
export function hold(target, space) {
  const held = heldHeight();
  cancelAnimationFrame(holding);
  const move = (frame) => {
    const box = target.getBoundingClientRect();
    const by = box.top - held - space(box.height, window.innerHeight - held);
    if (Math.abs(by) >= 2) window.scrollBy({ top: by, behavior: "instant" });
    if (frame < MOST_FRAMES) holding = requestAnimationFrame(() => move(frame + 1));
  };
  move(0);
}

const MOVING = /^(Arrow|Page|Home|End|Tab| )/;
for (const moved of ["wheel", "touchmove", "pointerdown", "keydown"]) {
  const release = (event) => { if (!event.key || MOVING.test(event.key)) cancelAnimationFrame(holding); };
  window.addEventListener(moved, release, { passive: true, capture: true });
}

/** Bring a span into view: in the middle where it fits, else its beginning. */
export function show(start, end) {
  parts[partAt(start)]?.classList.add("drawn");
  const range = rangeBetween(start, end);
  if (range) hold(range, (height, room) => (height < room * 0.6 ? (room - height) / 2 : 24));
}

/** The height of what stays at the top of the window. */
export function heldHeight() {
  return document.querySelector(".held")?.offsetHeight ?? 0;
}

/** Where the text begins to be seen, in pixels from the top of the window. */
export function top() {
  return document.querySelector(".held")?.getBoundingClientRect().bottom ?? 0;
}

/** The index of the part at a height of the window, in pixels. */
export function partAtHeight(height) {
  let low = 0;
  let high = parts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (parts[middle].getBoundingClientRect().top <= height) low = middle + 1;
    else high = middle;
  }
  return Math.max(0, low - 1);
}
