// The service worker of a round. The server puts the line `const KEPT = {build, files, pages}` before it: the hashed files, kept for ever, and the pages, asked
// from the network first. Nothing else of the platform passes through here, and no page that names a resident is kept.
/* global KEPT */
import { expire } from "./store.js";

const NAME = "patrol-" + KEPT.build;
const HOME = KEPT.pages[0];
const OWNER = "/m/patrol/owner"; // an answer that holds the account whose pages are kept
const PATIENCE = 8000; // milliseconds after which a bad network counts as none

self.addEventListener("install", (e) => {
  self.skipWaiting();
  e.waitUntil(caches.open(NAME).then((c) => c.addAll(KEPT.files)));
});

// A new build brings its own files. What an older one keeps goes when the pages of the new one are there.
self.addEventListener("activate", (e) => e.waitUntil(Promise.all([self.clients.claim(), yesterday()])));

let looked = 0;

// yesterday takes away names whose day is over, also where a page was kept and its scripts do not run. A phone that keeps none is not given a store.
async function yesterday() {
  if (Date.now() - looked < 60000) return;
  looked = Date.now();
  try {
    const there = !indexedDB.databases || (await indexedDB.databases()).some((d) => d.name === "linli-patrol");
    if (there) await expire();
  } catch {
    // the page that opens next tries again
  }
}

self.addEventListener("message", (e) => {
  if (e.data && e.data.keep) e.waitUntil(keep(e.data.keep));
});

async function keep(account) {
  const cache = await caches.open(NAME);
  for (const name of await caches.keys()) { // an older build's pages of somebody else are never shown
    const was = name.startsWith("patrol-") && name !== NAME && (await (await caches.open(name)).match(OWNER));
    if (was && (await was.text()) !== account) await caches.delete(name);
  }
  const owner = await cache.match(OWNER);
  if (!owner || (await owner.text()) !== account) for (const path of KEPT.pages) await cache.delete(path);
  const got = await Promise.all(KEPT.pages.map((path) => fresh(cache, path)));
  await cache.put(OWNER, new Response(account));
  if (got.every(Boolean)) for (const name of await caches.keys()) if (name.startsWith("patrol-") && name !== NAME) await caches.delete(name);
}

async function fresh(cache, path) {
  try {
    const answer = await fetch(path, { credentials: "same-origin", redirect: "manual", cache: "no-store" });
    if (answer.ok) await cache.put(path, answer);
    return answer.ok;
  } catch {
    return false; // the next page that opens tries again
  }
}

self.addEventListener("fetch", (e) => {
  e.waitUntil(yesterday());
  const url = new URL(e.request.url);
  if (e.request.method !== "GET" || url.origin !== self.location.origin) return;
  if (KEPT.files.includes(url.pathname)) e.respondWith(file(e.request));
  else if (e.request.mode === "navigate" && (url.pathname === "/m/patrol" || KEPT.pages.includes(url.pathname))) e.respondWith(page(e.request, url.pathname));
});

async function file(request) {
  return (await caches.match(request, { ignoreVary: true })) || fetch(request);
}

async function page(request, path) {
  const kept = async () => (await caches.open(NAME)).match(KEPT.pages.includes(path) ? path : HOME, { ignoreVary: true });
  let late;
  const slow = new Promise((done) => (late = setTimeout(done, PATIENCE)));
  const net = fetch(request);
  net.catch(() => {}); // it may fail after it was given up
  try {
    const answer = await Promise.race([net, slow.then(kept)]);
    if (answer && !(answer.status >= 502 && answer.status <= 504)) return answer;
    return (await kept()) || answer || (await net);
  } catch (err) {
    const old = await kept();
    if (old) return old;
    throw err;
  } finally {
    clearTimeout(late);
  }
}
