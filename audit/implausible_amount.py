"""Amounts of money too large for purchases of a public body: 元 may have been typed as 万元."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from gongkai.model import Finding, Report, flag

#: 万元 for one purchase on average. Above it the unit is in doubt: the largest plausible amount in the
#: reports that we looked at is a quarter of it.
MOST = Decimal(5_000)

_TABLE, _ROW = "proactive", "government_procurement"


def findings(report: Report) -> Iterator[Finding]:
    """A finding where the amount (采购总金额) is too large for the number of purchases (采购项目数量)."""
    facts = {f.field.address: f for f in report.facts}
    amount = facts.get((_TABLE, _ROW, "procurement_amount"))
    items = facts.get((_TABLE, _ROW, "procurement_items"))
    if amount is None or amount.value is None:
        return
    count = max(Decimal(1), (items.value if items is not None else None) or Decimal(1))
    if amount.value / count < MOST:
        return
    message = (
        f"{amount.value:f}{amount.unit or ' without a unit'} for {count:f} purchases is more than {MOST}万元 for each; "
        "元 may have been typed as 万元. It is given as printed"
    )
    yield flag(
        "amount-large",
        message,
        place=amount.place,
        table=amount.field.address[0],
        row=amount.field.address[1],
        column=amount.field.address[2],
        printed=amount.printed,
    )
