"""Every sample held against its truth: none wrong, none missed but what a careful reader may doubt."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from gongkai import pipeline
from gongkai.extract import can_read_pictures
from gongkai.model import Address, Grid, Place, Report
from gongkai.normalize.form.template import table

ROOT = Path(__file__).parents[1]
SAMPLES = ROOT / "samples"
TRUTHS = {p.name.removesuffix(".truth.json"): p for p in sorted(SAMPLES.glob("*.truth.json"))}
Box = tuple[Decimal, bool]
#: the samples that the README's table counts, and how many values of each are missed
COUNTED = [n for n in TRUTHS if n.endswith((".docx", ".pdf", ".txt"))]
MISSED_IN = json.loads((ROOT / "bench" / "samples.json").read_text("utf-8"))["gongkai"]["missed_in"]
#: a font that not every machine has; two samples embed a part of it
FONT = "DroidSansFallbackFull.ttf"
#: what is asked of a sample that the program does not do yet; the line goes when it does
KNOWN: dict[tuple[str, str], str] = {}


def known(asked: str, names: Iterable[str] = TRUTHS) -> list[Any]:
    """Every sample, or those named; where `asked` is known to fail, it must."""
    return [
        pytest.param(
            name,
            marks=[pytest.mark.xfail(strict=True, reason=KNOWN[name, asked])]
            if (name, asked) in KNOWN
            else [],
        )
        for name in names
    ]


def truths(name: str) -> list[dict[str, Any]]:
    """The truth of each report in a sample."""
    truth = json.loads(TRUTHS[name].read_text("utf-8"))
    return [truth, *truth.get("others", [])]


def reports(name: str) -> tuple[Report, ...]:
    """What the program reads, once a sample."""
    if "scan." in name and not can_read_pictures():
        pytest.skip("the extra gongkai[ocr] is not installed")
    if name not in _READ:
        _READ[name] = pipeline.read_file(SAMPLES / name, name, pipeline.Options())
    return _READ[name]


_READ: dict[str, tuple[Report, ...]] = {}


def pairs(name: str) -> Iterator[tuple[dict[str, Any], Report]]:
    """Each truth of a sample with the report that should say the same."""
    yield from zip(truths(name), reports(name), strict=True)


def boxes(truth: dict[str, Any]) -> dict[Address, Box]:
    """The boxes of a truth by their fields."""
    return {
        (c["table"], c["row"], c["column"]): (Decimal(str(c["value"])), c["blank"]) for c in truth["cells"]
    }


def is_one_of(address: Address, patterns: list[list[str]]) -> bool:
    return any(all(p in ("*", a) for a, p in zip(address, q, strict=True)) for q in patterns)


def squeezed(text: str) -> str:
    return "".join(text.split())


# What make.py makes --------------------------------------------------------------------------


def test_the_samples_are_what_make_makes(tmp_path: Path) -> None:
    fonts = pytest.importorskip("reportlab.pdfbase.ttfonts", reason="reportlab makes the PDF samples")
    try:
        fonts.TTFont(FONT, FONT)
    except fonts.TTFError:
        pytest.skip(f"{FONT} is not installed; two of the samples embed a part of it")
    subprocess.run([sys.executable, str(SAMPLES / "make.py"), str(tmp_path)], check=True, cwd=tmp_path)
    made = {p.name: p.read_bytes() for p in tmp_path.iterdir()}
    kept = {p.name: p.read_bytes() for p in SAMPLES.iterdir() if p.suffix != ".py" and p.is_file()}
    assert sorted(made) == sorted(kept)
    assert [name for name in sorted(made) if made[name] != kept[name]] == []


def test_every_sample_has_a_line_that_says_what_is_odd() -> None:
    readme = (SAMPLES / "README.md").read_text("utf-8")
    listed = re.findall(r"^\| `([^`]+)` \| (.+) \|$", readme, re.MULTILINE)
    files = {
        p.name
        for p in SAMPLES.iterdir()
        if p.is_file() and p.suffix not in (".py", ".md") and not p.name.endswith(".truth.json")
    }
    assert sorted(name for name, _ in listed) == sorted(files)
    assert [name for name, odd in listed if len(odd) < 6] == []
    assert {n for n in "1234567" if f"VARIANTS {n}" not in readme} == set()


def test_a_sample_is_small() -> None:
    sizes = {p.name: p.stat().st_size for p in SAMPLES.iterdir() if p.is_file()}
    most = {name: 120_000 if "scan." in name else 60_000 for name in sizes}  # pictures of paper are larger
    assert {name: size for name, size in sizes.items() if size > most[name]} == {}


@pytest.mark.parametrize("name", TRUTHS, scope="module")
def test_a_truth_holds_together(name: str) -> None:
    for truth in truths(name):
        cells = boxes(truth)
        assert truth["file"] == name
        assert len(cells) == len(truth["cells"]), "a box twice"
        own = {a for a in cells if a[1].startswith("local_") or a[1].endswith("_subtotal")}
        assert {a for a in cells if a not in fields()} <= own, "no such field"
        assert sums_that_fail(cells) == {tuple(f) for f in truth["checks"]["fails"]}
        if truth.get("status") == "ok":
            assert missing(cells) == set(), "a report with gaps is no report that is ok"
        if truth.get("status") == "empty":
            assert not cells and truth["org"] is None


def fields() -> set[Address]:
    """Every address of every form, and those of the local lines of the old list."""
    known_ = {
        f.address
        for form, names in (
            ("2014", ["statistics"]),
            *((f, ["proactive", "requests", "review"]) for f in ("2019", "2021")),
        )
        for name in names
        for f in table(form, name).fields
    }
    return known_ | {("statistics", f"local_{n:03}", c) for n in range(100) for c in ("value", "cumulative")}


def form(cells: dict[Address, Box], name: str) -> str:
    """The form that one table of a truth follows, by the rows that only one form has."""
    rows = {r for t, r, _ in cells if t == name}
    return "2019" if rows & {"other_handling", "other_public_services", "government_procurement"} else "2021"


def missing(cells: dict[Address, Box]) -> set[Address]:
    """The boxes that a report lacks of its forms."""
    if all(t == "statistics" for t, _, _ in cells):
        return set()
    return {
        f.address
        for name in ("proactive", "requests", "review")
        for f in table(form(cells, name), name).fields
    } - set(cells)


#: The rows of the balance R1.
BALANCE = ("new_requests", "carried_in", "outcomes_total", "carried_out")


def sums_that_fail(cells: dict[Address, Box]) -> set[tuple[str, str, str]]:
    """The rules of FORMS 5 that do not hold as printed; a blank total states nothing.

    In the balance of the totals a box that a row does not have adds nothing.
    """
    there = {a[1] for a in cells if a[0] == "requests"}
    cells = {**{("requests", r, "total"): (Decimal(0), False) for r in BALANCE if r in there}, **cells}
    rows = [r.id for r in table(form(cells, "requests"), "requests").rows]
    columns = [c.id for c in table("2021", "requests").columns]
    outcomes = [r for r in rows if r not in ("new_requests", "carried_in", "outcomes_total", "carried_out")]
    rules = [
        (
            "R1",
            "requests",
            c,
            [("new_requests", c), ("carried_in", c)],
            [("outcomes_total", c), ("carried_out", c)],
        )
        for c in columns
    ]
    rules += [("R2", "requests", c, [("outcomes_total", c)], [(r, c) for r in outcomes]) for c in columns]
    rules += [("R3", "requests", r, [(r, "total")], [(r, c) for c in columns[:-1]]) for r in rows]
    for r in (row.id for row in table("2021", "review").rows):
        parts = [(r, c.id) for c in table("2021", "review").columns]
        rules.append(("R4", "review", r, parts[-1:], parts[:-1]))
    failing = set()
    for rule, name, across, left, right in rules:
        sides = [[cells.get((name, *a)) for a in side] for side in (left, right)]
        if any(b is None for side in sides for b in side):
            continue
        total = [sum(b[0] for b in side if b is not None) for side in sides]
        stated = all(not cells[name, r, c][1] for r, c in (*left, *right) if "total" in (r + c))
        if total[0] != total[1] and stated:
            failing.add((rule, name, across))
    return failing


# What the program reads ----------------------------------------------------------------------


@pytest.mark.parametrize("name", known("boxes"), scope="module")
def test_no_box_of_a_sample_is_wrong_and_none_is_missed(name: str) -> None:
    for truth, report in pairs(name):
        expected = boxes(truth)
        expect = truth.get("expect", {})
        got = {f.field.address: (f.value, f.blank) for f in report.facts if f.value is not None}
        assert len({f.field.address for f in report.facts}) == len(report.facts), "a field twice"
        assert {k: v for k, v in got.items() if expected.get(k) != v} == {}, "wrong"
        missed = {a for a in set(expected) - set(got) if not is_one_of(a, expect.get("either", []))}
        assert sorted(missed) == [], "missed"
        unread = {f.field.address for f in report.facts if f.value is None}
        assert {tuple(a) for a in expect.get("unread", [])} <= unread
        said = {(f.table, f.row, f.column) for f in report.findings if f.severity == "error"}
        assert unread <= said, "unread and nothing said"
    if name in COUNTED:
        truth, report = next(pairs(name))
        read = {f.field.address for f in report.facts if f.value is not None and f.row_match.rule != "local"}
        missing_now = len(set(boxes(truth)) - read)
        assert missing_now == MISSED_IN.get(name, 0), "run `python bench/accuracy.py --readme`"


@pytest.mark.parametrize("name", known("doubt"), scope="module")
def test_what_is_doubtful_is_said(name: str) -> None:
    for truth, report in pairs(name):
        if truth.get("expect", {}).get("doubt"):
            assert [f for f in report.findings if f.severity in ("warning", "error")]


@pytest.mark.parametrize("name", known("form"), scope="module")
def test_a_fact_carries_the_form_of_its_own_table(name: str) -> None:
    for truth, report in pairs(name):
        cells = boxes(truth)
        for id in {t for t, _, _ in cells} & {"proactive", "requests"}:
            assert {f.field.template for f in report.facts if f.field.table == id} <= {form(cells, id)}


def _has_tables(name: str) -> bool:
    return truths(name)[0]["template"] is not None and not name.endswith(".zip")


@pytest.mark.parametrize("name", known("numbers", [n for n in TRUTHS if _has_tables(n)]), scope="module")
def test_no_number_in_a_table_is_looked_at_and_lost(name: str) -> None:
    places = {_box(f.place) for report in reports(name) for f in report.facts}
    laid_out = pipeline.document(pipeline.source_of(SAMPLES / name))
    said = {_box(f.place)[:2] for r in reports(name) for f in r.findings if f.place is not None}
    lost = [
        cell
        for block in laid_out.blocks
        if isinstance(block, Grid)
        for cell in block.cells
        if re.fullmatch(r"[\d.,]+", cell.text.strip())
        and _box(cell.place) not in places
        and _box(cell.place)[:2] not in said
    ]
    assert len(lost) <= truths(name)[0].get("expect", {}).get("unclaimed", 0)


def _box(place: Place) -> tuple[int | None, int | None, int | None]:
    return place.block, place.row, place.column


@pytest.mark.parametrize("name", known("head"), scope="module")
def test_body_year_and_form_of_a_sample_are_read(name: str) -> None:
    for truth, report in pairs(name):
        org = None if report.org is None else unicodedata.normalize("NFKC", report.org)
        wanted = None if truth["org"] is None else unicodedata.normalize("NFKC", truth["org"])
        assert (org, report.year, report.template) == (wanted, truth["year"], truth["template"])


@pytest.mark.parametrize("name", known("status"), scope="module")
def test_the_status_of_a_sample_is_as_expected(name: str) -> None:
    for truth, report in pairs(name):
        assert report.status == truth.get("status", report.status), report.reason


@pytest.mark.parametrize("name", known("sections"), scope="module")
def test_the_sections_of_a_sample_begin_where_they_should(name: str) -> None:
    for truth, report in pairs(name):
        for id, start in truth["sections"].items():
            text = squeezed("".join(s.text for s in report.sections if s.id == id and s.level == 1))
            assert text.startswith(start) if start else text == "", id


#: Samples whose sentence 没有因信息公开引起的复议与诉讼 contradicts their list: R7, which is no sum.
CONTRADICTED = {"2015_list.txt", "2016_list.docx", "2017_running.docx", "2018_list.txt"}


@pytest.mark.parametrize("name", known("sums"), scope="module")
def test_the_sums_that_fail_are_found_and_no_others(name: str) -> None:
    for truth, report in pairs(name):
        failed = {(c.rule, c.table, c.row or c.column) for c in report.checks if c.outcome == "fail"}
        told = {("R7", "statistics", "reconsideration")} if name in CONTRADICTED else set()
        assert {f for f in failed if f[0] == "R7"} == told
        failing = failed - told
        expected = {tuple(f) for f in truth["checks"]["fails"]}
        assert failing == expected
        reported = {(f.table, f.row or f.column) for f in report.findings if f.code == "sum-differs"}
        assert reported == {(t, across) for _, t, across in expected}


def test_what_is_no_report_gives_nothing() -> None:
    for name in (n for n in TRUTHS if any(truth["template"] is None for truth in truths(n))):
        for truth, report in pairs(name):
            if truth["template"] is None:
                assert report.facts == (), name
                assert report.template is None, name


def test_a_broken_file_is_failed_and_says_why() -> None:
    (report,) = reports("broken.docx")
    assert (report.status, report.reason) == ("failed", "truncated")
