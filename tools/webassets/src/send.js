// Sending what the phone keeps: one entry after the other, the oldest first. An entry leaves the phone only when the server has said that it has it; what it
// sends twice, the server knows by its key.
import { drop, list, put } from "./store.js";

const WAIT = [5, 15, 30, 60, 120]; // seconds until it is tried again
const PATIENCE = 60000; // a request that hangs counts as none

let busy = false;
let failed = 0;
let timer;

// flush sends what can be sent for an account and tells changed() after each entry.
export async function flush(account, changed) {
  if (busy) return;
  busy = true;
  clearTimeout(timer);
  try {
    for (const entry of await list(account)) {
      if (entry.state === "refused" || entry.state === "conflict") continue; // wait for the worker
      entry.state = "sending";
      changed(entry);
      const answer = await send(entry);
      if (answer.status === "ok") {
        await drop(entry.key);
      } else {
        entry.state = answer.status;
        entry.answer = answer;
        await put(entry);
      }
      changed(entry, answer);
      if (answer.status === "waiting") {
        failed++;
        timer = setTimeout(() => flush(account, changed).catch(() => {}), WAIT[Math.min(failed, WAIT.length) - 1] * 1000);
        break;
      }
      failed = 0;
      if (answer.status === "login" || answer.status === "other") break;
    }
  } finally {
    busy = false;
  }
}

// send answers {status}: ok, refused, conflict, waiting (no answer, or try again), login, other (another account is logged in).
async function send(entry) {
  const form = new FormData();
  for (const f of entry.fields) form.append(f[0], f[1]);
  form.set("key", entry.key);
  form.set("account", entry.account);
  form.set("said_at", String(entry.at));
  for (const f of entry.files) form.append("file", f.blob, f.name);
  const gone = new AbortController();
  const hangs = setTimeout(() => gone.abort(), PATIENCE);
  try {
    const r = await fetch(entry.path, { method: "POST", body: form, headers: { Accept: "application/json" }, redirect: "manual", signal: gone.signal });
    if (r.type === "opaqueredirect") return { status: "login" };
    const json = (r.headers.get("Content-Type") || "").startsWith("application/json");
    if (json) return await r.json();
    if (r.status === 401) return { status: "login" };
    if (r.status === 403) return { status: "refused", forbidden: true };
    return { status: "waiting" };
  } catch {
    return { status: "waiting" };
  } finally {
    clearTimeout(hangs);
  }
}
