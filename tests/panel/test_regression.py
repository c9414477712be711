"""From the files as written to a two-way fixed-effects regression: the snippets of docs/panel.md, run as they stand."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pandas as pd
import pytest
import statsmodels.formula.api as smf

from builders.dataset_folder import folder, report
from gongkai.model import Report
from gongkai.panel import build, save

ROOT = Path(__file__).parents[2]
#: body → for 2019, 2020 and 2021: new requests, granted and granted in part, outcomes; None is unread
NUMBERS = {
    "a": [(50, 29, 49), (55, 31, 55), (60, 35, 58)],
    "b": [(10, 7, 10), (12, 8, 11), (9, 5, 10)],
    "c": [(0, 0, 0), (4, 1, 4), (6, 4, 6)],
    "d": [(120, 50, 118), (130, None, 130), (150, 75, 150)],
}
#: by numpy's least squares and by lm of R
COEFFICIENT, N = 0.006443157, 10


def reports() -> list[Report]:
    return [
        report(
            body,
            year,
            "2021" if year == 2021 else "2019",
            {"new_requests": new, "granted": granted, "outcomes_total": outcomes},
        )
        for body, years in NUMBERS.items()
        for year, (new, granted, outcomes) in zip((2019, 2020, 2021), years, strict=True)
    ]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("regression")
    out = folder(place / "out", reports())
    kinds = ("dta", "parquet", "csv", "sav", "xlsx")
    save(build(out), [(place / f"panel.{kind}", kind) for kind in kinds])
    return place


def snippet(page: str, language: str) -> str:
    found = re.findall(rf"```{language}\n(.*?)```", (ROOT / page).read_text("utf-8"), re.DOTALL)
    return str(next(text for text in found if "d_grant_rate" in text))


@pytest.mark.parametrize("page", ["docs/panel.md", "docs/panel.zh.md", "README.md", "README.zh.md"])
def test_the_python_of_the_docs_gives_the_coefficient(
    page: str, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(files)
    names: dict[str, object] = {}
    exec(snippet(page, "python"), names)
    fit = names["fit"]
    assert fit.params["s_new"] == pytest.approx(COEFFICIENT, abs=5e-10)  # type: ignore[attr-defined]
    assert fit.nobs == N  # type: ignore[attr-defined]


@pytest.mark.parametrize("kind", ["parquet", "csv", "sav", "xlsx"])
def test_every_format_gives_the_same_coefficient(files: Path, kind: str) -> None:
    path = files / f"panel.{kind}"
    match kind:
        case "parquet":
            panel = pd.read_parquet(path)
        case "csv":
            panel = pd.read_csv(path)
        case "sav":
            panel = pd.read_spss(path, convert_categoricals=False)
        case _:
            panel = pd.read_excel(path, sheet_name="panel", engine="openpyxl")
    data = panel.dropna(subset=["d_grant_rate", "s_new"])
    fit = smf.ols("d_grant_rate ~ s_new + C(body_id) + C(year)", data).fit()
    assert (fit.params["s_new"], fit.nobs) == (pytest.approx(COEFFICIENT, abs=5e-10), N)


@pytest.mark.parametrize("page", ["docs/panel.md", "docs/panel.zh.md"])
def test_the_r_of_the_docs_gives_the_coefficient(page: str, files: Path) -> None:
    if shutil.which("Rscript") is None:
        pytest.skip("R is not installed")
    code = snippet(page, "r") + "\ncat(sprintf('%.9f %d', coef(fit)['s_new'], nobs(fit)))\n"
    (files / "fit.R").write_text(code, "utf-8")
    done = subprocess.run(
        ["Rscript", "--vanilla", "fit.R"],
        cwd=files,
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "LC_ALL": "C.UTF-8"},
        check=False,
    )
    if "there is no package called" in done.stderr:
        pytest.skip("haven is not installed in R")
    assert done.stdout.splitlines()[-1].endswith(f"{COEFFICIENT:.9f} {N}"), done.stderr


def test_the_mean_of_ratios_is_not_the_ratio_of_sums(files: Path) -> None:
    panel = pd.read_parquet(files / "panel.parquet")
    first = panel[panel.year == 2019]
    assert (first.s_granted + first.s_partial).sum() / first.s_outcomes.sum() == pytest.approx(86 / 177)
    assert first.d_grant_rate.mean() == pytest.approx(0.5719, abs=5e-5)
