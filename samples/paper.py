"""VARIANTS 5 and 6: PDF."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import ink
import scan
from form import Box, tables
from made import Made, blocks, city, each, printed, replaced, town, where_installed
from page import Style, layout
from truth import Owed, nothing, truth

#: a font under a free licence; where it is not installed its sample is not made anew
EMBEDDED = "DroidSansFallbackFull.ttf"


def scans() -> Iterator[Made]:
    """Paper on a scanner: tilted, with speckles and a seal, on its side. Too large to keep: the tests make them."""
    for name, odd, seed, paper in (
        (
            "2022_scan_seal.pdf",
            "scanned at 150 dpi, tilted, a red seal over figures",
            171,
            scan.Paper(tilt=0.7, grain=0.00005, blur=0.3, quality=70, seal=(478, 420)),
        ),
        (
            "2022_scan_lying.pdf",
            "scanned with the paper on its side",
            172,
            scan.Paper(tilt=-0.4, grain=0.0004, blur=0.3, turn=90),
        ),
    ):
        s = town(2022, "2021", seed)
        drawn = tables(s)
        sheets = layout(blocks(s, drawn), Style())
        data = where_installed(partial(scan.scanned, sheets, paper, s.org or "", seed))
        yield Made(name, data, truth(s, name, odd, list(drawn.values())), odd)


def _small_scan() -> Made:
    name, seed = "2022_scan.pdf", 173
    odd = "scanned at 150 dpi in five colours, tilted, a red seal over figures"
    s = town(2022, "2021", seed)
    drawn = tables(s)
    paper = scan.Paper(dpi=150, tilt=0.3, blur=0.2, seal=(400, 470))
    sheets = layout(blocks(s, drawn), Style())
    data = where_installed(partial(scan.scanned_small, sheets, paper, s.org or "", seed))
    return Made(name, data, truth(s, name, odd, list(drawn.values())), odd)


def papers() -> Iterator[Made]:
    """Rules of every kind, page ends, turned pages, what lies over the text, and a scan."""
    yield _small_scan()
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
        (
            "2022_cut_two.pdf",
            "a page end cuts table two between a block head and its row",
            Style(cut_two=6),
            139,
        ),
        ("2022_rects.pdf", "rules drawn as thin rectangles", Style(rules="rects"), 35),
        ("2022_double.pdf", "double rules", Style(rules="double"), 36),
        ("2022_dashed.pdf", "dashed rules", Style(rules="dashed"), 37),
        ("2022_horizontal.pdf", "horizontal rules only", Style(rules="horizontal"), 38),
        ("2022_no_rules.pdf", "no rules at all", Style(rules="none"), 39),
        (
            "2022_cut_no_rules.pdf",
            "no rules, and a page end cuts table three",
            Style(rules="none", cut=15),
            140,
        ),
        ("2022_watermark.pdf", "a watermark over the pages", Style(watermark="内部资料"), 40),
        (
            "2022_stamp.pdf",
            "a red stamp with a date across the boxes",
            Style(over="stamp"),
            160,
        ),
        (
            "2022_small_marks.pdf",
            "small slanted marks with figures all over the pages",
            Style(over="marks"),
            161,
        ),
        (
            "2022_hidden.pdf",
            "all text a second time but not painted, white figures, text beside the page",
            Style(over="hidden"),
            162,
        ),
        ("2022_boxes_apart.pdf", "every box drawn by itself, three points apart", Style(rules="apart"), 163),
        ("2022_open_sides.pdf", "no rules at the sides of the tables", Style(rules="open"), 164),
        (
            "2022_cut_strip.pdf",
            "a page ends with an empty strip of the row that the next one begins with",
            Style(cut=12, strip=True),
            165,
        ),
        ("2022_shuffled.pdf", "text drawn in another order than it is read in", Style(shuffle=True), 41),
        (
            "2022_single.pdf",
            "every character drawn by itself, “-4-” as page numbers",
            Style(single=True, foot="-{}-"),
            141,
        ),
        ("2022_turned.pdf", "pages kept lying and shown turned by 90 degrees", Style(turn=90), 142),
        (
            "2022_turned_back.pdf",
            "pages turned by 270 degrees, rules as rectangles",
            Style(turn=270, rules="rects"),
            143,
        ),
        ("2022_lying.pdf", "text and tables drawn lying on their side", Style(lying=True), 175),
        ("2021_wide.pdf", "table three on a page that lies", Style(wide=True, foot="第{}页"), 144),
        (
            "2022_embedded.pdf",
            "an embedded font of which only the used part is there, another one for figures",
            Style(font=EMBEDDED, figures="Helvetica"),
            145,
        ),
    ):
        yield printed(name, town(int(name[:4]) + (name[:4] == "2021"), "2021", seed), odd, style)
    yield from boxes()
    yield from wrong()


def boxes() -> Iterator[Made]:
    """Boxes that are blank or written downwards."""
    for name, rules, seed in (
        ("2022_blanks.pdf", "lines", 146),
        ("2022_blanks_horizontal.pdf", "horizontal", 147),
        ("2022_blanks_no_rules.pdf", "none", 148),
    ):
        s = town(2022, "2021", seed)
        for n, address in enumerate(s.printed):
            if s.printed[address] == "0" and address[2] != "total" and n % 3:
                s.printed[address] = ""
        how = {"lines": "ruled boxes", "horizontal": "rows ruled, columns not", "none": "no rules"}[rules]
        yield printed(name, s, f"blank boxes, only their place tells ({how})", Style(rules=rules))
    s = town(2022, "2021", 166)
    drawn = tables(s)
    for n, line in enumerate(drawn["requests"]):
        if n == 0:
            line.insert(0, Box("序号", 1, 3))
        elif n > 2:
            line.insert(0, Box(str(n - 2)))
    odd = "a column 序号 before the labels of table three"
    yield printed("2022_counted.pdf", s, odd, Style(), Owed(unclaimed=25), drawn=drawn)
    s = town(2022, "2021", 149)
    change = replaced(("三、本年度办理结果", "\n".join("三、本年度办理结果")))
    yield printed(
        "2022_vertical.pdf", s, "三、本年度办理结果 written downwards", Style(), drawn=each(tables(s), change)
    )


def wrong() -> Iterator[Made]:
    """Two reports on one page, and a font that has no such characters."""
    first, second = city(2023, "2021", 150), city(2024, "2021", 151)
    name, odd = "2024_beside.pdf", "two years side by side on pages that lie"
    style = Style(foot="-{}-")
    both = [layout(blocks(s, tables(s)), style) for s in (first, second)]
    data = ink.beside(both[0], both[1], style, (first.title[-1], second.title[-1]))
    truths = [truth(s, name, odd, list(tables(s).values())) for s in (first, second)]
    yield Made(name, data, {**truths[0], "others": truths[1:]}, odd)
    s = town(2022, "2021", 145)
    name, odd = (
        "2022_no_figures.pdf",
        "an embedded font without figures: every number was lost when it was printed",
    )
    sheets, style = layout(blocks(s, tables(s)), Style(font=EMBEDDED)), Style(font=EMBEDDED)
    data = where_installed(partial(ink.pdf, sheets, style, s.title[-1]))
    owed = {
        **truth(s, name, odd, [], Owed("partial")),
        "year": None,
        "checks": {"balance": None, "fails": []},
    }
    yield Made(name, data, {**owed, "sections": {}, "expect": {"doubt": True}}, odd)
    s = town(2023, "2021", 152)
    garbled = [(k, t.encode().decode("latin-1") if isinstance(t, str) else t) for k, t in blocks(s, {})]
    style = Style(font="Helvetica", furniture=False)
    name, odd = "2023_no_font.pdf", "a font without the characters: only mojibake is left"
    yield Made(name, ink.pdf(layout(garbled, style), style, ""), nothing(name, odd), odd)
