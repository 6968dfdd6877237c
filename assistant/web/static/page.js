// What Gradio's components do not do: open citations in the panel, copy quotations, and keep Enter right.
import { followConversations } from "./conversations.js";
import { copyText } from "./copy.js";

const root = document.documentElement;
const NARROW = window.matchMedia("(max-width: 900px)");
let frame = null;
let opener = null;

/** The panel's frame, made as soon as Gradio has made the panel; Gradio never touches it. */
function panelFrame() {
  const panel = document.getElementById("source-panel");
  const spoken = language();
  if (!panel || !spoken) return null;
  if (!frame || !frame.isConnected) {
    frame = document.createElement("iframe");
    frame.name = "source-view";
    frame.src = `/source/?lang=${spoken}`;
    panel.append(frame);
  }
  return frame;
}

function language() {
  return document.querySelector(".masthead:not(.waiting)")?.getAttribute("lang");
}

function open(link) {
  const view = panelFrame();
  if (!view) return;
  const card = link.closest(".said") && cardsOf(link, link.textContent.trim());
  view.contentWindow.location.replace(card || link.href);
  root.classList.add("source-open");
  document.querySelectorAll("a.citation.opened").forEach((other) => other.classList.remove("opened"));
  link.classList.add("opened");
  opener = link;
  if (NARROW.matches) document.querySelector(".close-source")?.focus();
}

/** The cards of an answer's citations, in the panel: where a number in written words leads, and what a new answer shows. */
function cardsOf(element, number = "") {
  const address = element.closest(".bot-row")?.querySelector("a.cards")?.href;
  return address && `${address}${number && `#c${number}`}`;
}

function show(address) {
  const view = panelFrame();
  if (view && address) view.contentWindow.location.replace(address);
}

let answers = "";
/** A new answer shows its cards beside it, unless the user is reading a source. */
function showCards() {
  const rows = document.querySelectorAll("#chat .bot-row");
  const last = rows[rows.length - 1];
  const done = last?.querySelector("a.cards")?.href ?? "";
  if (done === answers) return;
  answers = done;
  if (done && !NARROW.matches && !opener?.isConnected) show(done);
}

function close() {
  if (!root.classList.contains("source-open")) return;
  // The word that the source was closed comes later than what the user does next: nobody is taken away from where they are.
  const inside = !document.activeElement || document.activeElement === document.body || document.activeElement.closest("#source-panel");
  root.classList.remove("source-open");
  if (NARROW.matches && inside) opener?.focus();
}

async function copy(button) {
  const quote = button.closest(".quotation")?.querySelector("blockquote");
  if (!quote) return;
  if (!(await copyText(quote.textContent))) return;
  button.classList.add("copied");
  setTimeout(() => button.classList.remove("copied"), 1600);
}

// Capturing, so that the page sees a click before Gradio's components do.
document.addEventListener(
  "click",
  (event) => {
    const target = event.target instanceof Element ? event.target : null;
    const link = target?.closest("#chat a.citation");
    if (link && event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey) {
      event.preventDefault();
      event.stopPropagation();
      open(link);
    } else if (target?.closest("button.copy")) {
      copy(target.closest("button.copy"));
    } else if (target?.closest(".close-source")) {
      close();
    } else if (target?.closest("#narrow > button")) {
      setTimeout(tellFolded);
    }
  },
  true,
);

document.addEventListener(
  "keydown",
  (event) => {
    if (event.key === "Escape") close();
    // Enter that accepts a word of an input method is no wish to send, and Shift+Enter is a new line.
    const typing = event.target instanceof Element && event.target.closest("#question");
    if (typing && event.key === "Enter" && (event.isComposing || event.keyCode === 229 || event.shiftKey)) {
      event.stopPropagation();
    }
  },
  true,
);

window.addEventListener("message", (event) => {
  if (event.origin === window.location.origin && event.data === "close-source") close();
});

// A new question moves to the top of the conversation and stays there while its answer grows below it, until the user
// moves the conversation.
let questions = 0;
let anchor = null;

function keepInView() {
  const asked = document.querySelectorAll("#chat .user-row");
  if (asked.length > questions) [anchor, opener] = [asked[asked.length - 1], null];
  questions = asked.length;
  const view = document.querySelector("#chat .panel-wrap");
  if (anchor?.isConnected && view) view.scrollTop += anchor.getBoundingClientRect().top - view.getBoundingClientRect().top - 14;
}

for (const moved of ["wheel", "touchmove", "pointerdown", "keydown"]) {
  document.addEventListener(moved, (event) => { if (event.target.closest?.("#chat")) anchor = null; }, { passive: true, capture: true });
}

/** Gradio shows by its arrow alone whether the filters are unfolded. */
function tellFolded() {
  const button = document.querySelector("#narrow > button");
  button?.setAttribute("aria-expanded", button.classList.contains("open"));
}

/** Tell the browser, screen readers and the frame which language the page speaks. */
function follow() {
  const view = panelFrame();
  const spoken = language();
  if (view && spoken) {
    root.classList.add("ready");
    view.title = document.querySelector(".panel-title")?.textContent ?? "";
    if (root.dataset.spoken !== spoken) {
      if (root.dataset.spoken) document.cookie = `page_language=${spoken}; path=/; max-age=31536000; SameSite=Strict`;
      root.dataset.spoken = root.lang = spoken;
      document.title = document.querySelector(".masthead h1").textContent;
      const shown = new URL(view.contentWindow.location.href, window.location.origin);
      if (shown.origin === window.location.origin && shown.searchParams.get("lang") !== spoken) {
        shown.pathname = /^\/(source|citations)\//.test(shown.pathname) ? shown.pathname : "/source/";
        shown.searchParams.set("lang", spoken);
        view.contentWindow.location.replace(shown.href);
      }
    }
  }
  // Gradio reads out the HTML of a message as its name.
  document.querySelectorAll("#chat [data-testid=user][aria-label], #chat [data-testid=bot][aria-label]").forEach((message) => {
    message.removeAttribute("aria-label");
  });
  // And calls (6.31) a list what holds buttons.
  document.querySelector("#chat .examples[role=list]")?.removeAttribute("role");
  tellFolded();
  keepInView();
  showCards();
  followConversations(spoken);
}

new MutationObserver(follow).observe(root, { childList: true, subtree: true, characterData: true });
follow();
// A page that cannot learn its language is shown in the one it was made in.
setTimeout(() => root.classList.add("ready"), 3000);
