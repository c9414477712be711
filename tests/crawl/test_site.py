"""sites.toml is read as it is meant, or refused with the place in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from gongkai.crawl.site import load
from gongkai.user_toml import BadToml

GOOD = """
[crawl]
contact = "data@example.org"
window = "22:00-06:00"
[[site]]
id = "linjiang"
body = "临江市人民政府"
start = "http://www.linjiang.gov.cn/list?year={2019..2021}"
least = 3
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "sites.toml"
    path.write_text(text, "utf-8")
    return path


def test_a_table_is_read_and_years_are_written_out(tmp_path: Path) -> None:
    sites = load(write(tmp_path, GOOD))
    assert [url[-4:] for url in sites.sites[0].starts] == ["2019", "2020", "2021"]
    assert (sites.sites[0].least, sites.sites[0].kind) == (3, "list")
    assert sites.manners.hours is not None and sites.manners.hours[0].hour == 22


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('contact = "data@example.org"', "", "contact"),
        ('"data@example.org"', '"数据"', "ASCII"),
        ("least = 3", "leest = 3", "did you mean least"),
        ("least = 3", 'least = "3"', "whole number"),
        ("least = 3", "least = true", "whole number"),
        ('id = "linjiang"', 'id = "../etc"', "names a folder"),
        ('id = "linjiang"', "", "id is missing"),
        ("http://", "ftp://", "no address"),
        ("{2019..2021}", "{1..99999}", "99999 addresses"),
        ("22:00-06:00", "late", "window"),
        ("least = 3", 'titles = ["("]', "no pattern"),
        ("least = 3", 'kind = "tree"', "list, sitemap, report"),
        ("least = 3", 'kind = "sitemap"', "urls"),
        ("[[site]]", "[site]", "[site] is a table; wanted: tables [[site]]"),
        ("[crawl]", '[crawl]\nprivate = ["10.0.0.0/99"]', "private"),
        ("least = 3", "least = ", "line 9"),
    ],
)
def test_a_slip_is_refused_with_its_place(tmp_path: Path, old: str, new: str, said: str) -> None:
    path = write(tmp_path, GOOD.replace(old, new))
    with pytest.raises(BadToml, match=r"sites\.toml: ") as refused:
        load(path)
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


def test_two_sites_of_one_id_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadToml, match="two sites"):
        load(write(tmp_path, GOOD + GOOD[GOOD.index("[[site]]") :]))
