"""VARIANTS 7: how reports are published."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

import adversity
import web
from form import tables
from made import Made, blocks, city, site, town, word
from ofd import ofd
from page import Style, layout
from sheet import book
from truth import truth


def portals() -> Iterator[Made]:
    """Web pages of government sites, saved pages, archives."""
    odd = "GBK without a declaration, navigation, a metadata table"
    s = town(2022, "2021", 50)
    yield site(
        "2022_gbk.html", s, odd, code="gb18030", render=lambda s, drawn: web.page(s, drawn, around=True)
    )
    odd = "nested layout tables, a false declaration, tags left open"
    s = town(2020, "2019", 51)
    yield site(
        "2020_layout.htm", s, odd, render=lambda s, drawn: web.page(s, drawn, layout=True, declared="gb2312")
    )
    odd = "spans that are wrong or absurd, UTF-16"
    s = town(2019, "2019", 52)
    yield site(
        "2019_spans.html", s, odd, code="utf-16", render=lambda s, drawn: web.page(s, drawn, wrong_spans=True)
    )
    s = town(2023, "2021", 160)
    for n, address in enumerate(s.printed):
        if s.printed[address] == "0" and n % 2:
            s.printed[address] = ""
    odd = "VARIANTS 1, 2, 4 too: pasted from Word: a span a character, blanks in <o:p>, the signature hidden behind blanks"
    yield site("2023_pasted.html", s, odd, render=web.pasted)
    yield from _adversities()
    s, name = city(2023, "2021", 53), "2023_saved.doc"
    page = web.saved(web.page(s, tables(s), around=True))
    odd = "a web page saved with MIME heads under the name .doc"
    yield Made(name, page, truth(s, name, odd, list(tables(s).values())), odd)
    for name, seed, odd in (
        ("2022_book.xlsx", 167, "a spreadsheet: figures as numbers, boxes merged"),
        ("2022_pages.ofd", 168, "an OFD, laid out as the PDF are"),
    ):
        s = town(2022, "2021", seed)
        parts = list(blocks(s, tables(s)))
        data = book(parts) if name.endswith("xlsx") else ofd(layout(parts, Style()))
        yield Made(name, data, truth(s, name, odd, list(tables(s).values())), odd)
    inner = word("x.docx", town(2022, "2021", 54), "")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("report.docx", (2020, 1, 1, 0, 0, 0)), inner.data)
    data = out.getvalue().replace(b"report.docx", "年报22.docx".encode("gbk"))  # as many bytes
    name, odd = "gbk_names.zip", "an archive with names in GBK"
    assert inner.truth is not None
    yield Made(name, data, {**inner.truth, "file": name, "format": "zip", "notes": odd}, odd)


def _adversities() -> Iterator[Made]:
    """Pages that show less, or more, than their elements say."""
    odd = "an empty page whose article is a string in a script"
    yield site("2023_script.html", town(2023, "2021", 301), odd, render=adversity.scripted)
    odd = "spans lost over the columns: 总计 stands over 科研机构 by the drawing"
    yield site("2022_no_colspans.html", town(2022, "2021", 302), odd, render=adversity.narrow)
    odd = "all spans lost"
    yield site("2020_no_spans.html", town(2020, "2019", 303), odd, render=adversity.flattened)
    odd = "another year's report hidden by a style sheet, figures crossed out, tables drawn by their style, a foot before the body"
    yield site("2023_unseen.html", town(2023, "2021", 304), odd, render=adversity.unseen)
    odd = "the whole report as one table; a list of other bodies' reports before and after it"
    yield site("2021_listed.html", town(2021, "2021", 305), odd, render=adversity.listed)
    s = town(2023, "2021", 306)
    name, odd = "2023_frames.mhtml", "a saved page of two frames: navigation, then the article"
    data = adversity.framed(s, tables(s))
    yield Made(name, data, truth(s, name, odd, list(tables(s).values())), odd)
