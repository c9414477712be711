"use strict";
const table = document.querySelector(".index table");
const body = table.tBodies[0];
const rows = [...body.rows];
const search = document.querySelector("[type=search]");
const status = document.querySelector("[name=status]");
const doubtful = document.querySelector("[name=doubtful]");
const text = new Map(rows.map((row) => [row, row.textContent.toLowerCase()]));

// A page asks for the report behind it, index.html#after=ID: the list knows the filters and the order, the page does not.
const KEPT = "gongkai-list";
function keep() {
  const sorted = table.querySelector("th[aria-sort]");
  sessionStorage.setItem(KEPT, JSON.stringify({ q: search.value, status: status.value, doubtful: doubtful.checked,
    column: sorted ? sorted.cellIndex : -1, down: sorted?.getAttribute("aria-sort") === "descending" }));
}
function takeUp() {
  const kept = JSON.parse(sessionStorage.getItem(KEPT) ?? "null");
  if (!kept) return;
  search.value = kept.q;
  status.value = kept.status;
  doubtful.checked = kept.doubtful;
  if (kept.column >= 0) sort(kept.column, kept.down);
}
function goOn() {
  const before = location.hash.startsWith("#after=") ? `${location.hash.slice(7)}.html` : "";
  if (!before) return;
  const address = (row) => row.querySelector("a")?.getAttribute("href");
  const at = rows.findIndex((row) => address(row) === before);
  const next = rows.slice(at + 1).find((row) => !row.hidden && address(row));
  history.replaceState(null, "", "index.html");
  if (next) location.replace(address(next));
  else document.querySelector(".shown").textContent += " · 已到最后一份 this was the last one";
}

function filter() {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const row of rows) {
    row.hidden = !(words.every((w) => text.get(row).includes(w))
      && (!status.value || row.dataset.status === status.value)
      && (!doubtful.checked || row.dataset.doubtful === "1"));
    shown += !row.hidden;
  }
  document.querySelector(".shown").textContent = `${shown} / ${rows.length}`;
}
for (const element of [search, status, doubtful]) element.addEventListener("input", () => { filter(); keep(); });

const collator = new Intl.Collator("zh", { numeric: true });
function sort(at, down) {
  for (const th of table.tHead.querySelectorAll("th")) th.removeAttribute("aria-sort");
  table.tHead.rows[0].cells[at].setAttribute("aria-sort", down ? "descending" : "ascending");
  const key = (row) => row.cells[at].textContent;
  rows.sort((a, b) => collator.compare(key(a), key(b)) * (down ? -1 : 1));
  body.append(...rows);
}
for (const button of table.tHead.querySelectorAll("button")) button.addEventListener("click", () => {
  const head = button.closest("th");
  sort(head.cellIndex, head.getAttribute("aria-sort") ? head.getAttribute("aria-sort") === "ascending" : head.className === "number");
  keep();
});
document.addEventListener("keydown", (event) => {
  if (event.key === "/" && event.target !== search) { event.preventDefault(); search.focus(); }
});
document.querySelector("[name=theme]").addEventListener("click", () => {
  const root = document.documentElement;
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
});
takeUp();
filter();
goOn();
