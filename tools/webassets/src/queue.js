// The list of what waits on the phone, as the pages of a round show it.
import { all } from "./dom.js";
import { SENT, drop, list, put } from "./store.js";
import { flush } from "./send.js";


export function queue(account, words) {
  const box = document.getElementById("queue");
  const template = document.getElementById("queue-entry");
  const say = (text, ...args) => (words[text] || text).replace(/\{(\d)\}/g, (_, i) => args[i]);

  function numbers() {
    try {
      return JSON.parse(sessionStorage.getItem(SENT) || "[]").filter((s) => s.account === account);
    } catch {
      return [];
    }
  }

  function row(title, state, detail, tone) {
    const el = template.content.firstElementChild.cloneNode(true);
    el.dataset.state = state;
    el.querySelector("[data-title]").textContent = title;
    el.querySelector("[data-word]").textContent = say(state);
    el.querySelector("[data-detail]").textContent = detail || "";
    el.querySelector(".state").className = "state" + (tone ? " state-" + tone : "");
    return el;
  }

  function button(el, text, title, act, primary) {
    const b = document.createElement("button");
    b.type = "button";
    b.className = "btn btn-small" + (primary ? " btn-primary" : "");
    b.textContent = say(text);
    b.setAttribute("aria-label", say(text) + " " + title);
    b.addEventListener("click", act);
    el.querySelector("[data-acts]").append(b);
  }

  // remove asks once more in place of the button itself.
  function removing(el, entry) {
    let asked = false;
    button(el, "remove", entry.title, async (e) => {
      if (!asked) {
        asked = true;
        e.target.textContent = say("really");
        e.target.classList.add("btn-danger");
        return;
      }
      await drop(entry.key);
      await draw();
    });
  }

  function detail(entry) {
    const a = entry.answer || {};
    if (entry.state === "conflict" && a.theirs === undefined) return a.message;
    if (entry.state === "conflict") return say("differs", a.yours, a.theirs, a.on, a.by);
    if (entry.state === "refused" && a.forbidden) return say("forbidden");
    if (entry.state === "refused") return [a.message, ...Object.values(a.fields || {})].filter(Boolean).filter((s, i, l) => l.indexOf(s) === i).join(" ");
    return new Date(entry.at).toLocaleString(document.documentElement.lang, { month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit" }) + (entry.files.length ? " · " + say("photos", entry.files.length) : "");
  }

  let sending = ""; // key of the entry that is on its way
  const tones = { refused: "bad", conflict: "warn", login: "warn", other: "warn", waiting: "info", sending: "info" };

  async function draw() {
    const entries = await list(account);
    const done = numbers();
    for (const el of all("[data-queued]")) {
      el.textContent = entries.length;
      el.closest("[data-queued-box]").hidden = entries.length === 0;
    }
    if (!box) return;
    box.hidden = entries.length + done.length === 0;
    const rows = document.createDocumentFragment();
    for (const entry of entries) {
      if (entry.key === sending) entry.state = "sending";
      const el = row(entry.title, entry.state, detail(entry), tones[entry.state]);
      if (entry.state === "refused") {
        const link = document.createElement("a");
        link.className = "btn btn-small btn-primary";
        link.href = entry.path + "?entry=" + encodeURIComponent(entry.key);
        link.textContent = say("edit");
        link.setAttribute("aria-label", say("edit") + " " + entry.title);
        el.querySelector("[data-acts]").append(link);
      }
      if (entry.state === "conflict") {
        button(el, "mine", entry.title, () => settle(entry), true);
        button(el, "theirs", entry.title, async () => {
          await drop(entry.key);
          await draw();
        });
      } else if (entry.state !== "sending") {
        removing(el, entry);
      }
      rows.append(el);
    }
    for (const s of done) rows.append(row(s.title, "ok", s.said, "good"));
    box.querySelector("ul").replaceChildren(rows);
    box.querySelector("[data-send]").hidden = !entries.some((e) => e.state !== "refused" && e.state !== "conflict");
    box.querySelector("[data-login]").hidden = !entries.some((e) => e.state === "login");
  }

  // settle sends it again for the household, or the person, as it is now: the worker has seen what stands there.
  async function settle(entry) {
    entry.fields = entry.fields.map((f) => [f[0], ["household", "person", "known"].includes(f[0]) ? entry.answer[f[0]] || f[1] : f[1]]);
    entry.state = "waiting";
    await put(entry);
    await run();
  }

  async function changed(entry, answer) {
    sending = answer ? "" : entry.key;
    if (answer && answer.status === "ok") {
      const sent = numbers();
      sent.unshift({ account, title: entry.title, said: answer.message });
      sessionStorage.setItem(SENT, JSON.stringify(sent.slice(0, 20)));
    }
    await draw();
    if (answer && answer.status !== "waiting") back();
    if (answer && answer.status === "other") location.reload(); // somebody else has logged in on this phone
  }

  const run = () => flush(account, changed).catch(() => draw());

  // back offers the page with its lists, on the one that stood for it while there was no network.
  function back() {
    for (const el of all("[data-back]")) el.hidden = false;
  }

  if (box) {
    box.querySelector("[data-send]").addEventListener("click", run);
    window.addEventListener("pageshow", (e) => e.persisted && run());
  }
  window.addEventListener("online", () => {
    back();
    run();
  });
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && run());
  draw()
    .then(run)
    .catch(() => {}); // a store that does not open has nothing to show; the form says so
}
