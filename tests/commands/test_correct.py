"""Corrections and confirmations: made, the run repeated, replayed."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from gongkai.correct import read as read_corrections
from gongkai.correct.review_mark import marks_file
from gongkai.model import CORRECTIONS, REVIEW_MARKS, ReviewMark

SAMPLES = Path(__file__).parents[2] / "samples"
Run = Callable[..., tuple[int, str, str]]
GRANTED = "requests.granted.total"


def lines(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def fact(folder: Path, field: str = GRANTED) -> dict[str, str]:
    return next(f for f in lines(folder, "facts") if ".".join((f["table"], f["row"], f["column"])) == field)


def codes(folder: Path) -> list[str]:
    return [f["code"] for f in lines(folder, "findings")]


@pytest.fixture
def inputs(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    shutil.copy(SAMPLES / "2021_sums_fail.docx", folder / "a.docx")
    return folder


@pytest.fixture
def again(gongkai: Run, inputs: Path, tmp_path: Path) -> Callable[..., tuple[int, str, str]]:
    """The run into the same folder, once more."""
    return lambda *more: gongkai("run", inputs, "--to", tmp_path / "out", "--workers", 1, *more)


@pytest.fixture
def out(again: Run, tmp_path: Path) -> Path:
    again()
    return tmp_path / "out"


def test_a_correction_is_replayed_by_every_later_run(gongkai: Run, again: Run, out: Path) -> None:
    code, _, err = gongkai("correct", out, GRANTED, "5", "--by", "王", "--why", "第4页印作5")
    assert (code, err.count("\n")) == (0, 1)
    assert f"{GRANTED}: 6 → 5" in err
    corrections = lines(out, "corrections")
    assert [
        (c["field"], c["verdict"], c["printed"], c["old"], c["new"], c["who"], c["why"]) for c in corrections
    ] == [(GRANTED, "corrected", "6", "6", "5", "王", "第4页印作5")]
    for _ in range(2):
        code, _, err = again()
        assert "corrections: 1 applied, 0 confirmed as printed, 0 no longer needed, 0 not applied\n" in err
        f = fact(out)
        assert (f["value"], f["printed"], f["origin"], f["confidence"]) == ("5", "6", "corrected", "1")
        assert lines(out, "corrections") == corrections
        assert codes(out).count("correction-applied") == 1
    # The checks hold what was read: this one does as read, and a finding tells that it would not.
    r3 = next(c for c in lines(out, "checks") if (c["rule"], c["row"]) == ("R3", "granted"))
    assert (r3["left"], r3["outcome"]) == ("6", "pass")
    assert codes(out).count("sum-with-corrections") == 2


def test_a_second_correction_wins_and_a_confirmation_takes_it_back(
    gongkai: Run, again: Run, out: Path
) -> None:
    gongkai("correct", out, GRANTED, "5", "--by", "王")
    gongkai("correct", out, GRANTED, "7", "--by", "李")
    again()
    assert fact(out)["value"] == "7"
    # The value is now the corrected one; what is confirmed is what was read.
    assert gongkai("confirm", out, GRANTED, "--by", "赵")[0] == 0
    again()
    assert (fact(out)["value"], fact(out)["origin"]) == ("6", "printed")
    assert [(c["verdict"], c["old"], c["new"]) for c in lines(out, "corrections")] == [
        ("corrected", "6", "5"),
        ("corrected", "6", "7"),
        ("as_printed", "6", "6"),
    ]


def test_a_changed_file_is_not_corrected_and_says_so(
    gongkai: Run, again: Run, out: Path, inputs: Path
) -> None:
    gongkai("correct", out, GRANTED, "5", "--by", "王")
    shutil.copy(SAMPLES / "2021_city.docx", inputs / "a.docx")
    _, _, err = again()
    assert "0 applied, 0 confirmed as printed, 0 no longer needed, 1 not applied" in err
    assert fact(out)["origin"] == "printed"
    assert "correction-outdated" in codes(out)


def test_a_missing_document_is_reported_and_its_correction_stays(
    gongkai: Run, again: Run, out: Path, inputs: Path
) -> None:
    gongkai("correct", out, GRANTED, "5", "--by", "王")
    (inputs / "a.docx").unlink()
    shutil.copy(SAMPLES / "2021_city.docx", inputs / "b.docx")
    _, _, err = again()
    assert "1 documents with corrections are not among the inputs: a.docx (" in err
    assert len(lines(out, "corrections")) == 1


def test_a_file_of_corrections_elsewhere_is_replayed(
    gongkai: Run, again: Run, out: Path, tmp_path: Path
) -> None:
    other = tmp_path / "mine.csv"
    gongkai("correct", out, GRANTED, "5", "--by", "王", "--corrections", other)
    assert not (out / "corrections.csv").exists()
    again("--corrections", other)
    assert fact(out)["value"] == "5"
    result = gongkai("explain", SAMPLES / "2021_sums_fail.docx", GRANTED, "--corrections", other)[1]
    assert "value   5   printed “6”" in result and "origin  corrected" in result


def test_the_lines_of_a_page_are_taken(gongkai: Run, again: Run, out: Path, tmp_path: Path) -> None:
    gongkai("correct", out, GRANTED, "5", "--by", "王", "--corrections", tmp_path / "page.csv")
    code, _, err = gongkai("correct", out, "--from", tmp_path / "page.csv")
    assert (code, "1 lines more" in err) == (0, True)
    again()
    assert fact(out)["value"] == "5"


def test_a_bad_line_stops_the_run_before_it_begins_and_nothing_is_lost(
    gongkai: Run, again: Run, out: Path
) -> None:
    gongkai("correct", out, GRANTED, "5", "--by", "王")
    with (out / "corrections.csv").open("a", encoding="utf-8") as file:
        file.write("half a li")
    held, facts = (out / "corrections.csv").read_bytes(), (out / "facts.csv").read_bytes()
    code, _, err = again()
    assert (code, err.count("\n")) == (2, 1)
    assert "corrections.csv: line 3: 1 cells, 11 are due" in err
    code, _, err = gongkai("correct", out, GRANTED, "8", "--by", "王")
    assert (code, err.count("\n"), "line 3" in err) == (2, 1, True)
    assert (out / "corrections.csv").read_bytes() == held
    assert (out / "facts.csv").read_bytes() == facts


def test_a_line_that_gives_a_box_what_it_cannot_hold_is_named(
    gongkai: Run, again: Run, out: Path, tmp_path: Path
) -> None:
    gongkai("correct", out, GRANTED, "5", "--by", "王", "--corrections", tmp_path / "page.csv")
    text = (tmp_path / "page.csv").read_text("utf-8-sig").replace(",5,", ",-5,")
    (tmp_path / "page.csv").write_text(text, "utf-8-sig")
    for arguments in (
        ("correct", out, "--from", tmp_path / "page.csv"),
        ("run", tmp_path / "in", "--to", out, "--corrections", tmp_path / "page.csv"),
    ):
        code, _, err = gongkai(*arguments)
        assert (code, err.count("\n")) == (2, 1), err
        assert f"page.csv: line 2: {GRANTED}: -5 is negative" in err
    assert not (out / "corrections.csv").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((GRANTED, "many", "--by", "王"), "'many' is no number"),
        (("--by", "王", "--", GRANTED, "-3"), f"{GRANTED}: -3 is negative"),
        ((GRANTED, "2.5", "--by", "王"), "is no whole number, and 件 has no fractions"),
        ((GRANTED, "1234567890123456", "--by", "王"), "has more than 15 digits"),
        ((GRANTED, "6", "--by", "王"), "is read as 6 already; `gongkai confirm` records"),
        ((GRANTED, "5", "--by", " "), "--by wants a name"),
        ((GRANTED, "5"), "name FIELD, VALUE (or --as-printed) and --by"),
        (("requests.granted.totl", "5", "--by", "王"), f"near it: {GRANTED}"),
        (("statistics.local.value", "5", "--by", "王"), "there is no field"),
        ((GRANTED, "5", "--by", "王", "--file", "no.docx"), "there is no report no.docx"),
        ((GRANTED, "5", "--by", "王", "--file", "A.DOC"), "near it: a.docx"),
        ((GRANTED, "5", "--by", "王", "--report", "f" * 16), "there is no report ffff"),
        (("--from", "no.csv"), "No such file"),
    ],
)
def test_what_is_not_clear_is_refused_in_one_line(
    gongkai: Run, out: Path, arguments: tuple[str, ...], words: str
) -> None:
    code, _, err = gongkai("correct", out, *arguments)
    assert (code, err.count("\n"), words in err) == (2, 1, True), err
    assert not (out / "corrections.csv").exists()


def test_one_of_several_reports_is_named(gongkai: Run, again: Run, out: Path, inputs: Path) -> None:
    shutil.copy(SAMPLES / "2021_city.docx", inputs / "b.docx")
    again()
    code, _, err = gongkai("correct", out, GRANTED, "9", "--by", "王")
    assert (code, "is 2 reports; name one with --report: " in err) == (2, True)
    id = next(r["report_id"] for r in lines(out, "reports") if r["source_file"] == "b.docx")
    assert gongkai("correct", out, GRANTED, "9", "--by", "王", "--report", id)[0] == 0
    assert gongkai("confirm", out, GRANTED, "--by", "王", "--file", "a.docx")[0] == 0
    again()
    assert [(f["source_file"], f["value"]) for f in lines(out, "facts") if f["origin"] == "corrected"] == [
        ("b.docx", "9")
    ]


def test_a_folder_that_is_no_dataset_is_refused_in_one_line(gongkai: Run, tmp_path: Path) -> None:
    code, _, err = gongkai("confirm", tmp_path, GRANTED, "--by", "王")
    assert (code, err.count("\n"), "is no dataset" in err) == (2, 1, True)


def test_a_box_that_nobody_read_is_where_a_person_pointed(gongkai: Run, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    shutil.copy(SAMPLES / "2019_box_lost.docx", tmp_path / "in")
    out, field = tmp_path / "out", "proactive.administrative_fees.change"
    gongkai("run", tmp_path / "in", "--to", out)
    gongkai("correct", out, field, "3", "--by", "王")
    (said,) = read_corrections(out / CORRECTIONS)
    mark = ReviewMark(
        *(said.sha256, 1, said.source_file, "place", field, "", 2, (90.0, 80.0, 100.0, 95.5), "王", said.when)
    )
    marks_file(out / REVIEW_MARKS).append([mark])
    gongkai("run", tmp_path / "in", "--to", out)
    where = [fact(out, field)[name] for name in ("value", "page", "x0", "top", "x1", "bottom")]
    assert where == ["3", "2", "90", "80", "100", "95.5"]
    # what is taken back in the review has no place either
    marks_file(out / REVIEW_MARKS).append([replace(mark, mark="undone", field="", note=said.when, box=None)])
    gongkai("run", tmp_path / "in", "--to", out)
    assert (fact(out, field)["value"], fact(out, field)["x0"]) == ("3", "")


def report_line(folder: Path) -> dict[str, str]:
    (line,) = lines(folder, "reports")
    return line


def test_whose_report_it_is_can_be_corrected(gongkai: Run, again: Run, out: Path) -> None:
    for field, value in (
        ("org", "绩溪县发改委"),
        ("year", "2019"),
        ("title", "绩溪县发改委2019年政府信息公开工作年度报告"),
        ("published", "2020-01-31"),
    ):
        code, _, err = gongkai(
            "correct", out, field, value, "--file", "a.docx", "--by", "王", "--why", "封面"
        )
        assert (code, err.count("\n")) == (0, 1)
        assert f" → {value}   (" in err
    for _ in range(2):
        _, _, err = again()
        assert "corrections: 4 applied" in err
        line = report_line(out)
        assert (line["org"], line["year"], line["published"]) == ("绩溪县发改委", "2019", "2020-01-31")
        assert line["title"] == "绩溪县发改委2019年政府信息公开工作年度报告"
        assert (line["body_id"], line["division_code"]) == ("341824/发展和改革委员会", "341824")
        assert (line["org_confidence"], line["org_evidence"]) == ("1", "correction: 王")
        assert (fact(out)["org"], fact(out)["year"], fact(out)["body_id"]) == (
            "绩溪县发改委",
            "2019",
            "341824/发展和改革委员会",
        )
    assert gongkai("confirm", out, "year", "--by", "李")[0] == 0  # what was read, not what was corrected
    again()
    assert (report_line(out)["org"], report_line(out)["year"] != "2019") == ("绩溪县发改委", True)


def test_a_person_says_which_place_and_which_body(gongkai: Run, again: Run, out: Path) -> None:
    gongkai("correct", out, "org", "运漕镇人民政府", "--by", "王")
    again()
    assert report_line(out)["body_id"] == ""
    gongkai("correct", out, "division_code", "340522101", "--by", "王", "--why", "网站是含山县的")
    again()
    line = report_line(out)
    assert (line["body_id"], line["division_code"], line["level"]) == (
        "340522101/人民政府",
        "340522101",
        "township",
    )
    gongkai("correct", out, "body_id", "hs-017", "--by", "王")
    again()
    assert (report_line(out)["body_id"], fact(out)["body_id"]) == ("hs-017", "hs-017")
    gongkai("correct", out, "org", "blank", "--by", "王")
    again()
    assert (report_line(out)["org"], fact(out)["org"]) == ("", "")


def test_a_person_says_which_form_it_is(gongkai: Run, again: Run, out: Path) -> None:
    before = lines(out, "facts")
    other = {"2019": "2021", "2021": "2019"}[report_line(out)["template"]]
    assert gongkai("correct", out, "template", other, "--by", "王")[0] == 0
    again()
    after = lines(out, "facts")
    assert report_line(out)["template"] == other
    assert [(f["table"], f["row"], f["column"], f["value"]) for f in after] == [
        (f["table"], f["row"], f["column"], f["value"]) for f in before
    ]
    assert fact(out)["template"] == other  # and a row that the other form has not keeps its own
    assert {c["outcome"] for c in lines(out, "checks") if c["table"] == "requests"} <= {"pass", "fail"}
    gongkai("correct", out, "template", "blank", "--by", "王")
    again()
    assert report_line(out)["template"] == ""


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("year", "去年", "is not written like 2023"),
        ("published", "2020/1/31", "is not written like 2024-01-31"),
        ("division_code", "999999", "there is no division 999999"),
        ("template", "2020", "there is no form 2020"),
        ("template", "new", "is not written like 2021"),
        ("body_id", "a b", "is not written like"),
        ("organ", "某局", "there is no field organ"),
    ],
)
def test_a_text_that_cannot_be_is_refused(gongkai: Run, out: Path, field: str, value: str, said: str) -> None:
    code, _, err = gongkai("correct", out, field, value, "--by", "王")
    assert (code, said in err) == (2, True), err
    assert not (out / "corrections.csv").exists()


def test_a_box_that_was_never_read_can_be_filled_in(gongkai: Run, tmp_path: Path) -> None:
    missing = "requests.denied_state_secret.natural_person"  # this sample has lost the labels of its rows
    out = tmp_path / "out"
    run = ("run", SAMPLES / "2021_labels_gone.docx", "--to", out, "--workers", 1)
    gongkai(*run)
    count = len(lines(out, "facts"))
    code, _, err = gongkai("correct", out, missing, "0.5", "--by", "王")
    assert (code, "is no whole number" in err) == (2, True), err
    code, _, err = gongkai("confirm", out, missing, "--by", "王")
    assert (code, "none to confirm" in err) == (2, True)
    code, _, err = gongkai("correct", out, missing, "3", "--by", "王", "--why", "第2页")
    assert (code, "unread → 3" in err) == (0, True)
    for _ in range(2):
        gongkai(*run)
        f = fact(out, missing)
        assert (f["value"], f["blank"], f["printed"], f["origin"], f["row_rule"], f["page"]) == (
            "3",
            "false",
            "",
            "corrected",
            "person",
            "",
        )
        assert len(lines(out, "facts")) == count + 1
        assert codes(out).count("correction-applied") == 1
    code, _, err = gongkai("correct", out, "statistics.nothing.total", "3", "--by", "王")
    assert (code, "there is no field" in err) == (2, True)
    assert gongkai("review", out, "--to", tmp_path / "pages")[0] == 0
    code, _, err = gongkai("confirm", out, missing, "--by", "王")  # takes the word back
    gongkai(*run)
    assert len(lines(out, "facts")) == count


@pytest.mark.parametrize(("field", "wrong", "read"), [(GRANTED, "5", "6"), ("year", "2019", "2021")])
def test_a_slip_can_be_taken_back_before_the_next_run(
    gongkai: Run, again: Run, out: Path, field: str, wrong: str, read: str
) -> None:
    assert gongkai("correct", out, field, read, "--by", "王")[0] == 2
    assert gongkai("correct", out, field, wrong, "--by", "王")[0] == 0
    assert gongkai("correct", out, field, read, "--by", "王")[0] == 0
    again()
    assert fact(out)["value"] == "6" and lines(out, "reports")[0]["year"] == "2021"
    assert codes(out).count("correction-superfluous") == 1


def test_a_name_of_a_field_spelled_wrong_is_answered_with_those_near_it(gongkai: Run, out: Path) -> None:
    code, _, err = gongkai("correct", out, "body-id", "x", "--by", "王")
    assert code == 2 and "near it: body_id" in err


def test_nothing_can_be_confirmed_and_is_called_so(gongkai: Run, tmp_path: Path) -> None:
    source = tmp_path / "a.txt"
    source.write_text(
        "青石县水利局2012年政府信息公开工作年度报告\n一、概述\n公开9条。\n二、主动公开情况\n9条。", "utf-8"
    )
    run = ("run", source, "--to", tmp_path / "out", "--workers", 1)
    gongkai(*run)
    assert (
        "published: nothing is as printed"
        in gongkai("confirm", tmp_path / "out", "published", "--file", "a.txt", "--by", "王")[2]
    )
    gongkai(*run)
    said = [f["message"] for f in lines(tmp_path / "out", "findings") if f["code"] == "confirmed-as-printed"]
    assert said[0].startswith("published: nothing is what the page says")
