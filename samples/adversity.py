"""A sample → a web page that hides its article, or shows more than it."""

from __future__ import annotations

import json
import quopri
from collections.abc import Callable
from html import escape

import web
from form import NAMES, Box, Rows, Sample, sample, tables

Drawn = dict[str, Rows]


def article(s: Sample, drawn: Drawn, draw: Callable[[Rows], str]) -> str:
    """Title, sections, tables as `draw` draws them, signature."""
    parts = [f"<h1>{escape(t)}</h1>" for t in s.title]
    for id in NAMES:
        parts.append(f"<p><b>{escape(s.heading(id))}</b></p>")
        parts += [f"<p>{escape(t)}</p>" for t in s.sections[id]]
        if id in drawn:
            parts.append(draw(drawn[id]))
    return "\n".join([*parts, *(f"<p>{escape(t)}</p>" for t in s.signature)])


def _whole(rows: Rows) -> str:
    return web.table(rows, wrong=False, closed=True)


def _drawn(rows: Rows, box: Callable[[Box], str]) -> str:
    return "<table>" + "".join(f"<tr>{''.join(map(box, line))}</tr>" for line in rows) + "</table>"


def _page(inner: str, head: str = "") -> str:
    return f'<html><head><meta charset="utf-8"><title>政府信息公开</title>{head}</head><body>{inner}</body></html>'


def scripted(s: Sample, drawn: Drawn) -> str:
    """The article as a string of JSON in a script."""
    data = json.dumps({"title": s.title[-1], "content": article(s, drawn, _whole)}).replace("</", "<\\/")
    return _page(
        f'<ul><li><a href="/">首页</a></li></ul><div id="app"></div><script>var page = {data};</script>'
    )


def narrow(s: Sample, drawn: Drawn) -> str:
    """The page without colspans."""
    return _page(
        article(
            s,
            drawn,
            lambda rows: _drawn(rows, lambda b: f"<td rowspan={b.rowspan}>{escape(b.text)}</td>"),
        )
    )


def flattened(s: Sample, drawn: Drawn) -> str:
    """The page without any spans."""
    return _page(article(s, drawn, lambda rows: _drawn(rows, lambda b: f"<td>{escape(b.text)}</td>")))


def unseen(s: Sample, drawn: Drawn) -> str:
    """The page with last year's report hidden by its class, figures crossed out beside those that hold."""
    before = sample(s.org or "", s.year - 1, 999, proactive="2021", requests="2021", size=6)
    hidden = f'<div class="old">{article(before, tables(before), _whole)}</div>'

    def struck(box: Box) -> str:
        gone = "<del>77</del>" if box.address is not None else ""
        return f"<td colspan={box.colspan} rowspan={box.rowspan}>{gone}{escape(box.text)}</td>"

    def footed(rows: Rows) -> str:
        lines = [f"<tr>{''.join(map(struck, line))}</tr>" for line in rows]
        return f"<table><tfoot>{lines[-1]}</tfoot><tbody>{''.join(lines[:-1])}</tbody></table>"

    return _page(hidden + article(s, drawn, footed), "<style>.old { display: none; }</style>")


def listed(s: Sample, drawn: Drawn) -> str:
    """The report as one table between lists of other reports."""
    rows = []
    for id in NAMES:
        rows += [[Box(s.heading(id), 15)], *([Box(t, 15)] for t in s.sections[id]), *drawn.get(id, [])]
    table = _drawn(rows, lambda b: f"<td colspan={b.colspan} rowspan={b.rowspan}>{escape(b.text)}</td>")
    others = "".join(
        f"<p>{body}{year}年政府信息公开工作年度报告</p>"
        for year in range(2012, 2019)
        for body in ("安平县财政局", "安平县民政局")
    )
    signed = "".join(f"<p>{escape(t)}</p>" for t in s.signature)
    return _page(
        f"<div>{others}</div><div><h1>{escape(s.title[-1])}</h1>{table}{signed}</div><div>{others}</div>"
    )


def framed(s: Sample, drawn: Drawn) -> bytes:
    """A saved page of frames: a message with a page of links first."""
    links = _page("".join(f'<p><a href="/{n}">栏目{n}</a></p>' for n in range(9)))
    parts = b"".join(
        b'------part\r\nContent-Type: text/html; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n'
        + quopri.encodestring(html.encode()).replace(b"\n", b"\r\n")
        + b"\r\n"
        for html in (links, _page(article(s, drawn, _whole)))
    )
    head = b'From: <Saved>\r\nSubject: report\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="----part"\r\n\r\n'
    return head + parts + b"------part--\r\n"
