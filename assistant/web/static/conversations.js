// Keeps conversations and brings them back. The page's components write their news into hidden elements; what is to be
// shown again goes into hidden boxes, and the server checks it like anything else that comes from a browser.
import { answerText } from "./answer_text.js";
import { busy, filled, line, remembered, say, titleOf, write } from "./around.js";
import { ConversationList } from "./conversation_list.js";
import { copyText } from "./copy.js";
import { bringBack } from "./login_ended.js";
import { FullError, StaleError, shelf } from "./kept.js";

const root = document.documentElement;
const DRAWER = window.matchMedia("(max-width: 1100px)");
const OPEN = "conversation";
const SHOWN = "conversations-shown";

let words = {};
let list = null;
let store = null;
let current = "";
let insteadOf = null;
let resend = false;
let waiting = "";
let lastAsked = "";
let started = false;
const revisions = new Map();
const heard = new Map();
/** Deleted here: an answer that was on its way brings none of them back. */
const removed = new Set();
const channel = "BroadcastChannel" in window ? new BroadcastChannel("conversations") : null;

// One after the other, so that what is kept later never comes before what is kept earlier.
let queue = Promise.resolve();
function inTurn(act) {
  queue = queue.then(act).catch(failed);
  return queue;
}

function failed(error) {
  if (error instanceof FullError) say(words.unkept);
  else list?.show({ note: document.querySelector(".conversation-words.on-server") ? words.unreachable : words.unavailable });
}

function adopt(id) {
  current = id;
  remembered("sessionStorage", OPEN, id);
  remembered("localStorage", OPEN, id);
  tellAsking();
  list?.show({ current: id });
}

function tellAsking() {
  write("asking", JSON.stringify({ opened: current, instead_of: insteadOf, recovering: resend }));
}

async function refresh() {
  list.show({ entries: await store.list(), note: "" });
}

function changed(id) {
  channel?.postMessage(id);
  return refresh();
}

/** Show a conversation that was kept; the server answers with the news `opened`. */
function show(record) {
  revisions.set(record.id, record.revision);
  adopt(record.id);
  waiting = record.id;
  root.classList.add("restoring");
  setTimeout(() => root.classList.remove("restoring"), 4000);
  write("opening", JSON.stringify(record));
}

async function open(id) {
  if (id !== current || !busy()) await inTurn(async () => {
    const record = await store.get(id);
    if (record) show(record);
    else await refresh();
  });
  if (DRAWER.matches) close();
}

/** A new conversation, by the button that is there for it. */
function begin() {
  document.getElementById("restart")?.click();
}

async function keep(told) {
  if (!told.exchanges.length || removed.has(told.id)) return;
  const before = await store.get(told.id);
  const now = Date.now();
  const first = told.exchanges[0].question;
  const same = before && (before.renamed || before.exchanges[0]?.question === first);
  const record = {
    id: told.id,
    title: same ? before.title : titleOf(first),
    renamed: before?.renamed ?? false,
    created: before?.created ?? now,
    changed: now,
    revision: revisions.get(told.id) ?? before?.revision ?? 0,
    exchanges: told.exchanges,
  };
  if (!before) record.revision = 0;
  try {
    const { revision, dropped } = await store.save(record);
    revisions.set(told.id, revision);
    if (dropped.length) say(filled(words.dropped, { title: dropped.join(", ") }));
  } catch (error) {
    if (!(error instanceof StaleError)) throw error;
    if (!told.pending) await keepBoth(record);
  }
  if (told.replaced && told.name !== lastAsked && before) offerBack(before, told.replaced - 1);
  lastAsked = told.name;
  await changed(told.id);
}

/** Two windows went on with one conversation: the one here becomes another. */
async function keepBoth(record) {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const copy = { ...record, id: [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join(""), revision: 0 };
  const { revision } = await store.save(copy);
  say(words.twice);
  if (current === record.id) show({ ...copy, revision });
}

function offerBack(before, more) {
  const text = more > 0 ? filled(words.replaced_more, { count: more }) : words.replaced;
  say(text, words.undo, () => putBack(before));
}

/** Keep a conversation again as it was, and show it. */
function putBack(before, shown = true) {
  return inTurn(async () => {
    removed.delete(before.id);
    const there = await store.get(before.id);
    const { revision } = await store.save({ ...before, revision: there?.revision ?? 0 });
    if (shown) show({ ...before, revision });
    await changed(before.id);
  });
}

function remove(id) {
  return inTurn(async () => {
    const before = await store.get(id);
    if (!before) return;
    const shown = id === current;
    removed.add(id);
    await store.remove(id);
    if (shown) begin();
    await changed(id);
    say(filled(words.deleted, { title: before.title }), words.undo, () => putBack(before, shown));
    if (list.nav.contains(document.activeElement) || document.activeElement === document.body) line.querySelector("button")?.focus();
  });
}

function removeAll() {
  return inTurn(async () => {
    const kept = [];
    for (const { id } of await store.list()) {
      const record = await store.get(id);
      if (record) kept.push(record);
      removed.add(id);
      await store.remove(id);
    }
    begin();
    await changed("");
    say(filled(words.deleted_all, { count: kept.length }), words.undo, () => kept.reverse().forEach((record) => putBack(record, false)));
    line.querySelector("button")?.focus();
  });
}

function rename(id, title) {
  return inTurn(async () => {
    await store.rename(id, title, true);
    await changed(id);
  });
}

/** A title that the language model gave, unless the user has chosen one. */
async function entitle({ id, title }) {
  const entry = (await store.list()).find((one) => one.id === id);
  if (!entry || entry.renamed || !title) return;
  await store.rename(id, title.slice(0, 200), false);
  await changed(id);
}

let searching = 0;
async function search(text) {
  const mine = (searching += 1);
  const found = text.trim() ? await store.search(text).catch(failed) : null;
  if (mine === searching) list.show({ found: found ?? null });
}

function hear(news) {
  if (news.lost) recover(news.lost);
  // What takes an answer's place while it is on its way is what is kept, not what the answer had come to.
  if (news.given_up && news.given_up.id !== news.opened) inTurn(() => keep(news.given_up));
  if (news.opened !== undefined) opened(news);
  if (news.titled) inTurn(() => entitle(news.titled));
  if (news.kept) {
    if (news.kept.pending || !current) adopt(news.kept.id);
    if (news.kept.pending) mend(null);
    inTurn(() => keep(news.kept));
  }
}

function opened({ opened: id, left_out: leftOut }) {
  if (waiting && id && waiting !== id) return; // another one was chosen meanwhile
  waiting = "";
  root.classList.remove("restoring");
  const [again, mending] = [resend, insteadOf];
  mend(null);
  resend = false;
  adopt(id);
  if (leftOut) say(filled(words.left_out, { count: leftOut }));
  if (!again) return;
  insteadOf = mending;
  tellAsking();
  setTimeout(() => document.getElementById("send")?.click());
}

/** The server does not know the conversation any more: it is told again, and the question goes once more. */
async function recover(id) {
  resend = true;
  await inTurn(async () => {
    const record = await store.get(id);
    if (record) return show(record);
    adopt("");
    resend = false;
    document.getElementById("send")?.click();
  });
}

/** Mend the question of an exchange, by its number; null for none. */
function mend(number) {
  if (number === null && insteadOf === null) return;
  insteadOf = number;
  tellAsking();
  const rows = [...document.querySelectorAll("#chat .message-row")];
  rows.forEach((row, at) => row.classList.toggle("replaced", number !== null && at >= 2 * number));
  if (number === null) return say("");
  const more = rows.length / 2 - number - 1;
  write("editing", String(number));
  say(more ? filled(words.editing_more, { count: more }) : words.editing, words.cancel, unmend, true);
  document.querySelector("#question textarea")?.focus();
}

function unmend() {
  mend(null);
  write("question", "");
  document.querySelector("#question textarea")?.focus();
}

// The list beside the conversation, or over it where there is little room.
function listShown() {
  return root.classList.contains("conversations-open");
}

function reveal(shown) {
  root.classList.toggle("conversations-open", shown);
  if (!DRAWER.matches) remembered("localStorage", SHOWN, shown ? "1" : "0");
  tellShown();
  if (shown) list?.search.focus();
}

function close() {
  if (!listShown()) return;
  reveal(false);
  document.querySelector(".show-conversations")?.focus();
}

function tellShown() {
  const button = document.querySelector(".show-conversations");
  const shown = listShown();
  const place = shown && DRAWER.matches ? list?.nav : document.getElementById("talk");
  if (place && line.parentNode !== place) place.append(line);
  if (button?.getAttribute("aria-expanded") !== String(shown)) button?.setAttribute("aria-expanded", shown);
  // What lies below the drawer cannot be reached.
  for (const id of ["top", "talk", "source-panel"]) {
    const part = document.getElementById(id);
    if (part && part.inert !== (shown && DRAWER.matches)) part.inert = shown && DRAWER.matches;
  }
}

document.addEventListener(
  "click",
  (event) => {
    const target = event.target instanceof Element ? event.target : null;
    if (target?.closest(".show-conversations")) reveal(!listShown());
    else if (target?.id === "conversations" && DRAWER.matches) close();
    else if (target?.closest("#chat button.edit") && !busy()) {
      mend([...document.querySelectorAll("#chat .user-row")].indexOf(target.closest(".user-row")));
    } else if (target?.closest("#chat button.copy-answer")) copyAnswer(target.closest("button.copy-answer"));
  },
  true,
);

window.addEventListener(
  "keydown",
  (event) => {
    if (event.key !== "Escape" || event.isComposing) return;
    if (event.target.closest?.("#conversations input.name")) return;
    if (DRAWER.matches && listShown()) {
      event.stopPropagation();
      close();
    } else if (insteadOf !== null && event.target.closest?.("#question")) {
      event.stopPropagation();
      unmend();
    }
  },
  true,
);
DRAWER.addEventListener("change", () => { root.classList.remove("conversations-open"); tellShown(); });

async function copyAnswer(button) {
  const reply = button.closest(".bot-row")?.querySelector(".reply");
  if (!reply || !(await copyText(answerText(reply)))) return;
  button.classList.add("copied");
  setTimeout(() => button.classList.remove("copied"), 1600);
}

channel?.addEventListener("message", ({ data: id }) => {
  if (!list) return;
  inTurn(async () => {
    await refresh();
    if (id !== current || busy() || insteadOf !== null) return;
    const record = await store.get(id);
    if (record && record.revision !== revisions.get(id)) show(record);
  });
});

async function start(onServer) {
  store = shelf(onServer);
  list = new ConversationList(document.getElementById("conversations"), { open, rename, remove, removeAll, search, close });
  list.speak(words, root.lang);
  const id = remembered("sessionStorage", OPEN) ?? remembered("localStorage", OPEN);
  if (id) {
    root.classList.add("restoring");
    setTimeout(() => root.classList.remove("restoring"), 4000);
  }
  await inTurn(async () => {
    const entries = await store.list();
    list.show({ entries });
    const wanted = remembered("localStorage", SHOWN);
    if (!DRAWER.matches && (wanted === "1" || (wanted === null && entries.length))) root.classList.add("conversations-open");
    tellShown();
    const record = id ? await store.get(id) : null;
    if (record) show(record);
  });
  if (!current) root.classList.remove("restoring");
  bringBack();
}

/** Called whenever something on the page has changed. */
export function followConversations(spoken) {
  const told = document.querySelector("#conversation-words .conversation-words");
  if (!told || !spoken || !document.querySelector("#opening textarea, #opening input")) return;
  if (told.getAttribute("lang") === spoken && words.language !== spoken) {
    words = { language: spoken };
    for (const word of told.children) words[word.title] = word.textContent;
    if (started) list.speak(words, spoken);
  }
  if (!started && words.language) {
    started = true;
    start(told.classList.contains("on-server"));
  }
  tellShown();
  for (const box of ["news", "title-news"]) {
    const news = document.querySelector(`#${box} .news`);
    if (!news || heard.get(box) === news.textContent) continue;
    heard.set(box, news.textContent);
    hear(JSON.parse(news.textContent));
  }
}
