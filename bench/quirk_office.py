"""Quirks of Word, OpenDocument and Excel files."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterable
from html import escape

from form import Box, Rows
from quirk import Quirk, Seen, halves

_T = '<w:t xml:space="preserve">{}</w:t>'


def _run(text: str, properties: str = "") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr>{_T.format(text)}</w:r>" if text else ""


def _docx(name: str, inner: Callable[[str], str], seen: str = "figure") -> Quirk:
    return Quirk(name, lambda n: f"<w:p>{inner(n)}</w:p>", seen)  # type: ignore[arg-type]


def _two(joint: str) -> Callable[[str], str]:
    return lambda n: _run(halves(n)[0]) + joint + _run(halves(n)[1])


def _field(code: str, result: str, more: str = "") -> str:
    """A field with its code, and its result where it has one."""
    shown = f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{_run(result)}' if result else ""
    begin = (
        f'<w:r><w:fldChar w:fldCharType="begin" {more}/></w:r><w:r><w:instrText>{code}</w:instrText></w:r>'
    )
    return f'{begin}{shown}<w:r><w:fldChar w:fldCharType="end"/></w:r>'


_MATH = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'


def _list_word() -> list[Quirk]:
    hidden = {
        "struck": "<w:strike/>", "double struck": "<w:dstrike/>", "vanish": "<w:vanish/>", "white": '<w:color w:val="FFFFFF"/>',
    }  # fmt: skip
    found = [
        _docx(
            f"{name}, {side}",
            lambda n, p=p, side=side: (
                (_run("9", p) + _run(n)) if side == "before" else _run(n) + _run("9", p)
            ),
        )
        for name, p in hidden.items()
        for side in ("before", "behind")
    ]
    raised = {
        "raised": '<w:vertAlign w:val="superscript"/>',
        "raised by position": '<w:position w:val="8"/><w:sz w:val="12"/>',
    }
    found += [_docx(name, lambda n, p=p: _run(n) + _run("1", p)) for name, p in raised.items()]
    found += [
        _docx("all raised", lambda n: _run(n, '<w:vertAlign w:val="superscript"/>')),
        _docx("deleted run", lambda n: f'<w:del w:id="1"><w:r><w:delText>9</w:delText></w:r></w:del>{_run(n)}'),
        _docx("inserted run", lambda n: f'<w:ins w:id="1">{_run(n)}</w:ins>'),
        _docx("moved from", lambda n: f'<w:moveFrom w:id="1">{_run("9")}</w:moveFrom>{_run(n)}'),
        _docx("equation of a number", lambda n: f"<m:oMath {_MATH}><m:r><m:t>{n}</m:t></m:r></m:oMath>"),
        _docx("ruby", lambda n: f"<w:r><w:ruby><w:rt>{_run('9')}</w:rt><w:rubyBase>{_run(n)}</w:rubyBase></w:ruby></w:r>"),
        _docx("content control", lambda n: f"<w:sdt><w:sdtContent>{_run(n)}</w:sdtContent></w:sdt>"),
        _docx("processing instruction", lambda n: f'<w:r><w:t>{n[0]}<?x y?>{n[1:]}</w:t></w:r>'),
        _docx("two runs", lambda n: _run(n[0]) + _run(n[1:])),
        _docx("mark in a circle", lambda n: _run(n + "①")),
        _docx("mark in brackets", lambda n: _run(n) + _run("[2]", '<w:vertAlign w:val="superscript"/>')),
        _docx("tab", _two("<w:r><w:tab/></w:r>"), "nothing"),
        _docx("line break", _two("<w:r><w:br/></w:r>"), "nothing"),
        Quirk("two paragraphs", lambda n: "".join(f"<w:p>{_run(h)}</w:p>" for h in halves(n)), "nothing"),
        _docx("lowered", lambda n: _run(n) + _run("2", '<w:vertAlign w:val="subscript"/>'), "nothing"),
        _docx("symbol", lambda n: _run(n) + '<w:r><w:sym w:font="Wingdings" w:char="F0A8"/></w:r>', "nothing"),
        _docx("power", lambda n: f"<m:oMath {_MATH}><m:sSup><m:e><m:r><m:t>{n}</m:t></m:r></m:e><m:sup><m:r><m:t>3</m:t></m:r></m:sup></m:sSup></m:oMath>", "nothing"),
        _docx("picture", lambda n: '<w:r><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml"><v:imagedata/></v:shape></w:pict></w:r>', "nothing"),
        _docx("object", lambda n: "<w:r><w:object/></w:r>", "nothing"),
        _docx("too long", lambda n: _run(n + "0" * 20), "nothing"),
        _docx("money", lambda n: _run(n + "万元"), "nothing"),
        _docx("letters of 1 %", lambda n: _run("9", '<w:w w:val="1"/>') + _run(n)),
        _docx("theme's white", lambda n: _run("9", '<w:color w:val="000000" w:themeColor="background1"/>') + _run(n)),
        _docx("field that sets", lambda n: _field('SET a "9"', "9") + _run(n)),
        _docx("own mark of a note", lambda n: _run(n) + '<w:r><w:footnoteReference w:id="2" w:customMarkFollows="1"/><w:t>1</w:t></w:r>'),
        _docx("control filled in", lambda n: f"<w:sdt><w:sdtPr><w:text/></w:sdtPr><w:sdtContent>{_run(n)}</w:sdtContent></w:sdt>"),
        _docx("result of a field", lambda n: _field("=SUM(LEFT)", n)),
        _docx("only struck", lambda n: _run(n, "<w:strike/>"), "nothing"),
        _docx("control not filled in", lambda n: f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{_run(n)}</w:sdtContent></w:sdt>", "nothing"),
        _docx("field without a result", lambda n: _field("PAGE", ""), "nothing"),
        _docx("field to be computed", lambda n: _field("=SUM(LEFT)", n, 'w:dirty="true"'), "nothing"),
        _docx("letters over each other", lambda n: _run(n, '<w:spacing w:val="-400"/>'), "nothing"),
        _docx("outside its box", lambda n: f'<w:pPr><w:ind w:left="20000"/></w:pPr>{_run(n)}', "nothing"),
        _docx("in a frame", lambda n: f'<w:pPr><w:framePr w:w="500" w:x="9000"/></w:pPr>{_run(n)}', "nothing"),
        _docx("mark of a note alone", lambda n: '<w:r><w:footnoteReference w:id="2"/></w:r>', "nothing"),
        _docx("line over it", lambda n: _run(n) + '<w:r><w:pict><v:line xmlns:v="v" from="0,0" to="9,9"/></w:pict></w:r>', "nothing"),
        _docx("shape over it", lambda n: _run(n) + '<w:r><w:pict><v:rect xmlns:v="v" fillcolor="white"/></w:pict></w:r>', "nothing"),
        _docx("power of ten", lambda n: _run("10") + _run("3", '<w:vertAlign w:val="superscript"/>'), "nothing"),
    ]  # fmt: skip
    return found


WORD = _list_word()
_BOX = re.compile(
    r'<w:p><w:pPr></w:pPr><w:r><w:t xml:space="preserve">(\d+)</w:t></w:r></w:p>|<w:p><w:r><w:t xml:space="preserve">(\d+)</w:t></w:r></w:p>'
)


def plant_word(data: bytes, planted: dict[str, Quirk]) -> bytes:
    """A DOCX with quirks in the boxes of these figures."""

    def box(hit: re.Match[str]) -> str:
        figure = hit[1] or hit[2]
        return planted[figure].plant(figure) if figure in planted else hit[0]

    return _change(data, "word/document.xml", lambda text: _BOX.sub(box, text))


def _change(data: bytes, name: str, how: Callable[[str], str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            new.writestr(part, how(old.read(part).decode()) if part == name else old.read(part))
    return out.getvalue()


# OpenDocument --------------------------------------------------------------------------------

_STYLES = {
    "Struck": 'style:text-line-through-style="solid" style:text-line-through-type="single"',
    "Hidden": 'text:display="none"',
    "Above": 'style:text-position="super 58%"',
    "Below": 'style:text-position="sub 58%"',
    "Part": 'style:text-position="40% 58%"',
    "Thin": 'style:text-scale="1%"',
    "Small": 'fo:font-size="2%"',
    "Clear": 'fo:color="#000000" loext:opacity="0%"',
    "Near": 'fo:letter-spacing="-1cm"',
}
_ODT_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" '
    'xmlns:loext="urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0" '
    'xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" xmlns:xlink="http://www.w3.org/1999/xlink"><office:automatic-styles>'
    + "".join(
        f'<style:style style:name="{n}" style:family="text"><style:text-properties {p}/></style:style>'
        for n, p in _STYLES.items()
    )
    + '<style:style style:name="Under" style:family="text" style:parent-style-name="Hidden"/>'
    + "</office:automatic-styles><office:body><office:text>"
)


def _span(text: str, style: str) -> str:
    return f'<text:span text:style-name="{style}">{text}</text:span>'


ODT = [
    *(Quirk(f"{style}, {side}", lambda n, s=style, side=side: _span("9", s) + n if side == "before" else n + _span("9", s))
      for style in ("Struck", "Hidden", "Thin", "Small", "Clear") for side in ("before", "behind")),
    Quirk("raised", lambda n: n + _span("1", "Above")),
    Quirk("raised by a share", lambda n: n + _span("1", "Part")),
    Quirk("all raised", lambda n: _span(n, "Above")),
    Quirk("deleted text", lambda n: '<text:change text:change-id="c"/>' + n),
    Quirk("ruby", lambda n: f"<text:ruby><text:ruby-base>{n}</text:ruby-base><text:ruby-text>9</text:ruby-text></text:ruby>"),
    Quirk("two spans", lambda n: "".join(_span(h, "Plain") for h in halves(n))),
    Quirk("variable that is set", lambda n: f'<text:variable-set text:display="none">9</text:variable-set>{n}'),
    Quirk("hidden text", lambda n: f'<text:hidden-text text:is-hidden="true">9</text:hidden-text>{n}'),
    Quirk("only struck", lambda n: _span(n, "Struck"), "nothing"),
    Quirk("letters over each other", lambda n: _span(n, "Near"), "nothing"),
    Quirk("field without a result", lambda n: f"{n}<text:page-number/>", "nothing"),
    Quirk("placeholder", lambda n: f"<text:placeholder>{n}</text:placeholder>", "nothing"),
    Quirk("line over it", lambda n: f"{n}<draw:line/>", "nothing"),
    Quirk("shape over it", lambda n: f"{n}<draw:rect/>", "nothing"),
    Quirk("mark of a note alone", lambda n: "<text:note><text:note-citation>1</text:note-citation></text:note>", "nothing"),
    Quirk("power of ten", lambda n: "10" + _span("3", "Above"), "nothing"),
    Quirk("lowered", lambda n: n + _span("2", "Below"), "nothing"),
    Quirk("tab", lambda n: "<text:tab/>".join(halves(n)), "nothing"),
    Quirk("line break", lambda n: "<text:line-break/>".join(halves(n)), "nothing"),
    Quirk("gap", lambda n: '<text:s text:c="3"/>'.join(halves(n)), "nothing"),
    Quirk("two paragraphs", lambda n: "</text:p><text:p>".join(halves(n)), "nothing"),
    Quirk("picture", lambda n: '<draw:frame><draw:image xlink:href="a.png"/></draw:frame>', "nothing"),
    Quirk("object", lambda n: '<draw:frame><draw:object xlink:href="./Object 1"/></draw:frame>', "nothing"),
]  # fmt: skip


def odt(blocks: Iterable[tuple[str, object]], planted: dict[str, Quirk]) -> bytes:
    """An ODT of blocks with quirks in the boxes of these figures."""
    parts = [_ODT_HEAD]
    for kind, content in blocks:
        parts.append(_table(content, planted) if kind == "table" else f"<text:p>{content}</text:p>")  # type: ignore[arg-type]
    parts.append("</office:text></office:body></office:document-content>")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        package.writestr("content.xml", "".join(parts))
    return out.getvalue()


def _table(rows: Rows, planted: dict[str, Quirk]) -> str:
    covered: set[tuple[int, int]] = set()
    lines = []
    for r, row in enumerate(rows):
        line, column, waiting = "", 0, list(row)
        while waiting or (r, column) in covered:
            if (r, column) in covered:
                line, column = line + "<table:covered-table-cell/>", column + 1
                continue
            box: Box = waiting.pop(0)
            text = planted[box.text].plant(box.text) if box.address and box.text in planted else box.text
            spans = f'table:number-columns-spanned="{box.colspan}" table:number-rows-spanned="{box.rowspan}"'
            line += f"<table:table-cell {spans}><text:p>{text}</text:p></table:table-cell>"
            covered |= {(r + i, column + k) for i in range(box.rowspan) for k in range(box.colspan)} - {
                (r, column)
            }
            column += 1
        lines.append(f"<table:table-row>{line}</table:table-row>")
    return f"<table:table>{''.join(lines)}</table:table>"


# Excel ---------------------------------------------------------------------------------------


def _rich(*runs: tuple[str, str]) -> str:
    inner = "".join(f"<r><rPr>{p}</rPr><t>{text}</t></r>" for text, p in runs)
    return f' t="inlineStr"><is>{inner}</is></c>'


_AS_IT_IS = ("#,##0", '0"件"', "* 0", "G/通用格式", "[Red]0")
_NOT_SEEN = (";;;", "[White]0")
_ANOTHER = ("0%", "0*9", "# ?/?", "yyyy-mm-dd", "0.0E+00")
_FORMATS = (*_AS_IT_IS, *_NOT_SEEN, *_ANOTHER)
#: How the font and the ground of a box look, and what is seen of its figure.
_LOOKS: tuple[tuple[str, Seen], ...] = (
    ("white", "blank"), ("theme's white", "blank"), ("white on dark", "figure"), ("black on black", "blank"),
    ("struck", "nothing"), ("tiny", "blank"), ("symbols", "nothing"), ("repeated", "nothing"),
)  # fmt: skip
_FONTS = (
    '<color rgb="FFFFFFFF"/>', '<color theme="0"/>', '<color indexed="9"/>', '<sz val="11"/>', "<strike/>", '<sz val="1"/>',
    '<name val="Wingdings"/>', '<sz val="11"/>',
)  # fmt: skip
_GROUNDS = {2: "FF003366", 3: "FF000000"}


def _styles() -> str:
    """The styles of a workbook: one for each format, then one for each look."""
    codes = "".join(
        f'<numFmt numFmtId="{200 + n}" formatCode="{escape(code)}"/>' for n, code in enumerate(_FORMATS)
    )
    fonts = "".join(f"<font>{font}</font>" for font in ('<sz val="11"/>', *_FONTS))
    fills = '<fill><patternFill patternType="none"/></fill>' + "".join(
        f'<fill><patternFill patternType="solid"><fgColor rgb="{color}"/></patternFill></fill>'
        for color in _GROUNDS.values()
    )
    boxes = '<xf numFmtId="0" fontId="0" fillId="0"/>'
    boxes += "".join(f'<xf numFmtId="{200 + n}" fontId="0" fillId="0"/>' for n in range(len(_FORMATS)))
    for n, (name, _) in enumerate(_LOOKS):
        fill = list(_GROUNDS).index(n) + 1 if n in _GROUNDS else 0
        fills_up = '<alignment horizontal="fill"/>' if name == "repeated" else ""
        boxes += f'<xf numFmtId="0" fontId="{n + 1}" fillId="{fill}">{fills_up}</xf>'
    return (
        '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"<numFmts>{codes}</numFmts><fonts>{fonts}</fonts><fills>{fills}</fills><cellXfs>{boxes}</cellXfs></styleSheet>"
    )


EXCEL = [
    Quirk("text", lambda n: f' t="inlineStr"><is><t>{n}</t></is></c>'),
    Quirk("formula with a value", lambda n: f"><f>A1+1</f><v>{n}</v></c>"),
    Quirk("raised in rich text", lambda n: _rich((n, ""), ("1", '<vertAlign val="superscript"/>'))),
    Quirk("struck in rich text", lambda n: _rich(("9", "<strike/>"), (n, ""))),
    Quirk(
        "reading aid", lambda n: f' t="inlineStr"><is><t>{n}</t><rPh sb="0" eb="1"><t>9</t></rPh></is></c>'
    ),
    *(Quirk(f"format {n}", lambda v, n=n: f' s="{1 + _FORMATS.index(n)}"><v>{v}</v></c>') for n in _AS_IT_IS),
    *(
        Quirk(f"format {n}", lambda v, n=n: f' s="{1 + _FORMATS.index(n)}"><v>{v}</v></c>', "blank")
        for n in _NOT_SEEN
    ),
    *(
        Quirk(f"format {n}", lambda v, n=n: f' s="{1 + _FORMATS.index(n)}"><v>{v}</v></c>', "nothing")
        for n in _ANOTHER
    ),
    *(
        Quirk(name, lambda v, at=at: f' s="{1 + len(_FORMATS) + at}"><v>{v}</v></c>', seen)
        for at, (name, seen) in enumerate(_LOOKS)
    ),
    Quirk("power of ten", lambda n: _rich(("10", ""), ("3", '<vertAlign val="superscript"/>')), "nothing"),
    Quirk("only struck in rich text", lambda n: _rich((n, "<strike/>")), "nothing"),
    Quirk("formula without a value", lambda n: "><f>A1+1</f></c>", "nothing"),
    Quirk("error", lambda n: ' t="e"><v>#REF!</v></c>', "nothing"),
    Quirk("not a number", lambda n: "><v>NaN</v></c>", "nothing"),
    Quirk("lowered in rich text", lambda n: _rich((n, ""), ("2", '<vertAlign val="subscript"/>')), "nothing"),
    Quirk("two lines", lambda n: f' t="inlineStr"><is><t>{"&#10;".join(halves(n))}</t></is></c>', "nothing"),
]


def plant_excel(data: bytes, planted: dict[str, Quirk]) -> bytes:
    """A workbook with quirks in the boxes of these figures."""

    def box(hit: re.Match[str]) -> str:
        return hit[1] + planted[hit[2]].plant(hit[2]) if hit[2] in planted else hit[0]

    changed = _change(
        data,
        "xl/worksheets/sheet1.xml",
        lambda text: re.sub(r'(<c r="[A-Z]+\d+")><v>(\d+)</v></c>', box, text),
    )
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles"
    relation = f'<Relationship Id="styles" Type="{kind}" Target="styles.xml"/></Relationships>'
    related = _change(
        changed, "xl/_rels/workbook.xml.rels", lambda text: text.replace("</Relationships>", relation)
    )
    out = io.BytesIO(related)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/styles.xml", _styles())
    return out.getvalue()


def archive(document: bytes) -> bytes:
    """A zip with a document among what else lies in such archives: a folder of macOS, a damaged file, another name."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("__MACOSX/._年报.docx", b"x")
        packed.writestr("附件/坏.docx", document[:200])
        packed.writestr("附件/word/年报.docx", document)
        packed.writestr("readme.url", b"[InternetShortcut]")
    return out.getvalue()
