"""The lines of the panel: the bridge of the forms, indicators, and why a value is missing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from builders.dataset_folder import folder, report
from gongkai.panel import Panel, PanelOptions, build
from gongkai.panel.missing import BY_NUMBER

BODY = "341824/财政局"

LIST = {
    "requests_received": 40, "requests_answered": 38, "answered_already_public": 5, "answered_granted": 20,
    "answered_partially_granted": 3, "answered_denied": 4, "denied_trade_secret": 1, "denied_privacy": 1,
    "denied_not_government_info": 1, "denied_other_legal_grounds": 1, "answered_not_this_organ": 3,
    "answered_not_existing": 2, "answered_asked_to_amend": 1,
}  # fmt: skip
OF_2019 = {
    "new_requests": 50, "carried_in": 2, "granted": 25, "partially_granted": 4, "denied_state_secret": 1,
    "denied_third_party_rights": 2, "denied_internal_affairs": 1, "denied_process_information": 1,
    "unavailable_not_held": 6, "unavailable_must_be_created": 2, "not_processed_petition": 4, "other_handling": 3,
    "outcomes_total": 49, "carried_out": 3,
}  # fmt: skip
OF_2021 = {
    "new_requests": 60, "carried_in": 3, "granted": 30, "partially_granted": 5, "denied_third_party_rights": 3,
    "denied_process_information": 2, "unavailable_not_held": 7, "unavailable_must_be_created": 2,
    "not_processed_petition": 5, "other_not_corrected_in_time": 2, "other_misc": 2, "outcomes_total": 58,
    "carried_out": 5,
}  # fmt: skip


def shown(panel: Panel, name: str) -> list[str | float]:
    """A column as values, rounded, and letters of what is missing."""
    return [
        f".{BY_NUMBER[int(code)].letter}" if code else round(float(value), 4)
        for value, code in zip(panel.numbers[name], panel.codes[name], strict=True)
    ]


@pytest.fixture
def three_forms(tmp_path: Path) -> Path:
    """One body with a report of each form."""
    reports = [
        report(BODY, 2018, "2014", LIST),
        report(BODY, 2019, "2019", OF_2019),
        report(BODY, 2021, "2021", OF_2021),
    ]
    return folder(tmp_path / "out", reports)


@pytest.mark.parametrize(
    ("name", "strict", "wide"),
    [
        ("s_other", [".a", 3.0, 4.0], [".a", 3.0, 4.0]),
        ("s_granted", [".a", 25.0, 30.0], [25.0, 25.0, 30.0]),
        ("s_den_common", [".a", 3.0, 3.0], [2.0, 3.0, 3.0]),
        ("s_una_notheld", [".a", 6.0, 7.0], [5.0, 6.0, 7.0]),
        ("d_grant_rate", [".i", 0.5918, 0.6034], [0.7368, 0.5918, 0.6034]),
        ("d_carry_rate", [".i", 0.0577, 0.0794], [".i", 0.0577, 0.0794]),
        ("rq_oth_handling_total", [".a", 3.0, ".a"], [".a", 3.0, ".a"]),
        ("st_received", [40.0, ".a", ".a"], [40.0, ".a", ".a"]),
        ("form_st", [2014.0, 0.0, 0.0], [2014.0, 0.0, 0.0]),
        ("form_rq", [0.0, 2019.0, 2021.0], [0.0, 2019.0, 2021.0]),
        ("gap_years", [".i", 1.0, 2.0], [".i", 1.0, 2.0]),
        ("form_break", [".i", 1.0, 1.0], [".i", 1.0, 1.0]),
        ("n_absent", [0.0, 0.0, 0.0], [0.0, 0.0, 0.0]),
    ],
)
def test_the_forms_are_bridged(
    three_forms: Path, name: str, strict: list[object], wide: list[object]
) -> None:
    assert shown(build(three_forms), name) == strict
    assert shown(build(three_forms, PanelOptions(wide=True)), name) == wide


def test_the_courts(tmp_path: Path) -> None:
    values = {
        "review.reconsideration.upheld": 2, "review.reconsideration.corrected": 1, "review.reconsideration.pending": 1,
        "review.reconsideration.total": 4, "review.litigation_direct.upheld": 2, "review.litigation_direct.total": 2,
        "review.litigation_after_reconsideration.corrected": 1, "review.litigation_after_reconsideration.pending": 1,
        "review.litigation_after_reconsideration.total": 2,
    }  # fmt: skip
    panel = build(folder(tmp_path / "out", [report(BODY, 2022, "2021", values)]))
    rates = ("d_rec_corr_rate", "d_rec_corr_rate_all", "d_lit_corr_rate", "d_lit_corr_rate_all")
    assert [shown(panel, name) for name in rates] == [[0.3333], [0.25], [0.3333], [0.25]]


def test_nothing_to_divide_by(tmp_path: Path) -> None:
    panel = build(folder(tmp_path / "out", [report(BODY, 2022, "2021")]))
    assert shown(panel, "d_grant_rate") == [".h"]


def test_an_unread_box_is_no_zero(tmp_path: Path) -> None:
    panel = build(folder(tmp_path / "out", [report(BODY, 2022, "2021", {**OF_2021, "granted": None})]))
    names = ("rq_granted_total", "s_granted", "d_grant_rate", "n_unread")
    assert [shown(panel, name) for name in names] == [[".c"], [".i"], [".i"], [1.0]]


def test_a_box_that_the_document_left_out(tmp_path: Path) -> None:
    panel = build(folder(tmp_path / "out", [report(BODY, 2022, "2021", OF_2021, left_out=["granted"])]))
    assert [shown(panel, name) for name in ("rq_granted_total", "n_absent")] == [[".b"], [1.0]]


def test_a_narrative_report_has_no_table(tmp_path: Path) -> None:
    made = report(BODY, 2012, "2021", tables=())
    panel = build(folder(tmp_path / "out", [replace(made, template="free", status="narrative")]))
    names = ("rq_granted_total", "s_granted", "form", "status")
    assert [shown(panel, name) for name in names] == [[".g"], [".i"], [0.0], [3.0]]


def test_a_table_that_was_not_found(tmp_path: Path) -> None:
    made = report(BODY, 2022, "2021", tables=("proactive", "review"), status="partial")
    panel = build(folder(tmp_path / "out", [made]))
    assert [shown(panel, n) for n in ("rq_granted_total", "pa_lic_decisions", "form_rq")] == [
        [".g"],
        [0.0],
        [0.0],
    ]


def test_a_blank_total_is_no_zero_and_its_series_adds_up_the_parts(tmp_path: Path) -> None:
    values = {"granted.natural_person": 3, "granted.other": 2, "outcomes_total": 5}
    made = report(BODY, 2022, "2021", values, blanks=["granted"])
    panel = build(folder(tmp_path / "out", [made]))
    names = ("rq_granted_total", "s_granted", "d_grant_full_rate", "n_total_blank")
    assert [shown(panel, name) for name in names] == [[".e"], [5.0], [1.0], [1.0]]


def test_a_blank_box_is_zero_or_missing_as_the_user_says(tmp_path: Path) -> None:
    out = folder(tmp_path / "out", [report(BODY, 2022, "2021", OF_2021, blanks=["granted.other"])])
    assert shown(build(out), "rq_granted_otherorg") == [0.0]
    missing = build(out, PanelOptions(blank="missing"))
    assert [shown(missing, name) for name in ("rq_granted_otherorg", "s_granted")] == [[".f"], [30.0]]


@pytest.mark.parametrize(("unit", "value", "raw"), [("万元", 12.5, ".a"), ("", ".j", 12.5)])
def test_money_without_a_unit_is_marked(tmp_path: Path, unit: str, value: object, raw: object) -> None:
    amount = {"proactive.government_procurement.procurement_amount": 12.5}
    made = report(BODY, 2019, "2019", amount, units={"government_procurement": unit})
    panel = build(folder(tmp_path / "out", [made]))
    assert [shown(panel, n) for n in ("pa_proc_amount", "pa_proc_amount_raw")] == [[value], [raw]]


def test_items_that_were_filled_in_as_cases(tmp_path: Path) -> None:
    row = "proactive.administrative_licensing"
    odd = {f"{row}.prior_year_items": 10, f"{row}.change": -2, f"{row}.decisions": 8}
    reports = [report(BODY, 2019, "2019", odd), report(BODY, 2020, "2019", odd | {f"{row}.decisions": 900})]
    panel = build(folder(tmp_path / "out", [*reports, report(BODY, 2022, "2021")]))
    assert shown(panel, "items_as_cases") == [1.0, 0.0, ".a"]


def test_a_balanced_panel_has_lines_for_what_was_not_published(tmp_path: Path) -> None:
    reports = [
        report("a", 2019, "2019", OF_2019),
        report("a", 2021, "2021", OF_2021),
        report("b", 2020, "2019"),
    ]
    options = PanelOptions(balanced=True, years=(2019, 2021), bodies={"c": "丙局"})
    panel = build(folder(tmp_path / "out", reports), options)
    assert list(zip(panel.texts["body_id"], panel.numbers["year"], strict=True)) == [
        (body, year) for body in "abc" for year in (2019, 2020, 2021)
    ]
    assert shown(panel, "present") == [1.0, 0.0, 1.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0]
    assert shown(panel, "rq_new_total")[:3] == [50.0, ".d", 60.0]
    assert shown(panel, "d_grant_rate")[1] == ".d" and panel.texts["org"][-1] == "丙局"
    assert shown(panel, "body_no") == [1.0, 1.0, 1.0, 2.0, 2.0, 2.0, 3.0, 3.0, 3.0]


def test_reports_without_body_or_year_are_listed_with_the_reason(tmp_path: Path) -> None:
    reports = [
        report(BODY, 2022, "2021", OF_2021),
        report("", 2022, "2021", file="nobody.docx"),
        report(BODY, 2021, "2021", file="empty.docx", status="empty", reason="explainer", tables=()),
    ]
    panel = build(folder(tmp_path / "out", reports))
    assert len(panel) == 1
    assert {line["source_file"]: line["why"] for line in panel.unplaced} == {
        "nobody.docx": "no body", "empty.docx": "status empty: explainer",
    }  # fmt: skip


def test_requests_per_ten_thousand_are_of_governments_alone(tmp_path: Path) -> None:
    reports = [report("341824/人民政府", 2022, "2021", OF_2021), report(BODY, 2022, "2021", OF_2021)]
    people = {("341824/人民政府", 2022): 15.0, (BODY, 2022): 15.0}
    panel = build(folder(tmp_path / "out", reports), PanelOptions(population=people))
    assert shown(panel, "d_req_per10k") == [4.0, ".i"]


def test_the_frame_is_typed_and_labelled(three_forms: Path) -> None:
    frame = build(three_forms).frame()
    assert str(frame.dtypes["rq_new_total"]) == "Int64" and str(frame.dtypes["d_grant_rate"]) == "Float64"
    assert frame.attrs["labels"]["rq_new_total"].startswith("申请：一、本年新收")
    assert frame["rq_new_total"].isna().tolist() == [True, False, False]


def test_the_same_dataset_gives_the_same_panel(three_forms: Path) -> None:
    first, second = build(three_forms), build(three_forms)
    for name, values in first.numbers.items():
        assert np.array_equal(values, second.numbers[name], equal_nan=True)
