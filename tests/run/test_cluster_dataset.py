"""What a cluster wrote in parts is a dataset like any other: every command takes it, and corrections are replayed."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

import gongkai
from gongkai import emit
from gongkai.commands import main
from gongkai.correct import read as read_corrections
from gongkai.correct.review_mark import marks_file
from gongkai.emit.schema import datasets
from gongkai.model import REVIEW_MARKS, ReviewMark
from gongkai.normalize import templates
from gongkai.pipeline import Options
from gongkai.run import Budget, DatasetCounts, run, run_cluster
from gongkai.run.cluster import cluster_inputs

distributed = pytest.importorskip("distributed", reason="the extra gongkai[cluster] is not installed")
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no limits and signals there")

SAMPLES = Path(__file__).parents[2] / "samples"
NAMES = (
    "2019_bureau.pdf",
    "2019_box_lost.docx",
    "2019_money.docx",
    "2019_spans.html",
    "2021_city.docx",
    "2018_list.txt",
    "2019_no_year.docx",
)
COMMON: dict[str, Any] = {"options": Options(), "templates": templates(), "budget": Budget(60.0, 2**31)}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, scheduler: str) -> Path:
    """Six reports and a broken one, read on this machine and on a cluster in shards of two, in parts and by year."""
    top = tmp_path_factory.mktemp("cluster")
    (top / "in").mkdir()
    for name in NAMES:
        shutil.copy(SAMPLES / name, top / "in" / name)
    (top / "in" / "2020_broken.docx").write_text("no zip")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cluster_inputs, "SHARD", 2)
        run([top / "in"], top / "local", workers=1, **COMMON)
        for name in ("parts", "by_year"):
            run_cluster(
                [str(top / "in")], str(top / name), scheduler=scheduler, by_year=name == "by_year", **COMMON
            )
    return top


def datasets_of(folder: Path) -> dict[str, Any]:
    return {d.name: pq.read_table(folder / f"{d.name}.parquet") for d in datasets()}


@pytest.mark.parametrize("name", ["parts", "by_year"])
def test_joined_parts_are_the_datasets_of_this_machine(name: str, made: Path) -> None:
    assert emit.join_parts(made / name)
    wanted = datasets_of(made / "local")
    for dataset, table in datasets_of(made / name).items():
        assert table.schema.equals(wanted[dataset].schema), dataset
        assert table.to_pylist() == wanted[dataset].to_pylist(), dataset
    assert gongkai.load(made / name).facts.equals(gongkai.load(made / "local").facts)
    assert main(["diff", str(made / "local"), str(made / name), "--quiet"]) == 0
    assert not emit.join_parts(made / "local")
    assert not list((made / name).glob(".*.joined"))


@pytest.mark.parametrize("name", ["parts", "by_year"])
def test_commands_take_what_a_cluster_wrote(name: str, made: Path, tmp_path: Path) -> None:
    """check, panel, export and review give what they give over the datasets of this machine."""
    found = {}
    for kind in (name, "local"):
        to = tmp_path / "at"  # pages name the folder
        to.mkdir()
        shutil.copytree(made / kind, to / "data")
        assert main(["check", str(to / "data"), "--quiet"]) in (0, 1)
        assert main(["panel", str(to / "data"), "--to", str(to / "panel.csv"), "--quiet"]) == 0
        assert main(["export", str(to / "data"), "--to", str(to / "all.sqlite"), "--quiet"]) == 0
        assert main(["review", str(to / "data"), "--to", str(to / "pages"), "--workers", "1", "--quiet"]) == 0
        found[kind] = {
            "series": (to / "data" / "series.csv").read_bytes(),
            "series_findings": (to / "data" / "series_findings.csv").read_bytes(),
            "panel": (to / "panel.csv").read_bytes(),
            "pages": {p.name: p.read_bytes() for p in (to / "pages").rglob("*.html")},
        }
        listed = json.loads((to / "data" / "datapackage.json").read_text("utf-8"))["resources"]
        assert [one["name"] for one in listed][-2:] == ["series", "series_findings"]
        shutil.rmtree(to)
    assert found[name] == found["local"]


def test_a_damaged_part_is_one_line(made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copytree(made / "parts", tmp_path / "data")
    for path in tmp_path.joinpath("data").glob("*.parquet"):
        path.unlink()
    part = next((tmp_path / "data" / "parts" / "facts").iterdir())
    part.write_bytes(part.read_bytes()[:-50])
    assert main(["check", str(tmp_path / "data")]) == 2
    assert "a part is damaged" in capsys.readouterr().err


def test_corrections_are_replayed_on_a_cluster_and_cost_their_shard_alone(
    made: Path, tmp_path: Path, scheduler: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster_inputs, "SHARD", 2)
    there = {}
    for name in ("local", "parts"):
        shutil.copytree(made / name, tmp_path / name)
        there[name] = tmp_path / name

    def again(name: str) -> DatasetCounts:
        if name == "local":
            return run([made / "in"], there[name], workers=1, **COMMON)
        return run_cluster([str(made / "in")], str(there[name]), scheduler=scheduler, by_year=False, **COMMON)

    def same() -> None:
        emit.join_parts(there["parts"])
        wanted = datasets_of(there["local"])
        for dataset, table in datasets_of(there["parts"]).items():
            assert table.to_pylist() == wanted[dataset].to_pylist(), dataset

    field = "requests.new_requests.natural_person"
    given = ["--file", "2021_city.docx", field, "77", "--by", "王"]
    assert main(["correct", str(there["local"]), *given]) == 0
    assert main(["correct", str(there["parts"]), *given]) == 0
    lost = ["--file", "2019_box_lost.docx", "proactive.administrative_fees.change", "3", "--by", "王"]
    assert main(["correct", str(there["local"]), *lost]) == 0
    shutil.copy(there["local"] / "corrections.csv", there["parts"])  # the second has another time
    said = read_corrections(there["local"] / "corrections.csv")[-1]
    mark = ReviewMark(
        *(said.sha256, 1, said.source_file, "place", said.field, "", 2, (9.0, 8.0, 7.0, 6.0), "王", said.when)
    )
    for at in there.values():
        marks_file(at / REVIEW_MARKS).append([mark])
    marks = there["parts"] / REVIEW_MARKS
    for name in there:
        tally = again(name)
    assert 0 < tally.unchanged < tally.reports  # one shard was read again
    assert marks.exists()
    same()
    facts = pq.read_table(there["parts"] / "facts.parquet").to_pylist()
    assert [(f["value"], f["page"], f["x0"]) for f in facts if f["origin"] == "corrected"] == [
        (3.0, 2, 9.0),
        (77.0, None, None),
    ]
    counts = [json.loads((at / "run.json").read_text("utf-8"))["corrections"] for at in there.values()]
    assert counts[0] == counts[1]
    assert counts[1]["corrected"] == 2
    assert again("parts").unchanged == tally.reports
    for name in there:
        (there[name] / "corrections.csv").unlink()
        again(name)
    same()
    assert not list((there["parts"] / ".state").glob("corrections-*"))
    assert not list((there["parts"] / ".state").glob("marks-*"))
