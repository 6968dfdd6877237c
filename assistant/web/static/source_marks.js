// The quotations of an answer in this source: marked, led to one by one, copied, and handed on as an address.
import { copyText } from "./copy.js";
import { length, main, pageAt, piecesBetween, selected, show, wordsBetween } from "./source_text.js";

const copy = document.getElementById("copy");
const share = document.getElementById("share");
const toQuotation = document.getElementById("to-quotation");
const stops = [...document.querySelectorAll(".all-stops a")];
const changed = new EventTarget();
/** The quotation that is shown, as [start, end], null when there is none. */
let current = null;

/** Tells when other words are marked than before. */
export { changed };
export const quotation = () => current;

function span(place) {
  const match = /^(\d{1,12})-(\d{1,12})$/.exec(place ?? "");
  if (!match) return null;
  const [start, end] = [Number(match[1]), Number(match[2])];
  return start < end && end <= length ? [start, end] : null;
}

function unmark() {
  for (const mark of main.querySelectorAll("mark")) {
    const parent = mark.parentNode;
    mark.replaceWith(...mark.childNodes);
    parent.normalize();
  }
}

function mark([start, end], other) {
  piecesBetween(start, end).forEach(([node, from, to], index) => {
    const words = node.splitText(from);
    words.splitText(to - from);
    const wrapped = document.createElement("mark");
    if (other) wrapped.className = "other";
    else if (index === 0) Object.assign(wrapped, { id: "q", tabIndex: -1 });
    words.replaceWith(wrapped);
    wrapped.append(words);
  });
}

/** Mark the words between two offsets as the quotation, and go there. */
function mind(place) {
  const places = stops.map((stop) => span(stop.dataset.place)).filter(Boolean);
  unmark();
  for (const other of places) if (`${other}` !== `${place}`) mark(other, true);
  mark(place, false);
  current = place;
  tell();
  show(...place);
  changed.dispatchEvent(new Event("changed"));
}

const indexOfCurrent = () => stops.findIndex((stop) => current && stop.dataset.place === current.join("-"));

/** Say which quotation is shown, and which are before and after it. */
function tell() {
  const index = indexOfCurrent();
  if (copy) copy.hidden = !current && !selected();
  stops.forEach((stop, at) => (at === index ? stop.setAttribute("aria-current", "true") : stop.removeAttribute("aria-current")));
  const line = document.querySelector(".stops");
  if (!line || stops.length < (index < 0 ? 1 : 2)) return;
  line.hidden = false;
  const said = document.getElementById("stop");
  said.textContent = index < 0 ? `–/${stops.length}` : `${index + 1}/${stops.length}`;
  if (index >= 0) said.setAttribute("aria-label", said.dataset.label.replace("{number}", index + 1).replace("{count}", stops.length));
  document.getElementById("stop-before").href = stops[(Math.max(index, 0) - 1 + stops.length) % stops.length].href;
  document.getElementById("stop-after").href = stops[(index + 1) % stops.length].href;
}

function stopAt(step) {
  const index = indexOfCurrent();
  const stop = stops[index < 0 ? (step > 0 ? 0 : stops.length - 1) : (index + step + stops.length) % stops.length];
  history.replaceState(null, "", stop.href);
  mind(span(stop.dataset.place));
}

for (const [id, step] of [["stop-before", -1], ["stop-after", 1]]) {
  document.getElementById(id)?.addEventListener("click", (event) => {
    event.preventDefault();
    stopAt(step);
  });
}

toQuotation?.addEventListener("click", (event) => {
  event.preventDefault();
  if (!current) return;
  show(...current);
  document.getElementById("q")?.focus({ preventScroll: true });
});

/** The reference that follows a quotation in a paper: title, publisher, date, page, file. */
function reference(offset) {
  const page = pageAt(offset);
  const facts = JSON.parse(copy.dataset.reference).map((fact) => fact ?? (page && copy.dataset.page.replace("{page}", page)));
  return facts.filter(Boolean).join(copy.dataset.separator);
}

/** The checksum of words in an address; nothing where the browser has no means (neither https nor this machine). */
async function checksum(words) {
  if (!window.crypto?.subtle) return "";
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(words));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("").slice(0, 12);
}

async function sharedAddress() {
  const place = selected() ?? current;
  const page = `${window.location.origin}${window.location.pathname}`;
  if (!place) return page;
  const known = stops.find((stop) => stop.dataset.place === place.join("-"));
  if (known) return new URL(known.dataset.shared, window.location.href).href;
  const check = await checksum(wordsBetween(...place));
  return `${page}?q=${place.join("-")}${check ? `&check=${check}` : ""}#${place.join("-")}`;
}

function copying(button, words) {
  // A click must not take away what is selected.
  button?.addEventListener("mousedown", (event) => event.preventDefault());
  button?.addEventListener("click", async () => {
    if (button.classList.contains("copied") || !(await copyText(await words()))) return;
    const label = button.textContent;
    button.classList.add("copied");
    button.textContent = button.dataset.copied;
    setTimeout(() => {
      button.classList.remove("copied");
      button.textContent = label;
      tellSelected();
    }, 1600);
  });
}

copying(copy, () => {
  const place = selected() ?? current;
  return `${wordsBetween(...place)}\n(${reference(place[0])})`;
});
copying(share, sharedAddress);

const label = share?.textContent;
function tellSelected() {
  if (!share || share.classList.contains("copied")) return;
  const some = selected();
  share.textContent = some ? share.dataset.ofSelection : label;
  copy.hidden = !some && !current;
}

let waiting;
document.addEventListener("selectionchange", () => {
  clearTimeout(waiting);
  waiting = setTimeout(tellSelected, 150);
});

/** Go to the quotation that the address names: by its fragment, which the server never sees, or by its query. */
function follow() {
  const named = span(window.location.hash.slice(1));
  if (named && `${named}` !== `${current}`) mind(named);
  else if (current && (named || ["", "#q"].includes(window.location.hash))) show(...current);
}

if (main) {
  const marked = document.getElementById("q");
  current = marked ? span(new URLSearchParams(window.location.search).get("q")) : null;
  tell();
  follow();
  window.addEventListener("load", follow);
  window.addEventListener("hashchange", follow);
}
