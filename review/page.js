// What a person states on a page from disk: commands to paste, and lines to save.
const form = document.querySelector(".say form");
const statements = [];

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.matches("input, textarea, select")) {
    if (event.key === "Escape" && picked) picked.focus();
    return;
  }
  if (event.key === "Enter" && event.target.closest("td.value") && form) {
    event.preventDefault();
    form.elements.new.focus();
  } else if (event.key === "j") document.querySelector("#next").click();
  else move(event);
});
function fill(number) {
  if (!form) return;
  form.elements.new.value = number;
  form.elements.new.focus();
}
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

pickAddressed();
about();
