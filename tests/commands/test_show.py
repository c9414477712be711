"""One report, or several, in the terminal and as JSON."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from gongkai import normalize, pipeline
from gongkai.model import Finding, Report

ROOT = Path(__file__).parents[2]
CITY = ROOT / "samples" / "2021_city.docx"
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def city() -> Report:
    return pipeline.read_file(CITY, CITY.name, pipeline.DEFAULTS)[0]


@pytest.fixture
def reading(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Lets every file be read as these reports."""

    def given(*reports: Report) -> None:
        monkeypatch.setattr(pipeline, "read_file", lambda path, name, options: reports)

    return given


def row(shown: str, label: str) -> list[str]:
    """The boxes of the first row with this label, without blanks."""
    line = next(x for x in shown.splitlines() if x.strip().startswith(label))
    return [box.strip() for box in line.split("│")[1:]]


def test_a_slot_that_the_form_has_not_is_empty_and_not_missing(gongkai: Run) -> None:
    shown = gongkai("show", CITY)[1]
    boxes = row(shown, "规章")
    assert all(boxes[:3])
    assert boxes[3:] == ["", ""]
    assert "?" not in shown.replace("? not read", "")


def test_a_box_that_was_not_read_is_a_question_mark(
    city: Report, reading: Callable[..., None], gongkai: Run
) -> None:
    lost = ("requests", "granted", "total")
    reading(replace(city, facts=tuple(f for f in city.facts if f.field.address != lost)))
    assert row(gongkai("show", CITY)[1], "（一）予以公开")[-1] == "?"


def test_a_row_that_was_not_read_stands_in_its_place(
    city: Report, reading: Callable[..., None], gongkai: Run
) -> None:
    reading(replace(city, facts=tuple(f for f in city.facts if f.field.row.id != "granted")))
    assert row(gongkai("show", CITY)[1], "（一）予以公开") == ["?"] * 7


def test_a_table_that_was_not_read_is_named(city: Report, reading: Callable[..., None], gongkai: Run) -> None:
    reading(replace(city, facts=tuple(f for f in city.facts if f.field.table != "review")))
    assert "no such table was read" in gongkai("show", CITY)[1]


def test_blanks_failed_sums_findings_and_unread_boxes_are_marked(
    city: Report, reading: Callable[..., None], gongkai: Run
) -> None:
    marked = []
    for fact in city.facts:
        match fact.field.address:
            case ("requests", "granted", "natural_person"):
                fact = replace(fact, blank=True, printed="")
            case ("requests", "granted", "commercial_enterprise"):
                fact = replace(fact, value=None, printed="若干")
        marked.append(fact)
    check = next(c for c in city.checks if (c.rule, c.row) == ("R3", "granted"))
    about = Finding(
        "label-fuzzy", "warning", "near", table="requests", row="granted", column="research_institution"
    )
    only = replace(check, outcome="fail", facts=(("requests", "granted", "total"),))
    reading(replace(city, facts=tuple(marked), checks=(only,), findings=(about,)))
    code, shown, _ = gongkai("show", CITY)
    boxes = row(shown, "（一）予以公开")
    assert code == 0  # a warning is no error
    assert boxes[0] == "·"
    assert boxes[1] == "unread 若干"
    assert boxes[2].endswith("*")
    assert boxes[-1].endswith("!")
    assert "fails   R3 requests.granted" in shown


@pytest.mark.parametrize("width", [60, 80, 120])
def test_a_narrow_terminal_loses_no_column(width: int, gongkai: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gongkai.commands.show.WIDTH", width)
    shown = gongkai("show", ROOT / "samples" / "2021_sums_fail.docx")[1]
    granted = next(x for x in shown.splitlines() if x.rstrip().endswith("6!"))
    assert granted.replace("│", " ").split()[1:] == ["0", "1", "3", "1", "1", "0", "6!"]


def test_a_running_total_that_a_list_does_not_have_is_not_missing(
    city: Report, reading: Callable[..., None], gongkai: Run
) -> None:
    form = next(t for t in normalize.templates() if t.id == "2014")
    fields = [f for f in form.tables[0].fields if f.column.id == "value"]
    facts = tuple(replace(city.facts[0], field=field) for field in fields)
    reading(replace(city, template="2014", facts=facts, checks=()))
    assert "历年累计" not in gongkai("show", CITY)[1]
    other = next(f for f in form.tables[0].fields if f.column.id == "cumulative")
    reading(replace(city, template="2014", facts=(*facts, replace(facts[0], field=other)), checks=()))
    assert "历年累计" in gongkai("show", CITY)[1]


def test_an_error_is_exit_code_one(city: Report, reading: Callable[..., None], gongkai: Run) -> None:
    reading(replace(city, findings=(Finding("number-unreadable", "error", "若干"),)))
    assert gongkai("show", CITY)[0] == 1
    assert gongkai("show", CITY, "--json")[0] == 1


def test_several_reports_are_all_shown(city: Report, reading: Callable[..., None], gongkai: Run) -> None:
    reading(city, replace(city, org="清溪镇人民政府"))
    shown = gongkai("show", CITY)[1]
    assert "临江市人民政府" in shown
    assert "清溪镇人民政府" in shown
    assert [r["org"] for r in json.loads(gongkai("show", CITY, "--json")[1])] == [
        "临江市人民政府",
        "清溪镇人民政府",
    ]


def test_an_error_in_the_last_of_several_is_exit_code_one(
    city: Report, reading: Callable[..., None], gongkai: Run
) -> None:
    reading(city, replace(city, findings=(Finding("no-template", "error", "none"),)))
    assert gongkai("show", CITY)[0] == 1


def test_json_holds_where_every_value_comes_from(gongkai: Run) -> None:
    report = json.loads(gongkai("show", CITY, "--json")[1])
    fact = next(f for f in report["facts"] if (f["row"], f["column"]) == ("granted", "total"))
    assert fact["value"] == fact["printed"]  # decimal text, not a float
    assert fact["row_label"] == "三、本年度办理结果 / （一）予以公开"
    assert (fact["row_rule"], fact["row_score"], fact["template"]) == ("exact", 100.0, "2021")
    assert fact["cell_row"] >= 1
    assert {s["section"] for s in report["sections"]} >= {"overview", "problems"}
    assert report["checks"][0]["outcome"] == "pass"


def test_json_is_the_same_every_time(gongkai: Run) -> None:
    assert gongkai("show", CITY, "--json") == gongkai("show", CITY, "--json")


def test_a_title_gives_no_orders_to_the_terminal(
    city: Report, reading: Callable[..., None], gongkai: Run
) -> None:
    reading(replace(city, title="a\x1b[2Jb\x9b1m", findings=(Finding("x", "note", "c\x1b]0;d\x07"),)))
    shown = gongkai("show", CITY)[1]
    assert "\x1b" not in shown
    assert "\x9b" not in shown
    assert "a\ufffd[2Jb" in shown


def test_json_for_programs_loads_no_library_for_people() -> None:
    code = (
        "import sys, commands; code = commands.main(['show', sys.argv[1], '--json']); "
        "heavy = {'rich', 'pandas', 'pyarrow', 'PIL'} & set(sys.modules); "
        "sys.exit(f'imported: {heavy}' if heavy else code)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(CITY)], cwd=ROOT, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()


def test_what_is_shown_is_utf_8_whatever_the_system_writes() -> None:
    code = "import sys, commands; sys.exit(commands.main(['show', sys.argv[1]]))"
    done = subprocess.run(
        [sys.executable, "-X", "utf8=0", "-c", code, str(CITY)],
        cwd=ROOT,
        env=os.environ | {"PYTHONIOENCODING": "cp1252"},
        capture_output=True,
        check=True,
    )
    assert "临江市人民政府" in done.stdout.decode("utf-8")


def test_a_row_takes_two_lines_at_most_where_the_terminal_is_narrow(
    gongkai: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gongkai.commands.show.WIDTH", 80)
    lines = gongkai("show", CITY)[1].splitlines()
    first = next(n for n, line in enumerate(lines) if line.startswith("一、本年新收"))
    last = next(n for n, line in enumerate(lines) if line.startswith("四、结转下年度"))
    rows = [line for line in lines[first : last + 1] if line.split()[-1].isdigit()]
    assert len(rows) == 25
    assert all(len(line.split()) == 8 for line in rows)
    assert last - first < 2 * len(rows)
    breaks = [
        a.split()[-1].isdigit() or b.split()[-1].isdigit()
        for a, b in zip(lines[first:last], lines[first + 1 :], strict=False)
    ]
    assert all(breaks)


@pytest.mark.parametrize(("language", "level"), [("en", "county"), ("zh", "县级")])
def test_the_level_of_a_division_is_said_in_the_readers_language(
    gongkai: Run, language: str, level: str
) -> None:
    shown = gongkai("show", CITY, "--lang", language)[1]
    assert f"{level} 220681 吉林省/白山市/临江市" in shown
