// Forms: leaving with changes asks, a form is sent once, errors are seen first, and what a person
// changes no longer counts as filled in by the program.
import { all, on } from "./dom.js";

on("input", (e) => {
  const field = e.target.closest && e.target.closest("[data-field]");
  const form = e.target.form;
  if (form && form.matches("[data-dirty]")) form.dataset.changed = "yes";
  if (!field) return;
  for (const el of all("[data-filled], [data-filled-mark]", field)) el.remove();
});

window.addEventListener("beforeunload", (e) => {
  if (document.querySelector("form[data-changed]:not([data-sent])")) e.preventDefault();
});

on("submit", (e) => {
  const form = e.target;
  if (e.defaultPrevented || form.method !== "post") return;
  if (form.dataset.sent) {
    e.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  if (e.submitter) e.submitter.setAttribute("aria-busy", "true");
  setTimeout(() => again(form), 8000);
});

// What is proposed for a field is taken by a press.
on("click", (e) => {
  const offer = e.target.closest && e.target.closest("button[data-set]");
  const field = offer && offer.form && offer.form.elements.namedItem(offer.dataset.set);
  if (!field) return;
  field.value = offer.dataset.value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
  field.focus();
});

function again(form) {
  delete form.dataset.sent;
  for (const b of all("[aria-busy]", form)) b.removeAttribute("aria-busy");
}
window.addEventListener("pageshow", () => all("form[data-sent]").forEach(again));

// The summary of what is wrong names each field and follows the order of the page.
function order(summary) {
  const lines = all("li", summary).map((line) => {
    const target = document.getElementById(line.firstElementChild.hash.slice(1));
    const label = target && target.closest("[data-field]") && target.closest("[data-field]").querySelector(".label");
    if (label) line.prepend(label.textContent.trim() + " · ");
    return { line, target };
  });
  lines.sort((a, b) => (!a.target || !b.target ? 0 : a.target.compareDocumentPosition(b.target) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1));
  for (const one of lines) one.line.parentNode.append(one.line);
}

document.addEventListener("DOMContentLoaded", () => {
  const summary = document.querySelector("[data-errors]");
  if (!summary) return;
  order(summary);
  summary.focus();
});
