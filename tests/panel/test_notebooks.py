"""The notebooks of docs/notebooks run from the first cell to the last, on a dataset in the folder where they stand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import matplotlib
import pandas as pd
import pytest

import gongkai
from builders.dataset_folder import folder, report
from gongkai.panel import PanelOptions, build

NOTEBOOKS = sorted((Path(__file__).parents[2] / "docs" / "notebooks").glob("*.ipynb"))


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three bodies over five years; a chain that breaks, sums that fail, two reports that contradict each other."""
    made = [report("b1", 2018, "2014", {"requests_received": 8, "requests_answered": 7})]
    for body, base in (("b1", 10), ("b2", 25), ("b3", 40)):
        for year in range(2019, 2023):
            new = base + 3 * (year - 2019) + (body == "b2") * year % 5
            granted = new // 2 + (year + base) % 3
            made.append(
                report(
                    body,
                    year,
                    "2021" if year > 2020 else "2019",
                    {
                        "new_requests": new,
                        "granted": granted,
                        "denied_state_secret": 1,
                        "denied_process_information": year - 2018,
                        "outcomes_total": granted + 1 + year - 2018,
                        "carried_in": 2,
                        "carried_out": 2 if body != "b3" else 5,
                    },
                )
            )
    made.append(report("b1", 2021, "2021", {"new_requests": 77, "granted": 70}, file="other.docx"))
    made.append(report("", 2021, "2021", file="nobody.docx"))
    folder(tmp_path / "out", made)
    monkeypatch.chdir(tmp_path)
    matplotlib.use("Agg")
    return tmp_path


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs(path: Path, place: Path) -> None:
    names: dict[str, Any] = {}
    cells = json.loads(path.read_text("utf-8"))["cells"]
    for cell in cells:
        if cell["cell_type"] == "code":
            assert cell["outputs"] == [], "notebooks are kept without outputs"
            exec(compile("".join(cell["source"]), path.name, "exec"), names)
    match path.stem:
        case "from_a_folder_to_a_regression":
            assert names["fit"].nobs == 12 and len(names["made"].unplaced) == 2
        case "refusals_by_ground":
            assert names["table"].loc[2019, "N"] == 3 and names["plot"].name == "grounds"
        case "an_auditors_morning":
            assert set(names["broken"].body_id) == {"b3"} and len(names["failing"]) > 0


def test_there_are_three_notebooks() -> None:
    assert len(NOTEBOOKS) == 3


def test_a_loaded_dataset_is_a_mapping_with_attributes_and_a_panel(place: Path) -> None:
    data = gongkai.load("out")
    assert data["facts"] is data.facts and set(data) >= {"facts", "reports", "checks"} and len(data) >= 7
    assert data.facts.attrs["labels"]["value"] == "数值" and "year" in data.reports.attrs["labels_en"]
    pd.testing.assert_frame_equal(data.panel(years=(2019, 2020)), build_frame(place))
    assert data.panel().attrs["labels"]["s_new"].startswith("衔接序列")
    assert str(data.panel().dtypes["rq_new_total"]) == "Int64"
    assert "facts" in repr(data)
    with pytest.raises(KeyError):
        data["nothing"]


def build_frame(place: Path) -> pd.DataFrame:

    return build(place / "out", PanelOptions(years=(2019, 2020))).frame()
