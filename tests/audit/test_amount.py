"""What was bought against the number of purchases."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from audit import audit
from normalize.template import templates

_spec = importlib.util.spec_from_file_location("build", Path(__file__).with_name("build.py"))
assert _spec is not None and _spec.loader is not None
build = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(build)

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
