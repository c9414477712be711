"use strict";
const $$ = (query, from = document) => [...from.querySelectorAll(query)];
const desk = document.querySelector(".desk");
const values = $$("td.value");
const form = document.querySelector(".say form");
const statements = [];
let picked = null;

// Values and their frames --------------------------------------------------------------------
const marked = new Map();
for (const element of $$("[data-field]")) {
  const field = element.dataset.field;
  marked.set(field, [...(marked.get(field) || []), element]);
}
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
    if (many.dataset.fill !== undefined && form) { form.elements.new.value = many.dataset.fill; form.elements.new.focus(); }
    return;
  }
  const one = event.target.closest("[data-field]");
  if (one) pick([one.dataset.field], one.matches("td.value") ? "value" : one.matches(".frame") ? "frame" : "list");
});
for (const cell of values) cell.addEventListener("focus", () => pick([cell.dataset.field], "value"));

// Keys: arrows go through the boxes, n and p to the next that wants a look, Enter to the form -----
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
function doubtful(step) {
  const wanted = values.filter((v) => /\b(fail|proposed|found|low|unread)\b/.test(v.className));
  if (!wanted.length) return null;
  const order = values.indexOf(document.activeElement.closest?.("td.value") || picked);
  const next = step > 0 ? wanted.find((v) => values.indexOf(v) > order)
    : [...wanted].reverse().find((v) => values.indexOf(v) < order);
  return next || (step > 0 ? wanted[0] : wanted[wanted.length - 1]);
}
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.matches("input, textarea, select")) {
    if (event.key === "Escape" && picked) picked.focus();
    return;
  }
  const cell = event.target.closest("td.value");
  const arrows = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
  let next = null;
  if (cell && arrows[event.key]) next = beside(cell, ...arrows[event.key]);
  else if (event.key === "n") next = doubtful(1);
  else if (event.key === "p") next = doubtful(-1);
  else if (event.key === "Escape") pick([], "list");
  else if (event.key === "Enter" && cell && form) { event.preventDefault(); form.elements.new.focus(); return; }
  if (next) { event.preventDefault(); next.focus(); middle(next); }
});

// What a person states ------------------------------------------------------------------------
function about() {
  if (!form) return;
  const text = form.querySelector(".about");
  const error = form.querySelector(".error");
  error.textContent = "";
  if (!picked) { text.textContent = "点选一个数值 Pick a value"; return; }
  const d = picked.dataset;
  text.textContent = `${d.label} · 原文 printed “${d.printed.trim()}” · ${d.field}`;
}
// A number as `gongkai correct` takes it; null for anything else.
function number(text) {
  const folded = text.normalize("NFKC").trim().replace("\u2212", "-");
  if (folded.toLowerCase() === "blank" || folded === "空白") return "blank";
  return /^-?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?$/.test(folded) ? folded.replaceAll(",", "") : null;
}
// Why a box cannot hold a number; `gongkai correct` refuses it too.
function refused(text, kind) {
  if (text === null || text === "" || text === "blank") return "";
  if (text.startsWith("-") && kind !== "change" && !/^-0*(\.0*)?$/.test(text)) return "此格不能为负数 This box holds no negative number";
  if (/\.\d*[1-9]/.test(text) && kind !== "money") return "此格为整数 This box holds whole numbers";
  return /\d{16}/.test(text.replace(".", "").replace(/^-?0+/, "")) ? "超过15位 More than 15 digits" : "";
}
// What a spreadsheet would calculate gets an apostrophe, as in every CSV file of gongkai.
const guard = (text) => (/^'*[=+\-@\t\r\n＝＋－＠]/.test(text) ? "'" + text : text);
const csv = (text) => (/[",\r\n]/.test(text) ? '"' + text.replaceAll('"', '""') + '"' : text);
const line = (text) => text.split(/\s+/).filter(Boolean).join(" ");
// Double quotes serve every shell where the text has nothing that one of them would read.
const quote = (text) => (/^[^"'$`\\!%^&|<>]*$/.test(text) ? `"${text}"` : "'" + text.replaceAll("'", "'\\''") + "'");

function state(verdict) {
  const d = desk.dataset, error = form.querySelector(".error");
  const who = line(form.elements.by.value), why = line(form.elements.why.value);
  const text = verdict === "corrected" ? number(form.elements.new.value) : "";
  const not = picked ? refused(text, picked.dataset.kind) : "";
  if (!picked) error.textContent = "请先点选一个数值 Pick a value first";
  else if (!who) { error.textContent = "请填写姓名 Who says so?"; form.elements.by.focus(); }
  else if (text === null) { error.textContent = "不是数字 Not a number: 3001, -3, 8.0618, blank"; form.elements.new.focus(); }
  else if (not) { error.textContent = not; form.elements.new.focus(); }
  else {
    const p = picked.dataset, when = new Date().toISOString().replace(/\.\d+Z$/, "+00:00");
    const options = `--report ${d.id} --by ${quote(who)}${why ? ` --why ${quote(why)}` : ""}`;
    const command = verdict === "corrected"
      ? `gongkai correct ${quote(d.dataset)} ${options} -- ${p.field} ${text}`
      : `gongkai confirm ${quote(d.dataset)} ${options} -- ${p.field}`;
    const known = p.old !== undefined;
    const row = known && [d.sha256, d.report, guard(d.source), p.field, verdict, guard(p.printed.slice(0, 2000)), p.old,
      verdict === "corrected" ? text : p.old, guard(who), when, guard(why)].map(csv).join(",");
    statements.push({ command, row });
    picked.classList.add("said");
    form.elements.new.value = "";
    error.textContent = "";
    showStatements();
  }
}
function showStatements() {
  const out = document.querySelector(".say .out");
  out.hidden = !statements.length;
  out.querySelector("[name=commands]").value = statements.map((s) => s.command).join("\n");
  const rows = statements.filter((s) => s.row).map((s) => s.row);
  out.querySelector("[name=lines]").value = rows.length ? [desk.dataset.columns, ...rows, ""].join("\r\n") : "";
  document.querySelector(".say .count").textContent = statements.length ? `${statements.length} 条 said` : "";
}
if (form) {
  form.addEventListener("submit", (event) => { event.preventDefault(); state("corrected"); });
  form.querySelector("[name=confirm]").addEventListener("click", () => state("as_printed"));
  form.querySelector("[name=undo]").addEventListener("click", () => { statements.pop(); showStatements(); });
  for (const button of $$("[data-copy]")) button.addEventListener("click", async () => {
    const area = document.querySelector(`.say [name=${button.dataset.copy}]`);
    area.select();
    // A page from disk may have no clipboard; the text is selected, and Ctrl-C does the rest.
    try { await navigator.clipboard.writeText(area.value); } catch { document.execCommand("copy"); }
  });
  document.querySelector("[name=save]").addEventListener("click", () => {
    const text = document.querySelector(".say [name=lines]").value;
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob(["\ufeff" + text], { type: "text/csv" }));
    link.download = `${desk.dataset.id}-corrections.csv`;
    link.click();
    URL.revokeObjectURL(link.href);
  });
}
addEventListener("beforeunload", (event) => { if (statements.length) event.preventDefault(); });

// Light, dark and size -----------------------------------------------------------------------
document.querySelector("[name=theme]").addEventListener("click", () => {
  const root = document.documentElement;
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
});
document.querySelector("[name=zoom]").addEventListener("click", (event) => {
  const right = document.querySelector(".right");
  const sizes = { "": ["zoom2", "150%"], zoom2: ["zoom3", "220%"], zoom3: ["", "100%"] };
  const [next, text] = sizes[right.className.replace("right", "").trim()];
  right.className = `right ${next}`;
  event.currentTarget.textContent = text;
  if (picked) middle(frame(picked.dataset.field));
});
const wanted = decodeURIComponent(location.hash.slice(1));
if (marked.has(wanted)) pick([wanted], "list");
about();
