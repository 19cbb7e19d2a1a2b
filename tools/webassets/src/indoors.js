// Who is registered behind a door, in the form of a check: asked for by a button, or taken along for the day where there is no network. Names and relations alone.
import { take, taken } from "./store.js";

const EXPIRED = "linli-names"; // names.js tells it when the day is over

const PATIENCE = 6000; // milliseconds after which a bad network counts as none

export function indoors(form, account, say) {
  const doors = form.elements.household;
  const building = form.elements.building;
  const box = form.querySelector("[data-indoors]");
  const people = form.querySelector("[data-people]");
  const last = form.querySelector("[data-last]");
  const said = form.querySelector("[data-taken]");
  const taking = form.querySelector("[data-take]");
  const household = () => doors.value.split(".")[0];
  const group = () => (building && building.value) || (doors.value && doors.selectedOptions[0].parentNode.dataset.building) || (!building && (form.querySelector("optgroup") || { dataset: {} }).dataset.building) || "";

  function empty() {
    box.hidden = true;
    people.replaceChildren();
    const o = doors.selectedOptions[0];
    form.elements.seen.value = "";
    form.elements.known.value = (o && o.dataset.known) || "";
    last.textContent = !o || !o.value ? "" : o.dataset.confirmed ? say("lastcheck", o.dataset.confirmed) : say("nocheck");
    taking.hidden = !group();
  }

  function draw(d) {
    box.hidden = false;
    form.elements.seen.value = d.seen;
    form.elements.known.value = d.known;
    last.textContent = d.last ? say("lastcheck", d.last) : say("nocheck");
    box.querySelector("[data-nobody]").hidden = d.people.length > 0;
    people.replaceChildren(
      ...d.people.map((p, i) => {
        const label = document.createElement("label");
        label.className = "pick";
        const input = document.createElement("input");
        Object.assign(input, { type: "radio", name: "person", value: p.value, id: "person0-" + i });
        label.htmlFor = input.id;
        const text = document.createElement("span");
        text.textContent = p.name + " ";
        const note = document.createElement("span");
        note.className = "muted small";
        note.textContent = p.relation;
        text.append(note);
        label.append(input, text);
        return label;
      }),
    );
  }

  let why = ""; // the server's word on why nothing is shown
  async function ask(query) {
    why = "";
    const gone = new AbortController();
    const hangs = setTimeout(() => gone.abort(), PATIENCE);
    try {
      const r = await fetch(form.dataset.indoor + "?" + query, { headers: { Accept: "application/json" }, redirect: "manual", cache: "no-store", signal: gone.signal });
      if (!r.ok) return undefined;
      const answer = await r.json();
      why = answer.message || "";
      return answer.dwellings;
    } catch {
      return undefined;
    } finally {
      clearTimeout(hangs);
    }
  }

  // chosen shows at once what was taken along; what was not is asked for by the button, because each look is recorded.
  async function chosen() {
    empty();
    const d = doors.value && (await taken(account, household()).catch(() => undefined));
    if (d) draw(d);
    last.dataset.door = doors.value;
  }

  async function show() {
    if (!doors.value) {
      doors.reportValidity();
      return;
    }
    said.textContent = "";
    const had = await taken(account, household()).catch(() => undefined);
    const got = await ask("household=" + household());
    if (got && had) await take(account, got);
    if (got || had) draw(got ? got[0] : had);
    else said.textContent = why || say("nottaken");
  }

  form.querySelector("[data-show]").addEventListener("click", (e) => {
    e.preventDefault();
    show();
  });
  taking.addEventListener("click", async () => {
    taking.setAttribute("aria-busy", "true");
    const got = await ask("building=" + group());
    taking.removeAttribute("aria-busy");
    if (!got) {
      said.textContent = why || say("nottaken");
      return;
    }
    try {
      await take(account, got);
    } catch (err) {
      said.textContent = say(err && err.name === "Blocked" ? "blocked" : "nottaken");
      return;
    }
    said.textContent = say("taken", got.length);
    await chosen();
  });
  document.addEventListener(EXPIRED, empty); // no name of yesterday stays on an open page
  doors.addEventListener("change", chosen);
  if (building) building.addEventListener("change", chosen);

  const asked = new URLSearchParams(location.search).get("building");
  if (building && asked && !building.value) {
    building.value = asked;
    building.dispatchEvent(new Event("change"));
  }
  if (box.hidden) empty();

  return {
    // again puts an entry that was refused back: its person is chosen among those who are registered now.
    async again(fields) {
      await chosen();
      const of = (fields.find((f) => f[0] === "person") || ["", ""])[1].split(".")[0];
      const at = of && Array.from(people.querySelectorAll("input")).find((el) => el.value.split(".")[0] === of);
      if (at) at.checked = true;
    },
  };
}
