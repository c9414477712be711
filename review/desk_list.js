"use strict";
const rows = [...document.querySelectorAll(".index tbody tr")].filter((row) => row.querySelector("a"));
const search = document.querySelector("[type=search]");
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.target.closest("input, dialog, button")) return;
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  const link = (n) => rows[Math.max(0, Math.min(rows.length - 1, n))]?.querySelector("a");
  if (event.key === "/") { event.preventDefault(); search.focus(); }
  else if (event.key === "n") document.querySelector("#next").click();
  else if (event.key === "ArrowDown" || event.key === "j") { event.preventDefault(); link(at + 1)?.focus(); }
  else if (event.key === "ArrowUp" || event.key === "k") { event.preventDefault(); link(at < 0 ? 0 : at - 1)?.focus(); }
});
if (!known()) ask();
