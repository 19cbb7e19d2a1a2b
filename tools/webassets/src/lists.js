// Lists: j and k move between rows, Enter opens, a press on a row opens it, rows can be chosen.
import { all, on, typing } from "./dom.js";

const rows = () => all("[data-rows] [data-row]");

function move(step) {
  const list = rows();
  if (list.length === 0) return;
  const now = list.findIndex((r) => r.classList.contains("row-now"));
  const next = now < 0 ? (step > 0 ? 0 : list.length - 1) : Math.min(Math.max(now + step, 0), list.length - 1);
  for (const r of list) r.classList.remove("row-now");
  list[next].classList.add("row-now");
  list[next].scrollIntoView({ block: "nearest" });
  const link = list[next].querySelector("[data-row-link]");
  if (link) link.focus({ preventScroll: true });
}

function open(row, apart) {
  const link = row.querySelector("[data-row-link]");
  const href = row.dataset.href || (link && link.getAttribute("href"));
  if (!href) return;
  if (apart) window.open(href, "_blank", "noopener");
  else location.assign(href);
}

on("keydown", (e) => {
  if (typing(e.target) || e.ctrlKey || e.metaKey || e.altKey || document.querySelector("dialog[open]")) return;
  if (e.key === "j" || e.key === "k") {
    e.preventDefault();
    move(e.key === "j" ? 1 : -1);
    return;
  }
  const now = document.querySelector("[data-row].row-now");
  if (e.key === "Enter" && now && (e.target === document.body || e.target.classList.contains("datatable"))) open(now, false);
});

on("click", (e) => {
  const row = e.target.closest("tr[data-row]");
  if (!row || e.defaultPrevented || e.button !== 0) return;
  if (e.target.closest("a, button, input, label, select, summary, dialog")) return;
  if (String(window.getSelection())) return;
  open(row, e.ctrlKey || e.metaKey);
});

function count() {
  const picked = all("[data-pick]:checked").length;
  for (const form of all("[data-bulk]")) {
    form.classList.toggle("bulk-on", picked > 0);
    form.querySelector("[data-picked]").textContent = picked;
  }
  const boxes = all("[data-pick]");
  for (const box of all("[data-pick-all]")) {
    box.checked = picked > 0 && picked === boxes.length;
    box.indeterminate = picked > 0 && picked < boxes.length;
  }
}

on("change", (e) => {
  if (e.target.matches("[data-pick-all]")) for (const b of all("[data-pick]")) b.checked = e.target.checked;
  if (e.target.matches("[data-pick-all], [data-pick]")) count();
  if (e.target.matches("[data-filter]")) e.target.form.requestSubmit();
});
window.addEventListener("pageshow", count);

// The address of a list holds only the filters that are on.
on("submit", (e) => {
  if (!e.target.matches("[data-filters]")) return;
  for (const el of e.target.elements) if (el.name && el.value === "") el.disabled = true;
});
window.addEventListener("pageshow", () => {
  for (const form of all("[data-filters]")) for (const el of form.elements) el.disabled = false;
});
