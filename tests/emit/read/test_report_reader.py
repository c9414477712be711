"""Reports of a dataset in any order: the same as all of them in its own."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from builders.dataset_folder import folder, report
from gongkai.emit.read.report_reader import ReportReader
from gongkai.emit.read.restore import restore
from gongkai.model import Finding, Place, Proposal
from gongkai.normalize import templates


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    finding = Finding(
        "label-fuzzy", "warning", "m", table="requests", row="granted", column="total", printed="=x"
    )
    proposal = Proposal(
        1,
        1,
        ("requests", "granted", "total"),
        Place(),
        "5",
        Decimal(5),
        Decimal(6),
        "other",
        True,
        "misread",
        ("R1",),
    )
    made = [
        report("341824/财政局", 2021, "2021", {"granted": 5, "new_requests": 7}),
        report("341824/财政局", 2022, "2021", {"granted": None}),
        report("341824/教育局", 2020, "2019", {"granted": 3}),
    ]
    made[0] = replace(made[0], findings=(finding,), proposals=(proposal,))
    return folder(tmp_path / "out", made)


def test_a_report_is_the_same_in_whichever_order_it_is_read(dataset: Path) -> None:
    reader = ReportReader(dataset, templates())
    expected = dict(restore(dataset, templates()))
    assert len(expected) == 3
    for id in reversed(expected):
        assert reader.report(id) == expected[id]
    with pytest.raises(KeyError):
        reader.report("0" * 16)
    reader.close()


def test_the_lines_of_each_report_are_counted(dataset: Path) -> None:
    reader = ReportReader(dataset, templates())
    counts = reader.counts()
    by_file = {line["source_file"]: counts.of(line["report_id"]) for line in reader.every("reports")}
    first, second = by_file["341824_财政局_2021.docx"], by_file["341824_财政局_2022.docx"]
    assert (first.unread, second.unread) == (0, 1)
    assert first.codes == {"label-fuzzy"} and first.severities == {"warning": 1}
    assert first.proposals == [("misread", True)]
    assert first.rules and "requests" in first.tables  # 7 came in, 5 went out
    assert counts.outcomes()[2021, "granted"] == 5 and (2022, "granted") not in counts.outcomes()
    other = [line["report_id"] for line in reader.every("reports") if line["year"] != 2021]
    assert len(other) == 2 and not [key for key in counts.outcomes(other) if key[0] == 2021]


def test_a_folder_that_is_no_dataset_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        ReportReader(tmp_path, templates())
