"""The page of a report: what stands where, and that nothing of a document becomes HTML."""

from __future__ import annotations

import base64
import hashlib
import io
import re
from dataclasses import fields, is_dataclass, replace
from decimal import Decimal
from html.parser import HTMLParser
from typing import Any

from PIL import Image

from gongkai.model import Check, Correction, Document, Field, Proposal, Report, Reread, Sum, Table, Template
from gongkai.review.html_file import Html
from gongkai.review.page_images import frame_values, render_grids, render_pages
from gongkai.review.report_list import list_report, render_list
from gongkai.review.report_page import render_report

EVIL = "<script>alert(1)</script>\"'&--><img src=x onerror=alert(2)>"


class Parsed(HTMLParser):
    """The elements of a page, and the text of each td.value by its field."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.values: dict[str, str] = {}
        self.text: dict[str, str] = {"script": "", "style": ""}
        self._open = ""
        self._cell: str | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        own = dict(attrs)
        self.elements.append((tag, own))
        self._open = tag
        if tag == "td":
            self._cell = own.get("data-field") if "value" in str(own.get("class")).split() else None

    def handle_endtag(self, tag: str) -> None:
        self._open = ""
        if tag == "td":
            self._cell = None

    def handle_data(self, data: str) -> None:
        if self._open in self.text:
            self.text[self._open] += data
        if self._cell is not None:
            self.values[self._cell] = self.values.get(self._cell, "") + data

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [own for name, own in self.elements if name == tag]


def form(report: Report) -> Template:
    """A form that has the report's fields, a column that it lacks, and its rules."""
    own = [f.field for f in report.facts]
    rows = tuple(dict.fromkeys(f.row for f in own))
    columns = tuple(dict.fromkeys(f.column for f in own))
    slots = tuple(Field("2021", "requests", r, c, "件") for r in rows for c in columns)
    rule = Sum("R3", "columns", (), (), "=", "warning", "相加等于总计。", "They add up.")
    return Template(
        "2021",
        "",
        (2021, None),
        (Table("requests", "2021", "申请", "asked", "", rows, columns, slots, (rule,)),),
    )


def shown(report: Report, paper: Html = Html(), notice: str = "", *corrections: Correction) -> str:
    return render_report(
        "0123456789abcdef",
        1,
        report,
        paper,
        notice,
        templates=(form(report),),
        corrections=corrections,
        dataset="out",
    )


def test_every_value_stands_in_its_box_with_its_marks(report: Report) -> None:
    html = shown(report)
    parsed = Parsed(html)
    assert parsed.values == {
        "requests.new_requests.natural_person": "3",
        "requests.new_requests.total": "3",
        "requests.granted.natural_person": "·!",
        "requests.granted.total": "2!~",
    }
    classes = {c["data-field"]: c["class"] for c in parsed.of("td") if "data-field" in c}
    assert classes["requests.granted.total"] == "value fail low"
    assert classes["requests.granted.natural_person"] == "value fail blank"
    assert "一、本年新收政府信息公开申请数量" in html and "natural person" in html


def test_a_sum_that_fails_has_both_sides_and_its_own_words(report: Report) -> None:
    html = shown(report)
    assert "<td>2</td><td>0</td>" in html
    assert '<td class="difference">2</td>' in html
    assert "相加等于总计。 They add up." in html
    assert "2 项不符 fail · 1 项相符 hold" in html


def proposed(report: Report, unique: bool, verdict: Reread = "not_read_twice") -> Report:
    """With two sets of boxes proposed for one group of sums: one box, or two."""
    addresses = [f.field.address for f in report.facts]

    def one(rank: int, at: int, needed: int) -> Proposal:
        fact = report.facts[at]
        sums = ("R3 requests.granted",)
        needs = Decimal(needed)
        return Proposal(
            1,
            rank,
            addresses[at],
            fact.place,
            fact.printed,
            fact.value,
            needs,
            "total_not_updated",
            unique,
            verdict,
            sums,
        )

    sets = (one(1, 3, 2), one(2, 0, 7), one(2, 1, 9))
    return replace(report, proposals=sets[:1] if unique else sets)


def test_what_may_be_wrong_stands_beside_what_is_printed_and_is_not_applied(report: Report) -> None:
    shown_text = shown(proposed(report, unique=False))
    box = shown_text.partition('id="proposals"')[2].partition("</section>")[0]
    assert "列出 2 种 the sums alone do not tell which" in box
    assert [own.get("data-fill") for own in Parsed(box).of("button") if "data-fill" in own] == ["2", "7", "9"]
    assert 'rowspan="2">2</td>' in box
    last = ".".join(report.facts[3].field.address)
    parsed = Parsed(shown_text)
    marked = [own["data-field"] for own in parsed.of("td") if "proposed" in str(own.get("class")).split()]
    assert marked == [last]
    assert parsed.values == Parsed(shown(report)).values | {last: parsed.values[last]}
    assert "只有这一种最小改动 no other change" in shown(proposed(report, unique=True))
    assert "misread by the program" in shown(proposed(report, unique=True, verdict="misread"))
    assert 'id="proposals"' not in shown(report)


def test_a_corrected_value_stands_beside_what_is_printed(report: Report) -> None:
    corrected = replace(report.facts[3], value=Decimal(5), origin="corrected", confidence=1.0)
    corrections = Correction(
        "0" * 64,
        1,
        "made.pdf",
        "requests.granted.total",
        "corrected",
        "2",
        Decimal(2),
        Decimal(5),
        False,
        "王",
        "now",
        "why",
    )
    whole = replace(report, facts=(*report.facts[:3], corrected))
    html = shown(whole, Html(), "", corrections)
    assert "<del>2</del> <ins>5</ins>" in html
    cell = next(
        c
        for c in Parsed(html).of("td")
        if c.get("data-field") == "requests.granted.total" and "value" in str(c["class"])
    )
    assert (cell["data-old"], cell["data-value"]) == ("2", "5")
    assert "2 → 5 · 王 · now · why" in html
    # Without its correction, what was read is not known, and the page does not make it up.
    assert "data-old" not in next(
        c for c in Parsed(shown(whole)).of("td") if c.get("data-field") == "requests.granted.total"
    )


def test_a_corrected_body_is_in_what_people_said(report: Report) -> None:
    said = Correction(
        "0" * 64,
        1,
        "made.pdf",
        "org",
        "corrected",
        "青石县财政",
        None,
        None,
        False,
        "王",
        "now",
        "why",
        "<b>局",
    )
    html = shown(report, Html(), "", said, replace(said, verdict="as_printed", text="青石县财政"))
    assert "<b>org</b> 青石县财政 → &lt;b&gt;局 · 王 · now · why</span></li>" in html
    assert "<b>org</b> 青石县财政 · 王" in html
    assert "→ 空白 blank" in shown(report, Html(), "", replace(said, text=""))


def test_the_page_names_a_table_that_was_not_read(report: Report) -> None:
    html = render_report(
        "0" * 16,
        1,
        replace(report, facts=(), template="2021"),
        Html(),
        "gone",
        templates=(form(report),),
        corrections=(),
        dataset="",
    )
    assert "未读到此表 No such table was read." in html
    assert '<p class="notice">gone</p>' in html


def evil(thing: Any) -> Any:
    """The same with every text made hostile; ids and what is one of a few words stay."""
    ours = {
        "severity",
        "outcome",
        "status",
        "origin",
        "table",
        "row",
        "column",
        "id",
        "template",
        "facts",
        "cause",
        "verdict",
        "address",
    }
    if isinstance(thing, tuple):
        return tuple(evil(t) for t in thing)
    if not is_dataclass(thing) or isinstance(thing, type):
        return thing
    changed = {}
    for f in fields(thing):
        value = getattr(thing, f.name)
        if not f.init:
            continue  # made of the others
        if isinstance(value, str) and f.name not in ours:
            changed[f.name] = EVIL
        elif f.name == "path" and isinstance(value, tuple):
            changed[f.name] = (EVIL,)
        elif is_dataclass(value) or (isinstance(value, tuple) and not isinstance(thing, Check)):
            changed[f.name] = evil(value)
    return replace(thing, **changed)


def test_nothing_of_a_document_becomes_html(report: Report, document: Document) -> None:
    hostile = evil(proposed(report, unique=False))
    assert hostile.org == EVIL and hostile.facts[0].field.row.path == (EVIL,)
    corrections = Correction(
        EVIL, 1, EVIL, EVIL, "corrected", EVIL, None, Decimal(1), False, EVIL, EVIL, EVIL
    )
    paper = render_grids(hostile, evil(document))
    for html in (
        shown(hostile, paper, EVIL, corrections),
        render_list([list_report("0" * 16, hostile, True)], EVIL),
    ):
        parsed = Parsed(html)
        assert len(parsed.of("script")) == 1
        assert not parsed.of("img")
        assert not [n for _, own in parsed.elements for n in own if n.startswith("on") or n == "style"]
        assert "alert(1)" not in parsed.text["script"] + parsed.text["style"]
        assert EVIL not in html


def test_the_policy_allows_the_one_script_and_style_and_nothing_else(report: Report) -> None:
    for html in (shown(report), render_list([list_report("0" * 16, report, True)], "out")):
        parsed = Parsed(html)
        policy = next(m["content"] for m in parsed.of("meta") if "http-equiv" in m)
        hashes = {
            tag: "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"
            for tag, text in parsed.text.items()
        }
        assert policy == (
            f"default-src 'none'; img-src data:; style-src {hashes['style']}; script-src {hashes['script']}; "
            "base-uri 'none'; form-action 'none'"
        )
        assert not re.search(r"(?:src|href)=[\"']?(?:https?:)?//", html)


def test_a_page_has_a_frame_for_each_value_in_points(report: Report) -> None:
    pictures = render_pages(
        report, lambda page, scale: Image.new("RGB", (int(400 * scale), int(600 * scale))), False
    )
    assert [(p.page, p.width, p.height) for p in pictures] == [(2, 400.0, 600.0)]
    frames = {r["data-field"]: r for r in Parsed(frame_values(report, pictures)).of("rect")}
    assert len(frames) == 4
    one = frames["requests.granted.total"]
    assert [one[n] for n in ("x", "y", "width", "height")] == ["250.00", "140.00", "100.00", "20.00"]


def test_a_picture_is_small_whether_print_or_photograph(report: Report) -> None:
    def noise(page: int, scale: float) -> Image.Image:
        return Image.effect_noise((680, 1020), 90).convert("RGB")

    def print_(page: int, scale: float) -> Image.Image:
        return Image.new("RGB", (680, 1020), "white")

    photograph, plain = (render_pages(report, render, False)[0].url for render in (noise, print_))
    assert photograph.startswith("data:image/jpeg;base64,")
    assert plain.startswith("data:image/png;base64,") and len(plain) < 6_000
    data = base64.b64decode(plain.partition(",")[2])
    assert Image.open(io.BytesIO(data)).size == (680, 1020)


def test_a_grid_stands_as_in_the_file_with_its_values_marked(report: Report, document: Document) -> None:
    parsed = Parsed(render_grids(report, document))
    marked = [c["data-field"] for c in parsed.of("td") if "data-field" in c]
    assert marked == [".".join(f.field.address) for f in report.facts]
    assert len(parsed.of("table")) == 2
