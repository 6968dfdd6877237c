// Brings the quotation into view and copies it with its reference.
import { copyText } from "./copy.js";

const quotation = document.getElementById("q");

function show() {
  if (!quotation) return;
  const whole = quotation.getBoundingClientRect().height < window.innerHeight * 0.6;
  quotation.scrollIntoView({ block: whole ? "center" : "start", behavior: "instant" });
}

function quotedWords() {
  return [...document.querySelectorAll("mark")].map((part) => part.textContent).join("");
}

if (quotation) {
  show();
  window.addEventListener("load", show);
  window.addEventListener("hashchange", show);
  document.querySelector("nav a").addEventListener("click", (event) => {
    event.preventDefault();
    show();
    quotation.focus({ preventScroll: true });
  });
}

const copy = document.getElementById("copy");
copy?.addEventListener("click", async () => {
  const label = copy.textContent;
  if (!(await copyText(`${quotedWords()}\n(${copy.dataset.reference})`))) return;
  copy.textContent = copy.dataset.copied;
  setTimeout(() => (copy.textContent = label), 1600);
});

// Escape closes the panel also while the source has the focus.
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && window.parent !== window) window.parent.postMessage("close-source", window.location.origin);
});
