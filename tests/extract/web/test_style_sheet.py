"""Style sheets: what applies on a screen, and what a hostile one costs."""

from __future__ import annotations

import time

import pytest
from selectolax.lexbor import LexborHTMLParser

from gongkai.extract.web.css import read_styles
from gongkai.extract.web.selector import Selectors, specificity, split_pseudo_element
from gongkai.extract.web.style_sheet import read_rules
from gongkai.model import TooLarge


def test_rules_for_paper_fonts_and_phones_are_left_out() -> None:
    sheet = """@charset "x"; /* .a{b:c} */ .a, .b{display:none} @media print{.c{display:none}} @media screen{.d{color:red}}
    @font-face{src:url(x)} @media (max-width:600px){.e{color:red}} .f{background:url("a;}b");color:blue} @media{.g{.h{x:y} color:red}}"""
    assert [r.selector for r in read_rules(sheet)] == [".a", ".b", ".d", ".f", ".g .h", ".g"]


def test_selectors_are_matched_as_a_browser_does() -> None:
    tree = LexborHTMLParser("<div class=a><p id=x>1</p><p>2</p><b>3</b></div><p>4</p>")
    page = Selectors.of(tree)

    def texts(selector: str) -> str:
        found = page.match(selector)
        return "".join(sorted(node.text() or "" for node in page.elements if node.mem_id in found))

    assert texts(".a p") == "12"
    assert texts("body > p") == "4"
    assert texts("#x + p") == "2"
    assert texts("#x ~ *") == "23"
    assert texts("p:not(#x)") == "24"
    assert texts("p:nth-child(2)") == "24"
    assert texts("html .a > b:last-child") == "3"
    assert texts("p:hover") == texts(".none p") == ""


def test_boxes_with_one_style_differ_by_what_they_say_themselves() -> None:
    tree = LexborHTMLParser(
        "<table><tr><td style='color:red' width=1><td style='color:red' bgcolor=red>"
        "<td style='color:red' hidden><td width=2 align=left><td style='color:red;color:blue'></table>"
    )
    styles = read_styles(tree)
    drawn = [styles.draw(box) for box in tree.css("td")]
    assert [d.unseen for d in drawn] == ["", "in the colour of the ground", "hidden", "", ""]
    assert [d.colour for d in drawn] == [(255, 0, 0)] * 3 + [(0, 0, 0), (0, 0, 255)]


def test_a_selector_is_weighed_by_ids_classes_and_names() -> None:
    assert specificity("#a .b[x] p:first-child") == (1, 3, 1)
    assert specificity("*") == (0, 0, 0)
    assert split_pseudo_element("td.a::before") == ("td.a", "before")


@pytest.mark.parametrize(
    "sheet",
    [
        "display" + "a" * 300_000,
        "a{" * 200_000,
        "/*" * 300_000,
        "'" * 100_001,
        '"a' * 100_000,
        "a:not(" * 50_000,
        "@media " + "(" * 100_000 + "{a{color:red}}",
        ".zz " + "div " * 60 + "span{display:none}",
        ":is(div div div div div div) span{display:none}",
        "div:has(div:has(.zz)){display:none}",
        "a{color:" + "(" * 100_000 + "}",
        "a{color:var(" + "--a" * 100_000 + "}",
    ],
)
def test_a_hostile_sheet_costs_bounded_time(sheet: str) -> None:
    page = LexborHTMLParser(f"<style>{sheet}</style>" + "<div class=zz>" * 300 + "<span>1</span>" * 1_000)
    begun = time.process_time()
    read_styles(page)
    assert time.process_time() - begun < 5


def test_a_page_with_too_many_rules_is_refused() -> None:
    sheet = "".join(f"p:nth-child({n}){{display:none}}" for n in range(5_000))
    with pytest.raises(TooLarge):
        read_styles(LexborHTMLParser(f"<style>{sheet}</style>" + "<p>1</p>" * 2_000))
