"""Sheets → OFD (GB/T 33190), by hand: texts and rules as objects of a page, a point being 25.4/72 mm."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from html import escape

from page import Sheet

_NS = 'xmlns:ofd="http://www.ofdspec.org/2016"'
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
_MM = 25.4 / 72


def ofd(sheets: Sequence[Sheet]) -> bytes:
    """An OFD of sheets, a page each."""
    pages = "".join(
        f'<ofd:Page ID="{n + 10}" BaseLoc="Pages/Page_{n}/Content.xml"/>' for n in range(len(sheets))
    )
    first = sheets[0]
    files = {
        "OFD.xml": f'{_HEAD}<ofd:OFD {_NS} Version="1.0" DocType="OFD"><ofd:DocBody><ofd:DocInfo>'
        "<ofd:DocID>0</ofd:DocID></ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        "Doc_0/Document.xml": f"{_HEAD}<ofd:Document {_NS}><ofd:CommonData><ofd:MaxUnitID>99999</ofd:MaxUnitID>"
        f"<ofd:PageArea>{_box(0, 0, first.width, first.height, 'ofd:PhysicalBox')}</ofd:PageArea>"
        f"<ofd:PublicRes>PublicRes.xml</ofd:PublicRes></ofd:CommonData><ofd:Pages>{pages}</ofd:Pages></ofd:Document>",
        "Doc_0/PublicRes.xml": f'{_HEAD}<ofd:Res {_NS} BaseLoc="Res"><ofd:Fonts>'
        '<ofd:Font ID="1" FontName="SimSun" FamilyName="SimSun"/></ofd:Fonts></ofd:Res>',
    }
    for n, sheet in enumerate(sheets):
        files[f"Doc_0/Pages/Page_{n}/Content.xml"] = _page(sheet, 1000 * (n + 1))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in files.items():
            info = zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, text.encode())
    return out.getvalue()


def _page(sheet: Sheet, first: int) -> str:
    objects: list[str] = []
    for x0, top, x1, bottom in sheet.lines:
        right, down = _mm(x1 - x0), _mm(bottom - top)
        objects.append(
            f'<ofd:PathObject ID="{first + len(objects)}" Boundary="{_mm(x0)} {_mm(top)} {right} {down}" LineWidth="0.2">'
            f"<ofd:AbbreviatedData>M 0 0 L {right} {down}</ofd:AbbreviatedData></ofd:PathObject>"
        )
    for x, top, size, text in sheet.texts:
        widths = [size * (0.5 if c.isascii() else 1.0) for c in text]
        steps = " ".join(_mm(w) for w in widths[:-1])
        delta = f' DeltaX="{steps}"' if steps else ""
        objects.append(
            f'<ofd:TextObject ID="{first + len(objects)}" Boundary="{_mm(x)} {_mm(top)} {_mm(sum(widths))} {_mm(size)}" '
            f'Font="1" Size="{_mm(size)}"><ofd:TextCode X="0" Y="{_mm(size * 0.86)}"{delta}>{escape(text)}</ofd:TextCode>'
            "</ofd:TextObject>"
        )
    return (
        f"{_HEAD}<ofd:Page {_NS}><ofd:Area>{_box(0, 0, sheet.width, sheet.height, 'ofd:PhysicalBox')}</ofd:Area>"
        f'<ofd:Content><ofd:Layer ID="{first - 1}" Type="Body">{"".join(objects)}</ofd:Layer></ofd:Content></ofd:Page>'
    )


def _box(x: float, y: float, width: float, height: float, tag: str) -> str:
    return f"<{tag}>{_mm(x)} {_mm(y)} {_mm(width)} {_mm(height)}</{tag}>"


def _mm(points: float) -> str:
    return f"{points * _MM:.3f}"
