"use strict";
// The values of a report and their frames on its paper; the page's own script says what about() does with the picked one.
const $$ = (query, from = document) => [...from.querySelectorAll(query)];
const desk = document.querySelector(".desk");
const right = document.querySelector(".right");
const doubts = (desk.dataset.doubts || "").split(";").filter(Boolean);
let picked = null;
let marked = new Map();

function indexFields() {
  marked = new Map();
  for (const element of $$("[data-field]")) {
    const field = element.dataset.field;
    marked.set(field, [...(marked.get(field) || []), element]);
  }
}
indexFields();
const value = (field) => (marked.get(field) || []).find((e) => e.matches("td.value")) || null;
const frame = (field) => (marked.get(field) || []).find((e) => e.matches(".frame")) || null;

function middle(element) {
  if (element) element.scrollIntoView({ block: "center", inline: "nearest" });
}
function pick(fields, from) {
  for (const element of $$(".picked")) element.classList.remove("picked");
  for (const field of fields) for (const element of marked.get(field) || []) element.classList.add("picked");
  picked = fields.length === 1 ? value(fields[0]) : null;
  const first = fields.find((f) => value(f)) || null;
  if (from !== "frame" && first) middle(frame(first));
  if (from !== "value" && first) middle(value(first));
  about();
}
document.addEventListener("click", (event) => {
  const many = event.target.closest("[data-fields]");
  if (many) {
    pick(many.dataset.fields.split(";"), "list");
    if (many.dataset.fill !== undefined) fill(many.dataset.fill);
    return;
  }
  const one = event.target.closest("[data-field]");
  if (one) pick([one.dataset.field], one.matches("td.value") ? "value" : one.matches(".frame") ? "frame" : "list");
});
document.addEventListener("focusin", (event) => {
  const cell = event.target.closest("td.value");
  if (cell && cell !== picked) pick([cell.dataset.field], "value");
});
// Hovering leads both ways, without moving anything.
document.addEventListener("mouseover", (event) => {
  for (const element of $$(".hovered")) element.classList.remove("hovered");
  const one = event.target.closest("[data-field]");
  if (one) for (const element of marked.get(one.dataset.field) || []) element.classList.add("hovered");
});

// Keys: arrows go through the boxes, n and p to the next that wants a look, the likeliest to be wrong first -----
function beside(cell, down, across) {
  const all = $$("td.value", cell.closest(".sheet"));
  const here = cell.getBoundingClientRect();
  let best = null, least = Infinity;
  for (const other of all) {
    const there = other.getBoundingClientRect();
    const dx = there.left + there.width / 2 - here.left - here.width / 2;
    const dy = there.top + there.height / 2 - here.top - here.height / 2;
    const along = down ? dy * down : dx * across;
    const off = Math.abs(down ? dx : dy);
    if (other === cell || along < 3 || (across && off > 3)) continue;
    const far = along + off * 4;
    if (far < least) { least = far; best = other; }
  }
  return best;
}
// Boxes that the diagnosis or a finding means, without those of which somebody has spoken.
function doubtful(step) {
  const wanted = doubts.filter((f) => value(f) && !value(f).classList.contains("said"));
  const left = wanted.length ? wanted : doubts.filter((f) => value(f));
  if (!left.length) return null;
  const here = picked ? doubts.indexOf(picked.dataset.field) : -1;
  const ahead = left.filter((f) => (doubts.indexOf(f) - here) * step > 0);
  return value(step > 0 ? ahead[0] ?? left[0] : ahead.at(-1) ?? left.at(-1));
}
// Whether a key was one that moves among the boxes.
function move(event) {
  const cell = event.target.closest("td.value");
  const arrows = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
  let next = null;
  if (cell && arrows[event.key]) next = beside(cell, ...arrows[event.key]);
  else if (event.key === "n") next = doubtful(1);
  else if (event.key === "p") next = doubtful(-1);
  else if (event.key === "Escape") pick([], "list");
  if (next) { event.preventDefault(); next.focus(); middle(next); }
  return next !== null;
}

// Light, dark and size -----------------------------------------------------------------------
document.querySelector("[name=theme]").addEventListener("click", () => {
  const root = document.documentElement;
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
});
const zoomed = () => ["zoom2", "zoom3"].find((c) => right.classList.contains(c)) || "";
document.querySelector("[name=zoom]").addEventListener("click", (event) => {
  const sizes = { "": ["zoom2", "150%"], zoom2: ["zoom3", "220%"], zoom3: ["", "100%"] };
  const [next, text] = sizes[zoomed()];
  right.classList.remove("zoom2", "zoom3");
  if (next) right.classList.add(next);
  event.currentTarget.textContent = text;
  if (picked) middle(frame(picked.dataset.field));
});
// A field in the address is picked.
function pickAddressed() {
  const wanted = decodeURIComponent(location.hash.slice(1));
  if (marked.has(wanted)) pick([wanted], "list");
}
