"use strict";
const table = document.querySelector(".index table");
const body = table.tBodies[0];
const rows = [...body.rows];
const search = document.querySelector("[type=search]");
const status = document.querySelector("[name=status]");
const doubtful = document.querySelector("[name=doubtful]");
const text = new Map(rows.map((row) => [row, row.textContent.toLowerCase()]));

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
for (const element of [search, status, doubtful]) element.addEventListener("input", filter);

const collator = new Intl.Collator("zh", { numeric: true });
for (const button of table.tHead.querySelectorAll("button")) button.addEventListener("click", () => {
  const head = button.closest("th"), at = head.cellIndex;
  const down = head.getAttribute("aria-sort") ? head.getAttribute("aria-sort") === "ascending" : head.className === "number";
  for (const th of table.tHead.querySelectorAll("th")) th.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", down ? "descending" : "ascending");
  const key = (row) => row.cells[at].textContent;
  rows.sort((a, b) => collator.compare(key(a), key(b)) * (down ? -1 : 1));
  body.append(...rows);
});
document.addEventListener("keydown", (event) => {
  if (event.key === "/" && event.target !== search) { event.preventDefault(); search.focus(); }
});
document.querySelector("[name=theme]").addEventListener("click", () => {
  const root = document.documentElement;
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
});
filter();
