"""Tables that a web page draws: SVG with lines and text."""

from __future__ import annotations

import pytest

from gongkai.extract import html
from gongkai.model import Document, Grid, Limits, Source
from gongkai.normalize import normalize
from gongkai.normalize.form.template import table

ROWS = [["项目", "自然人", "总计"], *([f"第{n}行", str(n), str(n + 10)] for n in range(1, 6))]


def text(x: float, y: float, words: str, more: str = "") -> str:
    return f'<text x="{x}" y="{y}" text-anchor="middle"{more}>{words}</text>'


def boxes(more: str = "") -> str:
    """A rectangle and a text for each box; `more` is said of the text 13."""
    return "".join(
        f'<rect x="{80 * c}" y="{20 * r}" width="80" height="20" fill="none" stroke="#000"/>'
        + text(80 * c + 40, 20 * r + 14, words, more if words == "13" else "")
        for r, row in enumerate(ROWS)
        for c, words in enumerate(row)
    )


def page(drawn: str, sheet: str = "") -> Document:
    svg = f'<svg width="240" height="120" viewBox="0 0 240 120" font-size="11">{drawn}</svg>'
    data = f'<html><meta charset="utf-8"><style>{sheet}</style><body><p>三、情况</p><div>{svg}</div></body></html>'
    return html.read(Source("a.html", data.encode(), "", len(data)), Limits())


def grids(document: Document) -> list[str]:
    return [str(b) for b in document.blocks if isinstance(b, Grid)]


WHOLE = ["\n".join(" | ".join(row) for row in ROWS)]


def test_rectangles_with_text_are_a_table() -> None:
    document = page(boxes())
    assert grids(document) == WHOLE
    (grid,) = (b for b in document.blocks if isinstance(b, Grid))
    assert {c.place.page for c in grid.cells} == {None}
    assert [c.place.block for c in grid.cells] == [1] * 18


def test_lines_with_text_in_pieces_are_a_table() -> None:
    level = "".join(f'<line x1="0" y1="{20 * r}" x2="240" y2="{20 * r}" stroke="#000"/>' for r in range(7))
    upright = '<path d="M0 0V120M80 0v120M160,0 L160,120 M240 0V120" stroke="black" fill="none"/>'
    words = "".join(
        f'<text><tspan x="{80 * c + 4}" y="{20 * r + 14}">{words}</tspan></text>'
        for r, row in enumerate(ROWS)
        for c, words in enumerate(row)
    )
    assert (
        grids(page(f'<title>表</title><g transform="translate(1 1) scale(0.9)">{level}{upright}{words}</g>'))
        == WHOLE
    )


@pytest.mark.parametrize(
    "more",
    [
        ' opacity="0"',
        ' fill="#fff"',
        ' fill="none"',
        ' transform="rotate(90)"',
        ' display="none"',
        ' clip-path="url(#a)"',
        ' x="900"',
    ],
)
def test_a_drawing_with_text_that_may_not_be_seen_is_not_read(more: str) -> None:
    drawn = boxes(more) if " x=" not in more else boxes() + text(900, 14, "99")
    document = page(drawn)
    assert grids(document) == []
    assert [f.code for f in document.findings] == ["pictures"]


def test_a_ground_over_text_hides_it() -> None:
    assert grids(page(boxes() + '<rect x="80" y="20" width="80" height="20" fill="#fff"/>')) == []


def test_a_sheet_that_moves_text_of_a_drawing_makes_it_unreadable() -> None:
    assert grids(page(boxes(), "text{text-anchor:end}")) == []
    assert grids(page(boxes(), "p{text-transform:none}")) == WHOLE


def test_elements_of_a_drawing_that_close_themselves_are_not_nested() -> None:
    dashes = '<line x1="0" y1="0" x2="9" y2="0" stroke="#000"/>' * 500
    assert len(grids(page(boxes() + dashes))) == 1
    nested = "<p>" + "<path/>" * 500
    with pytest.raises(html.TooLarge):
        page(f"{boxes()}</svg>{nested}")


def test_a_drawing_without_walls_is_read_by_the_places_of_its_words() -> None:
    heads = ["自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计"]
    rows = [r.path[-1] for r in table("2021", "requests").rows]
    ids = [r.id for r in table("2021", "requests").rows]
    own = {"new_requests": 9, "granted": 8, "outcomes_total": 8, "carried_out": 1}
    drawn = "".join(text(450 + 70 * c, 14, head) for c, head in enumerate(heads))
    for r, (id, label) in enumerate(zip(ids, rows, strict=True)):
        n = own.get(id, 0)
        drawn += f'<text x="3" y="{36 + 20 * r}">{label}</text>'
        drawn += "".join(text(450 + 70 * c, 36 + 20 * r, str(v)) for c, v in enumerate((n, 0, 0, 0, 0, 0, n)))
    svg = f'<svg viewBox="0 0 950 620" font-size="11">{drawn}</svg>'
    lines = "<p>三、收到和处理政府信息公开申请情况</p>{}<p>四、政府信息公开行政复议、行政诉讼情况</p>"
    data = f"<html><meta charset=utf-8><body>{lines.format(svg)}</body></html>".encode()
    (report,) = normalize(html.read(Source("a.html", data, "", len(data)), Limits()))
    got = {(f.field.row.id, f.field.column.id): f.value for f in report.facts}
    assert len(got) == 175
    assert {id: got[id, "total"] for id in ids if got[id, "total"]} == own
