// Names that were taken along for a day go when it is over: on every page of the platform when it opens, at midnight while one is open, and when it is looked at again.
import { all } from "./dom.js";
import { expire, kept } from "./store.js";

export const EXPIRED = "linli-names"; // told to the document when the day is over

function there() {
  try {
    return Boolean(window.indexedDB) && kept();
  } catch {
    return false; // the browser keeps nothing for this page
  }
}

let day = new Date().toDateString();
let timer;

async function go() {
  clearTimeout(timer);
  timer = setTimeout(go, Math.min(new Date().setHours(24, 0, 0, 0) - Date.now() + 500, 3600 * 1000)); // a phone that slept wakes up late
  if (day !== new Date().toDateString()) {
    day = new Date().toDateString();
    document.dispatchEvent(new Event(EXPIRED));
  }
  const out = all("[data-logout]")[0];
  if (there()) await expire(out && out.dataset.account).catch(() => {}); // a store that does not open shows nothing either
}

export function names() {
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && go());
  go();
}
