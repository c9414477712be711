"""gongkai coverage: bodies expected, year by year."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., tuple[int, str, str]]
HEAD = "report_id,source_file,org,year,status,checks_failed,division_code"
REPORTS = (
    "r1,a.docx,绩溪县财政局,2020,ok,0,341824",
    "r2,b.docx,绩溪县财政局,2021,ok,2,341824",
    "r3,c.docx,绩溪县财政局,2022,partial,0,341824",
    "r4,d.docx,绩溪县财政局,2022,failed,0,341824",
    "r5,e.docx,高桥镇人民政府,2021,ok,0,",
    "r6,f.docx,高桥镇人民政府,2020,ok,0,371323102",
    "r7,g.docx,德阳高新技术产业开发区管理委员会,2020,ok,0,",
    "r8,h.docx,含山县人民政府,2020,ok,0,340522",
    "r9,i.docx,,2020,empty,0,",
    "r10,j.docx,家朋乡人民政府,,ok,0,341824202",
)


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    (tmp_path / "reports.csv").write_text("\n".join((HEAD, *REPORTS)) + "\n", "utf-8-sig")
    return tmp_path


def covered(
    gongkai: Run, dataset: Path, *lines: str, encoding: str = "utf-8"
) -> tuple[list[dict[str, str]], str, str]:
    (dataset / "list.csv").write_text("\n".join(lines) + "\n", encoding)
    to = dataset / "out"
    code, out, err = gongkai("coverage", dataset, "--bodies", dataset / "list.csv", "--to", to)
    assert code == 0
    with (to / "coverage.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file)), out, err


def reached(rows: list[dict[str, str]]) -> list[str]:
    steps = ("found", "parsed", "complete", "passing")
    return ["".join(str(int(row[s] == "true")) for s in steps) for row in rows]


def test_heads_may_be_chinese(gongkai: Run, dataset: Path) -> None:
    rows, _, _ = covered(gongkai, dataset, "序号,单位名称,名称,年度", "1,绩溪县财政局,财政,2020、2021")
    assert [(r["org"], r["year"]) for r in rows] == [("绩溪县财政局", "2020"), ("绩溪县财政局", "2021")]
    assert reached(rows) == ["1111", "1110"]


def test_a_body_has_a_line_a_year_with_how_far_its_report_came(gongkai: Run, dataset: Path) -> None:
    rows, out, _ = covered(gongkai, dataset, "org,years", "绩溪县财政局,2019-2022")
    assert [row["year"] for row in rows] == ["2019", "2020", "2021", "2022"]
    assert reached(rows) == ["0000", "1111", "1110", "1100"]
    assert [row["report_ids"] for row in rows] == ["", "r1", "r2", "r3;r4"]
    assert {row["division_code"] for row in rows} == {"341824"}
    assert "4 expected: 3 found, 3 parsed, 2 complete, 1 passing" in out


def test_years_that_the_list_does_not_give_are_those_of_the_dataset(gongkai: Run, dataset: Path) -> None:
    rows = covered(gongkai, dataset, "org", "含山县政府")[0]
    assert [(row["year"], row["found"]) for row in rows] == [
        ("2020", "true"),
        ("2021", "false"),
        ("2022", "false"),
    ]


def test_a_division_without_a_name_means_its_government(gongkai: Run, dataset: Path) -> None:
    rows = covered(gongkai, dataset, "division_code,years", "340522,2020")[0]
    assert [(row["org"], row["report_ids"], row["matched_by"]) for row in rows] == [
        ("含山县", "r8", "division")
    ]


def test_a_name_that_the_list_has_twice_takes_no_report_without_a_division(
    gongkai: Run, dataset: Path
) -> None:
    lines = ("org,division_code,years", "高桥镇,371323102,2020-2021", "高桥镇,421122105,2020-2021")
    rows, _, err = covered(gongkai, dataset, *lines)
    assert [row["report_ids"] for row in rows] == ["r6", "", "", ""]
    assert "1 reports of a body whose name stands in the list more than once:\n  e.docx" in err


def test_a_match_by_the_name_alone_says_so(gongkai: Run, dataset: Path) -> None:
    lines = ("org,division_code,years", "高桥镇,421122105,2020-2021", "德阳高新技术产业开发区管委会,,2020")
    rows, out, _ = covered(gongkai, dataset, *lines)
    # r6 is of another 高桥镇; r5 may be of this one
    assert [(row["report_ids"], row["matched_by"]) for row in rows] == [
        ("", ""),
        ("r5", "name"),
        ("r7", "name"),
    ]
    assert out.count("passing?") == 2


def test_wrong_lines_of_the_list_are_named_and_count_nothing(gongkai: Run, dataset: Path) -> None:
    lines = (
        "org,division_code,years",
        "绩溪县,,20x",
        "绩溪县,999999,",
        "绩溪县财政局,,2020",
        "绩溪县财政局,341824,2020",
        "城关镇,,2020",
    )
    rows, out, err = covered(gongkai, dataset, *lines)
    assert [row["year"] for row in rows] == ["", "", "2020", "", "2020"]
    assert "line 2: 绩溪县: “20x” is no year" in err
    assert "line 3: 绩溪县: there is no division 999999" in err
    assert "line 5: 绩溪县财政局: the same body as in line 4" in err
    assert "line 6: 城关镇: no division: ambiguous" in err
    assert "2 expected: 1 found" in out


def test_reports_that_find_no_place_are_counted_and_named(gongkai: Run, dataset: Path) -> None:
    err = covered(gongkai, dataset, "org", "家朋乡")[2]
    assert "1 reports of a listed body without a year:\n  j.docx" in err
    assert "9 reports of no body in the list, or of an unknown one:" in err


def test_a_list_of_chinese_excel_is_read(gongkai: Run, dataset: Path) -> None:
    rows = covered(gongkai, dataset, "org,years", "含山县人民政府,2020", encoding="gb18030")[0]
    assert [row["report_ids"] for row in rows] == ["r8"]


def test_what_is_no_list_is_refused(gongkai: Run, dataset: Path) -> None:
    (dataset / "list.csv").write_text("name\n绩溪县\n", "utf-8")
    code, _, err = gongkai("coverage", dataset, "--bodies", dataset / "list.csv")
    assert (code, err) == (2, f"{dataset / 'list.csv'}: needs a column division_code or org\n")
