"""Made-up tables three and four as placed words: what is read, and what is left empty."""

from __future__ import annotations

import itertools
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from gongkai.extract.text import read_blocks
from gongkai.extract.text_layout import make_layouts
from gongkai.model import Cell, Layout, LayoutKind, Limits, Origin, Place, PlacedWord, mark_unread
from gongkai.normalize.form.lexicon import read_lexicon
from gongkai.normalize.form.template import table
from gongkai.normalize.solve import Chosen, solve_tables
from gongkai.normalize.solve.block_layout import lay_out_blocks
from gongkai.normalize.solve.solution import Verdict

ROWS = tuple(r.id for r in table("2021", "requests").rows)
LABELS = {r.id: r.path[-1] for r in table("2021", "requests").rows}
COLUMNS = tuple(c.id for c in table("2021", "requests").columns)
HEADS = ("自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计")
#: numbers of the rows that are not all 0; the columns add up
FILLED: Mapping[str, Sequence[int]] = {
    "new_requests": (31, 4, 0, 1, 2, 0, 38),
    "carried_in": (2, 0, 0, 0, 0, 0, 2),
    "granted": (17, 3, 0, 1, 0, 0, 21),
    "denied_state_secret": (2, 0, 0, 0, 0, 0, 2),
    "unavailable_not_held": (9, 1, 0, 0, 2, 0, 12),
    "outcomes_total": (28, 4, 0, 1, 2, 0, 35),
    "carried_out": (5, 0, 0, 0, 0, 0, 5),
}


def word(text: str, x: float, y: float) -> PlacedWord:
    """A word of 6 points a character whose left end is `x`."""
    cell = Cell(0, 0, 1, 1, text, Place(page=1, bbox=(x, y, x + 6 * len(text), y + 10)))
    return PlacedWord(text, x, y, x + 6 * len(text), y + 10, cell)


def page(
    *,
    zeros: bool = True,
    heads: Sequence[str] = HEADS,
    extra: Sequence[PlacedWord] = (),
    changed: Mapping[tuple[str, str], str] | None = None,
) -> Layout:
    """Table three without a wall. `changed` are printed texts by row and column, "" for nothing."""
    words = [word("三、收到和处理政府信息公开申请情况", 50, 0)]
    words += [word(text, 300 + 50 * i, 30) for i, text in enumerate(heads)]
    for n, row in enumerate(ROWS):
        y = 50 + 20 * n
        words.append(word(LABELS[row], 60, y))
        numbers = FILLED.get(row, (0,) * 7)
        for i, column in enumerate(COLUMNS):
            text = (changed or {}).get((row, column), str(numbers[i]) if zeros or numbers[i] else "")
            if text:
                words.append(word(text, 310 + 50 * i, y))
    words = sorted([*words, *extra], key=lambda w: (w.y, w.x0))
    return Layout("points", (*words, word("四、政府信息公开行政复议、行政诉讼情况", 50, 900)))


def solve(*layouts: Layout, name: str = "requests") -> Chosen | None:
    return solve_tables(layouts, [name], read_lexicon()).get(name)


def texts(chosen: Chosen | None) -> dict[tuple[str, str], str]:
    assert chosen is not None
    return {slot: box.cell.text for slot, box in chosen.boxes.items()}


def test_numbers_in_line_are_read_without_a_wall() -> None:
    read = texts(solve(page()))
    assert len(read) == len(ROWS) * 7
    assert read["unavailable_not_held", "legal_service_org"] == "2"


@pytest.mark.parametrize(
    "heading",
    [
        ["四、收到和处理政府信息公开申请情况"],
        ["三、收到和处理政府信息", "公开申请情况"],
        ["（三）收到和处理政府信息公开申请的情况"],
        ["收到和处理政府信息公开申请情况"],
        ["**三、收到和处理政府信息公开申请情况**"],
        [
            "目录",
            "三、收到和处理政府信息公开申请情况",
            "四、行政复议、行政诉讼情况",
            "三、收到和处理政府信息公开申请情况",
        ],
    ],
)
def test_a_heading_is_found_by_its_words_wherever_it_stands(heading: Sequence[str]) -> None:
    whole = page()
    lines = [word(text, 50, -12 * (len(heading) - n)) for n, text in enumerate(heading)]
    read = texts(solve(Layout("points", (*lines, *whole.words[1:]))))
    assert len(read) == len(ROWS) * 7


def test_labels_in_radicals_are_labels() -> None:
    radicals = str.maketrans("一二行人", "⼀⼆⾏⼈")
    layout = page()
    words = [replace(w, text=w.text.translate(radicals)) for w in layout.words]
    assert texts(solve(replace(layout, words=tuple(words)))) == texts(solve(layout))


@pytest.mark.parametrize(("unread", "is_read"), [(("其他",), True), (("其他", "科研机构"), False)])
def test_six_heads_leave_the_seventh_one_place_though_totals_are_misprinted(
    unread: Sequence[str], is_read: bool
) -> None:
    wrong = {(row, "total"): "77" for row in ROWS[2:9]}
    layout = page(changed=wrong)
    words = tuple(w for w in layout.words if w.text not in unread or w.y > 45)
    read = solve(replace(layout, words=words))
    assert (read is not None and len(read.boxes) == len(ROWS) * 7) == is_read


@pytest.mark.parametrize("dash", ["—", "-", "一", "一 "])
def test_a_label_that_holds_its_path_is_told_whatever_its_dash_is_read_as(dash: str) -> None:
    """A picture's dash is read as 一, before a number of the form and before a word."""
    words = list(page().words)
    group = "（三）不予公开"
    for n, w in enumerate(words):
        if w.text == LABELS["denied_state_secret"]:
            words[n] = word(f"{group}{dash}属于国家秘密", 60, w.top)
        if w.text == LABELS["granted"]:
            words[n] = word(f"三、本年度办理结果{dash}（一）予以公开", 60, w.top)
    read = solve(Layout("points", tuple(words)))
    assert read is not None
    assert {read.solution.rows[row].rule for row in ("denied_state_secret", "granted")} == {"exact"}


@pytest.mark.parametrize(
    ("total", "origin", "is_read"), [("21", "ocr", True), ("31", "ocr", False), ("21", "printed", False)]
)
def test_numbers_whose_boxes_overlap_are_a_row_that_adds_up(
    total: str, origin: Origin, is_read: bool
) -> None:
    """Boxes of words in a picture have a margin; printed numbers that overlap may have changed places."""
    layout = page(changed={("granted", "total"): total})
    wide = [
        replace(w, x0=w.x0 - 48, x1=w.x1 + 2) if w.text == total and abs(w.y - 95) < 1 else w
        for w in layout.words
    ]
    assert wide != list(layout.words)
    words = tuple(replace(w, cell=replace(w.cell, origin=origin)) for w in wide)
    read = texts(solve(replace(layout, words=words)))
    assert (read.get(("granted", "total")) == total) == is_read
    assert len(read) == (len(ROWS) - (not is_read)) * 7


def test_the_second_line_of_a_label_may_hang() -> None:
    words = [w for w in page().words if w.text != LABELS["carried_in"]]
    wrapped = [word("二、上年结转政府信息公开申", 30, 65), word("请数量", 36, 76)]
    layout = Layout("points", tuple(sorted([*words, *wrapped], key=lambda w: (w.y, w.x0))))
    read = solve(layout)
    assert read is not None
    assert read.solution.rows["carried_in"].rule == "exact"


@pytest.mark.parametrize(("missing", "is_read"), [(None, True), ("unavailable_not_held", False)])
def test_a_label_spelled_otherwise_is_sure_among_all_others_of_the_form(
    missing: str | None, is_read: bool
) -> None:
    """No sum helps: the totals are printed wrong. Where another row is missing, it may be that one."""
    wrong = {(row, "total"): "9" for row in ROWS[2:20]}
    words = [
        replace(w, text=w.text.replace("要求行政机关确认", "要求确认"))
        for w in page(changed=wrong).words
        if missing is None or w.y != 5 + 50 + 20 * ROWS.index(missing)
    ]
    chosen = solve(Layout("points", tuple(words)))
    assert (chosen is not None and ("not_processed_reissue", "total") in chosen.boxes) is is_read


def test_a_place_where_nothing_stands_is_blank_under_seven_heads() -> None:
    chosen = solve(page(zeros=False))
    assert chosen is not None
    assert chosen.boxes["granted", "research_institution"].way == "inferred"
    assert chosen.boxes["granted", "public_welfare_org"].cell.text == "1"


def test_without_heads_and_zeros_nothing_is_taken() -> None:
    assert solve(page(zeros=False, heads=())) is None


def test_a_row_whose_sum_fails_lost_a_number_and_is_left_out() -> None:
    read = texts(solve(page(zeros=False, changed={("granted", "commercial_enterprise"): ""})))
    assert not any(row == "granted" for row, _ in read)


def test_two_numbers_in_one_word_leave_their_row_in_doubt() -> None:
    joined = {("granted", "natural_person"): "", ("granted", "commercial_enterprise"): "17 3"}
    read = texts(solve(page(changed=joined)))
    assert ("granted", "natural_person") not in read
    assert read["carried_out", "total"] == "5"


def test_total_first_is_read_by_its_head() -> None:
    numbers = {
        (row, COLUMNS[i]): str(n)
        for row in ROWS
        for i, n in enumerate([FILLED.get(row, (0,) * 7)[-1], *FILLED.get(row, (0,) * 7)[:-1]])
    }
    read = texts(solve(page(heads=[HEADS[-1], *HEADS[:-1]], changed=numbers)))
    assert (read["granted", "total"], read["granted", "natural_person"]) == ("21", "17")


def test_two_layouts_that_differ_give_nothing_there() -> None:
    other = page(changed={("granted", "other"): "1", ("granted", "natural_person"): "16"})
    chosen = solve(page(), other)
    assert chosen is not None
    # sums of columns fail under the other one: no rival
    assert not chosen.disputed
    swapped = {("denied_state_secret", "natural_person"): "0", ("granted", "natural_person"): "19"}
    swapped |= {("denied_state_secret", "total"): "0", ("granted", "total"): "23"}
    chosen = solve(page(), page(changed=swapped))
    assert chosen is not None
    assert chosen.disputed["granted", "natural_person"] in (("17", "19"), ("19", "17"))
    assert ("granted", "natural_person") not in chosen.boxes


def test_numbers_of_a_row_that_the_form_lacks_are_nobody_elses() -> None:
    extra = [word("其中：网上申请", 60, 60), *(word("9", 310 + 50 * i, 60) for i in range(7))]
    read = texts(solve(page(extra=extra)))
    assert read["new_requests", "total"] == "38"
    assert read["carried_in", "total"] == "2"


def test_a_row_without_numbers_beside_one_that_has_too_many_is_not_blank() -> None:
    """The numbers of two rows drifted together: those of the second are nobody's."""
    nothing = {("unavailable_must_be_created", c): "" for c in COLUMNS}
    y = 50 + 20 * ROWS.index("unavailable_not_held")
    read = texts(solve(page(changed=nothing, extra=[word("7", 335, y), word("7", 435, y)])))
    assert {row for row, _ in read} == {*ROWS} - {"unavailable_not_held", "unavailable_must_be_created"}


def test_a_text_that_prints_every_zero_has_no_blank_row() -> None:
    nothing = {("unavailable_must_be_created", c): "" for c in COLUMNS}
    layout = page(changed=nothing)
    assert {row for row, _ in texts(solve(layout))} == {*ROWS}
    read = texts(solve(Layout("columns", layout.words)))
    assert {row for row, _ in read} == {*ROWS} - {"unavailable_must_be_created"}


PROACTIVE = (
    ("第二十条第（一）项", 200, 20),
    ("信息内容", 60, 40),
    ("本年制发件数", 200, 40),
    ("本年废止件数", 300, 40),
    ("现行有效件数", 400, 40),
    ("规章", 60, 60),
    ("行政规范性文件", 60, 80),
    ("第二十条第（五）项", 200, 100),
    ("信息内容", 60, 120),
    ("本年处理决定数量", 300, 120),
    ("行政许可", 60, 140),
    ("第二十条第（六）项", 200, 160),
    ("信息内容", 60, 180),
    ("本年处理决定数量", 300, 180),
    ("行政处罚", 60, 200),
    ("行政强制", 60, 220),
    ("第二十条第（八）项", 200, 240),
    ("信息内容", 60, 260),
    ("本年收费金额（单位：万元）", 300, 260),
    ("行政事业性收费", 60, 280),
)


@pytest.mark.parametrize(("edge", "expected"), [(999, 10), (380, 0), (280, 0)])
def test_table_two_without_a_number_is_blank_only_where_its_heads_are_seen(edge: int, expected: int) -> None:
    """A sheet may be cut: what stands right of its edge, heads and numbers, is on another page."""
    seen = [word(text, x, y) for text, x, y in PROACTIVE if x + 6 * len(text) < edge]
    heading = word("二、主动公开政府信息情况", 50, 0)
    chosen = solve(Layout("points", (heading, *seen)), name="proactive")
    assert (0 if chosen is None else len(chosen.boxes)) == expected


@pytest.mark.parametrize(
    ("heads", "unit", "is_read"),
    [
        (["本年收费金额（单位：万元）"], "万元", True),
        (["本年收费金额", "（单位：万", "元）"], "万元", True),
        (["本年收费金额（元）"], "元", True),
        (["本年收费金额", "（单位：元）"], "元", True),
        (["本年收费金额", "元）"], "", False),
        (["本年收费金额"], "", True),
    ],
)
def test_an_amount_has_the_unit_that_its_head_states(heads: Sequence[str], unit: str, is_read: bool) -> None:
    words = [word(text, x, y) for text, x, y in PROACTIVE if "收费金额" not in text]
    words += [word(text, 300, 246 + 9 * i) for i, text in enumerate(heads)]
    numbers = {60: 3, 80: 3, 140: 1, 200: 1, 220: 1, 280: 1}
    words += [word("7", 210 + 100 * i if n == 3 else 310, y) for y, n in numbers.items() for i in range(n)]
    heading = word("二、主动公开政府信息情况", 50, 0)
    words = [heading, *sorted(words, key=lambda w: (w.y, w.x0))]
    chosen = solve(Layout("points", tuple(words)), name="proactive")
    assert chosen is not None
    assert (("administrative_fees", "fees_collected") in chosen.boxes) is is_read
    assert not is_read or chosen.solution.money_unit == unit


def test_a_unit_that_a_blank_parts_from_its_number_is_kept() -> None:
    text = """二、主动公开政府信息情况
第二十条第（一）项
信息内容 本年制发件数 本年废止件数 现行有效件数
规章 1 2 3 件
行政规范性文件 4 5 6
第二十条第（五）项
信息内容 本年处理决定数量
行政许可 7 件
第二十条第（六）项
信息内容 本年处理决定数量
行政处罚 8
行政强制 9
第二十条第（八）项
信息内容 本年收费金额
行政事业性收费 128600 元
三、收到和处理政府信息公开申请情况"""
    read = texts(solve(*make_layouts(text), name="proactive"))
    assert read["administrative_fees", "fees_collected"] == "128600元"
    assert read["administrative_licensing", "decisions"] == "7件"


def test_a_sign_that_a_blank_parts_from_its_number_is_kept() -> None:
    heads = "信息内容 上一年项目数量 本年增/减 处理决定数量"
    text = f"""二、主动公开政府信息情况
第二十条第（五）项
{heads}
行政许可 4 增 2 6
其他对外管理服务事项 0 - 0
第二十条第（六）项
{heads}
行政处罚 4 减 1 6
行政强制 17 - 6
三、收到和处理政府信息公开申请情况"""
    read = texts(solve(*make_layouts(text), name="proactive"))
    changes = {row: read[row, column] for row, column in read if column == "change"}
    assert changes["administrative_licensing"] == "增2"
    assert changes["administrative_penalties"] == "减1"
    assert changes["administrative_coercion"] == "-"


def test_a_unit_that_drifted_before_its_number_is_the_numbers() -> None:
    layout = page(changed={("carried_out", "total"): "件5", ("carried_in", "total"): "2件"})
    assert texts(solve(Layout("columns", layout.words)))["carried_out", "total"] == "5件"


def flattened(separator: str) -> str:
    lines = ["三、收到和处理政府信息公开申请情况"]
    for row in ROWS:
        lines += [LABELS[row], separator.join(str(n) for n in FILLED.get(row, (0,) * 7))]
    return "\n".join([*lines, "四、政府信息公开行政复议、行政诉讼情况"])


@pytest.mark.parametrize("separator", ["\n", " "])
def test_seven_numbers_behind_a_label_are_its_rows(separator: str) -> None:
    read = texts(solve(*make_layouts(flattened(separator))))
    assert read["outcomes_total", "total"] == "35"
    assert len(read) == len(ROWS) * 7


@pytest.mark.parametrize(("parts", "is_read"), [((3, 4, 7), True), ((7,), True), ((3, 4, 6), False)])
def test_rows_that_share_their_lines_are_told_by_turns(parts: Sequence[int], is_read: bool) -> None:
    """Text in columns: the left part of an upper row and of the row below it, then the rest of both."""
    upper, lower = "denied_third_party_rights", "denied_internal_affairs"
    numbers = {**FILLED, upper: (1, 0, 0, 0, 0, 2, 3), lower: (0, 1, 0, 0, 0, 1, 2)}
    numbers["outcomes_total"] = (29, 5, 0, 1, 2, 3, 40)
    numbers["new_requests"] = (32, 5, 0, 1, 2, 3, 43)
    lines = ["三、收到和处理政府信息公开申请情况"]
    for row in ROWS:
        own = [str(n) for n in numbers.get(row, (0,) * 7)]
        lines.append(LABELS[row] + ("  " + "  ".join(own) if row not in (upper, lower) else ""))
        if row == lower:
            for begin, end in itertools.pairwise((0, *parts)):
                for shared in (upper, lower):
                    lines.append(" " * 30 + "  ".join(str(n) for n in numbers[shared][begin:end]))
    text = "\n".join([*lines, "四、政府信息公开行政复议、行政诉讼情况"])
    layouts = [x for x in make_layouts(text) if x.kind == "columns"]
    read = texts(solve(*layouts))
    assert read.get((upper, "total")) == ("3" if is_read else None)
    assert read.get((lower, "commercial_enterprise")) == ("1" if is_read else None)
    assert read["carried_out", "total"] == "5"


@pytest.mark.parametrize("behind", [True, False])
def test_rows_whose_labels_stand_together_share_their_numbers_in_order(behind: bool) -> None:
    """The last three rows of a flattened text: all numbers, then the labels, or the other way round."""
    lines = flattened("\n").splitlines()
    at = lines.index(LABELS["other_misc"])
    tail, end = lines[at:], lines[at:][-1]
    labels = [t for t in tail[:-1] if not t.isdigit()]
    numbers = [t for t in tail[:-1] if t.isdigit()]
    moved = [labels[0], *numbers, *labels[1:]] if behind else [*labels, *numbers]
    read = texts(solve(*make_layouts("\n".join([*lines[:at], *moved, end]))))
    assert [read[row, "total"] for row in ("other_misc", "outcomes_total", "carried_out")] == ["0", "35", "5"]


@pytest.mark.parametrize(("late", "given"), [((1, 0, 0, 0, 0, 0, 1), True), ((0, 1, 0, 0, 0, 0, 1), False)])
def test_a_row_whose_label_stands_with_those_of_the_groups_is_told_by_the_sums(
    late: Sequence[int], given: bool
) -> None:
    """（六）其他处理 behind the whole table, in the form of 2019: its numbers stand behind those of the row before."""
    lines = ["三、收到和处理政府信息公开申请情况"]
    in_form = table("2019", "requests").rows
    numbers = {**FILLED, "other_handling": late, "new_requests": (32, 4, 0, 1, 2, 0, 39)}
    numbers["outcomes_total"] = (29, 4, 0, 1, 2, 0, 36)
    for row in in_form:
        lines += [] if row.id == "other_handling" else [row.path[-1]]
        lines += [str(n) for n in numbers.get(row.id, (0,) * 7)]
    lines += ["（三）不予公开", "（六）其他处理", "（四）无法提供", "四、政府信息公开行政复议、行政诉讼情况"]
    read = texts(solve(*make_layouts("\n".join(lines))))
    assert len({row for row, _ in read}) == len(in_form) - (0 if given else 2)
    assert read.get(("other_handling", "total")) == ("1" if given else None)


def test_a_box_drawn_in_characters_goes_over_two_lines() -> None:
    rule = "+" + "-" * 40 + "+" + "+".join(["----"] * 7) + "+"
    lines = ["三、收到和处理政府信息公开申请情况", rule]
    for row in ROWS:
        label, numbers = LABELS[row], FILLED.get(row, (0,) * 7)
        wide = 40 - sum(2 if c > "\u2000" else 1 for c in label[:10])
        rest = 40 - sum(2 if c > "\u2000" else 1 for c in label[10:20])
        lines.append("|" + label[:10] + " " * wide + "|" + "|".join(f"{n:4d}" for n in numbers) + "|")
        lines.append("|" + label[10:20] + " " * rest + "|" + "|".join(["    "] * 7) + "|")
        lines.append(rule)
    found = make_layouts("\n".join([*lines, "四、政府信息公开行政复议、行政诉讼情况"]))
    read = texts(solve(*(x for x in found if x.kind == "bars")))
    assert read["granted", "natural_person"] == "17"


def test_fifteen_numbers_in_a_line_are_table_four() -> None:
    heads = "行政复议 行政诉讼 未经复议直接起诉 复议后起诉"
    results = "结果维持 结果纠正 其他结果 尚未审结 总计"
    text = "\n".join(
        [
            "四、政府信息公开行政复议、行政诉讼情况",
            heads,
            *[results] * 3,
            "1 0 2 0 3 0 0 0 1 1 4 0 0 0 4",
            "五、存在的主要问题及改进情况",
        ]
    )
    read = texts(solve(*make_layouts(text), name="review"))
    assert read["reconsideration", "total"] == "3"
    assert read["litigation_after_reconsideration", "upheld"] == "4"


def test_table_two_with_heads_of_both_forms_is_not_solved_as_a_whole() -> None:
    """The rows of one form have other columns than those of the other: 15 would be 上一年项目数量."""
    lines = [
        ["二、主动公开政府信息情况"], ["信息内容", "本年新制作数量", "本年新公开数量", "对外公开总数量"],
        ["规章", "2", "1", "12"], ["规范性文件", "4", "3", "31"], ["信息内容", "本年处理决定数量"],
        ["行政处罚", "15"], ["行政强制", "8"], ["信息内容", "采购项目数量", "采购总金额"], ["政府集中采购", "3", "4.5"],
    ]  # fmt: skip
    words = [
        word(text, 50 + 250 * (i > 0) + 100 * i, 15 * n)
        for n, line in enumerate(lines)
        for i, text in enumerate(line)
    ]
    assert solve(Layout("points", tuple(words)), name="proactive") is None


@pytest.mark.parametrize("kind", ["points", "columns"])
def test_rows_that_the_form_lacks_are_read_where_their_numbers_add_up(kind: LayoutKind) -> None:
    subtotal = [word("小计", 60, 50 + 20 * ROWS.index("unavailable_not_held") - 10)]
    subtotal += [word(str(n), 310 + 50 * i, subtotal[0].top) for i, n in enumerate((2, 0, 0, 0, 0, 0, 2))]
    online = [word("其中：网上申请", 60, 60)]
    online += [word(str(n), 310 + 50 * i, 60) for i, n in enumerate((20, 1, 0, 0, 0, 0, 21))]
    read = texts(solve(Layout(kind, page(extra=[*subtotal, *online]).words)))
    assert read["denied_subtotal", "total"] == "2"
    assert read["local_002", "natural_person"] == "20"
    wrong = [word("22" if w.text == "21" else w.text, w.x0, w.top) for w in online]
    assert "local_002" not in {row for row, _ in texts(solve(Layout(kind, page(extra=wrong).words)))}


def boxes(*, changed: Mapping[str, Sequence[str]] | None = None, heads: Sequence[str] = HEADS) -> Layout:
    """Table three as drawn boxes under its heading."""
    words = [word("三、收到和处理政府信息公开申请情况", 0, -20)]
    lines = [("", heads), *((LABELS[r], [str(n) for n in FILLED.get(r, (0,) * 7)]) for r in ROWS)]
    for n, (label, own) in enumerate(lines):
        texts = [label, *((changed or {}).get(label, own))]
        cells = [Cell(n, c, 1, 1, text, Place(block=1, row=n, column=c)) for c, text in enumerate(texts)]
        words += [
            PlacedWord(c.text, 100.0 * i, 20.0 * n, 100.0 * i + 96, 20.0 * n + 16, c, box=True)
            for i, c in enumerate(cells)
        ]
    return Layout("boxes", tuple(words))


def test_heads_that_a_page_moved_past_each_other_give_way_to_the_forms_order() -> None:
    """A page that lost its spans draws 总计 over 科研机构."""
    chosen = solve(
        boxes(heads=["自然人", "总计", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他"])
    )
    assert texts(chosen)["unavailable_not_held", "legal_service_org"] == "2"
    assert texts(chosen)["unavailable_not_held", "total"] == "12"


def test_a_blank_row_of_boxes_beside_numbers_without_a_label_is_no_zero() -> None:
    label = LABELS["carried_in"]
    whole = boxes(changed={label: [""] * 7})
    at = next(w for w in whole.words if w.text == label)
    stray = [replace(w, top=at.top + 18, bottom=at.bottom + 18) for w in boxes().words if w.top == at.top]
    words = [*whole.words, replace(stray[0], text="", cell=replace(stray[0].cell, text="")), *stray[1:]]
    read = texts(solve(replace(whole, words=tuple(words))))
    assert ("granted", "total") in read
    assert ("carried_in", "total") not in read


def test_a_way_that_breaks_a_sum_gives_way_to_one_that_keeps_it() -> None:
    kept = Verdict(2, 0, 1, 0, frozenset({("R1", 0), ("R1", 1)}), frozenset())
    broken = Verdict(1, 1, 1, 0, frozenset({("R1", 0)}), frozenset({("R1", 1)}))
    other = Verdict(1, 1, 1, 0, frozenset({("R1", 1)}), frozenset({("R1", 0)}))
    assert kept.beats(broken)
    assert not broken.beats(kept)
    assert not broken.beats(other), "each breaks a sum that the other keeps: both remain"
    assert not other.beats(broken)


@pytest.mark.parametrize("drift", [0, 2])
def test_blank_boxes_of_a_text_are_placed_where_its_columns_do_not_drift(drift: int) -> None:
    lines = ["三、收到和处理政府信息公开申请情况", " " * 60 + "".join(h.ljust(10) for h in HEADS)]
    for n, row in enumerate(ROWS):
        numbers = FILLED.get(row, (0,) * 7)
        boxes = [str(x) if x or n % 2 else "" for x in numbers]
        lines.append(
            LABELS[row].ljust(60) + " " * (drift if n == 3 else 0) + "".join(b.ljust(10) for b in boxes)
        )
    read = solve(*make_layouts("\n".join([*lines, "四、政府信息公开行政复议、行政诉讼情况"])))
    if drift:
        assert read is None or ("granted", "total") not in read.boxes
    else:
        assert texts(read)["granted", "research_institution"] == ""
        assert texts(read)["new_requests", "commercial_enterprise"] == "4"


@pytest.mark.parametrize(
    ("printed", "is_read"), [("", True), ("12", True), (mark_unread("raised figure"), False)]
)
def test_a_number_of_table_four_that_was_not_read_is_no_blank(printed: str, is_read: bool) -> None:
    results = ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计")
    cases = ("行政复议", "未经复议直接起诉", "复议后起诉")
    words = [word("四、政府信息公开行政复议、行政诉讼情况", 50, 0)]
    for n, case in enumerate(cases):
        words.append(word(case, 60, 30 + 100 * n))
        words += [word(head, 200, 30 + 100 * n + 20 * i) for i, head in enumerate(results)]
    words += [word(printed, 310, 50)] if printed else []
    words.append(word("五、存在的主要问题", 50, 400))
    chosen = solve(Layout("points", tuple(sorted(words, key=lambda w: (w.y, w.x0)))), name="review")
    assert (chosen is not None) is is_read


@pytest.mark.parametrize(("third", "given"), [("0", True), ("？", False)])
def test_blank_boxes_above_the_heads_of_table_four_are_no_values(third: str, given: bool) -> None:
    """Markdown begins a table without heads by a row of blank boxes, and writes spans out."""
    results = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]
    rows = [
        [""] * 15,
        ["---"] * 15,
        ["行政复议", *[""] * 4, "行政诉讼", *[""] * 9],
        [*results, "未经复议直接起诉", *[""] * 4, "复议后起诉", *[""] * 4],
        [*[""] * 5, *results, *results],
        ["1", "0", third, "0", "1", *["2", "0", "0", "0", "2"] * 2],
        *[["备注"] + [""] * 14] * 4,
    ]
    lines = ["四、政府信息公开行政复议、行政诉讼情况", *("|" + "|".join(row) + "|" for row in rows)]
    blocks = read_blocks("\n".join(lines), Limits())
    chosen = solve(lay_out_blocks(blocks), name="review")
    read = {} if chosen is None else texts(chosen)
    assert read.get(("reconsideration", "upheld")) == ("1" if given else None)
    assert given or not read


@pytest.mark.parametrize("step", [700, 720])
def test_rows_that_stand_right_of_the_first_ones_go_on_with_the_table(step: int) -> None:
    """A table in two halves side by side, each with its heads."""
    whole = page()
    cut = 50 + 20 * 14
    words = [w for w in whole.words if w.top < cut or w.top > 800]
    for w in whole.words:
        if cut <= w.top < 800 or w.top == 30:
            up = 0.0 if w.top == 30 else cut - 50.0
            right = step if w.text in LABELS.values() else 700
            words.append(replace(w, x0=w.x0 + right, x1=w.x1 + right, top=w.top - up, bottom=w.bottom - up))
    layout = Layout("points", tuple(sorted(words, key=lambda w: (w.y, w.x0))))
    assert texts(solve(layout)) == texts(solve(whole))


def test_halves_whose_columns_do_not_fit_each_other_are_no_table() -> None:
    whole = page()
    cut = 50 + 20 * 14
    moved = [
        replace(w, x0=700 + 1.2 * w.x0, x1=700 + 1.2 * w.x1, top=w.top - cut + 50, bottom=w.bottom - cut + 50)
        for w in whole.words
        if cut <= w.top < 800
    ]
    words = [*(w for w in whole.words if w.top < cut or w.top > 800), *moved]
    assert solve(Layout("points", tuple(sorted(words, key=lambda w: (w.y, w.x0))))) is None


@pytest.mark.parametrize(("x", "y", "is_read"), [(440, 24, True), (440, 80, False), (440, 38, False)])
def test_a_head_of_table_four_that_was_read_as_a_figure_is_none(x: float, y: float, is_read: bool) -> None:
    """OCR reads 总 and 计 in a narrow box as 4 and 0; a number below the values, or apart from words, may be a value."""
    results = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"] * 3
    words = [word("四、行政复议、行政诉讼情况", 50, 0), word("行政复议", 60, 20)]
    words += [word(text, 20 + 60 * i, 24) for i, text in enumerate(results) if i != 7]
    words += [word(str(i % 5), 30 + 60 * i, 50) for i in range(15)]
    words += [word("4", x, y), word("五、存在的主要问题", 50, 200)]
    chosen = solve(Layout("points", tuple(sorted(words, key=lambda w: (w.y, w.x0)))), name="review")
    assert (chosen is not None and len(chosen.boxes) == 15) is is_read


@pytest.mark.parametrize("count", [15, 14])
def test_heads_whose_numbers_stand_elsewhere_in_another_order_of_the_pages_are_not_blank(count: int) -> None:
    """The heads end a page and the numbers begin the next: laid beside each other nothing stands below the heads."""
    results = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"] * 3
    words = [word("四、行政复议、行政诉讼情况", 50, 0), word("行政复议", 60, 20)]
    words += [word(text, 20 + 60 * i, 24) for i, text in enumerate(results)]
    end = word("五、存在的主要问题", 50, 200)
    numbers = [word("1" if i % 5 in (2, 4) else "0", 30 + 60 * i, 100) for i in range(count)]
    below, beside = Layout("points", (*words, *numbers, end)), Layout("points", (*words, end))
    for order in ((below, beside), (beside, below)):
        chosen = solve(*order, name="review")
        if count == 15:
            read = texts(chosen)
            assert [read["reconsideration", c] for c in ("upheld", "other_result", "total")] == [
                "0",
                "1",
                "1",
            ]
        else:
            assert chosen is None or all(chosen.boxes[slot].cell.text for slot in chosen.boxes)


@pytest.mark.parametrize(("next_page", "is_read"), [(1, True), (2, False), (None, False)])
def test_heads_of_table_four_at_the_end_of_a_page_have_no_blank_row(
    next_page: int | None, is_read: bool
) -> None:
    """Its row may stand on the next page, and nothing of that page was read, or not enough."""
    results = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"] * 3
    words = [word("四、行政复议、行政诉讼情况", 50, 0), word("行政复议", 60, 20)]
    words += [word(text, 20 + 60 * i, 24) for i, text in enumerate(results)]
    if next_page is not None:
        end = word("五、存在的主要问题", 50, 200)
        words.append(replace(end, cell=replace(end.cell, place=replace(end.cell.place, page=next_page))))
    chosen = solve(Layout("points", tuple(words)), name="review")
    assert (chosen is not None) is is_read


def test_a_line_of_many_words_takes_time_by_its_length_alone() -> None:
    """Each word was measured from the beginning of its line: a quarter of a million of letters took minutes."""
    begun = time.process_time()
    layouts = make_layouts("甲  1  " * 40_000)
    assert time.process_time() - begun < 20  # a second, and more under a tracer
    columns = next(one for one in layouts if one.kind == "columns")
    wide = columns.words[1].x1 / 5
    assert [(w.x0 / wide, w.x1 / wide) for w in columns.words[:3]] == [(0, 2), (4, 5), (7, 9)]
    assert columns.words[-1].x1 / wide == 7 * 40_000 - 2


def test_the_first_line_of_a_groups_label_beside_a_row_is_no_row_of_the_bodys_own() -> None:
    from gongkai.normalize.solve.label_runs import row_labels
    from gongkai.normalize.solve.label_zone import find_label_zone

    labels = row_labels("requests", "2021", read_lexicon()["requests"].rows)
    leaves = [word(LABELS[row], 60, 20 * n) for n, row in enumerate(ROWS) if row.startswith("not_processed")]
    group = [word("（五）不", 40, leaves[2].top), word("予处理", 40, leaves[2].top + 10)]
    pieces = sorted([*leaves, *group], key=lambda w: (w.top, w.x0))
    assert find_label_zone(pieces, labels) == (leaves, [])
