"""Which of several reports of one body and year counts, and what a person may decide about it."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from builders.dataset_folder import folder, report
from gongkai.model import Report
from gongkai.panel import BadDecision, Panel, PanelOptions, build, save
from gongkai.panel.choose import COLUMNS
from gongkai.panel.save import write_list

BODY = "341824/财政局"
#: figures whose sums hold in the column total
GOOD = {"new_requests": 10, "granted": 9, "outcomes_total": 9, "carried_out": 1}


def good(**more: Any) -> Report:
    """A report whose sums hold, in every column."""
    values = {f"{row}.natural_person": n for row, n in GOOD.items()} | GOOD
    return report(BODY, 2023, "2021", {**values, **more.pop("values", {})}, **more)


def lines(panel: Panel) -> dict[str, dict[str, Any]]:
    return {line["source_file"]: line for line in panel.choice.lines}


def test_two_formats_of_one_report_are_one_line(tmp_path: Path) -> None:
    panel = build(folder(tmp_path / "out", [good(file="a.html", format="html"), good(file="b.docx")]))
    found = lines(panel)
    assert list(panel.texts["source_file"]) == ["b.docx"]
    assert (found["b.docx"]["decided_by"], found["a.html"]["kind"], found["a.html"]["open"]) == (
        "format",
        "agree",
        0,
    )


def test_a_sum_that_fails_loses_against_one_that_holds_though_it_is_later(tmp_path: Path) -> None:
    first = good(file="first.docx", published="2024-01-26")
    amended = good(file="amended.docx", published="2024-03-02", values={"new_requests.natural_person": 12})
    panel = build(folder(tmp_path / "out", [first, amended]))
    found = lines(panel)
    assert list(panel.texts["source_file"]) == ["first.docx"]
    assert found["first.docx"]["decided_by"] == "sums"
    assert [found["amended.docx"][k] for k in ("kind", "later_lost", "open")] == ["amended", 1, 1]
    assert found["amended.docx"]["diffs"] == "rq_new_natural: 10≠12"
    assert panel.numbers["choice_open"].tolist() == [1.0]


def test_large_numbers_that_differ_in_the_last_digit_are_listed_whole(tmp_path: Path) -> None:
    values = {"carried_in": 1_994_761}
    first = good(file="a.docx", values=values)
    second = good(file="b.docx", values=values | {"carried_in": 1_994_762})
    panel = build(folder(tmp_path / "out", [first, second]))
    (diffs,) = [line["diffs"] for line in panel.choice.lines if line["diffs"]]
    assert diffs == "rq_carried_in_total: 1994761≠1994762"


def test_reports_that_say_something_else_are_a_conflict_and_stay_open(tmp_path: Path) -> None:
    values = {f"{row}.natural_person": n * 3 for row, n in GOOD.items()} | {r: n * 3 for r, n in GOOD.items()}
    panel = build(
        folder(
            tmp_path / "out",
            [
                good(file="a.docx", published="2024-01-30"),
                good(file="b.docx", published="2024-02-01", values=values),
            ],
        )
    )
    assert list(panel.texts["source_file"]) == ["b.docx"]
    assert [lines(panel)["a.docx"][k] for k in ("kind", "decided_by", "open")] == ["conflict", "published", 1]


def test_a_report_with_unread_boxes_loses_and_is_less_full(tmp_path: Path) -> None:
    scan = good(
        file="scan.pdf",
        format="pdf",
        values={"granted.other": None, "granted.research_institution": None},
        status="partial",
    )
    panel = build(folder(tmp_path / "out", [scan, good(file="text.pdf", format="pdf")]))
    assert [lines(panel)["scan.pdf"][k] for k in ("kept", "kind", "decided_by")] == [0, "fuller", "status"]


def test_equal_bytes_are_copies(tmp_path: Path) -> None:
    same = [good(file=name, sha256="a" * 64) for name in ("x/a.docx", "y/a.docx")]
    panel = build(folder(tmp_path / "out", same))
    assert [line["kind"] for line in panel.choice.lines] == ["kept", "copy"]
    assert panel.choice.lines[0]["decided_by"] == "only-bytes"


def test_no_line_is_put_together_from_two_reports(tmp_path: Path) -> None:
    first = good(file="a.docx", left_out=["granted"])
    panel = build(folder(tmp_path / "out", [first, good(file="b.docx", values={"carried_in": 7})]))
    (row,) = [i for i, file in enumerate(panel.texts["source_file"])]
    expected = {"a.docx": (0.0, True), "b.docx": (7.0, False)}[panel.texts["source_file"][row]]
    missing = bool(panel.codes["rq_granted_total"][row])
    assert (panel.numbers["rq_carried_in_total"][row], missing) == expected


@pytest.fixture
def disputed(tmp_path: Path) -> Path:
    """A dataset in which two reports of one body and year differ."""
    reports = [
        good(file="a.docx", published="2024-01-30"),
        good(file="b.docx", published="2024-02-01", values={"carried_in": 7}),
    ]
    return folder(tmp_path / "out", reports)


def decide(panel: Panel, path: Path, **of: dict[str, str]) -> Path:
    """The list of duplicates as a person gives it back: what `of` says of each file."""
    given = [{**line, **of.get(line["source_file"].removesuffix(".docx"), {})} for line in panel.choice.lines]
    write_list(path, COLUMNS, given)
    return path


def test_a_person_decides(disputed: Path, tmp_path: Path) -> None:
    before = build(disputed)
    assert list(before.texts["source_file"]) == ["a.docx"]  # the sums of the other fail
    path = decide(before, tmp_path / "d.csv", b={"keep": "yes", "by": "王"})
    panel = build(disputed, PanelOptions(decisions=path))
    assert list(panel.texts["source_file"]) == ["b.docx"] and panel.numbers["choice_open"].tolist() == [0.0]
    assert {line["decided_by"] for line in panel.choice.lines} == {"person"}


def test_a_person_decides_in_chinese_in_a_list_that_excel_saved(tmp_path: Path) -> None:
    """GBK, and a title with characters that some take for the end of a line."""
    made = [
        replace(good(file=f"{name}.docx", values={"carried_in": n}), title="第一行\u2028第二行\n第三行")
        for name, n in (("a", 0), ("b", 7))
    ]
    out = folder(tmp_path / "out", made)
    path = decide(build(out), tmp_path / "d.csv", b={"keep": "是", "by": "王"})
    path.write_bytes(path.read_text("utf-8-sig").encode("gb18030"))
    assert list(build(out, PanelOptions(decisions=path)).texts["source_file"]) == ["b.docx"]


def test_a_person_says_that_none_counts(disputed: Path, tmp_path: Path) -> None:
    path = decide(build(disputed), tmp_path / "d.csv", a={"keep": "none", "by": "王"})
    panel = build(disputed, PanelOptions(decisions=path))
    assert (len(panel), panel.choice.dropped) == (0, 2)


def test_a_person_gives_a_report_to_another_year(disputed: Path, tmp_path: Path) -> None:
    path = decide(build(disputed), tmp_path / "d.csv", b={"newyear": "2022", "by": "王"})
    panel = build(disputed, PanelOptions(decisions=path))
    assert list(zip(panel.texts["source_file"], panel.numbers["year"], strict=True)) == [
        ("b.docx", 2022.0),
        ("a.docx", 2023.0),
    ]


def test_a_decision_about_other_bytes_is_stale_and_not_applied(disputed: Path, tmp_path: Path) -> None:
    path = decide(build(disputed), tmp_path / "d.csv", b={"keep": "yes", "by": "王", "sha256": "0" * 64})
    panel = build(disputed, PanelOptions(decisions=path))
    assert list(panel.texts["source_file"]) == ["a.docx"] and len(panel.choice.stale) == 1


@pytest.mark.parametrize(
    ("of", "message"),
    [
        ({"keep": "maybe", "by": "王"}, "line 3: keep is 'maybe'"),
        ({"keep": "yes"}, "line 3: a decision needs a name"),
        ({"newyear": "22", "by": "王"}, "line 3: newyear is '22'"),
    ],
)
def test_a_decision_that_cannot_be_taken_is_one_line(
    disputed: Path, tmp_path: Path, of: dict[str, str], message: str
) -> None:
    path = decide(build(disputed), tmp_path / "d.csv", b=of)
    with pytest.raises(BadDecision, match=message):
        build(disputed, PanelOptions(decisions=path))


def test_two_reports_cannot_both_count(disputed: Path, tmp_path: Path) -> None:
    yes = {"keep": "yes", "by": "王"}
    path = decide(build(disputed), tmp_path / "d.csv", a=yes, b=yes)
    with pytest.raises(BadDecision, match="keep = yes twice"):
        build(disputed, PanelOptions(decisions=path))


def test_a_cut_line_is_refused(disputed: Path, tmp_path: Path) -> None:
    path = decide(build(disputed), tmp_path / "d.csv", b={"keep": "yes", "by": "王"})
    rows = list(csv.reader(path.read_text("utf-8-sig").splitlines()))
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        csv.writer(file).writerows([rows[0], rows[1], rows[2][:5]])
    with pytest.raises(BadDecision, match="line 3: 5 columns"):
        build(disputed, PanelOptions(decisions=path))


def test_every_order_of_the_files_chooses_the_same(tmp_path: Path) -> None:
    reports = [good(file=f"{n}.docx", published="2024-01-30") for n in "abc"]
    panels = [build(folder(tmp_path / f"{i}", order)) for i, order in enumerate((reports, reports[::-1]))]
    assert [list(p.texts["source_file"]) for p in panels] == [["a.docx"], ["a.docx"]]


def test_decisions_are_in_the_list_that_the_next_panel_writes(disputed: Path, tmp_path: Path) -> None:
    decided = decide(build(disputed), tmp_path / "d.csv", a={"newyear": "2022", "by": "李"})
    again = tmp_path / "again.csv"
    write_list(again, COLUMNS, build(disputed, PanelOptions(decisions=decided)).choice.lines)
    panel = build(disputed, PanelOptions(decisions=again))
    assert sorted(panel.numbers["year"].tolist()) == [2022, 2023]


def test_a_stale_decision_stays_in_the_list(disputed: Path, tmp_path: Path) -> None:
    path = decide(build(disputed), tmp_path / "d.csv", a={"keep": "yes", "by": "李", "sha256": "0" * 64})
    panel = build(disputed, PanelOptions(decisions=path))
    assert [line["by"] for line in panel.choice.lines if line["kind"] == "stale"] == ["李"]


def test_a_report_that_came_after_the_decision_opens_the_choice_again(disputed: Path, tmp_path: Path) -> None:
    panel = build(disputed)
    kept = next(line["source_file"] for line in panel.choice.lines if line["kept"])
    path = decide(panel, tmp_path / "d.csv", **{kept.removesuffix(".docx"): {"keep": "yes", "by": "李"}})
    assert build(disputed, PanelOptions(decisions=path)).numbers["choice_open"].tolist() == [0.0]
    rows = path.read_text("utf-8-sig").splitlines()
    path.write_text("\n".join(row for row in rows if kept in row or row.startswith("body_id")), "utf-8")
    panel = build(disputed, PanelOptions(decisions=path))
    assert panel.numbers["choice_open"].tolist() == [1.0]


def test_a_list_with_decisions_is_not_written_over(disputed: Path, tmp_path: Path) -> None:
    save(build(disputed), [(tmp_path / "p.csv", "csv")])
    listed = tmp_path / "panel_duplicates.csv"
    decide(build(disputed), listed, a={"keep": "yes", "by": "李"})
    with pytest.raises(FileExistsError, match="decision of 李; give it with --duplicates"):
        save(build(disputed), [(tmp_path / "p.csv", "csv")])
    save(build(disputed, PanelOptions(decisions=listed)), [(tmp_path / "p.csv", "csv")])
    assert "李" in listed.read_text("utf-8-sig")
