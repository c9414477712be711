"""Quirks of web pages; each was looked at in a browser."""

from __future__ import annotations

import re
from collections.abc import Callable

from quirk import Quirk, Seen, halves

SHEET = """<style>.g1{display:none} .q td > span.g2{visibility:hidden} div .g3{opacity:0} .up{vertical-align:super;font-size:60%}
.out{text-decoration:line-through} .dr::before{content:"9"} @media print{.pr{display:none}} :root{--p:#fff} .wh{color:var(--p)}
td.mark i:first-child{display:none!important} .fx{display:flex} .fl{float:right}</style>"""
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
    }
    found += [Quirk(name, _two(markup), "nothing") for name, markup in apart.items()]
    unread = {
        "picture": "<img src=n.gif>", "picture beside": "N<img src=n.gif>", "canvas": "<canvas></canvas>", "object": "<object data=n></object>",
        "frame": "<iframe src=n></iframe>", "path": "<svg><path d=M0></svg>", "power": "<math><msup><mn>2</mn><mn>3</mn></msup></math>",
        "empty field": "<input>", "tick box": "<input type=checkbox>", "drawn by a sheet": "<span class=dr>N</span>",
        "turned": '<span style="display:inline-block;transform:rotate(180deg)">N</span>', "symbol font": "<font face=Wingdings>N</font>",
        "private character": "N\ue012", "written by a script": "<script>document.write(7)</script>", "filled by a script": "<span id=fill_1></span>",
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
