"""Every number of a panel is the fact of its line's report, or what the codebook says: tried by code that shares nothing."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from panel_check import check

from builders.dataset_folder import folder, report
from gongkai.model import Report
from gongkai.normalize import templates
from gongkai.panel import PanelOptions, build, save

BODIES = ("341824/人民政府", "341824/财政局", "310104/民政局")
YEARS = {2017: "2014", 2019: "2019", 2020: "2019", 2021: "2021", 2022: "2021"}
FORMS = {form.id: form for form in templates()}


def filled(body: str, year: int, form: str, chance: random.Random) -> Report:
    """A report with numbers of all kinds: unread, blank and absent boxes, blank totals, money without a unit."""
    names = [
        f.row.id if form == "2014" else ".".join(f.address)
        for table in FORMS[form].tables
        for f in table.fields
        if f.column.id != "cumulative"
    ]
    values: dict[str, float | None] = {name: chance.choice((0, 0, 1, 7, 300, 2.5, None)) for name in names}
    lot = chance.sample(names, len(names) // 5)
    third = len(lot) // 3
    more: dict[str, Any] = {"blanks": lot[:third], "left_out": lot[third : 2 * third]}
    if chance.random() < 0.5:
        more["units"] = {"government_procurement": "万元"}
    if form != "2014" and chance.random() < 0.2:
        more["tables"] = ("requests",)
    status = chance.choice(("ok", "partial"))
    return report(body, year, form, values, status=status, org=body.rpartition("/")[2], **more)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("wide", [False, True])
def test_no_cell_differs(tmp_path: Path, seed: int, wide: bool) -> None:
    chance = random.Random(seed)
    reports = [filled(body, year, form, chance) for body in BODIES for year, form in YEARS.items()]
    out = folder(tmp_path / "out", reports)
    options = PanelOptions(
        balanced=True, wide=wide, optional=True, population={(BODIES[0], 2021): 12.5, (BODIES[1], 2021): 3}
    )
    save(build(out, options), [(tmp_path / "panel.csv", "csv")])
    assert list(check(out, tmp_path, wide=wide)) == []
