"""What was bought against the number of purchases."""

from __future__ import annotations

import pytest

from builders import made_reports as build
from gongkai.audit import audit
from gongkai.normalize.form.template import templates

ROW = ("proactive", "government_procurement")


@pytest.mark.parametrize(
    ("items", "amount", "told"),
    [
        ("3", "23600", True),
        ("1", "5000", True),
        ("3", "4014.9", False),
        ("885", "36626", False),
        ("", "23600", True),
        ("2", "0", False),
    ],
)
def test_an_amount_beyond_any_purchase_is_told(items: str, amount: str, told: bool) -> None:
    report = build.report({(*ROW, "procurement_items"): items, (*ROW, "procurement_amount"): amount}, "2019")
    found = [f.code for f in audit(report, templates())[1]]
    assert ("amount-large" in found) is told
