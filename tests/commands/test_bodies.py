"""The register that a dataset implies, edited and given back to the run."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

Run = Callable[..., tuple[int, str, str]]
#: a report as somebody sends it in the body of a mail
TEXT = """{org}{year}年政府信息公开工作年度报告

一、总体情况
{year}年，{org}认真贯彻落实《中华人民共和国政府信息公开条例》。
二、主动公开政府信息情况
全年主动公开信息20条。
三、收到和处理政府信息公开申请情况
未收到政府信息公开申请。

{org}
{signed}年1月20日
"""


@pytest.fixture
def inputs(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    for org, year in (
        ("绩溪县国土资源局", 2017),
        ("绩溪县自然资源局", 2019),
        ("绩溪县发改委", 2015),
        ("绩溪县发展和改革委员会", 2016),
        ("运漕镇人民政府", 2016),
    ):
        text = TEXT.format(org=org, year=year, signed=year + 1)
        (folder / f"{org}{year}.txt").write_text(text, "utf-8")
    return folder


@pytest.fixture
def out(gongkai: Run, inputs: Path, tmp_path: Path) -> Path:
    gongkai("run", inputs, "--to", tmp_path / "out", "--workers", 1)
    return tmp_path / "out"


def lines(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def ids(out: Path) -> dict[str, str]:
    return {r["org"]: r["body_id"] for r in lines(out / "reports.csv")}


def test_a_dataset_implies_a_register(gongkai: Run, out: Path, tmp_path: Path) -> None:
    to = tmp_path / "bodies.csv"
    code, _, err = gongkai("bodies", out, "--to", to)
    assert (code, "4 bodies, 3 with an id, 1 in doubt" in err) == (0, True)
    found = {line["name"]: line for line in lines(to)}
    ndrc = found["绩溪县发展和改革委员会"]
    assert (ndrc["aliases"], ndrc["code"], ndrc["id"]) == (
        "绩溪县发改委",
        "341824",
        "341824/发展和改革委员会",
    )
    assert (ndrc["years"], ndrc["reports"], ndrc["doubts"]) == ("2015;2016", "2", "")
    assert found["绩溪县自然资源局"]["follows"] == "341824/国土资源局"
    doubtful = found["运漕镇人民政府"]
    assert (doubtful["id"], doubtful["candidates"]) == ("", "340522101 安徽省/马鞍山市/含山县/运漕镇")
    assert "no body_id" in doubtful["doubts"]
    code, _, err = gongkai("bodies", out, "--to", to)
    assert (code, "is there already" in err) == (2, True)


def test_the_register_that_was_edited_is_given_back(
    gongkai: Run, out: Path, inputs: Path, tmp_path: Path
) -> None:
    to = tmp_path / "bodies.csv"
    gongkai("bodies", out, "--to", to)
    edited = lines(to)
    for line in edited:
        if line["name"] == "运漕镇人民政府":
            line["code"] = "340522101"
    with to.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(edited[0]))
        writer.writeheader()
        writer.writerows(edited)
    before = ids(out)
    gongkai("run", inputs, "--to", out, "--workers", 1, "--bodies", to)
    assert ids(out) == before | {"运漕镇人民政府": "340522101/人民政府"}


@pytest.mark.parametrize("kind", ["utf-8", "gb18030", "xlsx"])
def test_the_users_own_ids(gongkai: Run, out: Path, inputs: Path, tmp_path: Path, kind: str) -> None:
    table = [
        ["机关名称", "简称", "区划代码", "编号"],
        ["绩溪县国土资源局", "", 341824, "9001"],
        ["绩溪县发展和改革委员会", "县发改委；发改委", 341824, 9002],
    ]
    register = tmp_path / ("register.xlsx" if kind == "xlsx" else "register.csv")
    if kind == "xlsx":
        book = openpyxl.Workbook()
        for row in table:
            book.active.append(row)
        book.save(register)
    else:
        register.write_bytes("\r\n".join(",".join(map(str, row)) for row in table).encode(kind))
    gongkai("run", inputs, "--to", out, "--workers", 1, "--bodies", register)
    found = ids(out)
    assert found["绩溪县国土资源局"] == "9001"
    assert found["绩溪县发改委"] == found["绩溪县发展和改革委员会"] == "9002"
    assert found["绩溪县自然资源局"] == "341824/自然资源局"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a,b\n1,2\n", "needs a column name"),
        ("name,code\n绩溪县财政局,999999\n", "line 2: there is no division 999999"),
        ("name,id\n绩溪县财政局,1\n绩溪县教育局,1\n", "line 3: 1 is 绩溪县财政局 in line 2 already"),
    ],
)
def test_a_file_that_is_no_register_is_refused(
    gongkai: Run, inputs: Path, tmp_path: Path, text: str, said: str
) -> None:
    register = tmp_path / "register.csv"
    register.write_text(text, "utf-8")
    code, _, err = gongkai("run", inputs, "--to", tmp_path / "out", "--bodies", register)
    assert (code, said in err) == (2, True), err


def test_the_other_reports_of_a_folder_are_a_candidate_and_no_id(
    gongkai: Run, inputs: Path, tmp_path: Path
) -> None:
    for org, year in [(f"含山县{o}", 2016) for o in ("财政局", "教育局", "民政局", "司法局", "审计局")]:
        text = TEXT.format(org=org, year=year, signed=year + 1)
        (inputs / "site").mkdir(exist_ok=True)
        (inputs / "site" / f"{org}{year}.txt").write_text(text, "utf-8")
    (inputs / "运漕镇人民政府2016.txt").rename(inputs / "site" / "运漕镇人民政府2016.txt")
    gongkai("run", inputs, "--to", tmp_path / "more", "--workers", 1)
    gongkai("bodies", tmp_path / "more", "--to", tmp_path / "bodies.csv")
    town = next(line for line in lines(tmp_path / "bodies.csv") if line["name"] == "运漕镇人民政府")
    assert (town["id"], town["code"]) == ("", "340522101")
    assert town["candidates"].startswith("340522101/人民政府 by the other reports of its folder")
