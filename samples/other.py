"""What is no report (VARIANTS 7), and a broken file."""

from __future__ import annotations

from collections.abc import Iterator

from flat import lines
from form import Box, tables
from made import Made, each, no_report, text, town
from truth import nothing
from word import package, paragraph, table


def others() -> Iterator[Made]:
    """Explainers, notices, blank forms, part of a year, summaries."""
    told = ["去年全市收到申请120件，办结118件。", "公众最关心的是征地与教育。"]
    title = "【文字解读】临江市2023年政府信息公开工作年度报告"
    yield no_report("explainer.docx", title, told, "an explainer, no report")
    name, odd = "explainer.txt", "an explainer that repeats the tables, no report"
    s = town(2023, "2021", 161)
    s.title = ["一图读懂《清溪镇人民政府2023年政府信息公开工作年度报告》"]
    yield Made(name, text(name, s, odd, lines).data, nothing(name, odd), odd)
    form = each(tables(town(2023, "2021", 47)), str)
    empty = "".join(
        table([[Box("" if b.address else b.text, b.colspan, b.rowspan) for b in line] for line in rows])
        for rows in form.values()
    )
    title = "关于做好2023年政府信息公开工作年度报告编制工作的通知"
    told = ["各镇人民政府：", "请于1月20日前报送年度报告，格式见附件。"]
    yield no_report("notice.docx", title, told, "a notice with the blank form", empty)
    title = "××单位××年政府信息公开工作年度报告"
    yield no_report("blank_form.docx", title, ["一、总体情况"], "the blank form", empty)
    title = "清溪镇2023年上半年政府信息公开情况统计"
    half = "".join(table(rows) for rows in tables(town(2023, "2021", 48)).values())
    told = ["现将上半年情况公布如下。"]
    yield no_report("half_year.docx", title, told, "statistics of half a year", half)
    title = "清溪镇人民政府2023年第三季度政府信息公开统计表"
    quarter = "".join(table(rows) for rows in tables(town(2023, "2021", 162)).values())
    yield no_report("quarter.docx", title, ["填报单位：清溪镇人民政府"], "statistics of a quarter", quarter)
    whole = package(paragraph("一、总体情况") + table(tables(town(2023, "2021", 48))["review"]))
    yield Made("broken.docx", whole[: len(whole) // 2], None, "a file that ends early")
