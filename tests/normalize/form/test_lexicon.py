"""Wordings of a user's own beside those of the forms."""

from __future__ import annotations

from pathlib import Path

import pytest

from builders import made_grids as build
from gongkai.normalize import normalize
from gongkai.normalize.form.lexicon import read_lexicon

RESULTS = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]


@pytest.fixture
def own(tmp_path: Path) -> Path:
    return tmp_path / "own.toml"


def test_the_lexicon_of_one_content_is_built_once(own: Path, tmp_path: Path) -> None:
    twin = tmp_path / "twin.toml"
    for path in (own, twin):
        path.write_text('[requests.columns]\nresearch_institution = ["学术团体"]\n', "utf-8")
    assert read_lexicon(own) is read_lexicon(twin)
    assert read_lexicon() is read_lexicon(None)


def test_a_file_of_wordings_that_changed_counts_at_once(own: Path) -> None:
    own.write_text('[requests.columns]\nresearch_institution = ["学术团体"]\n', "utf-8")
    assert read_lexicon(own)["requests"].columns.match("学术团体") is not None
    own.write_text("", "utf-8")
    assert read_lexicon(own)["requests"].columns.match("学术团体") is None


def test_a_users_wording_leaves_listed_ones_their_meaning(own: Path) -> None:
    own.write_text('[requests.columns]\nresearch_institution = ["企业", "自然人"]\n', "utf-8")
    columns = read_lexicon(own)["requests"].columns
    ids = [m.id for text in ("企业", "自然人") if (m := columns.match(text)) is not None]
    assert ids == ["commercial_enterprise", "natural_person"]


def test_a_users_wording_of_a_group_of_table_four_counts(own: Path) -> None:
    own.write_text('[review.rows]\nreconsideration = ["向上级提出的案子"]\n', "utf-8")
    rows = [
        ["", *RESULTS],
        ["向上级提出的案子", "1", "2", "3", "4", "10"],
        ["未经复议直接起诉", "0", "0", "0", "0", "0"],
        ["复议后起诉", "0", "0", "0", "0", "0"],
    ]
    document = build.document("四、政府信息公开行政复议、行政诉讼情况", build.grid(rows, 1))
    (report,) = normalize(document, own)
    values = [f.value for f in report.facts if f.field.row.id == "reconsideration"]
    assert values == [1, 2, 3, 4, 10]
