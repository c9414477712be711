"""explain, draw, normalize, labels: questions about one file or one dataset."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from gongkai import pipeline

SAMPLES = Path(__file__).parents[2] / "samples"
CITY = SAMPLES / "2021_city.docx"
Run = Callable[..., tuple[int, str, str]]


def test_a_label_that_matches_nothing_gets_no_id_to_paste(gongkai: Run) -> None:
    # 不予公开 is nearest to 予以公开 and means the opposite: the one who pastes has to say what it is.
    code, out, _ = gongkai("explain", "--label", "不予公开", "--table", "requests")
    assert code == 0
    assert "no match" in out
    assert "granted = " not in out
    assert 'ID = ["不予公开"]' in out


def test_what_is_to_be_pasted_for_a_label_settles_it(gongkai: Run, tmp_path: Path) -> None:
    out = gongkai("explain", "--label", "本年新收公开申清数量", "--table", "requests")[1]
    line = next(x for x in out.splitlines() if "to settle it" in x)
    pasted = line.partition(":  ")[2]
    assert tomllib.loads(pasted) == {"new_requests": ["本年新收公开申清数量"]}
    own = tmp_path / "own.toml"
    own.write_text(f"[requests.rows]\n{pasted}\n", "utf-8")
    settled = gongkai("explain", "--label", "本年新收公开申清数量", "--table", "requests", "--aliases", own)[
        1
    ]
    assert "= new_requests   alias 100" in settled


def test_a_label_with_quotation_marks_can_be_pasted(gongkai: Run) -> None:
    out = gongkai("explain", "--label", '本年新收"公开申清数量', "--table", "requests")[1]
    line = next(x for x in out.splitlines() if "of an alias file" in x)
    assert list(tomllib.loads(line.partition(":  ")[2]).values()) == [['本年新收"公开申清数量']]


def test_a_label_far_from_all_others_matches_nothing(gongkai: Run) -> None:
    assert gongkai("explain", "--label", "zzz")[:2] == (0, "nothing is near “zzz”\n")


def test_a_field_of_another_form_was_not_read_and_is_no_wrong_usage(gongkai: Run) -> None:
    code, out, err = gongkai("explain", CITY, "requests.other_handling.total")
    assert (code, out) == (1, "")
    assert err.startswith(f"{CITY}: no value requests.other_handling.total was read (form 2021)")


def test_a_value_is_explained_for_every_report_of_a_file(
    gongkai: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    city = pipeline.read_file(CITY, CITY.name, pipeline.DEFAULTS)[0]
    both = (replace(city, facts=()), replace(city, org="清溪镇人民政府"))
    monkeypatch.setattr(pipeline, "read_file", lambda path, name, options: both)
    code, out, _ = gongkai("explain", CITY, "requests.granted.total")
    assert code == 0
    assert out.startswith("report  2021_city.docx   清溪镇人民政府")
    assert out.count("field   requests.granted.total") == 1


def test_a_format_without_pages_is_drawn_as_text(gongkai: Run) -> None:
    code, out, err = gongkai("draw", CITY)
    assert (code, err) == (0, "")
    assert "· | · | · | 自然人 | 法人或其他组织 |" in out


def test_a_page_beyond_the_last_is_refused_with_the_number_of_pages(gongkai: Run, tmp_path: Path) -> None:
    code, _, err = gongkai("draw", SAMPLES / "2021_city.pdf", "--page", 99, "--to", tmp_path / "x.png")
    assert code == 1
    assert "no page 99" in err
    assert not (tmp_path / "x.png").exists()


def test_normalize_lists_values_before_any_sum_is_tried(gongkai: Run) -> None:
    code, out, err = gongkai("normalize", SAMPLES / "2021_sums_fail.docx")
    assert code == 0  # show gives 1 for the same file: its sums fail
    line = next(x for x in out.splitlines() if x.startswith("requests.new_requests.total"))
    assert line.split() == ["requests.new_requests.total", "341", "“341”", "exact,", "exact"]
    assert "§ 1    overview" in out
    assert "sum-differs" not in err


def test_normalize_gives_the_same_json_as_show_without_checks(gongkai: Run) -> None:
    out = gongkai("normalize", CITY, "--json")[1]
    assert '"checks": []' in out
    assert '"row": "granted"' in out


def test_labels_wants_a_dataset(gongkai: Run, tmp_path: Path) -> None:
    (tmp_path / "facts.csv").write_text("a,b\n1,2\n", "utf-8")
    code, out, err = gongkai("labels", tmp_path)
    assert (code, out, err.count("\n")) == (2, "", 1)


def test_labels_counts_a_wording_once_a_table_and_rule(gongkai: Run, tmp_path: Path) -> None:
    head = "source_file,table,row,column,row_label,row_rule,row_score,column_label,column_rule,column_score"
    lines = (
        "b.pdf,requests,granted,total,结果 / 予以公升,fuzzy,88.9,总计,exact,100",
        "a.pdf,requests,granted,other,结果 / 予以公升,fuzzy,85.5,其他,exact,100",
    )
    (tmp_path / "facts.csv").write_text("\n".join((head, *lines)), "utf-8-sig")
    code, out, _ = gongkai("labels", tmp_path)
    assert code == 0
    assert out.splitlines() == [
        "table,kind,printed,field,rule,lowest_score,values,first_file",
        "requests,columns,其他,other,exact,100,1,a.pdf",
        "requests,columns,总计,total,exact,100,1,b.pdf",
        "requests,rows,予以公升,granted,fuzzy,85.5,2,b.pdf",
    ]


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "gongkai coverage: Missing option '--bodies'; see `gongkai coverage --help`\n"),
        ("zh", "gongkai coverage: 缺少选项 --bodies；见 `gongkai coverage --help`\n"),
    ],
)
def test_wrong_usage_is_one_line_that_names_the_help(gongkai: Run, language: str, said: str) -> None:
    assert gongkai("coverage", "out", "--lang", language) == (2, "", said)
