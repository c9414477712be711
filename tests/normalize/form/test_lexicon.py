"""Wordings of a user's own beside those of the forms."""

from __future__ import annotations

from pathlib import Path

import pytest

from builders import made_grids as build
from gongkai.normalize import normalize
from gongkai.normalize.form.lexicon import read_lexicon
from gongkai.normalize.solve.label_runs import row_labels, score_label

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


@pytest.mark.parametrize(
    ("printed", "id"),
    [
        ("（三）不予公开一2.其它法律行政法规禁止公开", "denied_prohibited_by_law"),
        ("（四）无法提供一3.补正后审请内容仍不明确", "unavailable_still_unclear"),
        (
            "三、本年度办理结果一（二）部分公开（区分处理的，只计这一情形，不计其它情形）",
            "partially_granted",
        ),
        ("（三）不予公开一属于国家秘密", "denied_state_secret"),
        ("（三）不子公开一属于国家秘密", "denied_state_secret"),
        ("（三））不予公开一属于行政查询事项", "denied_administrative_inquiry"),
        (
            "（）其他处理—申请人无正当理由逾期不补正、行政机关不书处理其政府信息公开申话",
            "other_not_corrected_in_time",
        ),
        ("(1）不予处理—2.重复申请", "not_processed_duplicate"),
        ("（六）其他处理", "other_handling"),
        ("（六）其他处理：含撤回申请", "other_handling"),
    ],
)
def test_the_number_of_a_group_before_a_label_does_not_contradict_it(printed: str, id: str) -> None:
    match = read_lexicon()["requests"].rows.match(printed)
    assert match is not None
    assert match.id == id


def test_the_words_of_known_labels_are_listed_as_jieba_cuts_them() -> None:
    import label_words

    listed = label_words.PATH.read_text("utf-8").splitlines()
    assert len(listed) > 100
    assert listed == label_words.lines()


def test_an_id_is_a_label_only_as_it_stands() -> None:
    columns = read_lexicon()["requests"].columns
    match = columns.match("natural_person")
    assert match is not None
    assert (match.id, match.rule) == ("natural_person", "alias")
    assert columns.match("natural_persn") is None


def test_a_box_whose_first_line_is_another_rows_label_is_no_row() -> None:
    rows = read_lexicon()["requests"].rows
    mixed = "（一）予以公开\n（形二）情部分公开（区分处理的，只计这一情形，不计其"
    assert rows.match("（二）部分公开\n（区分处理的，只计这一情形）") is not None
    assert rows.match(mixed) is None
    assert score_label(mixed, row_labels("requests", "2021", rows)) == ()
