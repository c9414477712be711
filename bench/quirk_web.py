"""Quirks of web pages; each was looked at in a browser."""

from __future__ import annotations

import quopri
import re
from collections.abc import Callable

from quirk import Quirk, Seen, halves

SHEET = """<style>.g1{display:none} .q td > span.g2{visibility:hidden} div .g3{opacity:0} .up{vertical-align:super;font-size:60%}
.out{text-decoration:line-through} .dr::before{content:"9"} @media print{.pr{display:none}} :root{--p:#fff} .wh{color:var(--p)}
td.mark i:first-child{display:none!important} .fx{display:flex} .fl{float:right} td{& .in i{display:none}} .ch{--a:var(--b);--b:none;display:var(--a)} .mi::before{content:"-"}
.le::first-letter{color:transparent} li.mk::marker{content:"1"} .ly{display:inline} @layer z{.ly{display:none}} .bad,.x:no-such{display:none}
@font-face{font-family:own;src:url(data:font/woff;base64,AA)} .ow{font-family:own}</style><style media=print>.pm{display:none}</style>"""
#: A figure that a browser hides, in front of or behind the one that is seen.
_HIDDEN = {
    "class": "<span class=g1>9</span>",
    "visibility by a path": "<span class=g2>9</span>",
    "opacity": "<em class=g3>9</em>",
    "own display": '<span style="display:none">9</span>',
    "size 0": '<span style="font-size:0">9</span>',
    "off the page": '<b style="position:absolute;left:-9999px">9</b>',
    "clip": '<b style="position:absolute;clip:rect(0 0 0 0)">9</b>',
    "clip-path": '<span style="clip-path:inset(100%)">9</span>',
    "no width": '<span style="display:inline-block;width:0;overflow:hidden">9</span>',
    "scale 0": '<span style="display:inline-block;transform:scale(0)">9</span>',
    "white font": "<font color=white>9</font>",
    "white by a variable": "<span class=wh>9</span>",
    "transparent": '<span style="color:transparent">9</span>',
    "hidden attribute": "<span hidden>9</span>",
    "del": "<del>9</del>",
    "struck by a class": "<span class=out>9</span>",
    "noscript": "<noscript>9</noscript>",
    "hidden input": "<input type=hidden value=9>",
    "template": "<template>9</template>",
    "comment": "<!-- 9 -->",
    "dialog": "<dialog>9</dialog>",
    "popover": "<div popover>9</div>",
    "rule in a rule": "<span class=in><i>9</i></span>",
    "variable of a variable": "<span class=ch>9</span>",
    "font 0/0": '<span style="font:0/0 a">9</span>',
    "zoom": '<span style="zoom:.01">9</span>',
    "scale property": '<span style="display:inline-block;scale:.05">9</span>',
    "polygon without area": '<span style="clip-path:polygon(0 0,0 0,0 0)">9</span>',
    "inset from below": '<span style="clip-path:inset(0 0 100% 0)">9</span>',
    "currentColor": '<span style="color:#a00;background:currentColor">9</span>',
}


def _around(hidden: str) -> tuple[Callable[[str], str], Callable[[str], str]]:
    return (lambda n: hidden + n), (lambda n: n + hidden)


def _two(pattern: str) -> Callable[[str], str]:
    return lambda n: pattern.format(*halves(n))


def _one(pattern: str) -> Callable[[str], str]:
    return lambda n: pattern.replace("N", n)


def _list() -> list[Quirk]:
    found = []
    for name, hidden in _HIDDEN.items():
        before, behind = _around(hidden)
        found += [Quirk(f"{name}, before", before), Quirk(f"{name}, behind", behind)]
    shown = {
        "raised": "N<sup>1</sup>",
        "raised by a class": "N<span class=up>1</span>",
        "raised by a length": 'N<span style="vertical-align:5px;font-size:8px">1</span>',
        "raised by position": 'N<span style="position:relative;top:-6px;font-size:8px">1</span>',
        "all raised": "<p><sup><span>N</span></sup></p>",
        "mark in brackets": "N<sup>[3]</sup>",
        "mark in a circle": "N①",
        "mark by word": "N注1",
        "input": '<input value="N" readonly>',
        "textarea": "<textarea>N</textarea>",
        "select": "<select><option>0<option selected>N<option>20</select>",
        "output": "<output>N</output>",
        "button": "<button>N</button>",
        "svg text": "<svg><text x=0 y=9>N</text></svg>",
        "math number": "<math><mn>N</mn></math>",
        "ruby": "<ruby>N<rt>9</rt></ruby>",
        "for print": "<span class=pr>N</span>",
        "visible in hidden": '<span style="visibility:hidden">9<b style="visibility:visible">N</b></span>',
        "size given back": '<span style="font-size:0">9<b style="font-size:16px">N</b></span>',
        "dark box": '<div style="background:#123;color:#fff">N</div>',
        "list item": "<ol><li>N</li></ol>",
        "soft marks": "\u200bN\u200d",
        "unset": '<span class=g1 style="display:unset">N</span>',
        "rule of a weaker layer": "<span class=ly>N</span>",
        "rule that no browser takes": "<span class=bad>N</span>",
        "hidden on paper": "<span class=pm>N</span>",
        "grey on days of mourning": '<span style="filter:grayscale(100%)">N</span>',
        "right to left": "<p dir=rtl>N</p>",
        "aria-hidden": "<span aria-hidden=true>N</span>",
    }
    found += [Quirk(name, _one(markup)) for name, markup in shown.items()]
    apart = {
        "block spans": '<span style="display:block">{}</span><span style="display:block">{}</span>',
        "nav": "<nav>{}</nav><nav>{}</nav>",
        "float": "<span class=fl>{}</span>{}",
        "flex": "<div class=fx><span>{}</span><span>{}</span></div>",
        "margin": '<span>{}</span><span style="margin-left:20px">{}</span>',
        "pre": "<pre>{}\n{}</pre>",
        "lowered": "{}<sub>{}</sub>",
        "raised in front": "<sup>{}</sup>{}",
        "line break": "{}<br>{}",
        "wide blank": "{}&emsp;{}",
        "reversed": "<bdo dir=rtl>{}{}</bdo>",
        "reversed by a character": "&#x202e;{}{}",
        "moved pieces": '<span style="position:relative;left:30px">{}</span><span style="position:relative;left:-30px">{}</span>',
        "field and figure": "<input value={}>{}",
        "reversed by inheritance": '<div style="direction:rtl"><b style="unicode-bidi:bidi-override">{}{}</b></div>',
    }
    found += [Quirk(name, _two(markup), "nothing") for name, markup in apart.items()]
    unread = {
        "picture": "<img src=n.gif>", "picture beside": "N<img src=n.gif>", "canvas": "<canvas></canvas>", "object": "<object data=n></object>",
        "frame": "<iframe src=n></iframe>", "path": "<svg><path d=M0></svg>", "power": "<math><msup><mn>2</mn><mn>3</mn></msup></math>",
        "empty field": "<input>", "tick box": "<input type=checkbox>", "drawn by a sheet": "<span class=dr>N</span>",
        "turned": '<span style="display:inline-block;transform:rotate(180deg)">N</span>', "symbol font": "<font face=Wingdings>N</font>",
        "private character": "N\ue012", "written by a script": "<script>document.write(7)</script>", "filled by a script": "<span id=fill_1></span>",
        "sign by a sheet": "<span class=mi>N</span>", "marker": "<ul><li class=mk>N</ul>", "first letter": "<p class=le>N</p>",
        "letters over each other": '<span style="letter-spacing:-1em">N</span>', "mirrored": '<span style="display:inline-block;scale:-1 1">N</span>',
        "half clipped": '<span style="clip-path:inset(0 50% 0 0)">N</span>', "blurred": '<span style="filter:blur(20px)">N</span>',
        "own font": "<span class=ow>N</span>", "cut off": '<p style="width:8px;overflow:hidden">N</p>', "too low": '<div style="height:4px;overflow:hidden">N</div>',
        "white field": '<input value=N style="color:#fff">', "narrow field": '<input value=N style="width:5px">', "closed details": "<details>N</details>",
        "faint drawing": "<svg><text opacity=0>N</text></svg>", "drawing outside": "<svg height=20><text y=900>N</text></svg>",
        "picture behind": '<span style="background-image:url(5.png)"></span>', "computed colour": '<span style="color:hwb(0 100% 0%)">N</span>',
        "power of ten": "10<sup>3</sup>", "sign from right to left": "<p dir=rtl>-N</p>",
        "meter": "<meter value=0.5></meter>", "only struck": "<s>N</s>", "too long": "N000000000000000000", "money": "N万元",
    }  # fmt: skip
    found += [Quirk(name, _one(markup), "nothing") for name, markup in unread.items()]
    blank: dict[str, str] = {
        "hidden figure": "<span style=visibility:hidden>N</span>",
        "white figure": "<font color=#fefefe>N</font>",
    }
    kind: Seen = "blank"
    return found + [Quirk(name, _one(markup), kind) for name, markup in blank.items()]


QUIRKS = _list()
SCRIPT = "<script>document.getElementById('fill_1').innerHTML = 24</script>"


_PART = '------made\r\nContent-Type: {}; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n{}\r\n\r\n'


def message(page: str) -> bytes:
    """A page as Chrome saves it in one file (MHTML): each of its sheets is a part of its own."""
    sheets: list[str] = []

    def move(sheet: re.Match[str]) -> str:
        sheets.append(sheet[2])
        media = ' media="print"' if "print" in sheet[1] else ""
        return f'<link rel="stylesheet" type="text/css" href="cid:css-{len(sheets)}@mhtml.blink"{media}>'

    page = re.sub(r"<style([^>]*)>(.*?)</style>", move, page, flags=re.DOTALL)
    head = (
        "From: <Saved by Blink>\r\nSubject: report\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; "
        'type="text/html"; boundary="----made"\r\n\r\n'
    )
    parts = [head.encode(), _PART.format("text/html", "Content-Location: http://example.com/1.html").encode()]
    parts += [quopri.encodestring(page.encode()), b"\r\n"]
    for number, sheet in enumerate(sheets, 1):
        parts.append(_PART.format("text/css", f"Content-ID: <css-{number}@mhtml.blink>").encode())
        parts += [quopri.encodestring(sheet.encode()), b"\r\n"]
    return b"".join((*parts, b"------made--\r\n"))


def plant(page: str, planted: dict[str, Quirk]) -> str:
    """A page with quirks in the boxes of these figures."""

    def box(hit: re.Match[str]) -> str:
        quirk = planted.get(hit[2])
        return hit[0] if quirk is None else hit[1] + quirk.plant(hit[2]) + hit[3]

    page, count = re.subn(r"(<td[^>]*>)<p>(\d+)</p>(</td>)", box, page)
    assert count >= len(planted)
    return page.replace("<body>", f"{SHEET}<body><div class=q>", 1).replace(
        "</body>", f"</div>{SCRIPT}</body>"
    )
