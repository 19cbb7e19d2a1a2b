// The map of open cases: outlines of grids, darker where more is open, and a dot for each case once they lie far enough apart. What it shows is given by the
// server, words included; without it the table beside says the same. No tiles: the outlines are the installation's own.
import L from "leaflet";
import { all } from "./dom.js";

const dotsFrom = 2.5; // how far in, beyond the view of the whole, single cases are drawn

// shade is one of three steps by how many are open.
const shade = (open, most) => (open === 0 ? "map-0" : open > (2 * most) / 3 ? "map-3" : open > most / 3 ? "map-2" : "map-1");

// note is a popup: what it is, and a link to it. Text only, never markup.
function note(text, more, href, word) {
  const box = document.createElement("div");
  const what = document.createElement("strong");
  what.textContent = text;
  const rest = document.createElement("p");
  rest.textContent = more;
  const link = document.createElement("a");
  link.href = href;
  link.textContent = word;
  box.append(what, rest, link);
  return box;
}

// rings turns micro-degrees into what the library draws. Latitude comes first there.
const rings = (outline) => outline.map((ring) => ring.map((at) => [at[1] / 1e6, at[0] / 1e6]));

// ways are the sides to which the map moves at a press, for whom dragging is no way (WCAG 2.5.7).
const ways = [
  { side: "west", x: -1, y: 0, sign: "\u2190" },
  { side: "north", x: 0, y: -1, sign: "\u2191" },
  { side: "south", x: 0, y: 1, sign: "\u2193" },
  { side: "east", x: 1, y: 0, sign: "\u2192" },
];

// mover is a bar of buttons that move the map by a third of what it shows.
function mover(map, box) {
  const bar = document.createElement("div");
  bar.className = "leaflet-bar map-move";
  for (const way of ways) {
    const b = document.createElement("button");
    b.type = "button";
    b.textContent = way.sign;
    b.title = box.dataset[way.side];
    b.setAttribute("aria-label", box.dataset[way.side]);
    b.addEventListener("click", () => map.panBy([(way.x * box.clientWidth) / 3, (way.y * box.clientHeight) / 3], { animate: false }));
    bar.append(b);
  }
  L.DomEvent.disableClickPropagation(bar);
  const control = L.control({ position: "bottomleft" });
  control.onAdd = () => bar;
  return control;
}

async function draw(box) {
  const answer = await fetch(box.dataset.map, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(answer.status);
  const drawn = await answer.json(), grids = drawn.grids, points = drawn.points;
  box.replaceChildren();
  box.classList.add("case-map-drawn");
  const map = L.map(box, { attributionControl: false, zoomControl: false, zoomSnap: 0.25, scrollWheelZoom: false, maxZoom: 20 });
  L.control.zoom({ zoomInTitle: box.dataset.zoomIn, zoomOutTitle: box.dataset.zoomOut }).addTo(map);
  mover(map, box).addTo(map);
  const most = Math.max(1, ...grids.map((g) => g.open));
  const areas = L.featureGroup();
  for (const g of grids) {
    const area = L.polygon(rings(g.rings), { className: "map-grid " + shade(g.open, most), weight: 1 });
    area.bindPopup(() => note(g.name, g.said, g.href, box.dataset.openGrid));
    if (g.open > 0) area.bindTooltip(String(g.open), { permanent: true, direction: "center", className: "map-count" });
    areas.addLayer(area);
  }
  areas.addTo(map);
  map.fitBounds(areas.getBounds(), { padding: [8, 8] });
  map.setMinZoom(map.getZoom() - 1);

  const dots = L.featureGroup();
  for (const p of points) {
    const dot = L.circleMarker([p.y / 1e6, p.x / 1e6], { radius: 6, weight: 1.5, className: p.late ? "map-late" : "map-point" });
    dot.bindPopup(() => note(p.title, p.said, p.href, box.dataset.openCase));
    dots.addLayer(dot);
  }
  const whole = map.getZoom();
  const few = points.length <= 60 && grids.length <= 12;
  const settle = () => {
    const near = few || map.getZoom() >= whole + dotsFrom;
    if (near) dots.addTo(map);
    else dots.remove();
    box.classList.toggle("case-map-near", near);
  };
  map.on("zoomend", settle);
  settle();
  // The wheel scrolls the page until somebody has pressed on the map.
  map.on("focus", () => map.scrollWheelZoom.enable());
  map.on("blur", () => map.scrollWheelZoom.disable());
}

for (const box of all("[data-map]")) {
  draw(box).catch(() => {
    const said = document.createElement("p");
    said.className = "muted";
    said.textContent = box.dataset.broken;
    box.replaceChildren(said);
  });
}
