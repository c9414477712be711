"""Nights one after the other: what is new is read, what is gone is gone, what changed is told."""

from __future__ import annotations

import csv
import json
import os
from pathlib import Path
from typing import Any

import pytest

from gongkai import nightly
from gongkai.commands import main
from gongkai.correct.review_mark import marks_file
from gongkai.correct.review_mark import read as read_marks
from gongkai.model import REVIEW_MARKS, ReviewMark

CHANGES: dict[str, dict[str, str | None]] = {
    "linjiang": {"http://a/2021": "临江市人民政府|2021|77|fails", "http://a/2022": "临江市人民政府|2022|5"},
    "qingxi": {"http://b/2020": None},
}


def lines(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(newline="", encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def test_the_first_night_takes_all_and_the_second_reads_nothing_again(house: Any) -> None:
    first = house.night()
    assert (first.status, first.code, len(house.read_again())) == ("published", 0, 11)
    assert os.readlink(house.current) == f"versions/{first.id}"
    times = {path: path.stat().st_mtime_ns for path in house.current.iterdir()}
    second = house.night()
    assert (second.status, second.code, house.read_again()) == ("unchanged", 0, [])
    assert second.tally is not None and second.tally.unchanged == 11
    assert house.versions() == [first.id]
    assert {path: path.stat().st_mtime_ns for path in house.current.iterdir()} == times


def test_what_is_new_replaced_and_withdrawn_is_read_and_told_by_site_and_year(house: Any) -> None:
    house.night()
    house.read_again()
    house.publish(CHANGES)
    night = house.night()
    assert house.read_again() == ["linjiang/2021", "linjiang/2022"]
    values = {(f["org"], f["year"]): f["value"] for f in lines(house.current, "facts")}
    assert values["临江市人民政府", "2021"] == "77"
    assert ("清溪镇人民政府", "2020") not in values and len(values) == 11
    told = house.report(night)
    kinds = {kind: n["count"] for kind, n in told["diff"]["reports"].items() if n["count"]}
    assert kinds == {"new": 1, "replaced": 1, "gone": 1, "newly_failing": 1}
    sites = {site["site"]: site for site in told["sites"]}
    years = {y["year"]: y["changes"] for y in sites["linjiang"]["years"] if y["changes"]}
    assert years == {2021: {"replaced": 1, "newly_failing": 1}, 2022: {"new": 1}}
    assert sites["qingxi"]["shrunk"] == ["reports", "facts"]
    assert sites["qingxi"]["changes"]["gone"] == 1 and not any(sites["yunshan"]["changes"].values())
    assert told["line"].endswith(
        "published: 11 reports, 11 values; 1 new, 1 replaced, 1 gone, 1 newly failing"
    )
    page = (house.datasets / "nights" / night.id / "report.html").read_text("utf-8")
    assert '<a href="http://b/2020" rel="noreferrer">qingxi/2020-' in page  # it is gone, and was there


def test_a_report_replaced_at_its_address_is_known_by_it_whatever_it_says(house: Any) -> None:
    # another body's name and another year: nothing but the address tells what it replaced
    house.night()
    house.publish({"qingxi": {"http://b/2021": "清溪街道办事处|2023|9"}})
    told = house.report(house.night())
    counts = {kind: n["count"] for kind, n in told["diff"]["reports"].items() if n["count"]}
    assert counts == {"replaced": 1}
    (replaced,) = told["diff"]["reports"]["replaced"]["reports"]
    assert replaced["old_source_file"].startswith("qingxi/2021-") != replaced["source_file"]


def test_every_file_leads_back_to_its_address(house: Any) -> None:
    house.night()
    rows = lines(house.current, "sources")
    reports = {r["source_file"]: r for r in lines(house.current, "reports")}
    assert len(rows) == 11 and {r["source_file"] for r in rows} == set(reports)
    for row in rows:
        assert row["sha256"] == reports[row["source_file"]]["sha256"]
        assert row["source_file"].startswith(f"{row['site']}/{row['url'].rpartition('/')[2]}-")
        assert (row["found_on"], row["fetched_at"]) == (f"{row['url']}/..", "1970-01-02T00:00:00Z")
        of = "临江市人民政府" if row["site"] == "linjiang" else ""
        assert (row["link_text"], row["list_body"]) == (f"link of {row['url']}", of)
    package = json.loads((house.current / "datapackage.json").read_text("utf-8"))
    assert [r["path"] for r in package["resources"] if r["name"] == "sources"] == ["sources.csv"]


def test_an_archive_leads_to_its_address_once_for_all_its_members(house: Any) -> None:
    house.publish(only={"qingxi": {"http://b/1": "清溪镇人民政府|2020|7|zip"}})
    house.night()
    reports = [r["source_file"] for r in lines(house.current, "reports")]
    (row,) = lines(house.current, "sources")
    assert reports == [f"{row['source_file']}!/{n}.docx" for n in (0, 1)]
    assert row["url"] == "http://b/1"


def test_the_package_of_a_published_version_is_valid(house: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    frictionless = pytest.importorskip("frictionless", reason="the validator is for development only")
    house.night()
    monkeypatch.chdir(house.current.resolve())
    package = frictionless.Package("datapackage.json")
    assert "sources" in package.resource_names
    assert package.validate().flatten(["note"]) == []


def test_a_file_that_no_address_knows_is_said_and_given_none(house: Any) -> None:
    house.night()
    stray = house.top / "archive" / "current" / "qingxi" / "2024-00000000.docx"
    stray.write_text("清溪镇人民政府|2024|7", "utf-8")
    night = house.night(fetch=False)
    assert night.unknown == ["qingxi/2024-00000000.docx"]
    assert night.code == 1 and "1 file without an address" in nightly.summary_line(night)
    assert len(lines(house.current, "sources")) == 11 and len(lines(house.current, "reports")) == 12


def test_a_site_short_of_what_is_expected_wants_a_look(house: Any) -> None:
    house.publish(
        only={"qingxi": {"http://b/1": "清溪镇人民政府|2020|7"}},
        said={"qingxi": {"ok": False, "complete": False, "least": 2, "failed": 1, "body": "清溪镇",
                         "failures": [{"reason": "dns", "url": "http://b/2", "message": "no such host"}]}},
        code=1,
    )  # fmt: skip
    night = house.night(expected={"yunshan": 3})
    assert (night.status, night.code) == ("published", 1)
    told = {site["site"]: site for site in house.report(night)["sites"]}
    assert [(s, told[s]["least"], told[s]["short"]) for s in told] == [
        ("qingxi", 2, True),
        ("yunshan", 3, True),
    ]
    page = (house.datasets / "nights" / night.id / "report.html").read_text("utf-8")
    assert "dns: http://b/2 no such host" in page and "2 reports expected at least" in page


def test_corrections_made_in_a_published_version_are_replayed_for_good(house: Any) -> None:

    house.night()
    sha = next(r for r in lines(house.current, "reports") if r["source_file"].startswith("qingxi/2021"))
    assert sha["sha256"]
    id = sha["report_id"]
    say = [
        "correct",
        str(house.current),
        "requests.new_requests.total",
        "8",
        "--report",
        id,
        "--by",
        "王",
        "--why",
        "看过",
    ]
    assert main(say) == 0
    night = house.night()
    assert (night.status, night.corrections) == ("published", 1)
    values = {(f["org"], f["year"]): (f["value"], f["origin"]) for f in lines(house.current, "facts")}
    assert values["清溪镇人民政府", "2021"] == ("8", "corrected")
    assert (house.datasets / "corrections.csv").read_bytes() == (
        house.current / "corrections.csv"
    ).read_bytes()
    house.publish({"linjiang": {"http://a/2022": "临江市人民政府|2022|5"}})
    assert house.night(keep=1).corrections == 0
    assert ("8", "corrected") in {(f["value"], f["origin"]) for f in lines(house.current, "facts")}
    # taken back by hand: it does not come again from the version that holds it
    (house.datasets / "corrections.csv").unlink()
    house.night()
    assert "corrected" not in {f["origin"] for f in lines(house.current, "facts")}


def test_marks_of_a_review_go_over_into_every_next_version(house: Any) -> None:
    house.night()
    report = next(iter(lines(house.current, "reports")))

    def seen(who: str) -> ReviewMark:
        return ReviewMark(
            report["sha256"], 1, report["source_file"], "seen", "", "", None, None, who, "2026-01-01"
        )

    marks_file(house.current / REVIEW_MARKS).append([seen("王")])
    assert house.night().status == "unchanged"
    house.publish({"linjiang": {"http://a/2022": "临江市人民政府|2022|5"}})
    assert house.night().status == "published"
    marks_file(house.current / REVIEW_MARKS).append([seen("李")])
    house.publish({"linjiang": {"http://a/2022": "临江市人民政府|2022|6"}})
    assert house.night(keep=1).status == "published"
    assert [mark.who for mark in read_marks(house.current / REVIEW_MARKS)] == ["王", "李"]
    assert (house.datasets / REVIEW_MARKS).read_bytes() == (house.current / REVIEW_MARKS).read_bytes()


def test_an_archive_that_is_filled_by_other_means_is_enough(house: Any) -> None:
    folder = house.top / "archive" / "qingxi"
    folder.mkdir(parents=True)
    (folder / "a.docx").write_text("清溪镇人民政府|2020|7", "utf-8")
    night = house.night(crawl={})
    assert (night.status, night.code, night.crawled) == ("published", 0, None)
    assert not (house.current / "sources.csv").exists()


def test_the_rules_over_years_are_in_what_is_published(house: Any) -> None:
    assert house.night().rules_failed == 0
    assert (house.current / "series.csv").is_file()
    house.options["check"] = {"enabled": False}
    house.publish(only={"qingxi": {"http://b/1": "清溪镇人民政府|2020|7"}})
    house.night(shrink=1)
    assert not (house.current / "series.csv").exists()
