// The field that finds one of many: type a few characters, choose by arrow keys and Enter or by press.
import { all, on } from "./dom.js";

const combo = (el) => (el.closest ? el.closest("[data-combo]") : null);
const input = (box) => box.querySelector("[role=combobox]");
const list = (box) => box.querySelector("[role=listbox]");
const options = (box) => all("[role=option]", list(box));

function show(box, open) {
  list(box).hidden = !open;
  input(box).setAttribute("aria-expanded", String(open));
  if (!open) input(box).removeAttribute("aria-activedescendant");
}

function mark(box, i) {
  options(box).forEach((o, n) => {
    o.id = o.id || list(box).id + "-" + n;
    o.setAttribute("aria-selected", String(n === i));
    if (n === i) {
      input(box).setAttribute("aria-activedescendant", o.id);
      o.scrollIntoView({ block: "nearest" });
    }
  });
}

function choose(box, option) {
  box.querySelector("[data-combo-value]").value = option.dataset.value;
  input(box).value = option.dataset.text;
  input(box).setCustomValidity("");
  show(box, false);
  box.dispatchEvent(new Event("change", { bubbles: true }));
}

// The search asks with q, whatever the field is called.
document.addEventListener("htmx:config:request", (e) => {
  const el = e.target;
  const body = e.detail.ctx.request.body;
  if (!combo(el) || !body || !body.set) return;
  body.delete(el.name);
  body.set("q", el.value);
});

document.addEventListener("htmx:after:swap", (e) => {
  for (const box of all("[data-combo]")) {
    if (document.activeElement === input(box) && list(box).children.length) show(box, true);
  }
});

on("input", (e) => {
  const box = combo(e.target);
  if (box) box.querySelector("[data-combo-value]").value = "";
});

on("focusin", (e) => {
  const box = combo(e.target);
  if (box && list(box).children.length && !box.querySelector("[data-combo-value]").value) show(box, true);
});
on("focusout", (e) => {
  const box = combo(e.target);
  if (box) setTimeout(() => show(box, false), 150);
});

on("keydown", (e) => {
  const box = combo(e.target);
  if (!box || e.isComposing) return;
  const found = options(box);
  const now = found.findIndex((o) => o.getAttribute("aria-selected") === "true");
  if ((e.key === "ArrowDown" || e.key === "ArrowUp") && found.length) {
    e.preventDefault();
    show(box, true);
    mark(box, (now + (e.key === "ArrowDown" ? 1 : -1) + found.length) % found.length);
  } else if (e.key === "Enter" && now >= 0 && !list(box).hidden) {
    e.preventDefault();
    choose(box, found[now]);
  } else if (e.key === "Escape" && !list(box).hidden) {
    e.stopPropagation();
    show(box, false);
  }
});

on("mousedown", (e) => {
  const option = e.target.closest && e.target.closest("[data-combo] [role=option]");
  if (!option) return;
  e.preventDefault();
  choose(combo(option), option);
});
