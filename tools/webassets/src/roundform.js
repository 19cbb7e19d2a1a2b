// The forms of a round: what is filled in is kept on the phone first, and sent from there. Without this script the same forms are sent as they are.
import { all } from "./dom.js";
import { shrink } from "./shrink.js";
import { indoors } from "./indoors.js";
import { drop, get, put } from "./store.js";

export function roundForm(form, account, words) {
  const say = (text, ...args) => (words[text] || text).replace(/\{(\d)\}/g, (_, i) => args[i]);
  let photos = []; // made small already
  let key = "";
  let old = ""; // key of the entry that came back into the form
  let since = 0; // when it was said, of an entry that came back

  const box = form.querySelector("[data-problems]");
  function problem(list) {
    box.hidden = list.length === 0;
    box.querySelector("ul").replaceChildren(
      ...list.map((text) => {
        const li = document.createElement("li");
        li.textContent = text;
        return li;
      }),
    );
    if (list.length) box.focus();
  }

  // Photographs: at most three, shown small, each of which can be taken away again.
  const input = form.querySelector("input[type=file]");
  const shown = form.querySelector("[data-photos]");
  function showPhotos() {
    if (!shown) return;
    shown.replaceChildren(
      ...photos.map((p, i) => {
        const li = document.createElement("li");
        const img = document.createElement("img");
        img.alt = say("photo", i + 1);
        img.src = URL.createObjectURL(p.blob);
        img.addEventListener("load", () => URL.revokeObjectURL(img.src));
        const b = document.createElement("button");
        b.type = "button";
        b.className = "btn btn-small";
        b.textContent = say("unphoto");
        b.setAttribute("aria-label", say("unphoto") + " " + (i + 1));
        b.addEventListener("click", () => {
          photos = photos.filter((x) => x !== p);
          showPhotos();
        });
        li.append(img, b);
        return li;
      }),
    );
  }
  let shrinking = Promise.resolve(); // what is sent waits for pictures that are being made small
  if (input) {
    input.addEventListener("change", () => (shrinking = shrinking.then(take)));
    async function take() {
      const most = Number(input.dataset.most);
      const wrong = [];
      for (const file of Array.from(input.files)) {
        if (photos.length >= most) {
          wrong.push(say("many", most));
          break;
        }
        try {
          photos.push(await shrink(file));
        } catch {
          wrong.push(say("nophoto", file.name));
        }
      }
      input.value = ""; // they are kept beside it now
      showPhotos();
      problem(wrong);
    }
  }

  // A position is taken when the button is pressed, for this report alone.
  const place = form.querySelector("[data-position]");
  if (place && navigator.geolocation) {
    place.hidden = false;
    const said = form.querySelector("[data-position-said]");
    place.addEventListener("click", () => {
      if (form.elements.x.value) {
        form.elements.x.value = form.elements.y.value = "";
        said.textContent = "";
        place.textContent = say("position");
        return;
      }
      place.setAttribute("aria-busy", "true");
      navigator.geolocation.getCurrentPosition(
        (at) => {
          place.removeAttribute("aria-busy");
          form.elements.x.value = Math.round(at.coords.longitude * 1e6);
          form.elements.y.value = Math.round(at.coords.latitude * 1e6);
          said.textContent = say("positioned", Math.round(at.coords.accuracy));
          place.textContent = say("unposition");
        },
        () => {
          place.removeAttribute("aria-busy");
          said.textContent = say("nowhere");
        },
        { enableHighAccuracy: true, timeout: 15000, maximumAge: 60000 },
      );
    });
  }

  // The list of doors follows the building.
  const building = form.querySelector("select[data-narrows]");
  const doors = form.querySelector("select[name=household]");
  const said = form.querySelector("p[data-occupants]");
  function narrow() {
    for (const group of all("optgroup", doors)) {
      const on = !building.value || group.dataset.building === building.value;
      group.hidden = !on;
      group.disabled = !on;
    }
    const chosen = doors.selectedOptions[0];
    if (chosen && chosen.parentNode.disabled) doors.value = "";
  }
  function known() {
    const o = doors.selectedOptions[0];
    if (said) said.textContent = !o || !o.value ? "" : o.dataset.on ? say("before", o.dataset.occupants, o.dataset.on) : say("never");
  }
  if (building) building.addEventListener("change", () => (narrow(), known()));
  if (doors) doors.addEventListener("change", known);
  for (const b of all("[data-step]", form)) {
    b.hidden = false;
    b.addEventListener("click", () => {
      const n = form.elements.occupants;
      n.value = Math.min(Number(n.max), Math.max(0, Number(n.value || 0) + Number(b.dataset.step)));
    });
  }

  // title says in a few words what the entry is, for the list of what waits: what was chosen, and where.
  function title() {
    const parts = [];
    for (const name of ["finding", "item", "need", "household", "building", "where"]) {
      for (const el of all(`[name=${name}]`, form)) {
        const option = el.tagName === "SELECT" ? el.value && el.selectedOptions[0] : el.checked && el.value && el.closest("label");
        let text = option && option.textContent.trim();
        if (text && name === "household") text = option.parentNode.label + " " + text;
        if (text && !parts.includes(text)) parts.push(text);
      }
      if (name === "household" && doors && doors.value) break; // it says its building
    }
    if (form.elements.place && form.elements.place.value) parts.push(form.elements.place.value);
    return form.dataset.title + ": " + (parts.join(" · ") || say("words"));
  }

  // missing says what the server would ask for, so that nothing is kept that it would refuse.
  function missing(data) {
    const list = [];
    const words = (data.get("body") || data.get("note") || "").trim();
    if (form.dataset.queue === "event" && !data.get("item") && !words) list.push(say("noitem"));
    if (form.dataset.queue === "event" && !data.get("where")) list.push(say("nowhere2"));
    if (form.dataset.queue === "visit" && !data.get("household") && !data.get("building")) list.push(say("nodoor"));
    if (form.dataset.queue === "visit" && !data.get("need") && !words) list.push(say("nowords"));
    const finding = data.get("finding");
    if (form.dataset.queue === "check" && !finding) list.push(say("nofinding"));
    if (finding === "confirmed" && !data.get("seen")) list.push(say("lookfirst"));
    if (["left", "deceased", "contact"].includes(finding) && !data.get("person")) list.push(say("nowhom"));
    return list;
  }

  const inside = form.dataset.indoor ? indoors(form, account, say) : undefined;
  form.addEventListener("submit", async (e) => {
    e.preventDefault();
    if (e.submitter && e.submitter.hasAttribute("data-show")) return;
    const data = new FormData(form);
    data.delete("file");
    const lacks = missing(data);
    problem(lacks);
    if (lacks.length) return;
    await shrinking;
    key = key || (crypto.randomUUID ? crypto.randomUUID() : Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, "0")).join("")); // pressed twice it is one entry
    const entry = {
      key,
      account,
      path: new URL(form.action).pathname,
      kind: form.dataset.queue,
      title: title(),
      fields: Array.from(data.entries()).filter((f) => typeof f[1] === "string"),
      files: photos,
      at: since || Date.now(),
      state: "waiting",
    };
    try {
      await put(entry);
      if (old && old !== key) await drop(old);
    } catch (err) {
      if (err && err.name === "QuotaExceededError") {
        problem([say("full")]);
        return;
      }
      if (err && err.name === "Blocked") {
        problem([say("blocked")]); // what was filled in stays in the form
        return;
      }
      if (input && window.DataTransfer) {
        const files = new DataTransfer();
        for (const p of photos) files.items.add(new File([p.blob], p.name, { type: p.blob.type }));
        input.files = files.files;
      }
      if (form.elements.key) form.elements.key.value = entry.key; // not the one that stands in a page that was kept
      form.submit(); // the browser keeps nothing: it is sent as without scripts
      return;
    }
    location.assign(inside ? form.action + "?building=" + encodeURIComponent(doors.selectedOptions[0].parentNode.dataset.building) : "/m/patrol");
  });

  // An entry that was refused comes back into its form.
  async function load() {
    const asked = new URLSearchParams(location.search).get("entry");
    if (!asked) return;
    const entry = await get(asked);
    if (!entry || entry.account !== account) return;
    key = ((entry.answer || {}).fields || {}).key ? "" : entry.key; // a key that was used for something else is not used again
    old = entry.key;
    since = entry.at;
    photos = entry.files;
    for (const el of all("input[type=radio], input[type=checkbox]", form)) el.checked = false;
    for (const f of entry.fields) {
      const name = f[0];
      const value = f[1];
      if (name.startsWith("_") || name === "key" || name === "account") continue;
      const els = all(`[name="${CSS.escape(name)}"]`, form);
      const press = els.find((el) => (el.type === "radio" || el.type === "checkbox") && el.value === value);
      if (press) {
        press.checked = true;
        const fold = press.closest("details");
        if (fold) fold.open = true;
      } else if (name === "household" && els[0]) { // another version of it may stand there now
        const o = Array.from(els[0].options).find((x) => x.value.split(".")[0] === value.split(".")[0]);
        if (o) o.selected = true;
      } else if (els[0] && els[0].type !== "radio" && els[0].type !== "checkbox") {
        els[0].value = value;
      }
    }
    showPhotos();
    if (building) narrow();
    if (doors) known();
    if (inside) await inside.again(entry.fields);
    if (place && form.elements.x && form.elements.x.value) place.textContent = say("unposition");
    const a = entry.answer || {};
    problem(Object.values(a.fields || {}).length ? Object.values(a.fields) : [a.message].filter(Boolean));
  }
  load().catch((err) => err && err.name === "Blocked" && problem([say("blocked")]));
}
