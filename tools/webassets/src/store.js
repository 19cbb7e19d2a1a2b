// What a phone keeps of a round until it is sent: a small store over IndexedDB. An entry is {key, account, path, kind, title, fields, files, at, state, answer}.
// It belongs to the account that made it; other accounts on the same phone neither see nor send it.
const NAME = "linli-patrol";
const STORE = "entries";
const NAMES = "names"; // households with the names of who is registered there, taken along for the day
export const SENT = "linli-patrol"; // in sessionStorage: numbers of what was sent since the page was opened, without content
const MARK = "linli-patrol"; // in localStorage: this phone keeps something

let opened;
let blocked = false; // an older page of the platform is open and does not let go

// base opens the store. While an older page holds it the answer is an error named Blocked; when that page is closed, the next call finds it open.
function base() {
  if (blocked) return Promise.reject(Object.assign(new Error("blocked"), { name: "Blocked" }));
  opened =
    opened ||
    new Promise((done, fail) => {
      const asked = indexedDB.open(NAME, 2);
      asked.onupgradeneeded = (e) => {
        if (e.oldVersion < 1) asked.result.createObjectStore(STORE, { keyPath: "key" }).createIndex("account", "account");
        asked.result.createObjectStore(NAMES, { keyPath: "id" });
      };
      asked.onsuccess = () => {
        const db = asked.result;
        const gone = () => (opened = undefined); // the next call opens it again
        db.onclose = gone;
        db.onversionchange = () => {
          db.close(); // a newer page wants it
          gone();
        };
        blocked = false;
        opened = Promise.resolve(db);
        done(db);
      };
      asked.onerror = () => {
        blocked = false;
        opened = undefined;
        fail(asked.error);
      };
      asked.onblocked = () => {
        blocked = true;
        fail(Object.assign(new Error("blocked"), { name: "Blocked" }));
      };
    });
  return opened;
}

// act runs one request in its own transaction and answers when it is on the disk.
async function act(mode, ask, store = STORE) {
  const db = await base();
  return new Promise((done, fail) => {
    const tx = db.transaction(store, mode);
    const asked = ask(tx.objectStore(store));
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
  if (kept()) await act("readwrite", (s) => s.clear(), NAMES);
  sessionStorage.removeItem(SENT);
  if (window.caches) for (const name of await caches.keys()) if (name.startsWith("patrol-")) await caches.delete(name);
}

// abandoned takes away what others left on this phone for longer than anybody could still want to send it.
export async function abandoned(account) {
  if (localStorage.getItem(MARK) === null) return;
  const old = Date.now() - 30 * 24 * 3600 * 1000;
  for (const e of await act("readonly", (s) => s.getAll())) if (e.account !== account && e.at < old) await drop(e.key);
}

// expire takes away the names whose day is over, and those of other accounts than the one that is logged in, if it is known.
export async function expire(account) {
  for (const n of await act("readonly", (s) => s.getAll(), NAMES)) if (n.until <= Date.now() || (account && n.account !== account)) await act("readwrite", (s) => s.delete(n.id), NAMES);
}

// take keeps households with their names until the day is over, for an account.
export async function take(account, dwellings) {
  marked();
  const until = new Date().setHours(24, 0, 0, 0);
  for (const d of dwellings) await act("readwrite", (s) => s.put({ ...d, account, until }), NAMES);
}

// taken is a household that was taken along by an account today, or undefined.
export async function taken(account, id) {
  if (!kept()) return undefined;
  const d = await act("readonly", (s) => s.get(id), NAMES);
  return d && d.account === account && d.until > Date.now() ? d : undefined;
}

// kept says that this phone keeps, or has kept, something.
export const kept = () => localStorage.getItem(MARK) !== null;
