// Logging out takes away what the phone keeps of this account; what was not sent is asked about first.
import { on } from "./dom.js";
import { clear, kept, list } from "./store.js";

on("submit", async (e) => {
  const form = e.target;
  if (!form.matches("[data-logout]")) return;
  try {
    if (!window.indexedDB || !kept()) return;
  } catch {
    return; // the browser keeps nothing for this page
  }
  e.preventDefault();
  try {
    const unsent = (await list(form.dataset.account)).length;
    if (unsent > 0 && !window.confirm(form.dataset.logout.replace("{0}", unsent))) return;
    await clear(form.dataset.account);
  } catch {
    // what cannot be opened cannot be cleared; the session still ends
  }
  form.submit();
});
