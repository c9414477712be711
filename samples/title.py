"""VARIANTS 1: title, body and year."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import web
from flat import lines
from form import Sample
from made import BUREAU, CITY, TOWN, Drawn, Made, city, printed, site, text, town, word
from page import Style
from truth import Owed


def title() -> Iterator[Made]:
    """Titles: without a year, in other wordings, over several lines, behind a document number."""
    s = town(2019, "2019", 30)
    s.title = ["清溪镇政府信息公开工作年度报告"]
    s.preface = ["本报告所列数据的统计期限自2019年1月1日起至2019年12月31日止。"]
    yield word("2019_no_year.docx", s, "no year in the title, the body in short")
    s = city(2023, "2021", 32)
    s.title = ["临政办〔2024〕3号", "临江市人民政府", "2023年政府信息公开工作年度报告"]
    yield word("2023_title_lines.docx", s, "document number first, the title over two lines")
    for name, form, seed, wording, odd in (
        ("2022_annals.docx", "2021", 61, "{y}年{o}信息公开年报", "“…信息公开年报”, the year first"),
        ("2022_annual_twice.docx", "2021", 62, "{o}{y}年度政府信息公开工作年度报告", "“年度…年度报告”"),
        ("2021_affairs.docx", "2021", 63, "{o}{y}年政务信息公开年度报告", "“政务信息公开年度报告”"),
        ("2021_of_the.docx", "2021", 64, "关于{o}{y}年度政府信息公开工作的年度报告", "“关于…工作的年度报告”"),
    ):
        s = town(int(name[:4]), form, seed)
        s.title = [wording.format(o=s.org, y=s.year)]
        yield word(name, s, odd)
    s = town(2020, "2019", 65)
    s.title = ["2020年度政府信息公开工作报告"]
    yield word("2020_work_report.docx", s, "“工作报告”, not 年度报告; the body in the signature only")
    s = town(2021, "2021", 66, BUREAU)
    s.title = [BUREAU, "2021年政府信息公开", "工作年度报告"]
    yield printed("2021_title_three.pdf", s, "the title over three lines", Style())
    s = town(2022, "2021", 67)
    s.title *= 3
    yield text("2022_title_thrice.txt", s, "the title printed three times", lines)
    s = town(2021, "2021", 68)
    s.title = ["清政函[2022]4号", *s.title]
    s.preface = ["根据贵办《关于报送2020年政府信息公开工作年度报告的通知》要求，现报告如下。"]
    yield word("2021_letter.docx", s, "a preface from a covering letter that names another year; 文号 in []")
    s = town(2020, "2019", 69)
    s.title = ["气办函〔2021202号", *s.title]
    yield word("2020_number_broken.docx", s, "a document number with a lost bracket, 〔2021202号")
    s = undated(town(2020, "2019", 70))
    whole, s.title = s.title, ["清溪镇政府信息公开工作年度报告"]
    yield site("2020_page_title.html", s, "the year in the title of the page only", render=_titled(whole[0]))
    s = undated(town(2021, "2021", 71))
    whole, s.title = s.title, []
    yield site(
        "2021_no_title.html", s, "no title in the article, it stands in <title>", render=_titled(whole[0])
    )


def _titled(title: str) -> Callable[[Sample, Drawn], str]:
    return lambda s, drawn: web.page(s, drawn, title=title)


def undated(s: Sample) -> Sample:
    """The same report without a year in its text and without a date."""
    s.sections["overview"][0] = s.sections["overview"][0].replace(f"{s.year}年", "今年以来")
    s.sections["problems"][1] = s.sections["problems"][1].replace(f"{s.year + 1}年", "下一年")
    s.signature = s.signature[:1]
    return s


def body() -> Iterator[Made]:
    """Bodies: not named in full, in two forms, with a place or brackets in the name."""
    s = town(2022, "2021", 72, BUREAU)
    s.title, s.signature = ["市林业局2022年政府信息公开工作年度报告"], s.signature[1:]
    yield site(
        "2022_metadata_body.html",
        s,
        "the body in full in the metadata table only",
        render=lambda s, drawn: web.page(s, drawn, around=True, footer=False),
    )
    s = town(2021, "2021", 73)
    s.org, s.title = None, ["2021年政府信息公开工作年度报告"]
    s.sections["overview"][0] = s.sections["overview"][0].replace("本机关", "我局")
    s.signature = s.signature[1:]
    yield text("2021_we_only.txt", s, "the body is nowhere named, only 我局", lines)
    s = town(2021, "2021", 74)
    s.title, s.signature = ["清溪镇政府信息公开工作年度报告"], ["清溪镇", *s.signature[1:]]
    s.preface = ["本报告的统计期限为2021年1月1日至12月31日。"]
    yield word("2021_short_body.docx", s, "the body in short throughout; the year of the period given once")
    s = town(2022, "2021", 75, "临江市南河区人民政府")
    s.title = ["南河区人民政府2022年政府信息公开工作年度报告"]
    yield word("2022_two_names.docx", s, "two forms of the body's name in one document")
    s = town(2021, "2021", 76, "平川县湖南镇人民政府")
    yield word("2021_place_in_name.docx", s, "a township whose name is that of a province")
    s = town(2022, "2021", 77, "临江市新闻出版局（临江市版权局）")
    yield word("2022_brackets.docx", s, "twin bodies, one in brackets")
    s = town(2021, "2021", 78, "临江市人民政府办公室")
    s.title = ["临政办﹝2022﹞1号", *s.title]
    s.sections["overview"][0] = "临江市2021年度政府信息公开工作有序推进，全市上下各负其责。"
    s.sections["overview"][2] = "（二）依申请公开。市政府办公室收到申请17件，均按时办结。"
    yield word(
        "2021_scope.docx",
        s,
        "title of the office, text of the whole city; 17 in the text, not in the table; ﹝﹞",
    )


def year() -> Iterator[Made]:
    """Years and dates: wrong, broken, spaced, early."""
    s = town(2022, "2021", 31)
    s.title = [f"{TOWN}2021年政府信息公开工作年度报告"]
    s.preface = ["报告中数据的统计期限为2022年1月1日至2022年12月31日。"]
    yield word("2022_wrong_year.docx", s, "the title says 2021, period and date say 2022", Owed(doubt=True))
    s = town(2021, "2021", 79)
    s.preface = ["本报告中数据统计期限为2020年1月1日至2020年12月31日。"]
    s.sections["overview"].append("2022年度财政预算已在门户网站公布。")
    yield word(
        "2021_wrong_period.docx",
        s,
        "the period says 2020, title and date say 2021; a budget of 2022",
        Owed(doubt=True),
    )
    s = undated(town(2020, "2019", 80))
    s.title = ["清溪镇人民政府政府信息公开工作年度报告"]
    s.preface = ["统计数据的期限为2020年1月1日至202020年12月31日。"]
    yield word("2020_period_typo.docx", s, "no year but in a broken period, 202020年12月31日")
    s = undated(town(2019, "2019", 81))
    s.title = ["清溪镇人民政府政府信息公开工作年度报告"]
    s.preface = ["统计数据的期限为201911日至20191231日。"]
    yield word("2019_dates_lost.docx", s, "年 and 月 lost in the period, 201911日至20191231日")
    s = city(2022, "2021", 82, CITY)
    s.preface = ["本年度报告的统计期限自2022年1月1日起，至2022年12月31日止。"]
    yield printed(
        "2022_spaced.pdf", s, "blanks between figures and characters, 2022 年1 月1 日", Style(spaced=True)
    )
    s = town(2022, "2021", 83)
    s.title = [f"{TOWN}２０２２年政府信息公开工作年度报告"]
    yield word("2022_full_width.docx", s, "full-width figures in the title")
    s = town(2019, "2019", 84)
    s.title = ["清溪镇政府信息公开工作年度报告"]
    s.sections["overview"][0] = s.sections["overview"][0].replace("2019年，", "2019年以来，")
    s.signature = ["　" * 20 + TOWN, "　" * 20 + "2019年12月12日"]
    yield word("2019_signed_early.docx", s, "signed before the year was over; no year in the title")


def titles() -> Iterator[Made]:
    """All of it."""
    yield from title()
    yield from body()
    yield from year()
