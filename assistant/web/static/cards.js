// The cards of an answer's citations: a click copies a quotation with its reference; the rest are links.
import { copyText } from "./copy.js";

document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("button.copy");
  if (!button || button.classList.contains("copied") || !(await copyText(button.dataset.copy))) return;
  const label = button.textContent;
  button.classList.add("copied");
  button.textContent = button.dataset.copied;
  setTimeout(() => {
    button.classList.remove("copied");
    button.textContent = label;
  }, 1600);
});

/** Whoever comes by the keyboard goes on from the card that was asked for. */
function follow() {
  const card = document.getElementById(window.location.hash.slice(1));
  if (card?.classList.contains("card")) card.focus({ preventScroll: true });
}
window.addEventListener("hashchange", follow);

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && window.parent !== window) window.parent.postMessage("close-source", window.location.origin);
});
