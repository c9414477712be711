"""A sample → a web page, as government sites publish it."""

from __future__ import annotations

import quopri
import re
from html import escape

from form import NAMES, Box, Rows, Sample


def page(
    s: Sample,
    drawn: dict[str, Rows],
    *,
    around: bool = False,
    layout: bool = False,
    wrong_spans: bool = False,
    declared: str = "",
    title: str = "",
    footer: bool = True,
) -> str:
    """The page. `around` puts navigation and a metadata table about the article, `layout` nests it in
    tables and leaves tags open, `wrong_spans` gives some boxes spans that are too large; `title` is the
    page's own title where it is not the article's."""
    title = title or s.title[-1]
    parts = [f'<p style="text-align:center"><b>{escape(t)}</b></p>' for t in s.title]
    parts += [f"<p>{escape(t)}</p>" for t in s.preface]
    for id in NAMES:
        parts.append(f"<p><strong>{escape(s.heading(id))}</strong>" + ("" if layout else "</p>"))
        parts += [f"<p>　　{escape(t)}" + ("" if layout else "</p>") for t in s.sections[id]]
        if id in drawn:
            parts.append(table(drawn[id], wrong=wrong_spans, closed=not layout))
    parts += [f'<p style="text-align:right">{escape(t)}</p>' for t in s.signature]
    article = "\n".join(parts)
    if layout:
        side = "<table><tr><td>首页</td></tr><tr><td>机构职能</td></tr></table>"
        article = f'<table width="900"><tr><td width="200">{side}</td><td><table><tr><td>{article}</td></tr></table></td></tr></table>'
    if around:
        about = "".join(
            f"<tr><th>{n}：</th><td>{v}</td></tr>"
            for n, v in (
                ("索引号", "00512345/2023-00007"),
                ("发布机构", s.org or ""),
                ("发布日期", f"{s.year + 1}-02-03"),
            )
        )
        links = "".join(
            f'<li><a href="/{i}">{t}</a></li>' for i, t in enumerate(("首页", "政务公开", "年度报告"))
        )
        article = (
            f"<div class='nav'><ul>{links}</ul></div><table>{about}</table><div id='zoom'>{article}</div>"
            + f"<div class='footer'>主办：{escape(s.org or '')}办公室　浏览次数：128</div>" * footer
            + "<script>document.write('<td>9</td>')</script>"
        )
    meta = f'<meta http-equiv="Content-Type" content="text/html; charset={declared}">' if declared else ""
    return (
        f"<html><head>{meta}<title>{escape(title)}_政府网站</title></head><body>\n{article}\n</body></html>"
    )


def table(rows: Rows, *, wrong: bool, closed: bool) -> str:
    """A table, its boxes as paragraphs as Word pastes them."""
    end = "</p></td>" if closed else ""
    out = []
    for r, line in enumerate(rows):
        cells = "".join(
            f"<td{_spans(b, wrong and r == 5 and n == 0)}><p>{escape(b.text) or '&nbsp;'}{end}"
            for n, b in enumerate(line)
        )
        out.append(f"<tr>{cells}" + ("</tr>" if closed else ""))
    return f'<table border="1">{"".join(out)}</table>'


def _spans(box: Box, wrong: bool) -> str:
    rows = 1_000_000_000 if wrong else box.rowspan
    columns = f' colspan="{box.colspan}"' if box.colspan > 1 else ""
    return columns + (f' rowspan="{rows}"' if rows > 1 else "")


def saved(html: str) -> bytes:
    """The page as a browser saves it with its pictures: MIME, quoted-printable."""
    head = (
        b'From: <Saved>\r\nSubject: report\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; type="text/html"; '
        b'boundary="----part"\r\n\r\n------part\r\nContent-Type: text/html; charset="utf-8"\r\n'
        b"Content-Transfer-Encoding: quoted-printable\r\n\r\n"
    )
    return head + quopri.encodestring(html.encode("utf-8")).replace(b"\n", b"\r\n") + b"\r\n------part--\r\n"


def spans(s: Sample, drawn: dict[str, Rows]) -> str:
    """The page with heading four behind a line break in a paragraph, and heading five in two spans."""
    html = page(s, drawn)
    four, five = escape(s.heading("review")), escape(s.heading("problems"))
    html = html.replace(f"<p><strong>{four}</strong></p>", f"<p>　　<br/>　　{four}</p>")
    halves = f"<span style='font-family:黑体'>{five[:7]}</span><span>{five[7:]}</span>"
    return html.replace(f"<p><strong>{five}</strong></p>", f"<p>{halves}</p>")


def pasted(s: Sample, drawn: dict[str, Rows]) -> str:
    """The page as pasted from Word: a span a character in labels, blanks in <o:p>, a second <title>,
    the signature hidden in <o:p> behind blanks."""
    parts = [f"<p class=MsoNormal align=center>{_runs(t)}</p>" for t in s.title]
    for id in NAMES:
        parts.append(f"<p class=MsoNormal><b>{_runs(s.heading(id))}</b></p>")
        parts += [f"<p class=MsoNormal style='text-indent:32pt'>{_runs(t)}</p>" for t in s.sections[id]]
        if id in drawn:
            parts.append(_word_table(drawn[id]))
    hidden = "&nbsp;" * 120 + "".join(escape(t) + " " for t in s.signature)
    parts.append(f"<p class=MsoNormal><span><o:p>{hidden}</o:p></span></p>")
    about = "".join(
        f"<tr><td>{n}</td><td>{escape(v)}</td></tr>"
        for n, v in (("索引号", "005123456/2024-00002"), ("发布机构", s.org or ""), ("文号", ""))
    )
    return (
        f"<html><head><title>政府信息公开</title><title>{escape(s.title[-1])}</title></head><body>"
        f"<table class='about'>{about}</table><div class='article-content'>{chr(10).join(parts)}</div></body></html>"
    )


def _runs(text: str) -> str:
    """Words and numbers in spans of their own, so that 2023 is 20 and 23."""
    pieces = re.findall(r"\d{1,2}|[^\d]+", text)
    return "".join(
        f"<span style='font-family:{'Times' if p.isdigit() else '仿宋'}'>{escape(p)}</span>" for p in pieces
    )


def _word_table(rows: Rows) -> str:
    out = []
    for line in rows:
        cells = []
        for box in line:
            rowspan = f" rowspan={box.rowspan}" if box.rowspan > 1 else ""
            broken = len(box.text) == 4 and box.text.endswith(("企业", "机构"))
            texts = [box.text[:2], box.text[2:]] if broken else [box.text]
            inner = "</p><p class=MsoNormal>".join(
                "".join(f"<span lang=ZH-CN>{escape(c)}</span>" for c in t) or "<span><o:p>&nbsp;</o:p></span>"
                for t in texts
            )
            cells.append(
                f"<td colspan={box.colspan}{rowspan} style='border:solid 1pt'><p class=MsoNormal>{inner}</p></td>"
            )
        out.append(f"<tr>{''.join(cells)}</tr>")
    return f"<table class=MsoTableGrid>{''.join(out)}</table>"
