"use strict";
// What a person does on a report: each action is sent at once, and the next box that wants a look is picked.
const form = document.querySelector(".say form");
const id = desk.dataset.id;
const message = form.querySelector(".message");
const loupe = form.querySelector(".loupe");
const nextLink = document.querySelector("#next");
let data = JSON.parse(document.querySelector("#data").textContent);
let years = null;
let pointed = null;
let busy = false;

// What was said --------------------------------------------------------------------------------
function showWords() {
  for (const cell of $$("td.value.said")) {
    cell.classList.remove("said", "corrected", "confirmed");
    if (cell.dataset.before !== undefined) cell.textContent = cell.dataset.before;
    delete cell.dataset.before;
  }
  for (const [field, word] of Object.entries(data.words)) {
    const cell = value(field);
    if (!cell) continue;
    cell.classList.add("said", word.verdict === "corrected" ? "corrected" : "confirmed");
    if (word.verdict !== "corrected") continue;
    cell.dataset.before = cell.dataset.before ?? cell.textContent;
    const old = document.createElement("del"), fresh = document.createElement("ins");
    old.textContent = cell.dataset.printed.trim() || "·";
    fresh.textContent = word.blank ? "·" : word.new;
    cell.replaceChildren(old, " ", fresh);
  }
  for (const element of $$("rect.frame, td.frame")) {
    const word = data.words[element.dataset.field];
    element.classList.toggle("corrected", Boolean(word));
  }
  const state = document.querySelector("#state");
  state.textContent = state.dataset[data.state];
  state.className = `status progress ${data.state}`;
  about();
}
function about() {
  const count = form.querySelector(".count");
  const open = doubts.filter((f) => value(f) && !data.words[f]).length;
  const sums = data.sums.said === data.sums.read ? data.sums.read : `${data.sums.read} → ${data.sums.said}`;
  count.textContent = `${count.dataset.words} ${open} · ${message.dataset.sums} ${sums}`;
  const label = form.querySelector(".label"), printed = form.querySelector(".printed");
  printed.textContent = "";
  form.elements.new.value = "";
  pointed = null;
  for (const element of $$("rect.pointed")) element.remove();
  showYears();
  showLoupe();
  if (!picked) return;
  const d = picked.dataset, word = data.words[d.field];
  label.textContent = label.title = d.label;
  if (d.label !== d.field) label.title = `${d.label}  ${d.field}`;
  printed.textContent = `${printed.dataset.words} “${d.printed.trim()}”${word ? ` · ${word.who}: ${word.verdict === "corrected" ? word.new || "·" : "✓"}${word.why ? ` (${word.why})` : ""}` : ""}`;
}
// The box enlarged: the page's own picture, looked at through a small window.
function showLoupe() {
  loupe.replaceChildren();
  const rect = picked && frame(picked.dataset.field);
  const page = rect && rect.closest("svg");
  if (!page) return;
  const [x, y, w, h] = ["x", "y", "width", "height"].map((a) => parseFloat(rect.getAttribute(a)));
  loupe.setAttribute("viewBox", `${x - w * 0.15} ${y - h * 0.15} ${w * 1.3} ${h * 1.3}`);
  for (const part of page.querySelectorAll("image, text.print, rect.rule")) loupe.append(part.cloneNode(true));
  const edge = rect.cloneNode(false);
  edge.setAttribute("class", "around");
  edge.removeAttribute("data-field");
  loupe.append(edge);
}
function showYears() {
  const strip = form.querySelector(".years");
  strip.replaceChildren();
  if (!years) return;
  const own = picked && years.values[picked.dataset.field];
  if (!years.years.length) { strip.textContent = strip.dataset.none; return; }
  years.years.forEach(([year, other], n) => {
    const link = document.createElement("a");
    link.href = `/reports/${other}${picked ? `#${picked.dataset.field}` : ""}`;
    const name = document.createElement("small"), number = document.createElement("b");
    name.textContent = year;
    number.textContent = (own && own[n]) || "–";
    link.append(name, number);
    strip.append(link);
  });
}

// Sending --------------------------------------------------------------------------------------
function tell(text, kind = "") {
  message.textContent = text;
  message.className = `message ${kind}`;
}
async function act(body, after) {
  if (!known()) { ask(() => act(body, after)); return; }
  if (busy) return;
  busy = true;
  tell("");
  let answer, fresh;
  try {
    answer = await send(`/reports/${id}/act`, { version: data.version, ...body });
    fresh = await answer.json();
  } catch {
    tell(message.dataset.lost, "bad");
    return;
  } finally { busy = false; }
  if (answer.status === 409) {
    const typed = form.elements.new.value;
    data = { ...data, ...fresh };
    showWords();
    form.elements.new.value = typed;  // having looked again, the person may say it all the same
    const news = fresh.news.map((n) => `${n.who} ${n.field || ""} ${n.what}`).join("; ");
    tell(`${message.dataset.news} ${news}`, "bad");
  } else if (!answer.ok) {
    tell(fresh.error, "bad");
    form.elements.new.focus();
  } else {
    data = { ...data, ...fresh };
    showWords();
    tell(message.dataset.saved, "good");
    after();
  }
}
const place = () => (pointed ? { place: pointed } : {});
function say(action) {
  if (!picked) { const first = doubtful(1); if (first) first.focus(); return; }
  const body = { action, field: picked.dataset.field, why: form.elements.why.value, ...place() };
  if (action === "correct") body.value = form.elements.new.value;
  const here = picked;
  act(body, () => {
    form.elements.why.value = "";
    const left = doubts.some((f) => value(f) && !data.words[f]);
    const next = left ? doubtful(1) : here;
    next.focus();
    if (next === here) pick([here.dataset.field], "value");
    middle(next);
  });
}
const goOn = () => { location.href = nextLink.getAttribute("href"); };
function fill(number) {
  form.elements.new.value = number;
  form.elements.new.focus();
  form.elements.new.select();
}
function begin(digit) {
  if (!picked) return;
  const field = picked.dataset.field, d = picked.dataset;
  fill(digit || data.needed[field] || d.value);
  if (digit) form.elements.new.setSelectionRange(digit.length, digit.length);
}
async function undo() {
  if (!known()) { ask(undo); return; }
  try {
    const answer = await send("/undo", {}), fresh = await answer.json();
    if (!answer.ok) { tell(fresh.error, "bad"); return; }
    if (fresh.id !== id) { location.href = `/reports/${fresh.id}${location.search}`; return; }
    data = { ...data, ...fresh };
    showWords();
    tell(message.dataset.undone, "good");
  } catch { tell(message.dataset.lost, "bad"); }
}
function open(dialog) {
  const box = document.querySelector(dialog);
  box.showModal();
  return box;
}
function question() {
  const box = open("#question");
  box.querySelector("input").value = "";
}
document.querySelector("#question form").addEventListener("submit", (event) => {
  event.preventDefault();
  const box = document.querySelector("#question"), note = box.querySelector("input").value;
  box.close();
  act({ action: "question", note }, () => {});
});
async function explain() {
  if (!picked) return;
  const answer = await fetch(`/reports/${id}/explain?field=${encodeURIComponent(picked.dataset.field)}`);
  const text = answer.ok ? await answer.text() : (await answer.json()).error;
  open("#explain").querySelector("pre").textContent = text;
}
const actions = {
  confirm: () => say("confirm"),
  all: () => act({ action: "all", why: form.elements.why.value }, goOn),
  seen: () => act({ action: "seen" }, goOn),
  question, undo, explain,
};
for (const [name, run] of Object.entries(actions)) form.querySelector(`[name=${name}]`).addEventListener("click", run);
form.addEventListener("submit", (event) => { event.preventDefault(); say("correct"); });
document.querySelector("[name=help]").addEventListener("click", () => open("#help"));

// Keys -----------------------------------------------------------------------------------------
const keys = {
  y: actions.confirm, a: actions.all, s: actions.seen, q: question, u: undo, e: explain,
  r: () => form.elements.why.focus(), z: () => document.querySelector("[name=zoom]").click(),
  j: goOn, l: () => document.querySelector(".bar a").click(), "?": () => open("#help"),
};
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.target.closest("dialog")) return;
  if (event.target.matches("input, textarea, select")) {
    if (event.key === "Escape") { event.preventDefault(); (picked || desk).focus(); }
    return;
  }
  if (event.target.closest("button, a, summary") && event.key === "Enter") return;
  if (event.key === "Enter") { event.preventDefault(); begin(""); }
  else if (/^[0-9]$/.test(event.key) && picked) { event.preventDefault(); begin(event.key); }
  else if (keys[event.key]) { event.preventDefault(); keys[event.key](); }
  else move(event);
});

// The paper, the narrative and the other years come when the page stands -------------------------
async function load(path, take) {
  const answer = await fetch(`/reports/${id}/${path}`);
  if (answer.ok) await take(answer);
}
function showPaper(shown) {
  right.replaceChildren();
  if (shown.notice) {
    const notice = document.createElement("p");
    notice.className = "notice";
    notice.textContent = shown.notice;
    right.append(notice);
  }
  // Our own template made it, with every text escaped; the policy of the page lets no script of it run.
  right.insertAdjacentHTML("beforeend", shown.html);
  indexFields();
  for (const [field, [page, x0, top, x1, bottom]] of Object.entries(data.places)) {
    const svg = document.querySelector(`#page-${page} svg`);
    if (svg && !frame(field)) svg.append(rectangle("frame", x0, top, x1, bottom, field));
  }
  indexFields();
  const typed = form.elements.new.value;  // the paper may come while a person types
  showWords();
  right.dataset.ready = "1";
  if (picked) pick([picked.dataset.field], "value");
  form.elements.new.value = typed;
}
function rectangle(kind, x0, top, x1, bottom, field) {
  const rect = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  const sizes = { x: Math.min(x0, x1), y: Math.min(top, bottom), width: Math.abs(x1 - x0), height: Math.abs(bottom - top) };
  for (const [name, size] of Object.entries(sizes)) rect.setAttribute(name, size.toFixed(2));
  rect.setAttribute("class", kind);
  if (field) rect.dataset.field = field;
  return rect;
}
load("paper", async (answer) => showPaper(await answer.json()));
load("years", async (answer) => { years = await answer.json(); showYears(); });
const narrative = document.querySelector("#narrative");
narrative.addEventListener("toggle", () => {
  const text = narrative.querySelector(".text");
  if (narrative.open && !text.childNodes.length) load("text", async (answer) => { text.innerHTML = await answer.text(); });
});
// Sharper pictures where the page is enlarged.
document.querySelector("[name=zoom]").addEventListener("click", () => {
  const zoom = { "": 1, zoom2: 2, zoom3: 3 }[zoomed()];
  for (const image of $$("image", right)) {
    const base = image.getAttribute("href").replace(/\?.*/, "");
    if (base.startsWith("/")) image.setAttribute("href", zoom === 1 ? base : `${base}?zoom=${zoom}`);
  }
});

// Pointing: a frame dragged on the page says where the box of the picked field stands ---------------
let drag = null;
right.addEventListener("pointerdown", (event) => {
  const svg = event.target.closest("svg");
  if (!svg || event.button) return;
  const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
  drag = { svg, x: at.x, y: at.y, rect: null };
});
right.addEventListener("pointermove", (event) => {
  if (!drag || !picked) return;
  const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(drag.svg.getScreenCTM().inverse());
  if (!drag.rect && Math.hypot(at.x - drag.x, at.y - drag.y) < 3) return;
  if (drag.rect) drag.rect.remove();
  drag.rect = rectangle("pointed", drag.x, drag.y, at.x, at.y, "");
  drag.svg.append(drag.rect);
  drag.end = at;
  event.preventDefault();
});
addEventListener("pointerup", () => {
  if (drag && drag.rect) {
    const page = Number(drag.svg.closest("figure").id.replace("page-", ""));
    for (const old of $$("rect.pointed")) if (old !== drag.rect) old.remove();
    pointed = { page, box: [drag.x, drag.y, drag.end.x, drag.end.y] };
    addEventListener("click", (event) => event.stopPropagation(), { capture: true, once: true });
    form.elements.new.focus();
  }
  drag = null;
});

// A report that somebody opens is taken, so that nobody does it twice.
async function take() {
  const taken = document.querySelector("#taken");
  const answer = await send(`/reports/${id}/take`, {});
  if (!answer.ok) return;
  const name = (await answer.json()).taken;
  taken.hidden = !name;
  taken.textContent = `${name} ${taken.dataset.words}`;
}
if (known()) take(); else ask(take);
showWords();
if (location.hash) pickAddressed();
if (!picked) { const first = doubtful(1); if (first && !nameDialog.open) first.focus(); else if (first) pick([first.dataset.field], "list"); }
