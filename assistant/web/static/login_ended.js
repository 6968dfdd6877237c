// A login that has ended while the page was open: one line says so, and the question that was written stays.
import { remembered, say, write } from "./around.js";

const WRITTEN = "question-written";
const ask = window.fetch.bind(window);

function word(name) {
  return document.querySelector(`#conversation-words [title=${name}]`)?.textContent;
}

function enter() {
  remembered("sessionStorage", WRITTEN, document.querySelector("#question textarea")?.value ?? "");
  window.location.assign("/login");
}

// Gradio's own requests are told apart by nothing but their answer.
window.fetch = async (...request) => {
  const answer = await ask(...request);
  if (answer.status === 401 && new URL(answer.url).origin === window.location.origin && word("ended")) {
    say(word("ended"), word("enter"), enter, true);
  }
  return answer;
};

/** Put back what was written before logging in again; once. */
export function bringBack() {
  const written = remembered("sessionStorage", WRITTEN);
  if (!written || !document.querySelector("#question textarea")) return;
  remembered("sessionStorage", WRITTEN, "");
  write("question", written);
}
