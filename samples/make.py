"""Makes the samples: small made-up reports, each with its truth beside it and one thing that is odd.

    python samples/make.py [FOLDER]

The same bytes every time. The sentences are ours; labels, layout and oddities are those of real reports.
"""

from __future__ import annotations

import copy
import io
import json
import sys
import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import web
from flat import bars, boxes, lines
from form import NAMES, Box, Rows, Sample, review_rows, sample, tables, truth
from page import Style, pdf
from word import NUMBERING, deleted, package, paragraph, table, text_box

TRADITIONAL = str.maketrans(
    "规范项上数对处务许罚强费购总额请报告开复议诉讼结维纠审计组织业机构关为项之于单位办无书处围经济国该职责检证记类内过属执查询举报录复质资护权应"
    "现续转没补",
    "規範項上數對處務許罰強費購總額請報告開復議訴訟結維糾審計組織業機構關為項之於單位辦無書處圍經濟國該職責檢證記類內過屬執查詢舉報錄復質資護權應"
    "現續轉沒補",
)
CITY = "临江市人民政府"
TOWN = "清溪镇人民政府"
BUREAU = "临江市林业局"


class Made:
    """One sample: its bytes, its truth (None for a file that is no document) and what is odd."""

    def __init__(self, data: bytes, truth: dict[str, object] | None, odd: str) -> None:
        self.data, self.truth, self.odd = data, truth, odd


def city(year: int, form: str, seed: int, org: str = CITY) -> Sample:
    """A city's report: larger figures."""
    return sample(org, year, seed, proactive=form, requests=form, size=60)


def town(year: int, form: str, seed: int, org: str = TOWN) -> Sample:
    """A township's report: small figures, many zeros."""
    return sample(org, year, seed, proactive=form, requests=form, size=6)


def word(s: Sample, odd: str, file: str, *, drawn: dict[str, Rows] | None = None, **how: object) -> Made:
    """A DOCX of a sample. `how`: `before` and `after` (XML around the body), `wrap` (per table),
    `auto` (automatic heading numbers), `merge`, `status`."""
    rows = drawn or tables(s)
    wrap = how.get("wrap", {})
    body = str(how.get("before", ""))
    body += "".join(paragraph(t, centered=True, size=18) for t in s.title)
    body += "".join(paragraph(t) for t in s.preface)
    parts: dict[str, str] = {}
    for id in NAMES:
        heading = s.heading(id)
        if how.get("auto"):
            parts["word/numbering.xml"] = NUMBERING
            body += paragraph(heading.partition("、")[2], number=True)
        elif heading:
            body += paragraph(heading)
        body += "".join(paragraph(t) for t in s.sections[id])
        if id in rows:
            inner = table(rows[id], merge=bool(how.get("merge", True)))
            body += wrap[id](rows[id]) if id in wrap else inner  # type: ignore[operator,index]
            body += paragraph("")
    body += "".join(paragraph(t) for t in s.signature) + str(how.get("after", ""))
    more = {"status": how["status"]} if "status" in how else {}
    return Made(package(body, parts), truth(s, file, odd, list(rows.values()), **more), odd)


def printed(s: Sample, odd: str, file: str, style: Style, drawn: dict[str, Rows] | None = None) -> Made:
    """A PDF of a sample."""
    rows = drawn or tables(s)
    blocks: list[tuple[str, object]] = [("title", t) for t in s.title]
    blocks += [("text", t) for t in s.preface]
    for id in NAMES:
        blocks.append(("heading", s.heading(id)))
        blocks += [("text", t) for t in s.sections[id]]
        if id in rows:
            blocks.append(("table", rows[id]))
    blocks += [("text", t) for t in s.signature]
    return Made(pdf(blocks, style, s.title[-1]), truth(s, file, odd, list(rows.values())), odd)


def text(
    s: Sample, odd: str, file: str, how: Callable[[Rows], str], drawn: dict[str, Rows] | None = None
) -> Made:
    """A text of a sample; `how` flattens a table."""
    rows = drawn or tables(s)
    parts = [*s.title, *s.preface]
    for id in NAMES:
        parts += [s.heading(id), *s.sections[id]]
        if id in rows:
            parts.append(how(rows[id]))
    parts += s.signature
    return Made("\n".join(parts).encode("utf-8"), truth(s, file, odd, list(rows.values())), odd)


def relabelled(rows: Rows, change: Callable[[str], str]) -> Rows:
    """The same table with other labels."""
    return [[b if b.address else Box(change(b.text), b.colspan, b.rowspan) for b in line] for line in rows]


def each(drawn: dict[str, Rows], change: Callable[[str], str]) -> dict[str, Rows]:
    """All three tables with other labels."""
    return {id: relabelled(rows, change) for id, rows in drawn.items()}


def replaced(*pairs: tuple[str, str]) -> Callable[[str], str]:
    """A change of labels by replacement."""

    def change(label: str) -> str:
        for old, new in pairs:
            label = label.replace(old, new)
        return label

    return change


def no_report(title: str, lines_: Sequence[str], odd: str, file: str, extra: str = "") -> Made:
    """A DOCX that is no report."""
    body = paragraph(title, centered=True, size=18) + "".join(paragraph(t) for t in lines_) + extra
    nothing = {
        "file": file,
        "format": "docx",
        "org": None,
        "year": None,
        "template": None,
        "cells": [],
        "sections": {},
    }
    return Made(package(body), {**nothing, "checks": {}, "notes": odd, "status": "empty"}, odd)


def clean() -> Iterator[tuple[str, Made]]:
    """The form as prescribed."""
    yield (
        "2021_city.docx",
        word(city(2023, "2021", 1), "the form of 2021 as prescribed", "2021_city.docx", status="ok"),
    )
    yield (
        "2021_city.pdf",
        printed(city(2022, "2021", 2), "the form of 2021 as prescribed", "2021_city.pdf", Style()),
    )
    yield (
        "2019_township.docx",
        word(town(2019, "2019", 3), "the form of 2019 as prescribed", "2019_township.docx"),
    )
    yield (
        "2019_bureau.pdf",
        printed(town(2020, "2019", 4, BUREAU), "the form of 2019 as prescribed", "2019_bureau.pdf", Style()),
    )
    name = "2021_bureau.txt"
    yield name, text(town(2021, "2021", 5, BUREAU), "a row a line, tabs between the boxes", name, lines)


def values() -> Iterator[tuple[str, Made]]:
    """VARIANTS 4: what stands in the boxes."""
    s = town(2019, "2019", 6)
    for n, address in enumerate(s.printed):
        if s.printed[address] == "0":
            s.printed[address] = ["", " ", "　　", "\u00a0", "/", "—", "\\", "无", "－", "0"][n % 10]
    yield (
        "2019_blanks.docx",
        word(s, "VARIANTS 4: blanks of every kind and placeholders beside 0", "2019_blanks.docx"),
    )
    s = city(2019, "2019", 7)
    for row, change in (("licensing", "减3"), ("penalties", "增15"), ("fees", "－８")):
        s.printed["proactive", f"administrative_{row}", "change"] = change
    s.printed["proactive", "government_procurement", "procurement_amount"] = "251000元"
    s.printed["proactive", "other_public_services", "decisions"] = "1,362"
    s.printed["proactive", "normative_documents", "made"] = "１２件"
    yield (
        "2019_money.docx",
        word(s, "VARIANTS 4: 元, 件, 增 and 减, separators, full-width digits", "2019_money.docx"),
    )
    s = city(2021, "2021", 8)
    s.printed["requests", "outcomes_total", "total"] = str(
        int(s.printed["requests", "outcomes_total", "total"]) + 1
    )
    s.printed["review", "reconsideration", "total"] = "0"
    yield (
        "2021_sums_fail.docx",
        word(s, "VARIANTS 4: printed totals that do not add up", "2021_sums_fail.docx"),
    )
    s = city(2021, "2021", 8)
    s.printed["requests", "granted", "total"] = str(int(s.printed["requests", "granted", "total"]) + 10)
    yield (
        "2021_sums_fail.pdf",
        printed(s, "VARIANTS 4: a printed total that does not add up", "2021_sums_fail.pdf", Style()),
    )


def shapes() -> Iterator[tuple[str, Made]]:
    """VARIANTS 5: the shape of the tables in DOCX."""
    s = sample(TOWN, 2023, 9, proactive="2021", requests="2019", size=9)
    yield "2023_mixed.docx", word(s, "VARIANTS 5: table two of 2021, table three of 2019", "2023_mixed.docx")
    s, name = town(2019, "2019", 10), "2019_no_merges.docx"
    yield name, word(s, "VARIANTS 5: group labels in their first row only, nothing merged", name, merge=False)
    s, name = town(2020, "2019", 11), "2020_ragged.docx"
    drawn = tables(s)
    drawn["requests"][-1] = drawn["requests"][-1][:2]
    drawn["requests"][4] = drawn["requests"][4][:-2]
    yield (
        name,
        word(
            s, "VARIANTS 5: ragged rows, the last one with a single box", name, drawn=drawn, status="partial"
        ),
    )
    s, name = town(2020, "2019", 12), "2020_spans_off.docx"
    drawn = tables(s)
    drawn["requests"][3][0].colspan = 2
    drawn["requests"][5][1].colspan = 3
    drawn["requests"][7] = [*drawn["requests"][7], Box(""), Box("")]
    yield (
        name,
        word(s, "VARIANTS 5: spans of labels one off, empty boxes at the end of a row", name, drawn=drawn),
    )
    s, name = town(2021, "2021", 13), "2021_rows.docx"
    drawn = tables(s)
    del drawn["requests"][9]
    drawn["proactive"].insert(4, [Box("其他主动公开文件", 3), Box("7", 3), Box("8", 3), Box("9", 3)])
    stats = [
        [Box("序号"), Box("重点领域"), Box("公开数量（条）")],
        [Box("1"), Box("行政许可信息"), Box("187")],
    ]
    stats.append([Box("2"), Box("规范性文件"), Box("58")])
    made = word(
        s,
        "VARIANTS 5: a row left out, a row added, another table before",
        name,
        drawn=drawn,
        before=table(stats),
    )
    yield name, made
    s, name = town(2022, "2021", 14), "2022_review_rows.docx"
    drawn = tables(s)
    drawn["review"] = _review_down(drawn["review"][-1])
    yield name, word(s, "VARIANTS 5: table four as three rows", name, drawn=drawn)
    s, name = town(2022, "2021", 15), "2022_review_three.docx"
    drawn = tables(s)
    wrap = {"review": lambda rows: "".join(table(t) + paragraph("") for t in _review_apart(rows[-1]))}
    yield name, word(s, "VARIANTS 5: table four as three tables", name, drawn=drawn, wrap=wrap)
    s, name = town(2021, "2021", 16), "2021_text_box.docx"
    wrap = {"requests": lambda rows: text_box(table(rows))}
    yield name, word(s, "table three in a text box, twice in the file", name, wrap=wrap)
    s, name = town(2019, "2019", 17), "2019_nested.docx"
    wrap = {"proactive": lambda rows: table([[Box("")]]).replace("<w:p></w:p>", table(rows) + "<w:p/>")}
    yield name, word(s, "table two nested in a layout table", name, wrap=wrap)
    s, name = town(2022, "2021", 18), "2022_cut_in_two.docx"
    wrap = {"requests": lambda rows: table(rows[:10]) + paragraph("") + table(_after(rows, 10))}
    yield name, word(s, "table three cut into two tables", name, wrap=wrap)
    s, name = town(2020, "2019", 19), "2020_tracked.docx"
    wrap = {"requests": _tracked}
    yield name, word(s, "tracked changes: deleted values and a deleted row do not count", name, wrap=wrap)


def _review_down(line: list[Box]) -> Rows:
    labels = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]
    return [
        [Box("", 2), *(Box(t) for t in labels)],
        [Box("行政复议", 2), *line[:5]],
        [Box("行政诉讼", 1, 2), Box("未经复议直接起诉"), *line[5:10]],
        [Box("复议后起诉"), *line[10:]],
    ]


def _review_apart(line: list[Box]) -> list[Rows]:
    labels = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]
    names = ["行政复议", "行政诉讼（未经复议直接起诉）", "行政诉讼（复议后起诉）"]
    return [[[Box(n, 5)], [Box(t) for t in labels], line[5 * i : 5 * i + 5]] for i, n in enumerate(names)]


def _after(rows: Rows, cut: int) -> Rows:
    """The rows after a cut, with boxes in place of the labels that begin before it."""
    rest = [list(line) for line in rows[cut:]]
    for r, line in enumerate(rows[:cut]):
        for box in line:
            if r + box.rowspan > cut and box.address is None:
                inner = sum(b.colspan for b in rest[0])
                if inner < 10:
                    rest[0].insert(
                        0 if box.text.startswith("三") else len(rest[0]) - 8,
                        Box("", box.colspan, r + box.rowspan - cut),
                    )
    return rest


def _tracked(rows: Rows) -> str:
    changed = copy.deepcopy(rows)
    box = changed[3][1]
    box.text = deleted("99") + f"<w:r><w:t>{box.text}</w:t></w:r>"
    changed.insert(5, [Box("二、上年结转政府信息公开申请数量", 3), *(Box("88") for _ in range(7))])
    return table(changed, gone=frozenset({5}))


def labels() -> Iterator[tuple[str, Made]]:
    """VARIANTS 3: how labels are worded."""
    s, name = town(2019, "2019", 20), "2019_typos.docx"
    change = replaced(
        ("政府信息公开申请", "政府信息公开申清"),
        ("国家秘密", "国家秘蜜"),
        ("其他法律行政法规禁止公开", "其他法律行政止公开"),
        ("行政事业性收费", "行政事业性收废"),
        ("科研机构", "科研企业"),
    )
    yield (
        name,
        word(s, "VARIANTS 3: typing errors, characters lost, 科研企业", name, drawn=each(tables(s), change)),
    )
    s, name = town(2020, "2019", 21), "2020_long_labels.docx"
    change = replaced(
        ("规章", "规章(设区的市、自治州人民政府应提供相关数据)"),
        ("上一年项目数量", "上一年项目数量（指2019年事项数）"),
        ("其他对外管理服务事项", "其他对外管理服务事项（指行政许可以外的事项，含行政处罚、行政强制）"),
        ("（一）予以公开", "（一）予以公开（含告知获取方式）"),
    )
    yield name, word(s, "VARIANTS 3: long explanations inside labels", name, drawn=each(tables(s), change))
    s, name = town(2020, "2019", 22), "2020_traditional.docx"
    drawn = each(tables(s), lambda t: t.translate(TRADITIONAL).replace("規章", "規(guī)章(zhāng)"))
    yield name, word(s, "VARIANTS 3, 9: traditional characters with readings in brackets", name, drawn=drawn)
    s, name = town(2021, "2021", 23), "2021_numbering.docx"
    change = replaced(
        ("（三）不予公开", "㈢不予公开"),
        ("1.", "①"),
        ("2.", "2、"),
        ("3.危", "（3）危"),
        ("一、本", "本"),
        ("“三安全一稳定”", "「三安全一稳定」"),
    )
    yield (
        name,
        word(s, "VARIANTS 3: other numbering, other quotation marks", name, drawn=each(tables(s), change)),
    )
    s, name = town(2021, "2021", 24), "2021_short.docx"
    change = replaced(
        ("属于行政执法案卷", "执法案卷"),
        ("本机关不掌握相关政府信息", "本机关不掌握"),
        ("信访举报投诉类申请", "信访举报投诉"),
        ("结转下年度继续办理", "结转下年度办理"),
        ("行政规范性文件", "规范性文件"),
    )
    yield name, word(s, "VARIANTS 3: shortened labels", name, drawn=each(tables(s), change))
    s, name = town(2020, "2019", 25), "2020_two_heads.docx"
    change = replaced(("本年新制作数量", "本年新"), ("本年新公开数量", "本年新"))
    yield (
        name,
        word(s, "VARIANTS 3: 本年新 | 本年新, told by their order", name, drawn=each(tables(s), change)),
    )


def headings() -> Iterator[tuple[str, Made]]:
    """VARIANTS 1 and 2: title, body, year, headings."""
    s, name = town(2022, "2021", 26), "2022_auto_numbers.docx"
    yield name, word(s, "VARIANTS 2: heading numbers are automatic, not in the text", name, auto=True)
    s, name = town(2021, "2021", 27), "2021_contents.docx"
    contents = paragraph("目录", centered=True) + "".join(
        paragraph(f"{s.heading(i)}……{n}") for n, i in enumerate(NAMES, 1)
    )
    listed = "本报告由" + "、".join(NAMES.values()) + "六部分组成。"
    s.preface = [listed]
    yield (
        name,
        word(s, "VARIANTS 2: a contents page and a preface that repeat the headings", name, before=contents),
    )
    s, name = town(2020, "2019", 28), "2020_drift.docx"
    s.headings = {"problems": "5、 存在的主要问题及改进情况", "other": ""}
    s.sections["problems"][-1] += "                  六、其他需要报告的事项"
    made = word(s, "VARIANTS 2: 5、 for 五、; heading six behind blanks at the end of a line", name)
    assert made.truth is not None
    made.truth["sections"]["problems"] = made.truth["sections"]["problems"].partition("六、其他")[0]  # type: ignore[index]
    yield name, made
    s, name = town(2021, "2021", 29), "2021_sub_heads.docx"
    s.sections["overview"] += [
        "（三）收到和处理政府信息公开申请情况",
        "申请均已答复。",
        "（四）主动公开政府信息情况",
        "栏目按月更新。",
    ]
    yield name, word(s, "VARIANTS 2: sub-headings with the names of sections", name)
    s, name = town(2019, "2019", 30), "2019_no_year.docx"
    s.title = ["清溪镇政府信息公开工作年度报告"]
    s.preface = ["本报告所列数据的统计期限自2019年1月1日起至2019年12月31日止。"]
    yield name, word(s, "VARIANTS 1: no year in the title, the body in short", name)
    s, name = town(2022, "2021", 31), "2022_wrong_year.docx"
    s.title = [f"{TOWN}2021年政府信息公开工作年度报告"]
    s.preface = ["报告中数据的统计期限为2022年1月1日至2022年12月31日。"]
    yield name, word(s, "VARIANTS 1: the title says 2021, period and date say 2022", name)
    s, name = city(2023, "2021", 32), "2023_title_lines.docx"
    s.title = ["临政办〔2024〕3号", "临江市人民政府", "2023年政府信息公开工作年度报告"]
    yield name, word(s, "VARIANTS 1: document number first, the title over two lines", name)


def pages() -> Iterator[tuple[str, Made]]:
    """VARIANTS 5: PDF."""
    for name, odd, style, seed in (
        (
            "2021_page_cut.pdf",
            "a page end cuts table three and the label （四）无法提供",
            Style(cut=15, split=True),
            33,
        ),
        (
            "2021_head_again.pdf",
            "a page end cuts table three, the heads stand again",
            Style(cut=9, again=True),
            34,
        ),
        ("2022_rects.pdf", "rules drawn as thin rectangles", Style(rules="rects"), 35),
        ("2022_double.pdf", "double rules", Style(rules="double"), 36),
        ("2022_dashed.pdf", "dashed rules", Style(rules="dashed"), 37),
        ("2022_horizontal.pdf", "horizontal rules only", Style(rules="horizontal"), 38),
        ("2022_no_rules.pdf", "no rules at all", Style(rules="none"), 39),
        ("2022_watermark.pdf", "a watermark over the pages", Style(watermark="内部资料"), 40),
        ("2022_shuffled.pdf", "text drawn in another order than it is read in", Style(shuffle=True), 41),
    ):
        yield name, printed(town(2022, "2021", seed), f"VARIANTS 5: {odd}", name, style)


def flattened() -> Iterator[tuple[str, Made]]:
    """VARIANTS 5 and 6: tables as text."""
    s, name = town(2019, "2019", 42), "2019_boxes.txt"
    for n, address in enumerate(s.printed):
        if n % 7:
            s.printed[address] = [" ", "　", "\u00a0"][n % 3]
    s.printed["requests", "carried_out", "natural_person"] = "0"
    drawn = tables(s)
    drawn["requests"][-1] = drawn["requests"][-1][:2]
    s.headings["review"] = ""
    made = text(
        s,
        "VARIANTS 2, 4, 5: a box a line behind tabs, blanks, a ragged last row, heading four glued to it",
        name,
        boxes,
        drawn,
    )
    glued = made.data.decode().replace(
        "\n\n\n\t行政复议", "\n 四、政府信息公开行政复议、行政诉讼情况\n\t行政复议"
    )
    yield name, Made(glued.encode(), made.truth, made.odd)
    s, name = town(2020, "2019", 43), "2020_lines.txt"
    yield (
        name,
        text(
            s,
            "VARIANTS 6: one box a line",
            name,
            lambda rows: "\n".join(b.text for line in rows for b in line),
        ),
    )
    s, name = town(2021, "2021", 44), "2021_bars.txt"
    yield name, text(s, "VARIANTS 6: bars between the boxes", name, bars)
    s, name = town(2020, "2019", 45), "2020_lines_lost.txt"
    whole = (
        text(s, "", name, lambda rows: "\n".join(b.text for line in rows for b in line))
        .data.decode()
        .split("\n")
    )
    lost = "\n".join(dict.fromkeys(whole)).encode()
    nothing = {"file": name, "format": "txt", "org": s.org, "year": s.year, "template": "2019", "cells": []}
    odd = "VARIANTS 6: a crawler dropped repeated lines; the values cannot be recovered"
    yield name, Made(lost, {**nothing, "sections": {}, "checks": {}, "notes": odd}, odd)
    name = "mojibake.txt"
    garbled = (
        text(town(2020, "2019", 46), "", name, lines)
        .data.decode("utf-8")
        .encode("utf-8")
        .decode("gb18030", "replace")
        .encode("utf-8")
    )
    odd = "VARIANTS 6: UTF-8 read as GBK; total loss"
    yield (
        name,
        Made(
            garbled,
            {
                **nothing,
                "file": name,
                "org": None,
                "year": None,
                "template": None,
                "sections": {},
                "checks": {},
                "notes": odd,
            },
            odd,
        ),
    )


def web_pages() -> Iterator[tuple[str, Made]]:
    """VARIANTS 7: web pages of government sites."""
    s, name = town(2022, "2021", 50), "2022_gbk.html"
    page = web.page(s, tables(s), around=True)
    yield (
        name,
        Made(
            page.encode("gb18030"),
            truth(
                s,
                name,
                (odd := "VARIANTS 7: GBK without a declaration, navigation, a metadata table"),
                list(tables(s).values()),
            ),
            odd,
        ),
    )
    s, name = town(2020, "2019", 51), "2020_layout.htm"
    page = web.page(s, tables(s), layout=True, declared="gb2312")
    yield (
        name,
        Made(
            page.encode("utf-8"),
            truth(
                s,
                name,
                (odd := "VARIANTS 7: nested layout tables, a false declaration, tags left open"),
                list(tables(s).values()),
            ),
            odd,
        ),
    )
    s, name = town(2019, "2019", 52), "2019_spans.html"
    page = web.page(s, tables(s), wrong_spans=True)
    yield (
        name,
        Made(
            page.encode("utf-16"),
            truth(s, name, (odd := "spans that are wrong or absurd, UTF-16"), list(tables(s).values())),
            odd,
        ),
    )
    s, name = city(2023, "2021", 53), "2023_saved.doc"
    page = web.saved(web.page(s, tables(s), around=True))
    yield (
        name,
        Made(
            page,
            truth(
                s,
                name,
                (odd := "VARIANTS 7: a web page saved with MIME heads under the name .doc"),
                list(tables(s).values()),
            ),
            odd,
        ),
    )


def old_list() -> Iterator[tuple[str, Made]]:
    """The list of 2014 to 2018, and archives."""
    s, name = town(2022, "2021", 54), "gbk_names.zip"
    inner = word(s, "", "x.docx")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        info = zipfile.ZipInfo("report.docx", (2020, 1, 1, 0, 0, 0))
        archive.writestr(info, inner.data)
    data = out.getvalue().replace(b"report.docx", "年报22.docx".encode("gbk"))  # as many bytes
    odd = "VARIANTS 7: an archive with names in GBK"
    assert inner.truth is not None
    yield name, Made(data, {**inner.truth, "file": name, "format": "zip", "notes": odd}, odd)


def others() -> Iterator[tuple[str, Made]]:
    """What is no report, and a broken file."""
    name = "explainer.docx"
    told = ["去年全市收到申请120件，办结118件。", "公众最关心的是征地与教育。"]
    yield (
        name,
        no_report("【文字解读】临江市2023年政府信息公开工作年度报告", told, "an explainer, no report", name),
    )
    name = "notice.docx"
    told = ["各镇人民政府：", "请于1月20日前报送年度报告，格式见附件。"]
    form = {id: relabelled(rows, str) for id, rows in tables(town(2023, "2021", 47)).items()}
    empty = "".join(
        table([[Box("" if b.address else b.text, b.colspan, b.rowspan) for b in line] for line in rows])
        for rows in form.values()
    )
    yield (
        name,
        no_report(
            "关于做好2023年政府信息公开工作年度报告编制工作的通知",
            told,
            "a notice with the blank form",
            name,
            empty,
        ),
    )
    name = "blank_form.docx"
    yield (
        name,
        no_report("××单位××年政府信息公开工作年度报告", ["一、总体情况"], "the blank form", name, empty),
    )
    name = "half_year.docx"
    s = town(2023, "2021", 48)
    half = "".join(table(rows) for rows in tables(s).values())
    yield (
        name,
        no_report(
            "清溪镇2023年上半年政府信息公开情况统计",
            ["现将上半年情况公布如下。"],
            "statistics of half a year",
            name,
            half,
        ),
    )
    whole = package(paragraph("一、总体情况") + table(review_rows(s)))
    yield "broken.docx", Made(whole[: len(whole) // 2], None, "a file that ends early")


def everything() -> Iterator[tuple[str, Made]]:
    """Every sample by its name."""
    for part in (clean, values, shapes, labels, headings, pages, flattened, web_pages, old_list, others):
        yield from part()


def make(folder: Path) -> None:
    """Write every sample and its truth into `folder`, and the list of them."""
    folder.mkdir(parents=True, exist_ok=True)
    listed = [
        "# Samples",
        "",
        "Made by `make.py`; made-up bodies and figures. What is odd about each:",
        "",
        "| sample | what is odd |",
        "| --- | --- |",
    ]
    for name, made in everything():
        (folder / name).write_bytes(made.data)
        if made.truth is not None:
            text_ = json.dumps(made.truth, ensure_ascii=False, indent=1) + "\n"
            (folder / f"{name.rpartition('.')[0]}.{name.rpartition('.')[2]}.truth.json").write_text(
                text_, "utf-8"
            )
        listed.append(f"| `{name}` | {made.odd} |")
    (folder / "README.md").write_text("\n".join(listed) + "\n", "utf-8")


if __name__ == "__main__":
    make(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent)
