// Ratings below answers. What was chosen stays chosen when Gradio draws the conversation anew.
const said = new Map(); // answer → {rating, reason, text, state}

function draw(box) {
  const now = said.get(box.dataset.answer);
  if (!now) return;
  box.querySelector(".rate-good").setAttribute("aria-pressed", now.rating === "good");
  box.querySelector(".rate-bad").setAttribute("aria-pressed", now.rating === "bad");
  box.classList.toggle("open", now.rating === "bad");
  for (const button of box.querySelectorAll(".reason")) {
    button.setAttribute("aria-pressed", button.dataset.reason === now.reason);
  }
  const typed = box.querySelector("textarea");
  if (now.text && !typed.value) typed.value = now.text;
  const words = box.dataset[now.state] ?? "";
  const state = box.querySelector(".rate-state");
  if (state.textContent !== words) state.textContent = words;
}

function drawAll() {
  document.querySelectorAll("#chat .rate").forEach(draw);
}

// One after another: the last click is what is kept.
let sending = Promise.resolve();

function send(answer, opinion) {
  const turn = { ...opinion, state: "sending" };
  said.set(answer, turn);
  drawAll();
  sending = sending.then(() => post(answer, opinion, turn));
}

async function post(answer, opinion, turn) {
  const reply = await fetch("/feedback", {
    method: "POST",
    // The second header cannot be sent from another site without asking first, which is refused.
    headers: { "Content-Type": "application/json", "X-Commit-Assistant": "feedback" },
    body: JSON.stringify({ answer, ...opinion }),
  }).catch(() => null);
  turn.state = reply?.status === 201 ? "kept" : reply?.status === 404 ? "gone" : "lost";
  drawAll();
}

function clicked(box, target) {
  const answer = box.dataset.answer;
  const reason = said.get(answer)?.reason ?? null;
  const text = box.querySelector("textarea").value.slice(0, 2000);
  if (target.closest(".rate-good")) send(answer, { rating: "good" });
  else if (target.closest(".rate-bad")) send(answer, { rating: "bad", reason, text });
  else if (target.closest(".reason")) send(answer, { rating: "bad", reason: target.closest(".reason").dataset.reason, text });
  else if (target.closest(".rate-send")) send(answer, { rating: "bad", reason, text });
}

// Capturing, so that the page sees a click before Gradio's components do.
document.addEventListener("click", (event) => {
  const target = event.target instanceof Element ? event.target : null;
  const box = target?.closest("#chat .rate");
  if (box && target.closest("button")) clicked(box, target);
}, true);

new MutationObserver((changes) => {
  if (changes.some((change) => [...change.addedNodes].some((node) => node instanceof Element && (node.matches(".rate") || node.querySelector(".rate"))))) drawAll();
}).observe(document.body, { childList: true, subtree: true });
