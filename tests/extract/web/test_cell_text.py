"""A box as a browser shows it: each case was looked at in one."""

from __future__ import annotations

import pytest
from selectolax.lexbor import LexborHTMLParser

from gongkai.extract.web.cell_text import CellReader
from gongkai.extract.web.css import read_styles
from gongkai.extract.web.scripts import read_scripts
from gongkai.model import list_unread
from gongkai.normalize.form.number import NotANumber, parse

SHEET = """
.gone { display: none } .zoom table .deep, td > i.own { display: none !important } .up { vertical-align: super; font-size: 60% }
.out { text-decoration: line-through } .faint { opacity: 0 } .drawn::before { content: "9" } .clear:after { content: " " }
@media print { .paper { display: none } } @media (max-width: 700px) { .phone { display: none } }
:root { --paper: #fff } .paint { color: var(--paper) } #one { display: inline } .gone.back { display: inline }
td { & .inner i { display: none } } .chain { display: var(--b) } .chain { --b: var(--c); --c: none } .minus::before { content: "-" }
.listed, .x:no-such-thing { display: none } .icon::before { content: "\\f0d7" } .item::marker { content: "1" }
.layered { display: inline } @layer a { .layered { display: none } } @container (max-width: 400px) { .boxed { display: none } }
@supports not (display: grid) { .boxed { display: none } } .first::first-letter { color: transparent } @font-face { font-family: "own"; src: url(data:font/woff;base64,AA) } .own { font-family: own, serif }
"""
MORE = "<style media=print>.printed { display: none }</style><style type='text/less'>.less { display: none }</style>"


def read(inside: str, more: str = "") -> str:
    page = f"<style>{SHEET}</style>{MORE}{more}<div class=zoom><table><tr><td id=box>{inside}</td></tr></table></div>"
    tree = LexborHTMLParser(page)
    return CellReader(read_styles(tree), read_scripts(tree)).read(tree.css_first("#box"))


def value(text: str) -> str:
    """The number of a box as text, "" for a blank, "?" where it is none."""
    try:
        number = parse(text)
    except NotANumber:
        return "?"
    return "" if number.blank else str(number.value)


@pytest.mark.parametrize(
    "unseen",
    [
        "<span class=gone>9</span>",
        "<span class=deep>9</span>",
        "<i class=own>9</i>",
        '<span style="visibility:hidden">9</span>',
        "<b class=faint>9</b>",
        '<span style="font-size:0">9</span>',
        '<b style="position:absolute;left:-9999px">9</b>',
        '<b style="position:absolute;clip:rect(0,0,0,0)">9</b>',
        '<span style="display:inline-block;width:0;overflow:hidden">9</span>',
        '<span style="clip-path:inset(100%)">9</span>',
        '<span style="display:inline-block;transform:scale(0)">9</span>',
        "<font color=white>9</font>",
        "<span class=paint>9</span>",
        '<span style="color:rgba(1,2,3,0)">9</span>',
        "<s>9</s>",
        "<span class=out>9</span>",
        "<span hidden>9</span>",
        "<noscript>9</noscript>",
        "<dialog>9</dialog>",
        "<input type=hidden value=9>",
        "<div popover>9</div>",
        "<span class=inner><i>9</i></span>",
        "<span class=chain>9</span>",
        '<span style="font:0/0 a">9</span>',
        '<span style="zoom:.01">9</span>',
        '<span style="display:inline-block;scale:.05">9</span>',
        '<span style="clip-path:polygon(0 0, 0 0, 0 0)">9</span>',
        '<span style="clip-path:inset(0 0 100% 0)">9</span>',
        '<span style="color:#a00;background:currentColor">9</span>',
        '<span style="visibility:hidden"><b style="visibility:inherit">9</b></span>',
    ],
)
def test_what_nobody_sees_is_no_digit_of_a_number(unseen: str) -> None:
    assert value(read(unseen + "14")) == "14"
    assert value(read("14" + unseen)) == "14"


@pytest.mark.parametrize(
    ("inside", "seen"),
    [
        ('<span style="visibility:hidden">9<b style="visibility:visible">1</b></span>4', "14"),
        ('<span style="font-size:0">9<b style="font-size:16px">1</b></span>4', "14"),
        ('<span hidden style="display:inline">9</span>14', "914"),
        ('<span class="gone" id=one>9</span>14', "914"),
        ('<span class="gone back">9</span>14', "914"),
        ("<span class=paper>9</span><span class=phone>1</span>4", "914"),
        ('<span style="width:0;overflow:hidden">9</span>14', "914"),
        ('1<del style="text-decoration:none">2</del>', "12"),
        ('1<sup style="vertical-align:baseline">2</sup>', "12"),
        ('<p style="display:inline">1</p><p style="display:inline">2</p>', "12"),
        ("<span class=clear>12</span>", "12"),
        ("1<!-- 9 -->2<wbr>3", "123"),
        ("<div style='background:#000;color:#fff'>12</div>", "12"),
        ("<ruby>12<rt>3</rt></ruby>", "12"),
        ("<select><option>1<option selected>24</select>", "24"),
        ("<textarea>21</textarea>", "21"),
        ("<input value=7>", "7"),
        ("<input value=''>", ""),
        ("<output>2</output>", "2"),
        ("<button>2</button>", "2"),
        ("<math><mn>24</mn></math>", "24"),
        ("<svg><text>24</text></svg>", "24"),
        ("<p><sup><span>305</span></sup></p>", "305"),
        ("12<sup>1</sup>", "12"),
        ("12<span class=up>1</span>", "12"),
        ('12<span style="vertical-align:6px">1</span>', "12"),
        ('12<span style="position:relative;top:-6px">1</span>', "12"),
        ('12<span style="vertical-align:top;font-size:8px">1</span>', "12"),
        ("<ol><li>5</ol>", "5"),
        ('<span class=gone style="display:unset">12</span>', "12"),
        ('<span class=gone style="display:revert">12</span>', "12"),
        ('<span class=faint style="all:unset">12</span>', "12"),
        ("<span class=listed>12</span>", "12"),
        ("<span class=printed>12</span>", "12"),
        ("<span class=less>12</span>", "12"),
        ("<span class=icon>12</span>", "12"),
        ('<input value=7 style="width:90px">', "7"),
        ('<span style="filter:grayscale(100%)">12</span>', "12"),
        ("<p dir=rtl>12</p>", "12"),
        ("5<sup>2</sup>", "5"),
        ("<span class=layered>12</span>", "12"),
        ("<span class=boxed>12</span>", "12"),
        ("<input value=7>", "7"),
    ],
)
def test_a_box_is_read_as_a_browser_shows_it(inside: str, seen: str) -> None:
    assert value(read(inside)) == seen


@pytest.mark.parametrize(
    "inside",
    [
        "1<sub>2</sub>",
        "<sup>1</sup>2",
        '<span style="display:block">1</span><span style="display:block">2</span>',
        "<nav>1</nav><nav>2</nav>",
        '<span style="float:right">1</span>2',
        '<div style="display:flex"><span>1</span><span>2</span></div>',
        '<span style="display:table-cell">1</span><span style="display:table-cell">2</span>',
        "<span>1</span><span style='margin-left:20px'>2</span>",
        "<span style='position:relative;left:30px'>1</span><span style='position:relative;left:-30px'>2</span>",
        "<p style='word-spacing:30px'>1 234</p>",
        "<input value=1>2",
        "<pre>1\n2</pre>",
        "<span style='white-space:pre'>1\t2</span>",
        "<table><tr><td>1<td>2</table>",
    ],
)
def test_figures_that_stand_apart_are_not_one_number(inside: str) -> None:
    assert value(read(inside)) == "?"
    assert not list_unread(read(inside))


@pytest.mark.parametrize(
    ("inside", "what"),
    [
        ("<img src=5.gif>", "picture"),
        ("1<img src=5.gif>", "picture"),
        ("<canvas></canvas>", "canvas"),
        ("<object data=x></object>", "object"),
        ("<iframe srcdoc=5></iframe>", "frame"),
        ("<svg><path d=M0></svg>", "drawing"),
        ("<math><msup><mn>2</mn><mn>3</mn></msup></math>", "equation"),
        ("<input>", "form field"),
        ("<input placeholder=0 value=''>", "form field"),
        ("<input type=checkbox>", "tick box"),
        ("<select multiple><option>1</select>", "list"),
        ("<span class=drawn>14</span>", "text of a style sheet"),
        ("<bdo dir=rtl>12</bdo>", "text from right to left"),
        ("<span style='display:inline-block;transform:rotate(180deg)'>16</span>", "turned text"),
        ("<font face=Wingdings>1</font>", "symbols"),
        ("1\ue001", "symbol"),
        ("<span style='font-size:1px'>9</span>14", "tiny text"),
        ("<script>document.write(24)</script>", "script"),
        ("<span v-text=n></span>", "script"),
        ("<s>5</s>", "crossed out"),
        ("<span class=minus>12</span>", "text of a style sheet"),
        ("<ul><li class=item>12</ul>", "text of a style sheet"),
        ("<p class=first>12</p>", "text of a style sheet"),
        (
            "<div style='direction:rtl'><b style='unicode-bidi:bidi-override'>12</b></div>",
            "text from right to left",
        ),
        ("<p dir=rtl>-12</p>", "signs from right to left"),
        ("<span style='letter-spacing:-1em'>12</span>", "letters over each other"),
        ("<span style='display:inline-block;scale:-1 1'>12</span>", "turned text"),
        ("<span style='clip-path:inset(0 50% 0 0)'>12</span>", "clipped text"),
        ("<span style='mask-image:linear-gradient(transparent, transparent)'>12</span>", "clipped text"),
        ("<span style='filter:blur(20px)'>12</span>", "text under a filter"),
        ("<span style='font-variant-position:super'>12</span>", "raised or lowered letters"),
        ("<span style='background:linear-gradient(red, red)'>12</span>", "text with a picture behind it"),
        ("<span style='background-image:url(5.png)'></span>", "picture"),
        ("<p style='width:10px;overflow:hidden'>1234</p>", "text that is cut off"),
        ("<details>12</details>", "closed details"),
        ("<input type=number value='12abc'>", "form field"),
        ("<input value=9 style='color:#fff'>", "form field"),
        ("<input value=1234 style='width:5px'>", "form field"),
        ("<svg><text opacity=0>12</text></svg>", "drawing"),
        ("<svg height=20><text y=900>12</text></svg>", "drawing"),
        ("<span class=own>12</span>", "letters of the page's own font"),
        ("<div style='height:4px;overflow:hidden'>12</div>", "text that is cut off"),
        ("<span style='color:hwb(0 100% 0%)'>9</span>", "text in a colour that is not known"),
    ],
)
def test_what_is_shown_and_is_no_text_leaves_a_mark(inside: str, what: str) -> None:
    assert list_unread(read(inside)) == (what,)


@pytest.mark.parametrize(
    ("inside", "script"),
    [
        ("<span id=n1></span>", "document.getElementById('n1').innerHTML = 24"),
        ("<span id=n1>0</span>", '$("#n1").text(24)'),
        ("<b id=n1></b>", "for (i in d) { put('n' + i, d[i]) }"),
    ],
)
def test_a_place_that_a_script_fills_is_marked(inside: str, script: str) -> None:
    assert list_unread(read(inside, f"<script>{script}</script>")) == ("script",)
    assert list_unread(read(inside)) == ()


def test_white_text_may_have_a_ground_by_a_sheet_that_is_not_at_hand() -> None:
    link = "<link rel=stylesheet href=x.css>"
    assert list_unread(read("<b style='color:#fff'>14</b>", link)) == ("text in white",)
    assert list_unread(read("<b class=d-none>9</b>14", link)) == ("text that a sheet may hide",)
    assert read("<b class=d-none>9</b>14") == "914"


def test_a_filter_over_the_page_is_no_doubt_about_its_boxes() -> None:
    tree = LexborHTMLParser(
        "<div style='filter:contrast(1.1)'><table><tr><td>12</td><td style='filter:blur(9px)'>3</td></tr></table></div>"
    )
    reader = CellReader(read_styles(tree))
    first, second = (reader.read(td) for td in tree.css("td"))
    assert first == "12" and list_unread(second) == ("text under a filter",)
