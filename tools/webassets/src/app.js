// Small scripts over pages that work without them. No evaluation of text, no inline styles.
import "./signout.js"; // before forms.js: a log-out that asks is not yet sent
import "./lists.js";
import "./forms.js";
import "./dialogs.js";
import "./combo.js";
import "./pan.js";
import { names } from "./names.js";
import { all, on, typing } from "./dom.js";

// Menus close when something else is pressed, and on Escape.
on("click", (e) => {
  for (const menu of all("details[data-menu][open]")) if (!menu.contains(e.target)) menu.open = false;
});
on("keydown", (e) => {
  if (e.key !== "Escape") return;
  const menu = document.querySelector("details[data-menu][open]");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  } else if (location.hash === "#nav") {
    location.replace("#main");
  }
});
on("click", (e) => {
  const side = document.getElementById("nav");
  if (location.hash === "#nav" && side && !side.contains(e.target) && !e.target.closest("a")) location.replace("#main");
});

// "/" (also the same key of a Chinese keyboard) and Ctrl K lead to the search box; the arrows walk through what it suggests.
on("keydown", (e) => {
  const key = ((e.key === "/" || (e.code === "Slash" && !e.shiftKey)) && !typing(e.target)) || (e.key.toLowerCase() === "k" && (e.ctrlKey || e.metaKey));
  const box = document.querySelector("[data-search], [data-find]");
  if (!key || !box || e.altKey || document.querySelector("dialog[open]")) return;
  e.preventDefault();
  box.focus();
  box.select();
});
on("keydown", (e) => {
  const form = e.target.closest && e.target.closest("form.search");
  if (!form || (e.key !== "ArrowDown" && e.key !== "ArrowUp")) return;
  const stops = [form.querySelector("[data-search]"), ...form.querySelectorAll(".suggest")];
  const next = stops[stops.indexOf(document.activeElement) + (e.key === "ArrowDown" ? 1 : -1)];
  if (next) {
    e.preventDefault();
    next.focus();
  }
});

// Messages can be put away; printing needs a script.
function reveal(root) {
  for (const el of all("[data-dismiss], [data-print]", root)) el.hidden = false;
}
on("click", (e) => {
  const gone = e.target.closest("[data-dismiss]");
  if (gone) gone.closest("[data-flash]").remove();
  if (e.target.closest("[data-print]")) window.print();
});

// Instants of today read as "20 minutes ago"; the full time stays in the title.
function moments(root) {
  const words = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "auto" });
  for (const el of all("time[data-moment]", root)) {
    const then = new Date(el.dateTime);
    const minutes = Math.round((then - Date.now()) / 60000);
    if (then.toDateString() !== new Date().toDateString()) continue;
    el.textContent = Math.abs(minutes) < 60 ? words.format(minutes, "minute") : words.format(Math.round(minutes / 60), "hour");
  }
}

function ready(root) {
  reveal(root);
  moments(root);
}
document.addEventListener("htmx:after:swap", () => ready(document));
document.addEventListener("DOMContentLoaded", () => ready(document));
if (document.readyState !== "loading") ready(document);
names();
