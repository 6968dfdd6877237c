// Where the reader is in the document: the section, the page, the picture of the page; and how to get elsewhere.
import { quotation } from "./source_marks.js";
import { hold, lastAtMost, main, pageAt, partAtHeight, parts, top as topOfText } from "./source_text.js";

const contents = document.getElementById("contents");
const button = document.getElementById("contents-button");
const go = document.getElementById("go");
const page = document.getElementById("page");
const picture = document.querySelector(".picture");
const WIDE = window.matchMedia("(min-width: 1000px)");
const links = contents ? [...contents.querySelectorAll("a")] : [];
const starts = links.map((link) => Number(link.hash.slice(2)));
let here = null;

function unfolded() {
  return contents.classList.contains("shown") || (WIDE.matches && !contents.classList.contains("folded"));
}

function fold(shown) {
  contents.classList.toggle("shown", shown && !WIDE.matches);
  contents.classList.toggle("folded", !shown && WIDE.matches);
  document.body.classList.toggle("contents-folded", !shown && WIDE.matches);
  button.setAttribute("aria-expanded", unfolded());
}

/** The last heading above a height of the window, by its index in the table of contents; -1 above the first. */
function sectionAt(height) {
  const index = partAtHeight(height);
  const at = Number(parts[index].dataset.at);
  const inPart = [...parts[index].querySelectorAll(".heading[id]")];
  const passed = inPart.filter((heading) => heading.getBoundingClientRect().top <= height);
  return lastAtMost(starts, passed.length ? Number(passed[passed.length - 1].id.slice(1)) : at - 1);
}

/** Mark where the reader is in the table of contents: the entry itself, or the folded one that it is below. */
function markSection(index) {
  let link = links[index];
  for (let list = link?.closest("ol"); list && list.parentElement !== contents; list = list.parentElement.closest("ol")) {
    if (list.parentElement.querySelector(":scope > .fold")?.getAttribute("aria-expanded") === "false") {
      link = list.parentElement.querySelector(":scope > a");
    }
  }
  if (link === here) return;
  here?.removeAttribute("aria-current");
  link?.setAttribute("aria-current", "location");
  here = link;
  if (!link || !unfolded()) return;
  const [box, room] = [link.getBoundingClientRect(), contents.getBoundingClientRect()];
  if (box.top < room.top + 30 || box.bottom > room.bottom - 20) contents.scrollTop += box.top - room.top - room.height / 3;
}

function pageBeingRead(height) {
  const quoted = document.getElementById("q")?.getBoundingClientRect();
  if (quotation() && quoted && quoted.bottom > topOfText() && quoted.top < window.innerHeight) return pageAt(quotation()[0]);
  return Number(parts[partAtHeight(height)]?.dataset.on ?? 0) || null;
}

let shownPage = null;
function showPicture(number) {
  if (!picture?.open || !number || number === shownPage) return;
  shownPage = number;
  const link = picture.querySelector("a");
  const label = link.dataset.label.replace("{page}", number);
  link.href = picture.querySelector("img").src = `${link.dataset.address}${number}`;
  picture.querySelector("img").alt = picture.querySelector("summary").textContent = label;
}

/** Go to a section, unless another tab is wanted for it. */
function lead(event, link) {
  const heading = document.getElementById(link.hash.slice(1));
  if (!heading || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  if (!WIDE.matches) fold(false);
  history.pushState(null, "", link.hash);
  heading.closest(".part").classList.add("drawn");
  hold(heading, () => 14);
}

let pending = 0;
let settled;
function look() {
  pending = 0;
  const height = topOfText() + Math.min(140, window.innerHeight * 0.2);
  if (links.length) markSection(sectionAt(height));
  const number = pageBeingRead(height);
  if (page && number && document.activeElement !== page) page.value = number;
  clearTimeout(settled);
  settled = setTimeout(() => showPicture(number), 250);
}

const lookSoon = () => { pending ||= requestAnimationFrame(look); };

function goToPage() {
  const number = Number.parseInt(page.value.normalize("NFKC"), 10);
  const target = document.getElementById(`page-${number}`);
  page.setAttribute("aria-invalid", !target);
  if (!target) return;
  hold(target.closest(".part"), () => 0);
  page.select();
}

if (main) {
  if (contents) {
    button.hidden = false;
    fold(WIDE.matches);
    WIDE.addEventListener("change", () => fold(WIDE.matches));
    button.addEventListener("click", () => fold(!unfolded()));
    contents.addEventListener("click", (event) => {
      const target = event.target.closest(".fold, a");
      if (!target) return;
      if (target.matches(".fold")) target.setAttribute("aria-expanded", target.getAttribute("aria-expanded") !== "true");
      else lead(event, target);
      lookSoon();
    });
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !contents.classList.contains("shown")) return;
      event.stopImmediatePropagation();
      fold(false);
      button.focus({ preventScroll: true });
    });
  }
  if (go) {
    go.hidden = false;
    go.addEventListener("submit", (event) => {
      event.preventDefault();
      goToPage();
    });
    page.addEventListener("focus", () => page.select());
    page.addEventListener("blur", lookSoon);
  }
  picture?.addEventListener("toggle", lookSoon);
  const held = document.querySelector(".held");
  new ResizeObserver(() => document.documentElement.style.setProperty("--held", `${held.offsetHeight}px`)).observe(held);
  window.addEventListener("scroll", lookSoon, { passive: true });
  window.addEventListener("resize", lookSoon, { passive: true });
  lookSoon();
}
