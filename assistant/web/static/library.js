// The button that brings the index up to date, and what it says meanwhile.
const button = document.getElementById("index");
const progress = document.getElementById("progress");

function say(state) {
  const words = button.dataset;
  if (state.running) {
    const stage = state.stage === "embedding" ? words.embedding : words.reading;
    progress.textContent = state.total ? `${stage} ${state.done} / ${state.total}` : stage;
  } else if (state.error) {
    progress.textContent = `${words.failed} ${state.error}`;
  } else if (state.finished) {
    progress.textContent = state.changed ? words.finished : words.unchanged;
    if (state.changed) setTimeout(() => window.location.reload(), 1200);
  }
  button.disabled = state.running;
}

async function follow() {
  try {
    for (;;) {
      const state = await (await fetch("/library/progress")).json();
      say(state);
      if (!state.running) return;
      await new Promise((resolve) => setTimeout(resolve, 700));
    }
  } catch {
    progress.textContent = button.dataset.lost;
    button.disabled = false;
  }
}

button?.addEventListener("click", async () => {
  button.disabled = true;
  // The header cannot be sent from another site without asking first, which is refused.
  const answer = await fetch("/library/index", { method: "POST", headers: { "X-Commit-Assistant": "index" } }).catch(() => null);
  if (answer?.ok) follow();
  else {
    progress.textContent = button.dataset.lost;
    button.disabled = false;
  }
});
if (button) fetch("/library/progress").then((answer) => answer.json()).then((state) => { if (state.running) follow(); });
