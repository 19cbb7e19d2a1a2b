// A drawing in a frame is dragged with the mouse or a finger, and zoomed with Ctrl and the wheel, with + and -, or by the links above it.
import { all, on } from "./dom.js";

const least = 20, most = 300;

function size(frame) {
  const svg = frame.querySelector("svg");
  return Math.round((100 * svg.getAttribute("width")) / svg.dataset.width);
}

// zoom keeps the point of the drawing that lies under (x, y) of the frame where it is.
function zoom(frame, percent, x, y) {
  const svg = frame.querySelector("svg");
  const next = Math.min(most, Math.max(least, Math.round(percent)));
  const factor = next / size(frame);
  svg.setAttribute("width", Math.round((svg.dataset.width * next) / 100));
  svg.setAttribute("height", Math.round((svg.dataset.height * next) / 100));
  frame.scrollTo((frame.scrollLeft + x) * factor - x, (frame.scrollTop + y) * factor - y);
  for (const a of all("[data-zoom]")) a.classList.toggle("btn-quiet", Number(a.dataset.zoom) !== next);
}

const centre = (frame) => [frame.clientWidth / 2, frame.clientHeight / 2];

document.addEventListener("wheel", (e) => {
  const frame = e.ctrlKey && e.target.closest("[data-pan]");
  if (!frame) return;
  e.preventDefault();
  const box = frame.getBoundingClientRect();
  zoom(frame, size(frame) * (e.deltaY < 0 ? 1.15 : 1 / 1.15), e.clientX - box.left, e.clientY - box.top);
}, { passive: false });

on("keydown", (e) => {
  const frame = e.target.matches && e.target.matches("[data-pan]") && e.target;
  if (!frame || (e.key !== "+" && e.key !== "-" && e.key !== "=")) return;
  e.preventDefault();
  zoom(frame, size(frame) * (e.key === "-" ? 1 / 1.25 : 1.25), ...centre(frame));
});

on("click", (e) => {
  const link = e.target.closest("a[data-zoom]"), frame = document.querySelector("[data-pan]");
  if (!link || !frame || e.ctrlKey || e.metaKey) return;
  e.preventDefault();
  zoom(frame, Number(link.dataset.zoom), ...centre(frame));
});

// The mouse drags; a finger scrolls by itself. A drag is no press on what lies under it.
let from = null;
on("pointerdown", (e) => {
  const frame = e.pointerType === "mouse" && e.button === 0 && e.target.closest("[data-pan]");
  if (frame) from = { frame, x: e.clientX, y: e.clientY, left: frame.scrollLeft, top: frame.scrollTop, moved: false };
});
on("pointermove", (e) => {
  if (!from) return;
  const dx = e.clientX - from.x, dy = e.clientY - from.y;
  if (!from.moved && Math.hypot(dx, dy) < 5) return;
  from.moved = true;
  from.frame.scrollTo(from.left - dx, from.top - dy);
});
let dragged = false;
on("pointerup", () => {
  dragged = Boolean(from && from.moved);
  from = null;
});
on("dragstart", (e) => {
  if (e.target.closest("[data-pan]")) e.preventDefault();
});
document.addEventListener("click", (e) => {
  if (dragged && e.target.closest("[data-pan]")) e.preventDefault();
  dragged = false;
}, true);
