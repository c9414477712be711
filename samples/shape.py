"""VARIANTS 5: the shape of the tables."""

from __future__ import annotations

import copy
import itertools
from collections.abc import Iterator
from dataclasses import replace

from form import Box, Rows, sample, tables
from made import TOWN, Made, each, replaced, town, word
from truth import Owed
from word import deleted, paragraph, table, text_box

NOTE = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
TABLE_THREE = (("requests", "*", "*"),)
VALUES = 7  # columns of values in table three


def shapes() -> Iterator[Made]:
    """Forms that are mixed, rows and boxes too many or too few, merges that are broken, tables apart."""
    yield from form()
    yield from ragged()
    yield from merge()
    yield from apart()
    yield from wrapped()


def form() -> Iterator[Made]:
    """One form, the other, and both."""
    s = sample(TOWN, 2023, 9, proactive="2021", requests="2019", size=9)
    yield word("2023_mixed.docx", s, "table two of 2021, table three of 2019")
    s = sample(TOWN, 2021, 122, proactive="2019", requests="2021", size=9)
    yield word("2021_mixed_back.docx", s, "table two of 2019, table three of 2021")
    s = town(2023, "2019", 123)
    s.preface = ["根据国办公开办函〔2021〕30号要求编制本报告。"]
    yield word("2023_old_form.docx", s, "the form of 2019 for 2023, under a preface that cites 30号")


def ragged() -> Iterator[Made]:
    """Rows and boxes too many or too few."""
    s = town(2020, "2019", 11)
    drawn = tables(s)
    drawn["requests"][-1] = drawn["requests"][-1][:2]
    drawn["requests"][4] = drawn["requests"][4][:-2]
    owed = Owed("partial", fails=(("R1", "requests", "total"),))
    yield word("2020_ragged.docx", s, "ragged rows, the last one with a single box", owed, drawn=drawn)
    s = town(2021, "2021", 13)
    drawn = tables(s)
    del drawn["requests"][9]
    numbers = (("issued", "7"), ("repealed", "8"), ("in_force", "9"))
    added = [Box(text, 3, address=("proactive", "local_003", column)) for column, text in numbers]
    drawn["proactive"].insert(4, [Box("其他主动公开文件", 3), *added])
    stats = [
        [Box("序号"), Box("重点领域"), Box("公开数量（条）")],
        [Box("1"), Box("行政许可信息"), Box("187")],
        [Box("2"), Box("规范性文件"), Box("58")],
    ]
    odd = "a row left out, a row added, another table before"
    yield word("2021_rows.docx", s, odd, Owed("partial", unclaimed=4), drawn=drawn, before=table(stats))
    s = town(2019, "2019", 124)
    drawn = tables(s)
    for rows in drawn.values():
        for line in rows[4::3]:
            line += [Box(""), Box("")]
        rows.append([Box("") for _ in range(4)])
    yield word(
        "2019_empty_ends.docx",
        s,
        "empty boxes at row ends, an empty row at the end of each table",
        drawn=drawn,
    )
    s = town(2019, "2019", 125)
    s.printed["proactive", "administrative_fees", "prior_year_items"] = "17"
    drawn = tables(s)
    fees = next(line for line in drawn["proactive"] if line[0].text == "行政事业性收费")
    del fees[2]
    either = (("proactive", "administrative_fees", "prior_year_items"),)
    odd = "行政事业性收费 with one box for two columns; the next number is not its own"
    yield word("2019_box_lost.docx", s, odd, Owed("partial", either=either), drawn=drawn)
    s = town(2021, "2021", 126)
    gone = [a for a in s.printed if a[0] == "requests" and a[1].startswith("denied_")]
    doubted = tuple(("requests", row, "*") for row in dict.fromkeys(a[1] for a in gone))
    s.printed.update(dict.fromkeys(gone, "0"))
    _settle(s.printed)
    drawn = tables(s)
    for line in drawn["requests"]:
        for n, box in enumerate(line):
            if (
                box.address is None
                and n + 1 < len(line)
                and (line[n + 1].address or ("", ""))[1].startswith("denied_")
            ):
                box.text = ""
    odd = "the labels of （三）1 to 8 gone, 56 zeros left"
    yield word(
        "2021_labels_gone.docx", s, odd, Owed(None, either=doubted, unclaimed=56, doubt=True), drawn=drawn
    )


def _settle(printed: dict[tuple[str, str, str], str]) -> None:
    """Make the sums of table three hold again: what was taken out was not received."""
    columns = dict.fromkeys(a[2] for a in printed if a[0] == "requests")
    for c in columns:
        rows = {a[1]: int(v) for a, v in printed.items() if a[0] == "requests" and a[2] == c}
        outcomes = sum(
            v
            for r, v in rows.items()
            if r not in ("new_requests", "carried_in", "outcomes_total", "carried_out")
        )
        printed["requests", "outcomes_total", c] = str(outcomes)
        arrived = outcomes + rows["carried_out"]
        carried = min(rows["carried_in"], arrived)
        printed["requests", "carried_in", c] = str(carried)
        printed["requests", "new_requests", c] = str(arrived - carried)
    for row in {a[1] for a in printed if a[0] == "requests"}:
        parts = [int(printed["requests", row, c]) for c in columns if c != "total"]
        printed["requests", row, "total"] = str(sum(parts))


def merge() -> Iterator[Made]:
    """Group labels: not merged, repeated, vertical; spans that are wrong."""
    odd = "group labels in their first row only, nothing merged"
    yield word("2019_no_merges.docx", town(2019, "2019", 10), odd, merge=False)
    s = town(2020, "2019", 12)
    drawn = tables(s)
    drawn["requests"][3][0].colspan = 2
    drawn["requests"][5][1].colspan = 3
    drawn["requests"][7] = [*drawn["requests"][7], Box(""), Box("")]
    odd = "spans of labels one off, empty boxes at the end of a row"
    yield word("2020_spans_off.docx", s, odd, drawn=drawn)
    s = town(2021, "2021", 127)
    drawn = tables(s)
    drawn["requests"] = repeated(drawn["requests"])
    yield word("2021_groups_repeated.docx", s, "group labels repeated in every row", drawn=drawn)
    s = town(2022, "2021", 128)
    change = replaced(
        ("三、本年度办理结果", "\n".join("三、本年度办理结果")),
        ("（五）不予处理", "\n".join("（五）不予处理")),
    )
    yield word(
        "2022_vertical.docx",
        s,
        "group labels written downwards, a character a line",
        drawn=each(tables(s), change),
    )
    s = town(2022, "2021", 129)
    odd = "vMerge broken: 三、本年度办理结果 goes on in rows that nothing began, （三）不予公开 begins in every row"
    yield word("2022_merge_broken.docx", s, odd, wrap={"requests": _broken})


def repeated(rows: Rows) -> Rows:
    """The same table with every group label in each of its rows."""
    result: Rows = [[] for _ in rows]
    waiting: list[tuple[int, Box]] = []  # rows still to fill, and the label
    for r, line in enumerate(rows):
        if r < 3:
            result[r] = line
            continue
        result[r] = [Box(box.text, box.colspan) for _, box in waiting]
        result[r] += [replace(box, rowspan=1) for box in line]
        waiting = [(n - 1, box) for n, box in waiting if n > 1]
        waiting += [(box.rowspan - 1, box) for box in line if box.rowspan > 1]
    return result


def _broken(rows: Rows) -> str:
    xml = table(rows)
    first, begin, rest = xml.partition("三、本年度办理结果")
    cut = first.rindex('<w:vMerge w:val="restart"/>')
    first = first[:cut] + "<w:vMerge/>" + first[cut + len('<w:vMerge w:val="restart"/>') :]
    head, denied, tail = rest.partition("（三）不予公开")
    parts = tail.split("<w:tr>")
    for n in range(1, 8):  # the second of the two merged boxes of these rows
        pieces = parts[n].split("<w:vMerge/>")
        parts[n] = (
            "<w:vMerge/>".join(pieces[:2]) + '<w:vMerge w:val="restart"/>' + "<w:vMerge/>".join(pieces[2:])
        )
    return first + begin + head + denied + "<w:tr>".join(parts)


def apart() -> Iterator[Made]:
    """Tables cut into several, and notes that stand elsewhere."""
    s = town(2022, "2021", 18)
    wrap = {"requests": lambda rows: table(rows[:10]) + paragraph("") + table(_after(rows, 10))}
    yield word("2022_cut_in_two.docx", s, "table three cut into two tables", wrap=wrap)
    s = town(2021, "2021", 130)
    cuts = (0, 4, 7, 11, 14)
    blocks = list(itertools.pairwise(cuts))
    wrap = {"proactive": lambda rows: "".join(table(rows[a:b]) + paragraph("") for a, b in blocks)}
    yield word("2021_blocks_apart.docx", s, "table two as four tables", wrap=wrap)
    s = town(2022, "2021", 131)
    wrap = {"requests": _row_by_row}
    odd = "one table a row of table three, under made-up heads 数据1 to 数据7"
    yield word(
        "2022_rows_apart.docx",
        s,
        odd,
        Owed(None, either=TABLE_THREE, doubt=True),
        wrap=wrap,
    )
    s = town(2022, "2021", 132)
    drawn = tables(s)
    heads = ("本年新收件数", "上年结转件数", "予以公开件数", "不予公开件数", "其他件数")
    for box, text in zip([drawn["requests"][1][0], *drawn["requests"][2]], [*heads, "总件数"], strict=True):
        box.text = text
    odd = "heads of table three that are wrong, over values that stand in their places"
    yield word("2022_heads_wrong.docx", s, odd, Owed(None, either=TABLE_THREE, doubt=True), drawn=drawn)
    s = town(2021, "2021", 133)
    drawn = each(tables(s), replaced((NOTE, "")))
    s.below = {"requests": ["（本列数据的勾稽关系为：第一项加第二项之和， 等 于第三项加第四项之和）"]}
    odd = "the balance note after table three, with blanks in it, and not in its corner"
    yield word("2021_note_after.docx", s, odd, drawn=drawn)


def _row_by_row(rows: Rows) -> str:
    whole = repeated(rows)[3:]
    head = [Box("项目"), *(Box(f"数据{n}") for n in range(1, VALUES + 1))]
    tables_ = []
    for line in whole:
        name = "".join(b.text for b in line[:-VALUES])
        tables_.append(table([head, [Box(name), *line[-VALUES:]]]) + paragraph(""))
    return "".join(tables_)


def _after(rows: Rows, cut: int) -> Rows:
    """The rows after a cut, with boxes in place of the labels that begin before it."""
    rest = [list(line) for line in rows[cut:]]
    for r, line in enumerate(rows[:cut]):
        for box in line:
            if r + box.rowspan > cut and box.address is None:
                inner = sum(b.colspan for b in rest[0])
                if inner < 10:
                    rest[0].insert(
                        0 if box.text.startswith("三") else len(rest[0]) - 8,
                        Box("", box.colspan, r + box.rowspan - cut),
                    )
    return rest


def wrapped() -> Iterator[Made]:
    """Tables in other things, and changes that are tracked."""
    s = town(2021, "2021", 16)
    wrap = {"requests": lambda rows: text_box(table(rows))}
    yield word("2021_text_box.docx", s, "table three in a text box, twice in the file", wrap=wrap)
    s = town(2019, "2019", 17)
    wrap = {"proactive": lambda rows: table([[Box("")]]).replace("<w:p></w:p>", table(rows) + "<w:p/>")}
    yield word("2019_nested.docx", s, "table two nested in a layout table", wrap=wrap)
    s = town(2020, "2019", 19)
    odd = "tracked changes: deleted values and a deleted row do not count"
    yield word("2020_tracked.docx", s, odd, wrap={"requests": _tracked})


def _tracked(rows: Rows) -> str:
    changed = copy.deepcopy(rows)
    box = changed[3][1]
    box.text = deleted("99") + f"<w:r><w:t>{box.text}</w:t></w:r>"
    changed.insert(5, [Box("二、上年结转政府信息公开申请数量", 3), *(Box("88") for _ in range(7))])
    return table(changed, gone=frozenset({5}))
