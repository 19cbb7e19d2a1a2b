// What a phone keeps of a round until it is sent: a small store over IndexedDB. An entry is {key, account, path, kind, title, fields, files, at, state, answer}.
// It belongs to the account that made it; other accounts on the same phone neither see nor send it.
const NAME = "linli-patrol";
const STORE = "entries";
export const SENT = "linli-patrol"; // in sessionStorage: numbers of what was sent since the page was opened, without content
const MARK = "linli-patrol"; // in localStorage: this phone keeps something

let opened;

function base() {
  opened =
    opened ||
    new Promise((done, fail) => {
      const asked = indexedDB.open(NAME, 1);
      asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, { keyPath: "key" }).createIndex("account", "account");
      asked.onsuccess = () => done(asked.result);
      asked.onerror = () => fail(asked.error);
      asked.onblocked = () => fail(new Error("blocked"));
    });
  return opened;
}

// act runs one request in its own transaction and answers when it is on the disk.
async function act(mode, ask) {
  const db = await base();
  return new Promise((done, fail) => {
    const tx = db.transaction(STORE, mode);
    const asked = ask(tx.objectStore(STORE));
    tx.oncomplete = () => done(asked.result);
    tx.onabort = () => fail(tx.error || new Error("aborted"));
    tx.onerror = () => fail(tx.error);
  });
}

// marked notes that this phone keeps something: entries, or pages.
export const marked = () => localStorage.setItem(MARK, "1");

export function put(entry) {
  marked();
  return act("readwrite", (s) => s.put(entry));
}

export const get = (key) => act("readonly", (s) => s.get(key));
export const drop = (key) => act("readwrite", (s) => s.delete(key));

// list gives the entries of an account, the oldest first.
export async function list(account) {
  if (localStorage.getItem(MARK) === null) return [];
  const all = await act("readonly", (s) => s.index("account").getAll(account));
  return all.sort((a, b) => a.at - b.at);
}

// clear takes away what the phone keeps of an account, and the pages that work without a network.
export async function clear(account) {
  for (const e of await list(account)) await drop(e.key);
  sessionStorage.removeItem(SENT);
  if (window.caches) for (const name of await caches.keys()) if (name.startsWith("patrol-")) await caches.delete(name);
}

// abandoned takes away what others left on this phone for longer than anybody could still want to send it.
export async function abandoned(account) {
  if (localStorage.getItem(MARK) === null) return;
  const old = Date.now() - 30 * 24 * 3600 * 1000;
  for (const e of await act("readonly", (s) => s.getAll())) if (e.account !== account && e.at < old) await drop(e.key);
}

// kept says that this phone keeps, or has kept, something.
export const kept = () => localStorage.getItem(MARK) !== null;
