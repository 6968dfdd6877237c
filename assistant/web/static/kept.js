// Where conversations are kept: in this browser (IndexedDB), or on the server for the user who is logged in.

/** The conversation has gone on elsewhere since this page last looked. */
export class StaleError extends Error {}
/** There is no room left, whatever else is deleted. */
export class FullError extends Error {}

const MOST = 200;
const ID = /^[0-9a-f]{32}$/;

export function shelf(onServer) {
  return onServer ? new ServerShelf() : new BrowserShelf();
}

/** One form for what looks alike: width, compatibility forms, small and large letters. */
export function folded(text) {
  return text.normalize("NFKC").toLowerCase();
}

/** What a list shows of a conversation; null for something that is none. */
function summary(entry) {
  if (typeof entry !== "object" || entry === null || !ID.test(entry.id) || typeof entry.title !== "string") return null;
  const number = (value) => (Number.isFinite(value) && value >= 0 && value < 8.64e15 ? Math.floor(value) : 0);
  return {
    id: entry.id,
    title: entry.title.slice(0, 200),
    renamed: entry.renamed === true,
    created: number(entry.created),
    changed: number(entry.changed),
    revision: number(entry.revision),
  };
}

function summaries(entries) {
  return (Array.isArray(entries) ? entries : []).map(summary).filter(Boolean).sort((a, b) => b.changed - a.changed);
}

/** What a conversation can be found by. */
function textOf(record) {
  const parts = record.exchanges.flatMap((one) => [
    one.question,
    one.answer?.answer,
    ...(one.answer?.citations ?? []).flatMap((citation) => [citation.title, citation.quote]),
  ]);
  return folded(parts.filter((part) => typeof part === "string").join("\n"));
}

function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function finished(transaction) {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onerror = transaction.onabort = () => reject(transaction.error ?? new Error("not kept"));
  });
}

let pairs = null;
/** What makes traditional characters simplified, learned from the program once; without it, each finds its own. */
async function simplifier() {
  pairs ??= fetch("/simplified").then((answer) => (answer.ok ? answer.json() : ["", ""])).catch(() => ["", ""]);
  const [from, to] = (await pairs).map((text) => [...text]);
  const known = new Map(from.map((character, at) => [character, to[at]]));
  return (text) => text.replace(/\p{Script=Han}/gu, (character) => known.get(character) ?? character);
}

class BrowserShelf {
  #opened = null;

  /** Two stores, so that the list can be read without the conversations themselves. */
  #database() {
    this.#opened ??= new Promise((resolve, reject) => {
      const request = indexedDB.open("conversations", 1);
      request.onupgradeneeded = () => {
        request.result.createObjectStore("list", { keyPath: "id" });
        request.result.createObjectStore("whole", { keyPath: "id" });
      };
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    return this.#opened;
  }

  async #stores(mode) {
    const transaction = (await this.#database()).transaction(["list", "whole"], mode);
    return { list: transaction.objectStore("list"), whole: transaction.objectStore("whole"), transaction };
  }

  async list() {
    const { list } = await this.#stores("readonly");
    return summaries(await done(list.getAll()));
  }

  async get(id) {
    const { list, whole } = await this.#stores("readonly");
    const [entry, record] = await Promise.all([done(list.get(id)), done(whole.get(id))]);
    const known = summary(entry);
    return known && { ...known, exchanges: Array.isArray(record?.exchanges) ? record.exchanges : [] };
  }

  /** Keep a conversation: its new revision, and the titles of those that made room for it. */
  async save(record) {
    const dropped = [];
    for (;;) {
      try {
        await this.#put(record);
        break;
      } catch (error) {
        if (error?.name !== "QuotaExceededError") throw error;
        const oldest = (await this.list()).filter((entry) => entry.id !== record.id).pop();
        if (!oldest) throw new FullError();
        await this.remove(oldest.id);
        dropped.push(oldest.title);
      }
    }
    for (const oldest of (await this.list()).slice(MOST)) {
      await this.remove(oldest.id);
      dropped.push(oldest.title);
    }
    return { revision: record.revision + 1, dropped };
  }

  async #put(record) {
    const { list, whole, transaction } = await this.#stores("readwrite");
    const end = finished(transaction);
    const before = summary(await done(list.get(record.id)));
    if (before && before.revision !== record.revision) {
      transaction.abort();
      await end.catch(() => {});
      throw new StaleError();
    }
    list.put({ ...summary(record), revision: record.revision + 1, text: textOf(record) });
    whole.put({ id: record.id, exchanges: record.exchanges });
    await end;
  }

  async rename(id, title, renamed) {
    const { list, transaction } = await this.#stores("readwrite");
    const entry = await done(list.get(id));
    if (entry) list.put({ ...entry, title, renamed });
    await finished(transaction);
  }

  async remove(id) {
    const { list, whole, transaction } = await this.#stores("readwrite");
    list.delete(id);
    whole.delete(id);
    await finished(transaction);
  }

  async search(query) {
    const simplified = await simplifier();
    const words = simplified(folded(query)).split(/\s+/).filter(Boolean);
    const { list } = await this.#stores("readonly");
    const entries = (await done(list.getAll())).filter((entry) => {
      const text = simplified(`${folded(String(entry?.title ?? ""))}\n${entry?.text ?? ""}`);
      return words.every((word) => text.includes(word));
    });
    return new Set(entries.map((entry) => entry.id));
  }
}

class ServerShelf {
  async #asked(path, options = {}) {
    const answer = await fetch(`/conversations${path}`, { cache: "no-store", redirect: "error", ...options });
    if (answer.status === 404) return null;
    if (answer.status === 409) throw new StaleError();
    if (answer.status === 413) throw new FullError();
    if (!answer.ok) throw new Error(`conversations: ${answer.status}`);
    return answer.json();
  }

  async list() {
    return summaries(await this.#asked(""));
  }

  async get(id) {
    return ID.test(id) ? this.#asked(`/${id}`) : null;
  }

  async save(record) {
    const kept = await this.#asked(`/${record.id}`, { method: "PUT", body: JSON.stringify(record) });
    if (!kept) throw new FullError();
    return kept;
  }

  async rename(id, title, renamed) {
    await this.#asked(`/${id}`, { method: "PATCH", body: JSON.stringify({ id, title, renamed }) });
  }

  async remove(id) {
    await this.#asked(`/${id}`, { method: "DELETE" });
  }

  async search(query) {
    return new Set(await this.#asked(`?search=${encodeURIComponent(query.slice(0, 500))}`));
  }
}
