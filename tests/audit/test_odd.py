"""What only several reports show: values that jump, tables and texts that were copied."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest

from builders.made_filings import filed
from gongkai.audit.duplicate_tables import find_twins, fingerprint
from gongkai.audit.peer_outlier import Peers
from gongkai.audit.series import check_series
from gongkai.model import Filing, SeriesCheck, SeriesFinding

PENALTIES = "proactive.administrative_penalties.decisions"
FEES = "proactive.administrative_fees.fees_collected"
NEW = "requests.new_requests.total"
TABLE = {
    NEW: 13,
    "requests.granted.total": 7,
    "requests.unavailable_not_held.total": 4,
    "requests.outcomes_total.total": 11,
    "requests.carried_out.total": 2,
}


def told(filings: Sequence[Filing], peers: Peers | None = None) -> list[SeriesFinding]:
    found = check_series(filings, (), peers or Peers())
    return [r for r in found if isinstance(r, SeriesFinding)]


def years(address: str, *values: int | str) -> list[Filing]:
    return [filed(2021 + i, {address: v}) for i, v in enumerate(values)]


def codes(found: Sequence[SeriesFinding]) -> list[tuple[str, int]]:
    return [(f.finding.code, f.filing.year) for f in found]


# Jumps ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("values", [(31, 29, 300, 33), (310, 290, 30, 330), (31, 29, "300000", 33)])
def test_a_value_of_another_order_than_the_other_years_is_told(values: tuple[int | str, ...]) -> None:
    assert codes(told(years(PENALTIES, *values))) == [("value-jumps", 2023)]


@pytest.mark.parametrize(
    "values", [(31, 29, 150, 33), (1, 1, 10, 1), (31, 300), (3, 290, 30, 3300), (0, 0, 300, 0)]
)
def test_growth_chance_and_too_few_years_are_not_told(values: tuple[int, ...]) -> None:
    assert told(years(PENALTIES, *values)) == []


def test_an_amount_in_yuan_is_told_as_what_it_may_be() -> None:
    (found,) = told(years(FEES, "52.15", "48", "521500"))
    assert "元 may have been typed as 万元" in found.finding.message
    assert found.figure == Decimal("10414.3784")


def test_the_sums_of_a_table_do_not_jump_one_by_one() -> None:
    filings = [filed(y, {"requests.granted.total": v}) for y, v in ((2021, 31), (2022, 29), (2023, 300))]
    assert told(filings) == []


def test_an_amount_far_beyond_its_peers_is_told() -> None:
    bodies = [filed(2021, {FEES: 20 + i}, body=f"{i}县教育局") for i in range(40)]
    odd = filed(2021, {FEES: 400_000}, body="某县教育局")
    peers = Peers()
    for f in (*bodies, odd):
        peers.add(f)
    assert codes(told([odd], peers)) == [("value-beyond-peers", 2021)]
    assert [told([f], peers) for f in bodies] == [[]] * 40


def test_a_city_is_no_peer_of_a_township() -> None:
    bodies = [filed(2021, {FEES: 20 + i}, body=f"{i}镇人民政府") for i in range(40)]
    city = filed(2021, {FEES: 400_000}, body="某市人民政府")
    peers = Peers()
    for f in (*bodies, city):
        peers.add(f)
    assert told([city], peers) == []


def test_peers_are_those_of_the_same_level() -> None:
    def bureau(level: str, fees: int, n: int) -> Filing:
        return replace(filed(2021, {FEES: fees}, body=f"{level}{n}交通运输局"), level=level)

    counties = [bureau("county", 20 + i, i) for i in range(40)]
    cities = [bureau("city", 400_000 + i, i) for i in range(40)]
    peers = Peers()
    for f in (*counties, *cities, odd := bureau("county", 400_000, 99)):
        peers.add(f)
    assert codes(told([odd], peers)) == [("value-beyond-peers", 2021)]
    assert [told([f], peers) for f in (*counties, *cities)] == [[]] * 80


def test_a_wide_range_takes_a_wide_jump() -> None:
    wide = (20, 90, 25, 100)
    assert told(years(PENALTIES, *wide, 700)) == []
    assert codes(told(years(PENALTIES, *wide, 7000))) == [("value-jumps", 2025)]


# Copies --------------------------------------------------------------------------------------


def test_a_table_that_says_what_it_said_the_year_before_is_told() -> None:
    found = told([filed(2021, TABLE), filed(2022, TABLE)])
    assert codes(found) == [("values-copied", 2022)]
    assert found[0].finding.table == "requests"


def test_a_table_of_nothing_and_one_of_a_single_application_are_alike_by_nature() -> None:
    nothing = {a: 0 for a in TABLE}
    single = {a: 1 for a in TABLE}
    assert told([filed(2021, nothing), filed(2022, nothing)]) == []
    assert told([filed(2021, single), filed(2022, single)]) == []


def test_what_is_in_force_may_stay_the_same() -> None:
    stock = {
        f"proactive.{r}.{c}": v
        for r, c, v in (("regulations", "in_force", 11), ("normative_documents", "in_force", 52))
    }
    assert told([filed(2021, stock), filed(2022, stock)]) == []


def test_reports_of_two_bodies_that_say_the_same_are_told_of_each() -> None:
    pair = [filed(2021, TABLE, body="甲镇人民政府"), filed(2021, TABLE, body="乙镇人民政府")]
    assert fingerprint(pair[0]) == fingerprint(pair[1]) != ""
    found = list(find_twins(pair))
    assert [(f.finding.code, f.filing.org, f.other.org if f.other else "") for f in found] == [
        ("report-repeats", "甲镇人民政府", "乙镇人民政府"),
        ("report-repeats", "乙镇人民政府", "甲镇人民政府"),
    ]


def test_a_report_that_says_too_little_has_no_fingerprint() -> None:
    assert fingerprint(filed(2021, {a: 0 for a in TABLE})) == ""
    assert fingerprint(filed(2021, {NEW: 1, "requests.granted.total": 1})) == ""
    assert fingerprint(filed(2021, {})) == ""


# Texts ---------------------------------------------------------------------------------------


def sentences(*numbers: int) -> str:
    """Sentences that differ by their number in words."""
    words = "甲乙丙丁戊己庚辛壬癸"
    return "".join(f"本年在{words[n]}方面持续推进公开工作，共办理{words[n]}类事项{n}件。" for n in numbers)


def test_last_years_sentences_with_new_figures_are_last_years_narrative() -> None:
    text = "\n".join(sentences(n, n) for n in range(10))
    found = told([filed(2021, {NEW: 1}, text=text), filed(2022, {NEW: 2}, text=text.replace("3件", "77件"))])
    assert codes(found) == [("narrative-repeats", 2022)]
    assert found[0].figure == Decimal("1.000")
    assert (
        "100.0 % of the narrative" in found[0].finding.message
        and "方面持续推进公开工作" in found[0].finding.message
    )


def test_the_similarity_is_a_figure_for_every_pair_of_years() -> None:
    first, second = (
        sentences(*range(8)) * 3,
        sentences(*range(4)) * 3 + "全新的一段文字说明今年另外开展的各项工作。" * 20,
    )
    found = check_series([filed(2021, {NEW: 1}, text=first), filed(2022, {NEW: 2}, text=second)], (), Peers())
    (check,) = [r.check for r in found if isinstance(r, SeriesCheck)]
    assert (check.rule, check.outcome) == ("narrative_repeats", "pass")
    assert check.left is not None and Decimal("0.3") < check.left < Decimal("0.5")


def test_a_short_narrative_says_nothing() -> None:
    text = "本机关严格落实条例，按时公开信息。"
    assert told([filed(2021, {NEW: 1}, text=text), filed(2022, {NEW: 2}, text=text)]) == []


# The same report in several files -------------------------------------------------------------


def test_the_same_report_in_another_format_is_told_and_counted_once() -> None:
    word, paper = filed(2023, TABLE, name="a.docx"), filed(2023, TABLE, name="a.pdf")
    (only,) = told([word, paper])
    assert (only.finding.code, only.filing.source_file, only.other) == ("same-report", "a.pdf", word)
    assert "5 values compared" in only.finding.message


def test_a_value_that_is_not_the_same_in_both_files_is_told_with_both() -> None:
    found = told([filed(2023, TABLE, name="a.docx"), filed(2023, {**TABLE, NEW: 18}, name="a.pdf")])
    (differs,) = [f for f in found if f.finding.code == "editions-differ"]
    assert (differs.filing.source_file, differs.finding.row, differs.finding.printed) == (
        "a.pdf", "new_requests", "18",
    )  # fmt: skip
    assert "says 13 where this file says 18" in differs.finding.message


def test_another_report_of_the_year_is_no_edition_of_the_first() -> None:
    found = told([filed(2023, TABLE, name="a.docx"), filed(2023, dict.fromkeys(TABLE, 99), name="b.docx")])
    assert codes(found) == [("year-twice", 2023), ("year-twice", 2023)]


def test_a_value_that_one_file_does_not_tell_is_no_difference() -> None:
    found = told([filed(2023, TABLE, name="a.docx"), filed(2023, {**TABLE, NEW: None}, name="a.pdf")])
    assert codes(found) == [("same-report", 2023)]
