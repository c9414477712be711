"""Pages and texts that other programs make of a report's lines: no table is left, or one table goes around all others."""

from __future__ import annotations

from decimal import Decimal

from gongkai.extract import extract
from gongkai.model import Report, Source
from gongkai.normalize import normalize
from gongkai.normalize.form.template import table

TITLE = "青溪县水务局2023年政府信息公开工作年度报告"
HEADING, END = "三、收到和处理政府信息公开申请情况", "五、存在的主要问题及改进情况"
ROWS = [(row.id, row.path[-1]) for row in table("2021", "requests").rows]
FILLED = {"new_requests": 12, "granted": 9, "denied_state_secret": 1, "outcomes_total": 10, "carried_out": 2}


def boxes(id: str, label: str) -> list[str]:
    n = FILLED.get(id, 0)
    return [label, str(n), "0", "0", "0", "0", "0", str(n)]


def lines() -> list[str]:
    return [TITLE, HEADING, *(box for row in ROWS for box in boxes(*row)), END]


def read(content: str) -> Report:
    data = content.encode()
    (report,) = normalize(extract(Source("x", data, "0" * 64, len(data))))
    return report


def values(report: Report) -> dict[tuple[str, str], Decimal | None]:
    return {(f.field.row.id, f.field.column.id): f.value for f in report.facts}


def test_a_page_whose_lines_are_boxes_is_read_as_a_text() -> None:
    got = values(read("<html><body>" + "<br/>\n".join(lines()) + "</body></html>"))
    assert got["new_requests", "total"] == 12
    assert len(got) == 7 * len(ROWS)


def test_runs_of_text_that_pdftohtml_writes_as_xml_are_read() -> None:
    runs = []
    for n, row in enumerate([(TITLE,), (HEADING,), *(boxes(*row) for row in ROWS), (END,)]):
        for i, box in enumerate(row):
            for k, char in enumerate(box):  # each character by itself, as some fonts are cut
                wide = 9 if char.isascii() else 18
                place = f'top="{30 * n}" left="{50 + (i and 660 + 70 * i) + wide * k}" width="{wide}"'
                runs.append(f'<text {place} height="18" font="0">{char}</text>')
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE pdf2xml SYSTEM "pdf2xml.dtd">\n<pdf2xml><page number="1" height="1263" width="1400">\n'
    report = read(head + "\n".join(runs) + "</page></pdf2xml>")
    assert report.org == "青溪县水务局"
    assert values(report)["new_requests", "total"] == 12


def test_a_frame_around_all_tables_is_taken_off() -> None:
    rule = "+----" + 7 * "+---" + "+"
    grid = [rule, *(line for row in ROWS for line in ("| " + " | ".join(boxes(*row)) + " |", rule))]
    width = max(map(len, grid)) + 4
    framed = [f"| {line.ljust(width)} |" for line in (TITLE, HEADING, *grid, END)]
    frame = "+" + (width + 2) * "-" + "+"
    got = values(read("\n".join([frame, *framed, frame])))
    assert got["granted", "natural_person"] == 9
    assert len(got) == 7 * len(ROWS)


def test_a_value_behind_a_wide_gap_is_no_part_of_a_label() -> None:
    report = read(
        f"{TITLE}\n二、主动公开政府信息情况\n| 信息内容 | 本年处理决定数量 |\n|---|---|\n| 行政许可        3 | |\n{END}\n"
    )
    assert ("administrative_licensing", "decisions") not in values(report)


def test_the_outer_walls_of_a_table_are_no_frame() -> None:
    """As links draws one: its rules end at the outer walls, and the boxes have no room beside them."""
    inner = f"|{30 * '-'}{7 * '+---'}|"
    rows = [f"|{'|'.join([boxes(*row)[0], *(n.center(3) for n in boxes(*row)[1:])])}|" for row in ROWS]
    outer = f"+{58 * '-'}+"
    drawn = [outer, *(line for row in rows for line in (row, inner))][:-1]
    got = values(read("\n".join([TITLE, HEADING, *drawn, outer, END])))
    assert len(got) == 7 * len(ROWS)
