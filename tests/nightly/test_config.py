"""gongkai.toml: what is wrong with it is one line that names the place and what is wanted."""

from __future__ import annotations

from pathlib import Path

import pytest

from gongkai.nightly.config import BadToml, load

GOOD = 'archive = "archive"\ndatasets = "/data/sets"\n'


def loaded(tmp_path: Path, text: str) -> object:
    path = tmp_path / "gongkai.toml"
    path.write_text(text, "utf-8")
    return load(path)


def test_paths_are_those_of_the_files_own_folder(tmp_path: Path) -> None:
    path = tmp_path / "gongkai.toml"
    path.write_text(GOOD + '[crawl]\nsites = "sites.toml"\n[expected]\nlinjiang = 12\n', "utf-8-sig")
    config = load(path)
    assert (config.archive, config.datasets) == (tmp_path / "archive", Path("/data/sets"))
    assert config.crawl.sites == tmp_path / "sites.toml"
    assert config.ledger == Path("/data/sets/corrections.csv")
    assert (config.keep, config.shrink, config.expected) == (7, 0.05, {"linjiang": 12})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('archive = "a"', 'datasets is missing; wanted: the folder of the published datasets'),
        (GOOD + "kep = 3", 'unknown key kep; did you mean keep?'),
        (GOOD + "[notfy]", 'unknown key notfy; did you mean notify?'),
        (GOOD + "xyz = 1", 'unknown key xyz; there are archive, datasets, keep, reports'),
        (GOOD + "[run]\nworker = 3", '[run]: unknown key worker; did you mean workers?'),
        (GOOD + "keep = 0", "keep is 0; wanted: a whole number from 1 on"),
        (GOOD + "keep = true", "keep is true; wanted: a whole number from 1 on"),
        (GOOD + "shrink = 5", "shrink is 5; wanted: a share from 0 to 1, 0.05 for 5 %"),
        (GOOD + "[run]\ntimeout = 0", "[run]: timeout is 0; wanted: a number above 0"),
        (GOOD + 'run = "fast"', "run is \"fast\"; wanted: a table, written [run]"),
        (GOOD + '[crawl]\ncommand = "fetch.sh"', "command is \"fetch.sh\"; wanted: a list of texts"),
        (GOOD + '[crawl]\ncommand = ["x"]\nsites = "s"', "[crawl]: command stands for `gongkai crawl`"),
        (GOOD + '[crawl]\noptions = ["--warc"]', '[crawl]: options are those of `gongkai crawl`, which wants sites'),
        (GOOD + '[notify]\nwhen = "never"', '[notify]: when is "never"; wanted: one of always, change, problem'),
        (GOOD + '[notify]\nformat = "xml"', '[notify]: format is "xml"; wanted: one of json, wecom, dingtalk, feishu'),
        (GOOD + '[notify]\nwebhook = "ftp://x"', "[notify]: webhook is an address that begins with https://"),
        (GOOD + '[notify]\nwebhook = "https://u:p@x/"', "[notify]: webhook is an address"),
        (GOOD + "[expected]\nlinjiang = -1", "[expected]: linjiang is -1; wanted: the least number of reports"),
        ('archive = "a"\ndatasets = "a/b"', "archive and datasets are two folders, neither in the other"),
        ("archive = ", "gongkai.toml: "),
    ],
)  # fmt: skip
def test_what_is_wrong_is_one_line(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(BadToml) as raised:
        loaded(tmp_path, text)
    told = str(raised.value)
    assert message in told and told.startswith(f"{tmp_path}/gongkai.toml: ") and "\n" not in told


def test_a_file_that_is_not_there_or_no_text_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(BadToml, match=r"gongkai\.toml: No such file"):
        load(tmp_path / "gongkai.toml")
    (tmp_path / "gongkai.toml").write_bytes('archive = "档案"'.encode("gbk"))
    with pytest.raises(BadToml, match="is not UTF-8; save it as UTF-8"):
        load(tmp_path / "gongkai.toml")
