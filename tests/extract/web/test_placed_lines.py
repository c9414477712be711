"""Pages of a PDF that a program turned into HTML: every line stands at a place of its own."""

from __future__ import annotations

import pytest

from gongkai.extract import html
from gongkai.extract.web import placed_lines
from gongkai.model import Document, Limits, Paragraph, Source
from gongkai.normalize import normalize

#: Labels of the form and the numbers of their rows, of which the last is the sum.
ROWS = {
    "一、本年新收政府信息公开申请数量": (7, 1, 0, 0, 0, 0, 8),
    "二、上年结转政府信息公开申请数量": (0, 0, 0, 0, 0, 0, 0),
    "（一）予以公开": (5, 1, 0, 0, 0, 0, 6),
    "（二）部分公开（区分处理的，只计这一情形，不计其他情形）": (1, 0, 0, 0, 0, 0, 1),
    "1.属于国家秘密": (0, 0, 0, 0, 0, 0, 0),
    "2.其他法律行政法规禁止公开": (0, 0, 0, 0, 0, 0, 0),
    "3.危及“三安全一稳定”": (0, 0, 0, 0, 0, 0, 0),
    "4.保护第三方合法权益": (0, 0, 0, 0, 0, 0, 0),
    "5.属于三类内部事务信息": (0, 0, 0, 0, 0, 0, 0),
}
HEADS = ("自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计")
LEFTS = (430, 520, 620, 730, 850, 960, 1040)


def line(left: int, top: int, text: object, more: str = "") -> str:
    return f'<p style="position:absolute;left:{left}px;top:{top}px;white-space:nowrap{more}">{text}</p>'


def page(more: str = "", outside: str = "") -> Document:
    """Table three on a page of its own; `more` is the style of the first number."""
    lines = [line(60, 60, "三、收到和处理政府信息公开申请情况")]
    lines += [line(left - 20, 100, head) for left, head in zip(LEFTS, HEADS, strict=True)]
    for n, (label, numbers) in enumerate(ROWS.items()):
        # a label of 16 pixels a character would go on under the first number
        lines.append(line(60, 140 + 24 * n, label))
        lines += [line(left, 140 + 24 * n, number) for left, number in zip(LEFTS, numbers, strict=True)]
    lines[9] = lines[9].replace('nowrap"', f'nowrap{more}"')
    body = f'<div style="position:relative;width:1200px;height:1200px;font-size:14px">{"".join(lines)}</div>'
    data = f"<html><body>{body}{outside}</body></html>".encode()
    return html.read(Source("x.html", data, "", len(data)), Limits())


def values(document: Document) -> dict[tuple[str, str], int]:
    (report,) = normalize(document)
    return {(f.field.row.id, f.field.column.id): int(f.value) for f in report.facts if f.value is not None}


def test_numbers_belong_to_the_rows_and_columns_in_which_they_stand() -> None:
    got = values(page())
    assert [got["new_requests", c] for c in ("natural_person", "commercial_enterprise", "total")] == [7, 1, 8]
    assert [got["partially_granted", c] for c in ("natural_person", "other", "total")] == [1, 0, 1]
    assert len(got) == 7 * len(ROWS)


@pytest.mark.parametrize("style", [";display:none", ";color:white", ";text-decoration:line-through"])
def test_a_page_on_which_a_line_is_not_plainly_seen_is_read_as_any_other(style: str) -> None:
    assert ("new_requests", "natural_person") not in values(page(style))


def test_a_page_with_text_beside_the_placed_lines_is_read_as_any_other() -> None:
    sentence = "全年共收到申请并且按时答复。" * 20
    blocks = page(outside=f"<p>{sentence}</p>").blocks
    assert sentence in [b.text for b in blocks if isinstance(b, Paragraph)]


def test_a_page_of_more_characters_than_a_report_has_is_read_as_any_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert len(page().blocks) == 1
    monkeypatch.setattr(placed_lines, "_MOST", 100)
    assert len(page().blocks) > 10
