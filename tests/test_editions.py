"""The same report twice in one archive."""

from __future__ import annotations

import zipfile
from pathlib import Path

from builders.zip_parts import rewritten
from gongkai import pipeline
from gongkai.model import Finding

SAMPLES = Path(__file__).parents[1] / "samples"
TEXT = "word/document.xml"
CITY, TOWN = ((SAMPLES / name).read_bytes() for name in ("2021_city.docx", "2019_township.docx"))


def told(folder: Path, **members: bytes) -> dict[str, list[Finding]]:
    """What is said of editions, by member."""
    path = folder / "年报.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in members.items():
            archive.writestr(f"{name}.docx", data)
    codes = ("same-report", "editions-differ")
    return {
        report.source.path.partition("!/")[2]: [f for f in report.findings if f.code in codes]
        for report in pipeline.read_file(path, path.name, pipeline.DEFAULTS)
    }


def test_an_archive_with_one_report_twice_says_so_of_the_second(tmp_path: Path) -> None:
    found = told(tmp_path, a=CITY, b=rewritten(CITY, TEXT, "</w:body>", "<w:p/></w:body>"), c=TOWN)
    assert {name: [f.code for f in findings] for name, findings in found.items()} == {
        "a.docx": [],
        "b.docx": ["same-report"],
        "c.docx": [],
    }


def test_a_value_that_differs_between_them_is_told_with_its_place_in_the_form(tmp_path: Path) -> None:
    facts = {f.printed: f for f in pipeline.read(SAMPLES / "2021_city.docx").facts}
    once = next(p for p in facts if len(p) > 2 and CITY_TEXT.count(f">{p}<") == 1)
    found = told(tmp_path, a=CITY, b=rewritten(CITY, TEXT, f">{once}<", ">987654<"))
    (finding,) = found["b.docx"]
    assert (finding.code, finding.severity, finding.printed) == ("editions-differ", "warning", "987654")
    assert (finding.table, finding.row, finding.column) == facts[once].field.address
    assert f"says {once} where this file says 987654" in finding.message


CITY_TEXT = zipfile.ZipFile(SAMPLES / "2021_city.docx").read(TEXT).decode()
