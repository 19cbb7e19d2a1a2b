// The desk where calls are taken: helpers over a page that works without them.
import { all, on, typing } from "./dom.js";

// Alt with a key leads to a field or presses what carries it: data-alt="s". The fields and the first proposal have theirs here.
const fields = { 1: "#f-phone", 2: "#f-body", 3: "#f-building", 4: "#f-item", k: "#call-proposals button" };
on("keydown", (e) => {
  if (!e.altKey || e.ctrlKey || e.metaKey || e.repeat || document.querySelector("dialog[open]")) return;
  const key = e.code.replace(/^(Key|Digit|Numpad)/, "").toLowerCase();
  const at = all("[data-alt]").find((el) => el.dataset.alt === key) || (fields[key] && document.querySelector(fields[key]));
  if (!at) return;
  e.preventDefault();
  if (at.matches("button, a")) at.click();
  else at.focus();
});

// A single key presses what carries it, where nobody types.
on("keydown", (e) => {
  if (typing(e.target) || e.ctrlKey || e.metaKey || e.altKey || e.repeat || document.querySelector("dialog[open]")) return;
  const at = all("[data-press]").find((el) => el.dataset.press === e.key.toLowerCase());
  if (!at) return;
  e.preventDefault();
  at.click();
});
const first = document.querySelector("[data-first]");
if (first) first.focus();

// A number that is complete is looked up once, without a press: a mobile or one with its area code at once, a short one when the field is left.
const phone = document.getElementById("f-phone");
let looked = "";
function look(left) {
  const digits = phone.value.replace(/[０-９]/g, (d) => String.fromCharCode(d.charCodeAt(0) - 0xfee0)).replace(/\D/g, "").replace(/^(0{0,2}86)(?=1\d{10}$)/, "");
  const whole = /^1[3-9]\d{9}$/.test(digits) || /^0(10|2\d)\d{8}$|^0[3-9]\d{10}$/.test(digits) || (left && digits.length >= 7);
  if (!whole || digits === looked) return;
  looked = digits;
  phone.dispatchEvent(new CustomEvent("complete", { bubbles: true }));
}
if (phone) {
  phone.addEventListener("input", () => {
    const digits = phone.value.replace(/\D/g, "");
    const earlier = document.getElementById("call-earlier");
    if (looked && digits !== looked && earlier) { // the last caller's cases are not this one's
      looked = "";
      earlier.replaceChildren();
    }
    look(false);
  });
  phone.addEventListener("change", () => look(true));
  if (phone.value) looked = phone.value.replace(/\D/g, "");
}
on("click", (e) => {
  if (!phone || !e.target.closest("[data-look]")) return;
  e.preventDefault();
  looked = "";
  look(true);
  document.getElementById("f-body").focus();
});

// Enter goes on to the next field instead of sending the form; a chosen place is taken by the field itself.
on("keydown", (e) => {
  const el = e.target;
  if (e.key !== "Enter" || e.isComposing || e.defaultPrevented || !el.matches("[data-steps] input:not([role=combobox])")) return;
  e.preventDefault();
  const stops = all("input:not([type=hidden]), select, textarea", el.form);
  const next = stops[stops.indexOf(el) + 1];
  if (el === phone) look(true);
  if (el === phone) document.getElementById("f-body").focus();
  else if (next) next.focus();
});

// Name and place of the last case are taken over by a press; what was typed or chosen stays, and a place is taken over as a whole or not at all.
const home = document.querySelector("[name=community]")?.value;
on("click", (e) => {
  const from = e.target.closest("[data-fill]");
  if (!from) return;
  e.preventDefault();
  const el = (name) => from.form.elements.namedItem(name);
  const given = (name) => from.getAttribute("data-fill-" + name);
  const community = el("community");
  const elsewhere = community && given("community") && community.value !== given("community") && (community.type === "hidden" || community.value !== home);
  const placed = elsewhere || ["building", "building_text", "place"].some((name) => el(name)?.value);
  for (const name of placed ? ["name"] : ["community", "building", "building_text", "place", "name"]) {
    const field = el(name);
    const value = given(name);
    if (!field || !value || (field.value && name !== "community")) continue;
    field.value = value;
    if (field.type !== "hidden") field.dispatchEvent(new Event("change", { bubbles: true }));
  }
  document.getElementById("f-body").focus();
});
