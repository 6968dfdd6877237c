// An answer as text, to be pasted somewhere else: what it says, its quotations, and the reference of each.

function trimmed(element) {
  return element?.textContent.trim() ?? "";
}

/** What an answer says besides its quotations, with the numbers of its citations and what is doubtful in brackets. */
function said(element) {
  const copy = element.cloneNode(true);
  copy.querySelectorAll(".state").forEach((mark) => mark.replaceWith(` [${trimmed(mark)}]`));
  copy.querySelectorAll("a.citation").forEach((link) => link.replaceWith(` [${trimmed(link)}]`));
  return trimmed(copy);
}

function quotation(element) {
  const reference = element.querySelector(".reference a.citation");
  const details = [trimmed(reference?.querySelector("cite")), trimmed(element.querySelector(".reference .details"))];
  const number = trimmed(reference?.querySelector(".number"));
  return `[${number}] ${element.querySelector("blockquote")?.textContent ?? ""}\n(${details.filter(Boolean).join(" · ")})`;
}

export function answerText(reply) {
  const refusal = [...reply.querySelectorAll(".refused p:not(.label), .nearest")].map(trimmed);
  const words = [...reply.querySelectorAll(".said")].map(said);
  const quotations = [...reply.querySelectorAll(".quotation")].map(quotation);
  return [...refusal, ...words, ...quotations].filter(Boolean).join("\n\n");
}
