// The page around the conversations: its boxes, what it remembers, and the line above the question.
import { made } from "./conversation_list.js";

const LONGEST_TITLE = 60;
const NEAR_END = 12_000; // milliseconds that a line with "Undo" stays

/** Some browsers forbid a page to keep anything, and say so by an error. */
export function remembered(storage, key, value) {
  try {
    return value === undefined ? window[storage].getItem(key) : window[storage].setItem(key, value);
  } catch {
    return null;
  }
}

export function write(box, text) {
  const field = document.querySelector(`#${box} textarea, #${box} input`);
  if (!field) return;
  // Gradio sends what a box holds when it has changed: the same thing twice differs by a space.
  field.value = field.value === text ? `${text} ` : text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

export function busy() {
  return document.querySelector("#stop")?.checkVisibility() ?? false;
}

// What stands above the box, or in the drawer while it is open: a line, and what can be done about it.
export const line = made("div", { id: "conversation-line", role: "status" });
let fading = 0;
export function say(text, action, act, stays = false) {
  clearTimeout(fading);
  line.replaceChildren();
  if (!text) return;
  line.append(made("span", { dir: "auto", textContent: text }));
  if (action) line.append(made("button", { type: "button", textContent: action, onclick: () => { say(""); act(); } }));
  if (!stays) fading = setTimeout(() => { if (!line.contains(document.activeElement)) say(""); }, NEAR_END);
}

export function filled(text, values) {
  return Object.entries(values).reduce((whole, [name, value]) => whole.replace(`{${name}}`, () => value), text);
}

export function titleOf(question) {
  const line = question.trim().replace(/\s+/g, " ");
  const characters = [...line];
  return characters.length > LONGEST_TITLE ? `${characters.slice(0, LONGEST_TITLE).join("").trimEnd()}…` : line;
}
