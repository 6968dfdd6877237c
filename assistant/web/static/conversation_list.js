// The list of kept conversations. Whatever it shows is set as text.

const DAY = 86_400_000;

export function made(tag, properties = {}, ...children) {
  const { label, ...rest } = properties;
  const element = Object.assign(document.createElement(tag), rest);
  if (label) element.setAttribute("aria-label", (element.title = label));
  element.append(...children);
  return element;
}

export class ConversationList {
  #entries = [];
  #found = null;
  #current = "";
  #active = "";
  #renaming = "";
  #words = {};
  #language = "en";

  /** `act` has what is done when a conversation is opened, renamed, removed or searched for. */
  constructor(panel, act) {
    this.act = act;
    this.heading = made("h2");
    this.closing = made("button", { type: "button", className: "close-conversations", onclick: () => act.close() });
    this.search = made("input", { type: "search", className: "search", maxLength: 500, autocomplete: "off", oninput: () => act.search(this.search.value) });
    this.list = made("div", { className: "entries" });
    this.note = made("p", { className: "note" });
    this.emptying = made("button", { type: "button", className: "empty", onclick: () => act.removeAll() });
    this.nav = made("nav", {}, made("div", { className: "bar" }, this.heading, this.closing), this.search, this.list, this.note, this.emptying);
    this.list.addEventListener("keydown", (event) => this.#key(event));
    this.list.addEventListener("focusin", (event) => this.#focused(event.target.closest("li")?.dataset.id));
    panel.append(this.nav);
  }

  speak(words, language) {
    this.#words = words;
    this.#language = language;
    this.heading.textContent = words.title;
    this.nav.setAttribute("aria-label", words.title);
    this.search.placeholder = words.search;
    this.search.setAttribute("aria-label", words.search);
    this.closing.setAttribute("aria-label", (this.closing.title = words.close));
    this.emptying.textContent = words.delete_all;
    this.show({});
  }

  /** Show other entries, other results of a search (null: no search), or mark another conversation as the open one. */
  show({ entries = this.#entries, found = this.#found, current = this.#current, note }) {
    if (note !== undefined) this.problem = note;
    [this.#entries, this.#found, this.#current] = [entries, found, current];
    if (this.#renaming) return;
    const shown = found ? entries.filter((entry) => found.has(entry.id)) : entries;
    if (!shown.some((entry) => entry.id === this.#active)) this.#active = shown.find((entry) => entry.id === current)?.id ?? shown[0]?.id ?? "";
    const focused = this.list.contains(document.activeElement) ? document.activeElement.className : "";
    this.list.replaceChildren(...[...this.#grouped(shown)].flatMap(([period, some]) => [
      made("h3", { textContent: this.#words[period] }),
      made("ul", {}, ...some.map((entry) => this.#row(entry))),
    ]));
    this.note.textContent = this.problem || (found && !shown.length ? this.#words.none_found : entries.length ? "" : this.#words.kept);
    this.emptying.hidden = Boolean(found) || entries.length < 2;
    if (focused) this.#button(this.#active, focused.split(" ")[0])?.focus();
  }

  rename(id) {
    const row = this.#rowOf(id);
    const entry = this.#entries.find((one) => one.id === id);
    if (!row || !entry) return;
    this.#renaming = id;
    const field = made("input", { type: "text", className: "name", value: entry.title, maxLength: 200, label: this.#words.rename });
    const end = (keep, refocus) => {
      if (this.#renaming !== id) return;
      this.#renaming = "";
      const title = field.value.trim();
      if (keep && title && title !== entry.title) this.act.rename(id, (entry.title = title));
      this.show({});
      if (refocus) this.#button(id, "open")?.focus();
    };
    field.addEventListener("keydown", (event) => {
      if (event.isComposing || !["Enter", "Escape"].includes(event.key)) return;
      // Or the same key would press the button that gets the focus.
      event.preventDefault();
      end(event.key === "Enter", true);
    });
    field.addEventListener("blur", () => end(true, false));
    row.replaceChildren(field);
    field.focus();
    field.select();
  }

  #row(entry) {
    const words = this.#words;
    const tab = entry.id === this.#active ? 0 : -1;
    const button = (className, label, act) => made("button", { type: "button", className, label: `${label}: ${entry.title}`, tabIndex: tab, onclick: act });
    const open = made(
      "button",
      { type: "button", className: "open", tabIndex: tab, title: entry.title, onclick: () => this.act.open(entry.id) },
      made("span", { className: "title", dir: "auto", textContent: entry.title }),
      made("span", { className: "date", textContent: this.#date(entry.changed) }),
    );
    if (entry.id === this.#current) open.setAttribute("aria-current", "true");
    const row = made("li", {}, open, button("rename", words.rename, () => this.rename(entry.id)), button("delete", words.delete, () => this.act.remove(entry.id)));
    row.dataset.id = entry.id;
    return row;
  }

  #key(event) {
    const row = event.target.closest("li");
    if (!row || event.target.matches("input")) return;
    const rows = [...this.list.querySelectorAll("li")];
    const at = rows.indexOf(row);
    const next = { ArrowDown: rows[at + 1], ArrowUp: rows[at - 1], Home: rows[0], End: rows.at(-1) }[event.key];
    if (next) this.#button(next.dataset.id, "open").focus();
    else if (event.key === "F2") this.rename(row.dataset.id);
    else if (event.key === "Delete") this.act.remove(row.dataset.id);
    else return;
    event.preventDefault();
  }

  /** Only one row is a stop of the Tab key; the arrows move between rows. */
  #focused(id) {
    if (!id || id === this.#active) return;
    this.#active = id;
    this.list.querySelectorAll("li").forEach((row) => row.querySelectorAll("button").forEach((button) => { button.tabIndex = row.dataset.id === id ? 0 : -1; }));
  }

  #rowOf(id) {
    return [...this.list.querySelectorAll("li")].find((row) => row.dataset.id === id);
  }

  #button(id, name) {
    return this.#rowOf(id)?.querySelector(`button.${name}`);
  }

  #grouped(entries) {
    const groups = new Map();
    for (const entry of entries) {
      const period = this.#period(entry.changed);
      groups.set(period, [...(groups.get(period) ?? []), entry]);
    }
    return groups;
  }

  #period(time) {
    const midnight = new Date().setHours(0, 0, 0, 0);
    if (time >= midnight) return "today";
    if (time >= midnight - DAY) return "yesterday";
    return time >= midnight - 6 * DAY ? "week" : "earlier";
  }

  #date(time) {
    const period = this.#period(time);
    const near = period === "today" || period === "yesterday";
    const year = new Date(time).getFullYear() === new Date().getFullYear() ? {} : { year: "numeric" };
    const shape = near ? { hour: "2-digit", minute: "2-digit" } : { day: "numeric", month: "short", ...year };
    return new Intl.DateTimeFormat(this.#language === "en" ? "en-GB" : this.#language, shape).format(time);
  }
}
