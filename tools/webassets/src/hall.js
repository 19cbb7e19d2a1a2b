// Terminals, call screens and counters: helpers over pages that work without them.
import { all, on, typing } from "./dom.js";

// A single key presses what carries it: data-press="n".
on("keydown", (e) => {
  if (typing(e.target) || e.ctrlKey || e.metaKey || e.altKey || e.repeat || document.querySelector("dialog[open]")) return;
  const at = all("[data-press]").find((el) => el.dataset.press === e.key.toLowerCase());
  if (!at) return;
  e.preventDefault();
  at.click();
});

// A terminal goes back to its beginning when nobody touches it: data-return holds the seconds, data-say the words with # for them.
const back = document.querySelector("[data-return]");
if (back) {
  const whole = Number(back.dataset.return);
  let left = whole;
  const show = () => (back.textContent = back.dataset.say.replace("#", left));
  const stay = () => {
    left = whole;
    show();
  };
  on("pointerdown", stay);
  on("keydown", stay);
  back.hidden = false;
  show();
  setInterval(() => {
    left -= 1;
    if (left <= 0) location.assign(back.dataset.href);
    else show();
  }, 1000);
}

// The voice of a call screen, switched on by a press: what is called from then on is spoken. data-call names a call, data-say says it.
const voice = document.querySelector("[data-voice]");
if (voice && "speechSynthesis" in window) {
  const said = new Set();
  let speaks = false;
  const fresh = () => all("[data-call]").filter((el) => !said.has(el.dataset.call));
  const note = (list) => list.forEach((el) => said.add(el.dataset.call));
  note(fresh());
  voice.hidden = false;
  voice.addEventListener("click", () => {
    speaks = !speaks;
    voice.setAttribute("aria-pressed", String(speaks));
    voice.textContent = speaks ? voice.dataset.off : voice.dataset.on;
    if (!speaks) speechSynthesis.cancel();
  });
  new MutationObserver(() => {
    const list = fresh();
    note(list);
    if (!speaks) return;
    for (const el of list) {
      const words = new SpeechSynthesisUtterance(el.dataset.say);
      words.lang = document.documentElement.lang;
      words.rate = 0.9;
      speechSynthesis.speak(words);
    }
  }).observe(document.getElementById("main"), { childList: true, subtree: true });
}
