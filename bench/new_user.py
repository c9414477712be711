"""The way of a new user, timed: clone, install, read a folder of reports, panel, two-way fixed effects in Python, R, Stata.

    python bench/new_user.py [FOLDER]        an empty folder, in which everything stays; else a temporary one

The reports are made up: counties over four years, Word and web pages, whose figures are known. The coefficient of every
program is held against least squares by numpy on those figures. R needs haven (plm and fixest are tried where they are
there), Stata runs docs/panel.do; what is not installed is said. Ends with 1 where a coefficient differs.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[1]
COUNTIES = (
    "绩溪县", "旌德县", "怀远县", "固镇县", "长沙县", "岳西县", "太湖县", "含山县", "中江县", "芷江侗族自治县",
)  # fmt: skip
YEARS = (2021, 2022, 2023, 2024)
FILES = ("panel.dta", "panel.parquet", "panel.csv", "panel.sav", "panel.xlsx")
#: differences below this are those of rounding
NEAR = 5e-9
PYTHON = """
import sys
import pandas as pd
import statsmodels.formula.api as smf
read = {{"dta": pd.read_stata, "parquet": pd.read_parquet, "csv": pd.read_csv,
        "sav": lambda p: pd.read_spss(p, convert_categoricals=False), "xlsx": pd.read_excel}}
panel = read["{ending}"]("{file}")
data = panel.dropna(subset=["d_grant_rate", "s_new"])
fit = smf.ols("d_grant_rate ~ s_new + C(body_id) + C(year)", data).fit()
print("%.9f %d" % (fit.params["s_new"], fit.nobs))
"""
#: what R runs, by the package that it shows
R = {
    "haven": """library(haven); panel <- read_dta("panel.dta"); panel$d_grant_rate <- as.numeric(panel$d_grant_rate)
fit <- lm(d_grant_rate ~ s_new + factor(body_id) + factor(year), panel)
cat(sprintf("%.9f %d", coef(fit)["s_new"], nobs(fit)))""",
    "plm": """library(haven); library(plm); panel <- zap_labels(read_dta("panel.dta"))
data <- as.data.frame(panel[c("body_id", "year", "d_grant_rate", "s_new")])
data[3:4] <- lapply(data[3:4], as.numeric)
fit <- plm(d_grant_rate ~ s_new, data, index = c("body_id", "year"), effect = "twoways", model = "within")
cat(sprintf("%.9f %d", coef(fit)["s_new"], nobs(fit)))""",
    "fixest": """library(haven); library(fixest); panel <- zap_labels(read_dta("panel.dta"))
fit <- feols(d_grant_rate ~ s_new | body_id + year, panel)
cat(sprintf("%.9f %d", coef(fit)["s_new"], nobs(fit)))""",
    "arrow": """library(arrow); panel <- read_parquet("panel.parquet")
fit <- lm(d_grant_rate ~ s_new + factor(body_id) + factor(year), panel)
cat(sprintf("%.9f %d", coef(fit)["s_new"], nobs(fit)))""",
}


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a program finds: the coefficient and the lines it took; `lacks` names what is not installed."""

    program: str
    coefficient: float = float("nan")
    lines: int = 0
    lacks: str = ""

    def agrees(self, truth: Estimate) -> bool:
        """Whether it is the known coefficient, of the same lines."""
        return self.lines == truth.lines and abs(self.coefficient - truth.coefficient) < NEAR


def write_reports(folder: Path, counties: Sequence[str] = COUNTIES, years: Sequence[int] = YEARS) -> Estimate:
    """Write the reports of some counties; returns the coefficient that their figures have."""
    sys.path.append(str(ROOT / "samples"))
    from form import sample  # samples/ makes documents; it is no part of the package
    from made import site, word

    folder.mkdir(parents=True)
    new, rate, body, of_year = [], [], [], []
    for i, county in enumerate(counties):
        for j, year in enumerate(years):
            s = sample(
                f"{county}人民政府", year, 100 * i + j, proactive="2021", requests="2021", size=9 + 7 * i
            )
            name = f"{county}{year}.{'html' if (i + j) % 3 == 0 else 'docx'}"
            data = (site if name.endswith("html") else word)(name, s, "").data
            assert data is not None  # no font is needed for these
            (folder / name).write_bytes(data)
            figures = {row: int(s.printed["requests", row, "total"]) for row in ("new_requests", "granted", "partially_granted", "outcomes_total")}  # fmt: skip
            if figures["outcomes_total"]:
                new.append(figures["new_requests"])
                rate.append((figures["granted"] + figures["partially_granted"]) / figures["outcomes_total"])
                body.append(i)
                of_year.append(j)
    rows = np.arange(len(new))
    dummies = np.zeros((len(new), len(counties) + len(years)))
    dummies[rows, body] = 1
    dummies[rows, len(counties) + np.array(of_year)] = 1
    solved = np.linalg.lstsq(np.column_stack([new, dummies]), np.array(rate), rcond=None)[0]
    return Estimate("numpy", float(solved[0]), len(new))


def estimates(folder: Path, python: str) -> Iterator[Estimate]:
    """The coefficient of every file that Python reads, and of every program that is installed."""
    for file in FILES:
        code = PYTHON.format(ending=file.rpartition(".")[2], file=file)
        yield _estimate(f"Python {file}", [python, "-c", code], folder)
    if shutil.which("Rscript") is None:
        yield Estimate("R", lacks="Rscript")
    else:
        for package, code in R.items():
            there = subprocess.run(
                ["Rscript", "--vanilla", "-e", f"library({package})"], capture_output=True, check=False
            )
            if there.returncode:
                yield Estimate(f"R {package}", lacks=package)
            else:
                yield _estimate(f"R {package}", ["Rscript", "--vanilla", "-e", code], folder)
    stata = next((s for s in ("stata-mp", "stata-se", "stata") if shutil.which(s)), None)
    if stata is None:
        yield Estimate("Stata", lacks="stata")
        return
    shutil.copy(ROOT / "docs" / "panel.do", folder)
    subprocess.run([stata, "-b", "do", "panel.do"], cwd=folder, check=True)
    (line,) = [s for s in (folder / "panel.log").read_text().splitlines() if s.startswith("b[s_new] = ")]
    yield Estimate("Stata", float(line.split()[2]), int(line.split()[-1]))


def _estimate(program: str, command: Sequence[str], folder: Path) -> Estimate:
    done = subprocess.run(
        command, cwd=folder, capture_output=True, encoding="utf-8", env={**os.environ, "LC_ALL": "C.UTF-8"}, check=False
    )  # fmt: skip
    missing = re.search(r"ImportError: `Import (\w+)` failed|No module named '(\w+)'", done.stderr)
    if missing:
        return Estimate(program, lacks=missing[1] or missing[2])
    if done.returncode:
        return Estimate(f"{program}: {done.stderr.strip().splitlines()[-1]}")
    coefficient, lines = done.stdout.split()[-2:]
    return Estimate(program, float(coefficient), int(lines))


def main() -> None:
    """Go the whole way and print a line a step."""
    with tempfile.TemporaryDirectory(prefix="gongkai-new-user-") as name:
        folder = Path(sys.argv[1] if len(sys.argv) > 1 else name).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        raise SystemExit(_go(folder))


def _go(folder: Path) -> int:
    begun = time.monotonic()
    scripts = folder / "venv" / ("Scripts" if os.name == "nt" else "bin")
    python, gongkai = str(scripts / "python"), str(scripts / "gongkai")
    truth = write_reports(folder / "reports")
    files = [word for file in FILES for word in ("--to", file)]
    steps: list[tuple[str, list[str]]] = [
        ("clone", ["git", "clone", "--quiet", str(ROOT), "gongkai"]),
        ("environment", [sys.executable, "-m", "venv", "venv"]),
        ("install", [python, "-m", "pip", "install", "--quiet", "./gongkai[stats]", "statsmodels"]),
        ("run", [gongkai, "run", "reports", "--to", "out", "--quiet"]),
        ("panel", [gongkai, "panel", "out", *files]),
    ]
    for step, command in steps:
        started = time.monotonic()
        subprocess.run(command, cwd=folder, check=True, stdout=sys.stderr)
        print(f"{step:<12} {time.monotonic() - started:>7.1f} s", flush=True)
    wrong = 0
    print(f"{truth.program:<24} {truth.coefficient:>13.9f} {truth.lines:>5}")
    for found in estimates(folder, python):
        wrong += not found.lacks and not found.agrees(truth)
        shown = (
            f"not installed: {found.lacks}" if found.lacks else f"{found.coefficient:>13.9f} {found.lines:>5}"
        )
        print(f"{found.program:<24} {shown}", flush=True)
    print(f"{'all':<12} {time.monotonic() - begun:>7.1f} s; {wrong} differ")
    return int(wrong > 0)


if __name__ == "__main__":
    main()
