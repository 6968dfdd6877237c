// The library: filtering its rows, taking documents, and bringing the index up to date.
const byId = (id) => document.getElementById(id);
const OURS = { "X-Commit-Assistant": "library" }; // cannot be sent from another site without asking first, which is refused

// --- which rows are shown ---

/** One form for what looks alike: width, compatibility forms, small and large letters of every script. */
const folded = (text) => text.normalize("NFKC").toUpperCase().toLowerCase().replaceAll("ς", "σ");
const foldedRows = new WeakMap();

function rowText(row) {
  if (!foldedRows.has(row)) foldedRows.set(row, folded(row.textContent));
  return foldedRows.get(row);
}

function filterRows() {
  const words = folded(byId("filter").value).split(/\s+/u).filter(Boolean);
  const warned = byId("warned").checked;
  const rows = [...document.querySelectorAll("tbody tr")];
  for (const row of rows) {
    row.hidden = (warned && !("warned" in row.dataset)) || !words.every((word) => rowText(row).includes(word));
  }
  const shown = byId("shown");
  const count = rows.filter((row) => !row.hidden).length;
  const narrowed = warned || words.length > 0;
  shown.textContent = narrowed ? shown.dataset.shown.replace("{shown}", count).replace("{all}", rows.length) : "";
}

byId("filters").hidden = false;
byId("filter").addEventListener("input", filterRows);
byId("warned").addEventListener("change", filterRows);
filterRows(); // a browser that goes back fills the boxes in again

// --- bringing the index up to date ---

const button = byId("index");
const progress = byId("progress");
const offer = byId("offer");

function say(state) {
  const words = button.dataset;
  if (state.running) {
    const stage = state.stage === "embedding" ? words.embedding : words.reading;
    progress.textContent = state.total ? `${stage} ${state.done} / ${state.total}` : stage;
  } else if (state.error) {
    progress.textContent = `${words.failed} ${state.error}`;
  } else if (state.finished) {
    progress.textContent = state.renewed ? words.finished : words.unchanged;
  }
  setBusy(state.running);
}

function setBusy(busy) {
  button.disabled = busy;
  if (offer) byId("index-added").disabled = busy;
}

/** The titles by what happened to them, and the sources that failed with their reasons. */
function listChanges(sources) {
  const box = byId("changes");
  const names = JSON.parse(box.dataset.names);
  const groups = Object.entries(sources).filter(([, titles]) => titles.length);
  box.replaceChildren(...groups.flatMap(([kind, titles]) => {
    const heading = document.createElement("p");
    heading.textContent = `${names[kind]} (${titles.length})`;
    heading.className = kind === "failed" ? "problem" : "";
    const list = document.createElement("ul");
    list.append(...titles.map((one) => {
      const item = document.createElement("li");
      item.dir = "auto";
      item.textContent = kind === "failed" ? `${one.title}: ${one.problem}` : one;
      return item;
    }));
    return [heading, list];
  }));
}

/** The rows as they are now, in place: the filter and what was said stay. */
async function renewRows() {
  const answer = await fetch(window.location.href);
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const part of ["tbody", ".summary"]) document.querySelector(part).replaceWith(fresh.querySelector(part));
  filterRows();
}

function unanswered() {
  progress.textContent = button.dataset.lost;
  setBusy(false);
}

async function follow() {
  try {
    for (;;) {
      const state = await (await fetch("/library/progress")).json();
      say(state);
      if (state.finished) {
        listChanges(state.sources);
        if (state.renewed) await renewRows();
      }
      if (!state.running) return;
      await new Promise((resolve) => setTimeout(resolve, 700));
    }
  } catch {
    unanswered();
  }
}

async function startIndexing() {
  setBusy(true);
  byId("changes").replaceChildren();
  const answer = await fetch("/library/index", { method: "POST", headers: OURS }).catch(() => null);
  if (!answer?.ok) {
    unanswered();
    return;
  }
  if (offer) offer.hidden = true;
  follow();
}

if (button) {
  button.addEventListener("click", startIndexing);
  fetch("/library/progress").then((answer) => answer.json()).then((state) => { if (state.running) follow(); }).catch(() => {});
}

// --- taking documents ---

const zone = byId("upload");
const waiting = [];
let sending = false;

/** A line of the list: the file's name, how much of it has been sent, and what is being done with it. */
function uploadLine(name) {
  const item = document.createElement("li");
  const [label, bar, step] = ["bdi", "progress", "span"].map((tag) => document.createElement(tag));
  label.textContent = name;
  bar.max = 1;
  bar.value = 0;
  bar.setAttribute("aria-label", name);
  item.append(label, " ", bar, " ", step);
  byId("uploads").append(item);
  return {
    sent: (share) => { bar.value = share; },
    step: (text) => { step.textContent = text; },
    end: (text, failed) => {
      bar.remove();
      step.textContent = text;
      item.className = failed ? "problem" : "done";
    },
  };
}

/** Sends one file; XMLHttpRequest, since fetch does not tell how much has been sent. */
function send(file, line) {
  const steps = JSON.parse(zone.dataset.steps);
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    const query = new URLSearchParams({ name: file.name, lang: document.documentElement.lang });
    request.open("POST", `/library/upload?${query}`);
    for (const [name, value] of Object.entries(OURS)) request.setRequestHeader(name, value);
    request.responseType = "json";
    request.upload.addEventListener("progress", (event) => { if (event.lengthComputable) line.sent(event.loaded / event.total); });
    request.upload.addEventListener("load", () => line.step(steps.reading));
    request.addEventListener("loadend", () => {
      const added = request.status === 201;
      line.end(added ? steps.added : request.response?.error || zone.dataset.lost, !added);
      resolve(added);
    });
    line.step(steps.sending);
    request.send(file);
  });
}

/** One file after the other: each is read by the program before the next is sent. */
async function sendWaiting() {
  if (sending) return;
  sending = true;
  while (waiting.length) {
    const [file, line] = waiting.shift();
    if (await send(file, line)) offer.hidden = false;
  }
  sending = false;
}

function take(files, folders = []) {
  const steps = JSON.parse(zone.dataset.steps);
  for (const name of folders) uploadLine(name).end(steps.folder, true);
  for (const file of files) {
    const line = uploadLine(file.name);
    if (file.size > Number(zone.dataset.limit) * 1024 * 1024) {
      line.end(zone.dataset.large, true);
      continue;
    }
    line.step(steps.waiting);
    waiting.push([file, line]);
  }
  sendWaiting();
}

/** Files and names of folders; a folder cannot be sent, and looks like a file until it is asked. */
function dropped(transfer) {
  const items = [...transfer.items].filter((item) => item.kind === "file");
  const isFolder = (item) => item.webkitGetAsEntry?.()?.isDirectory;
  const folders = items.filter(isFolder).map((item) => item.webkitGetAsEntry().name);
  return [items.filter((item) => !isFolder(item)).map((item) => item.getAsFile()).filter(Boolean), folders];
}

function listenForFiles() {
  const input = byId("files");
  byId("choose").addEventListener("click", () => input.click());
  byId("index-added").addEventListener("click", startIndexing);
  const takeChosen = () => {
    take([...input.files]);
    input.value = ""; // the same file may be chosen again
  };
  input.addEventListener("change", takeChosen);
  if (input.files.length) takeChosen(); // before this script had come
  // On the whole page: a browser opens a file that is dropped beside the box, and the page is gone.
  const carried = (event) => event.dataTransfer?.types.includes("Files");
  window.addEventListener("dragover", (event) => {
    if (!carried(event)) return;
    event.preventDefault();
    zone.classList.add("over");
  });
  window.addEventListener("dragleave", (event) => { if (!event.relatedTarget) zone.classList.remove("over"); });
  window.addEventListener("drop", (event) => {
    if (!carried(event)) return;
    event.preventDefault();
    zone.classList.remove("over");
    take(...dropped(event.dataTransfer));
  });
}

if (zone) listenForFiles();
