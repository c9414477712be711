"""VARIANTS 3: how labels are worded."""

from __future__ import annotations

from collections.abc import Iterator

import web
from form import Box, Rows, tables
from made import Made, city, each, relabelled, replaced, site, town, word

#: characters of the forms in simplified and in traditional script
TRADITIONAL = str.maketrans(
    "规范项上数对处务许罚强费购总额请报告开复议诉讼结维纠审计组织业机构关为项之于单位办无书处围经济国该职责检证记类内过属执查询举报录复质资护权应"
    "现续转没补",
    "規範項上數對處務許罰強費購總額請報告開復議訴訟結維糾審計組織業機構關為項之於單位辦無書處圍經濟國該職責檢證記類內過屬執查詢舉報錄復質資護權應"
    "現續轉沒補",
)
#: conversions that are wrong, or one of two
WRONG = replaced(
    ("文件", "檔案"), ("復議", "複議"), ("查詢", "查谘詢"), ("制作", "製作"), ("行政復", "行政複")
)
HUBEI = replaced(
    ("规章", "规章(设区的市、自治州人民政府应提供相关数据)"),
    (
        "规范性文件",
        "规范性文件(行政机关制定发布的决定、公告、意见、通知，以及标题采用“规定”“办法”“细则”的文件)",
    ),
    ("上一年项目数量", "上一年项目数量（指2019年事项数）"),
    ("本年增/减", "本年增/减（指2020年增加或减少的事项数，减用负值表示，如-8）"),
    ("处理决定数量", "处理决定数量（指办件量）"),
    (
        "其他对外管理服务事项",
        "其他对外管理服务事项（指行政许可以外的政务服务事项，含行政确认、行政处罚、行政强制、行政裁决）",
    ),
    ("采购总金额", "采购总金额(万元，保留四位小数)"),
)


def labels() -> Iterator[Made]:
    """Rows, columns, block heads and script."""
    yield from rows_()
    yield from columns()
    yield from script()


def rows_() -> Iterator[Made]:
    """The labels of rows."""
    change = replaced(
        ("政府信息公开申请", "政府信息公开申清"),
        ("国家秘密", "国家秘蜜"),
        ("其他法律行政法规禁止公开", "其他法律行政止公开"),
        ("行政事业性收费", "行政事业性收废"),
        ("科研机构", "科研企业"),
    )
    s = town(2019, "2019", 20)
    odd = "typing errors, characters lost, 科研企业"
    yield word("2019_typos.docx", s, odd, drawn=each(tables(s), change))
    change = replaced(
        ("规章", "规章(设区的市、自治州人民政府应提供相关数据)"),
        ("上一年项目数量", "上一年项目数量（指2019年事项数）"),
        ("其他对外管理服务事项", "其他对外管理服务事项（指行政许可以外的事项，含行政处罚、行政强制）"),
        ("（一）予以公开", "（一）予以公开（含告知获取方式）"),
    )
    s = town(2020, "2019", 21)
    yield word("2020_long_labels.docx", s, "long explanations inside labels", drawn=each(tables(s), change))
    s = town(2020, "2019", 96)
    drawn = each(tables(s), HUBEI)
    added = [Box("其他主动公开文件(含以本单位名义正式签发的、除规范性文件以外的主动公开文件)", 3)]
    numbers = (("made", "186"), ("newly_disclosed", "86"), ("total_disclosed", "255"))
    added += [Box(text, 3, address=("proactive", "local_003", column)) for column, text in numbers]
    drawn["proactive"].insert(4, added)
    odd = "explanations in every head, one holds the names of other rows; a row 其他主动公开文件"
    yield word("2020_hubei.docx", s, odd, drawn=drawn)
    change = replaced(
        ("（三）不予公开", "㈢不予公开"),
        ("1.", "①"),
        ("2.", "2、"),
        ("3.危", "（3）危"),
        ("一、本", "本"),
        ("“三安全一稳定”", "「三安全一稳定」"),
    )
    s = town(2021, "2021", 23)
    odd = "other numbering, other quotation marks"
    yield word("2021_numbering.docx", s, odd, drawn=each(tables(s), change))
    change = replaced(
        ("（三）", "(三) "),
        ("1.属于", "1. 属于"),
        ("1.申请人无", "1、申请人无"),
        ("2.申请人逾", "2、申请人逾"),
        ("3.其他", "3、其他"),
        ("“三安全一稳定”", '"三安全一稳定"'),
    )
    s = town(2021, "2021", 97)
    odd = "blanks behind numbers, 1、2、3、 in （六） only, straight quotation marks"
    yield word("2021_label_blanks.docx", s, odd, drawn=each(tables(s), change))
    change = replaced(
        ("“三安全一稳定”", "三安全一稳定"),
        ("商业企业", "商业企\n业"),
        ("（四）无法提供", "（四）无\n法提供"),
        ("4.无正当理由大量反复申请", "4.无正当理由大量反复 申请"),
        ("本年处理决定数量", "本年处理\n决定数量"),
        ("三、本年度办理结果", "三、本年\n度办理结\n果"),
    )
    s = town(2022, "2021", 98)
    odd = "labels broken within the box, no quotation marks"
    yield word("2022_label_breaks.docx", s, odd, drawn=each(tables(s), change))
    change = replaced(
        ("属于行政执法案卷", "执法案卷"),
        ("本机关不掌握相关政府信息", "本机关不掌握"),
        ("信访举报投诉类申请", "信访举报投诉"),
        ("结转下年度继续办理", "结转下年度办理"),
        ("行政规范性文件", "规范性文件"),
    )
    s = town(2021, "2021", 24)
    yield word("2021_short.docx", s, "shortened labels", drawn=each(tables(s), change))


def columns() -> Iterator[Made]:
    """The heads of columns and of blocks."""
    change = replaced(("本年新制作数量", "本年新"), ("本年新公开数量", "本年新"))
    s = town(2020, "2019", 25)
    odd = "本年新 | 本年新, told by their order"
    yield word("2020_two_heads.docx", s, odd, drawn=each(tables(s), change))
    s = town(2021, "2021", 99)
    change = replaced(("现行有效件数", "现行有效件"), ("本年处理决定数量", "本年处理决定 数量"))
    yield word("2021_column_words.docx", s, "现行有效件, 处理决定 数量", drawn=each(tables(s), change))
    s = town(2020, "2019", 100)
    s.printed["proactive", "government_procurement", "procurement_amount"] = "103.3879"
    change = replaced(("采购总金额", "采购总金额(万元,保留四位小数)"), ("处理决定数量", "处理决定 数量"))
    yield word("2020_amount_head.docx", s, "采购总金额(万元,保留四位小数)", drawn=each(tables(s), change))
    s = town(2019, "2019", 101)
    drawn = tables(s)
    drawn["proactive"] = _repeated(drawn["proactive"])
    drawn["requests"] = _in_two(drawn["requests"])
    odd = "the heads of （九） repeated from （八）; 商业 | 科研 over 企业 | 机构 in two rows of heads"
    yield word("2019_heads_repeated.docx", s, odd, drawn=drawn)
    s = town(2020, "2019", 102)
    change = replaced(
        ("第二十条第（一）项", "中华人民共和国政府信息公开条例 第二十条第(一)项"),
        ("第二十条第（五）项", "第二十条  第（五）项"),
        ("第二十条第（六）项", "第二十条(六)项"),
        ("第二十条第（八）项", "第二十条 第（八）项"),
    )
    odd = "block heads with the name of the 条例, with blanks, without the second 第"
    yield word("2020_block_heads.docx", s, odd, drawn=each(tables(s), change))
    s = town(2021, "2021", 103)
    drawn = tables(s)
    del drawn["proactive"][0]
    yield word("2021_first_head_missing.docx", s, "the first block head missing", drawn=drawn)


def _repeated(rows: Rows) -> Rows:
    """The heads of the last block as those of the block before."""
    rows[-2] = [
        Box(t, b.colspan) for t, b in zip(("信息内容", "上一年项目数量", "本年增/减"), rows[-2], strict=True)
    ]
    return rows


def _in_two(rows: Rows) -> Rows:
    """The heads of the applicants over two rows."""
    upper = ["商业", "科研", "社会公益", "法律服务", "其他"]
    lower = ["企业", "机构", "组织", "机构", ""]
    rows[0][0].rowspan = 4
    for box in rows[1]:
        box.rowspan = 3 if box.rowspan == 2 else 1
    return [*rows[:2], [Box(t) for t in upper], [Box(t) for t in lower], *rows[3:]]


def script() -> Iterator[Made]:
    """Traditional characters and readings in brackets (also VARIANTS 9)."""
    s = town(2020, "2019", 22)
    drawn = each(tables(s), lambda t: t.translate(TRADITIONAL).replace("規章", "規(guī)章(zhāng)"))
    yield word("2020_traditional.docx", s, "traditional characters with readings in brackets", drawn=drawn)
    s = town(2020, "2019", 104)
    drawn = each(tables(s), lambda t: WRONG(t.translate(TRADITIONAL)))
    odd = "traditional characters wrongly converted: 規範性檔案, 複議, 谘詢, 製作"
    yield word("2020_wrong_characters.docx", s, odd, drawn=drawn)
    s = city(2021, "2021", 105)
    readings = replaced(("规", "规(guī)"), ("业", "业(yè)"), ("公开", "公(gong)(gong)开(kai)(kai)"))
    drawn = {id: relabelled(rows, readings) for id, rows in tables(s).items()}
    yield site(
        "2021_readings.html",
        s,
        "readings in brackets in every label, some twice",
        render=web.page,
        drawn=drawn,
    )
