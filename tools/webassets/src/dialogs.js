// Dialogs: links to their id open them; without scripts the same links show them in place.
import { on } from "./dom.js";

on("click", (e) => {
  const opener = e.target.closest("[data-opens]");
  if (opener) {
    const dialog = document.getElementById(opener.dataset.opens);
    if (!dialog || !dialog.showModal) return;
    e.preventDefault();
    dialog.showModal();
    return;
  }
  const closer = e.target.closest("[data-closes]");
  const dialog = closer ? closer.closest("dialog") : e.target;
  if (dialog instanceof HTMLDialogElement && dialog.open) {
    if (closer) e.preventDefault();
    dialog.close();
  }
});

// What acts as a button answers the space bar like one.
on("keydown", (e) => {
  if (e.key !== " " || !(e.target instanceof HTMLAnchorElement) || e.target.getAttribute("role") !== "button") return;
  e.preventDefault();
  e.target.click();
});
