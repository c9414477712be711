"""A Report, its paper and what people said of it → the page on which an auditor checks it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from gongkai.model import Check, Correction, Finding, Report, Sum, Template, Wording
from gongkai.review.form_tables import sheets
from gongkai.review.highlights import MARKS
from gongkai.review.html_file import html
from gongkai.review.number_text import number
from gongkai.review.proposal import proposals

#: Status and severity in Chinese.
STATUS = {"ok": "完整", "partial": "不完整", "empty": "不是报告", "failed": "读取失败"}
SEVERITY = {"error": "错误", "warning": "提醒", "note": "说明"}

_COLUMNS = "sha256,report,source_file,field,verdict,printed,old,new,who,when,why"
_VERDICT = {"corrected": "更正 corrected", "as_printed": "确认 as printed"}

_SAY = """\
<section class="box say" aria-label="correction"><form autocomplete="off">
<p class="about" aria-live="polite"></p>
<label>更正为 new value<input name="new" placeholder="3001 / blank 空白"></label>
<label>姓名 your name<input name="by" required></label>
<label class="why">理由 why<input name="why" placeholder="第4页印作3001"></label>
<div class="buttons"><button class="main">更正 Correct</button>
<button type="button" name="confirm">与原文一致 As printed</button>
<button type="button" name="undo">撤销 Undo</button><span class="count"></span><span class="error" role="alert"></span></div>
</form><div class="out" hidden>
<div><span>命令 commands</span><button type="button" data-copy="commands">复制 Copy</button></div>
<textarea name="commands" readonly aria-label="commands"></textarea>
<div><span>更正文件 lines for <code>gongkai correct DIR --from FILE</code></span><span>
<button type="button" data-copy="lines">复制 Copy</button> <button type="button" name="save">保存 Save</button></span></div>
<textarea name="lines" readonly aria-label="lines of the file of corrections"></textarea></div></section>"""

_TOOLS = """\
<div class="tools"><a href="index.html">← 全部报告 all reports</a>
<button type="button" name="zoom" title="页面大小 size of the page">100%</button>
<button type="button" name="theme" title="深色/浅色 dark or light">◐</button></div>"""

_KEYS = (
    '<p class="keys"><kbd>n</kbd> <kbd>p</kbd> 下一处、上一处需要看的数值 next, previous value that wants a look · '
    "<kbd>←↑↓→</kbd> 移动 move · <kbd>Enter</kbd> 更正 correct · <kbd>Esc</kbd> 返回 back</p>"
)


def page(
    id: str,
    number_in_file: int,
    report: Report,
    paper: str,
    notice: str,
    *,
    templates: Sequence[Template],
    said: Sequence[Correction],
    dataset: str,
) -> str:
    """One report as an HTML file.

    `paper` is HTML: its pages or Grids, "" where there are none; `notice` tells why. `said` is what
    people said of this report, oldest first. `dataset` is its folder as the user names it.
    """
    data = {
        "id": id,
        "report": str(number_in_file),
        "sha256": report.source.sha256,
        "source": report.source.path,
        "dataset": dataset,
        "columns": _COLUMNS,
    }
    attributes = "".join(f' data-{name}="{escape(text)}"' for name, text in data.items())
    left = "".join(
        (
            _legend() if report.facts else "",
            _checks(report.checks, templates),
            proposals(report),
            sheets(report, templates, said),
            _findings(report),
            _history(said),
            _SAY if report.facts else "",
        )
    )
    told = f'<p class="notice">{escape(notice)}</p>' if notice else ""
    body = f'{_top(report)}<main class="desk"{attributes}><div class="left">{left}</div><div class="right">{told}{paper}</div></main>'
    return html(f"{report.org or report.source.path} {report.year or ''}", body, "page.js")


def _top(report: Report) -> str:
    """Who, when, which form, what became of it, which file."""
    org = escape(report.org or "机关不明 body unknown")
    year = report.year or "年份不明 year unknown"
    zh = STATUS[report.status]
    reason = f" <small>{escape(report.reason)}</small>" if report.reason else ""
    facts = {
        "": report.title,
        "表样 form": report.template,
        "发布 published": report.published,
        "文件 file": report.source.path,
        "SHA-256": report.source.sha256,
    }
    told = " · ".join(f"{name} {escape(text)}".strip() for name, text in facts.items() if text)
    return (
        f'<header class="top"><div class="who"><h1>{org} {year} '
        f'<span class="status {report.status}">{zh} {report.status}</span>{reason}</h1>'
        f"<p>{told}</p>{_KEYS if report.facts else ''}</div>{_TOOLS}</header>"
    )


def _legend() -> str:
    items = "".join(f"<li><b>{sign}</b> {zh} {en}</li>" for _, sign, zh, en in MARKS)
    return f'<ul class="legend">{items}<li><b>—</b> 未读到此格 no such box was read</li></ul>'


def _checks(checks: Sequence[Check], templates: Sequence[Template]) -> str:
    """The sums that fail, with both sides; of the others, how many."""
    if not checks:
        return ""
    failed = [c for c in checks if c.outcome == "fail"]
    counts = {o: sum(c.outcome == o for c in checks) for o in ("pass", "uncertain", "not_assessable")}
    told = (
        f"{len(failed)} 项不符 fail · {counts['pass']} 项相符 hold · {counts['uncertain']} 项不能确定 uncertain · "
        f"{counts['not_assessable']} 项无法核对 not assessable"
    )
    rules: dict[tuple[str, str], Sum | Wording] = {
        (t.id, s.name): s for form in templates for t in form.tables for s in t.sums
    }
    rules |= {("", w.code): w for form in reversed(templates) for w in reversed(form.wordings)}
    rows = "".join(_check(c, rules) for c in failed)
    head = (
        "<tr><th>规则 rule</th><th>左 left</th><th>右 right</th><th>差 difference</th><th></th></tr>"
        if failed
        else ""
    )
    return (
        f'<section class="box" id="checks"><h2>勾稽关系 Sums <small>{told}</small></h2>'
        f'<table class="checks">{head}{rows}</table></section>'
    )


def _check(check: Check, rules: Mapping[tuple[str, str], Sum | Wording]) -> str:
    rule = rules.get((check.table, check.rule)) or rules.get(("", check.rule))
    where = escape(f"{check.table}.{check.row or check.column}")
    words = "" if rule is None else f"<br><small>{escape(rule.zh)} {escape(rule.en)}</small>"
    fields = escape(";".join(".".join(a) for a in check.facts))
    return (
        f"<tr><td><b>{escape(check.rule)}</b> {where}{words}</td><td>{number(check.left)}</td>"
        f'<td>{number(check.right)}</td><td class="difference">{number(check.difference)}</td>'
        f'<td><button type="button" data-fields="{fields}">看 show</button></td></tr>'
    )


def _findings(report: Report) -> str:
    """Every finding, the worst first; sums that fail stand above already."""
    shown = [f for s in SEVERITY for f in report.findings if f.severity == s and f.code != "sum-differs"]
    if not shown:
        return ""
    items = "".join(_finding(f, _named(f, report)) for f in shown)
    return f'<section class="box"><h2>提示 Findings <small>{len(shown)}</small></h2><ul class="list">{items}</ul></section>'


def _named(finding: Finding, report: Report) -> list[str]:
    """The fields that a finding is about: the one that it names, or those of its row or column."""
    if finding.row is None and finding.column is None:
        return []
    wanted = (finding.table, finding.row, finding.column)
    addresses = (f.field.address for f in report.facts)
    return [".".join(a) for a in addresses if all(w in (None, x) for w, x in zip(wanted, a, strict=True))]


def _finding(finding: Finding, fields: Sequence[str]) -> str:
    named = escape(";".join(fields))
    button = f'<button type="button" data-fields="{named}">看 show</button>' if fields else ""
    zh = SEVERITY[finding.severity]
    return (
        f'<li class="{finding.severity}"><span class="tag">{zh} {finding.severity}</span>'
        f'<span class="text"><b>{escape(finding.code)}</b> {escape(finding.message)}</span>{button}</li>'
    )


def _history(said: Sequence[Correction]) -> str:
    """What people said, the latest last."""
    if not said:
        return ""
    items = "".join(_word(c) for c in said)
    return (
        f'<section class="box"><h2>更正记录 What people said <small>{len(said)}</small></h2>'
        f'<ul class="list">{items}</ul></section>'
    )


def _word(c: Correction) -> str:
    new = "空白 blank" if c.blank else number(c.new)
    change = f"{number(c.old) or '?'} → {new}" if c.verdict == "corrected" else number(c.old)
    return (
        f'<li><span class="tag">{_VERDICT[c.verdict]}</span><span class="text"><b>{escape(c.field)}</b> '
        f"{change} · {escape(c.who)} · {escape(c.when)} · {escape(c.why)}</span>"
        f'<button type="button" data-fields="{escape(c.field)}">看 show</button></li>'
    )
