from __future__ import annotations

import importlib
import pickle
import zlib
from dataclasses import replace
from pathlib import Path

import pytest

from gongkai.emit import Ids, render
from gongkai.model import Report
from gongkai.run.results.result_store import ResultStore, checksum, pack, pack_reports, unpack
from gongkai.run.results.state_folder import Damaged


class Fancy(Report):
    __slots__ = ()


@pytest.fixture
def report(tmp_path: Path) -> Report:
    (tmp_path / "a.docx").write_text("abc")
    reports: tuple[Report, ...] = importlib.import_module("builders.fake_reader").read(
        tmp_path / "a.docx", "a.docx", None
    )
    return reports[0]


def test_a_report_comes_back_as_it_was(report: Report) -> None:
    assert unpack(pack(report)) == report


def test_a_report_with_views_comes_back_as_a_report(report: Report) -> None:
    names = [field for field in Report.__dataclass_fields__]
    assert unpack(pack(Fancy(*(getattr(report, name) for name in names)))) == report


@pytest.mark.parametrize("evil", [print, Path("x"), "text"])
def test_nothing_but_a_report_is_ever_built(evil: object) -> None:
    with pytest.raises(pickle.UnpicklingError):
        unpack(zlib.compress(pickle.dumps(evil)))


def test_shards_give_the_reports_of_each_place(report: Report, tmp_path: Path) -> None:
    reports = {key: [replace(report, title=f"{key}.{n}") for n in range(key % 3)] for key in range(20)}
    packed = {key: list(pack_reports(reports[key])) for key in reports}
    shards = ResultStore(tmp_path, shard_bytes=3_000)
    places = {
        key: (*shards.put(packed[key]), [len(d) for d in packed[key]], checksum(packed[key]))
        for key in reversed(range(20))
    }
    shards.close()
    again = ResultStore(tmp_path, shard_bytes=3_000)
    for key, place in places.items():
        ids = Ids()
        assert list(again.get(place)) == reports[key]
        assert list(again.rendered(place)) == [render(report, ids) for report in reports[key]]
    again.remove()
    assert len({shard for shard, *_ in places.values()}) > 1
    assert list(tmp_path.glob("*.shard")) == []


def test_a_shard_that_is_not_whole_is_damaged(report: Report, tmp_path: Path) -> None:
    shards = ResultStore(tmp_path)
    packed = [pack(report)]
    place, mark = shards.put(packed), checksum(packed)
    with pytest.raises(Damaged, match="too short"):
        list(shards.get((*place, [1_000_000], mark)))
    with pytest.raises(Damaged, match="gone"):
        list(shards.get((7, 0, [1], mark)))
    with pytest.raises(Damaged, match="damaged at byte 0"):
        list(shards.get((*place, [len(packed[0])], "another")))
    shards.close()
