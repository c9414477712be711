"""A Report, its paper and people's corrections → the page on which an auditor checks the values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from gongkai.model import CAUSES, Address, Check, Correction, Finding, Report, Sum, Template, Wording
from gongkai.review.doubt import doubts
from gongkai.review.form_tables import MARK_WORDS, form_tables
from gongkai.review.highlights import MARKS
from gongkai.review.html_file import Html, dotted, render_file
from gongkai.review.proposal import VERDICT_WORDS, group_proposals

#: Status and severity in Chinese.
STATUS = {
    "ok": "完整",
    "partial": "不完整",
    "narrative": "仅有文字",
    "empty": "不是报告",
    "failed": "读取失败",
}
#: Whether the sums of a report hold, in Chinese; without sums nothing is said.
SUMS = {"hold": "勾稽相符", "fail": "勾稽不符", "uncertain": "勾稽不能确定"}
SEVERITY = {"error": "错误", "warning": "提醒", "note": "说明"}

#: Header of the lines that the page's script writes for `gongkai correct DIR --from FILE`.
_COLUMNS = "sha256,report,source_file,field,verdict,printed,old,new,who,when,why"
#: verdict of a correction → its words
VERDICT = {"corrected": "更正 corrected", "as_printed": "确认 as printed", "withdrawn": "撤回 withdrawn"}


def render_report(
    id: str,
    number_in_file: int,
    report: Report,
    paper: Html,
    notice: str,
    *,
    templates: Sequence[Template],
    corrections: Sequence[Correction],
    dataset: str,
) -> str:
    """One report as an HTML file.

    `paper` has its pages or Grids and is empty where there are none; `notice` tells why. `corrections`
    are those of this report, oldest first. `dataset` is its folder as the user names it.
    """
    return render_file(
        "report_page",
        f"{report.org or report.source.path} {report.year or ''}",
        "boxes.js+page.js",
        id=id,
        doubts=[d.field for d in doubts(report)],
        number_in_file=number_in_file,
        report=report,
        paper=paper,
        notice=notice,
        dataset=dataset,
        columns=_COLUMNS,
        about=_describe_source(report),
        status=STATUS,
        sums=SUMS,
        legend=MARKS,
        outcomes=Counter(c.outcome for c in report.checks),
        failed=list(failed_checks(report, templates)),
        proposals=group_proposals(report),
        causes=CAUSES,
        verdict_words=VERDICT_WORDS,
        tables=form_tables(report, templates, corrections),
        mark_words=MARK_WORDS,
        findings=findings_with_fields(report),
        severities=SEVERITY,
        cures=None,
        corrections=corrections,
        verdicts=VERDICT,
    )


def _describe_source(report: Report) -> list[str]:
    """Title, form, date of publication and file, as far as they are known."""
    facts = {
        "": report.title,
        "表样 form": report.template,
        "发布 published": report.published,
        "文件 file": report.source.path,
        "SHA-256": report.source.sha256,
    }
    return [f"{name} {text}".strip() for name, text in facts.items() if text]


def failed_checks(
    report: Report, templates: Sequence[Template]
) -> Iterator[tuple[Check, Sum | Wording | None]]:
    """The sums that fail, each with the rule in words where a form has it."""
    rules: dict[tuple[str, str], Sum | Wording] = {
        (t.id, s.name): s for form in templates for t in form.tables for s in t.sums
    }
    rules |= {("", w.code): w for form in reversed(templates) for w in reversed(form.wordings)}
    for check in report.checks:
        if check.outcome == "fail":
            yield check, rules.get((check.table, check.rule)) or rules.get(("", check.rule))


def findings_with_fields(report: Report) -> list[tuple[Finding, list[str]]]:
    """Every finding with the fields that it is about, the worst first. Sums that fail have a list of their own."""
    addresses = [f.field.address for f in report.facts]
    read = set(addresses)
    return [
        (f, _fields_of(f, addresses, read))
        for severity in SEVERITY
        for f in report.findings
        if f.severity == severity and f.code != "sum-differs"
    ]


def _fields_of(finding: Finding, addresses: Sequence[Address], read: set[Address]) -> list[str]:
    """The fields that a finding is about: the one that it names, or those of its row or column."""
    table, row, column = finding.table, finding.row, finding.column
    if table is not None and row is not None and column is not None:
        return [dotted((table, row, column))] if (table, row, column) in read else []
    if row is None and column is None:
        return []
    wanted = (table, row, column)
    return [dotted(a) for a in addresses if all(w in (None, x) for w, x in zip(wanted, a, strict=True))]
