"""A sample as drawn → its truth: what a person reads on the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from form import Address, Rows, Sample

Truth = dict[str, object]
PLACEHOLDERS = ("/", "／", "—", "——", "-", "－", "\\", "无")


@dataclass(frozen=True)
class Owed:
    """What the program owes for a sample, beside its cells.

    `fails` are the sums that do not hold as printed, as (rule, table, row or column). `either` are
    boxes that may be left out, for a careful reader may doubt them ("*" stands for any row or
    column); given, they must be right. `unread` are boxes that hold no number: a fact without a value, and a finding. `unclaimed` is the number of boxes with
    a number that belong to no field. `doubt`: there must be a finding that warns.
    """

    status: str | None = "ok"
    fails: tuple[tuple[str, str, str], ...] = ()
    either: tuple[Address, ...] = ()
    unread: tuple[Address, ...] = ()
    unclaimed: int = 0
    doubt: bool = False


def truth(s: Sample, name: str, odd: str, rows: Sequence[Rows], owed: Owed = Owed()) -> Truth:
    """The truth of a report; every box that is there is a cell."""
    boxes = [box for table in rows for line in table for box in line if box.address is not None]
    cells = []
    for box in boxes:
        assert box.address is not None
        if box.address in owed.unread:
            continue
        value, blank = value_of(box.text)
        keys = dict(zip(("table", "row", "column"), box.address, strict=True))
        cells.append({**keys, "value": value, "blank": blank})
    forms = {s.forms[t] for t in ("proactive", "requests")}
    expect: dict[str, object] = {
        k: [list(a) for a in v] for k, v in (("either", owed.either), ("unread", owed.unread)) if v
    }
    if owed.unclaimed:
        expect["unclaimed"] = owed.unclaimed
    if owed.doubt:
        expect["doubt"] = True
    return {
        "file": name,
        "format": name.rpartition(".")[2],
        "org": s.org,
        "year": s.year,
        "template": forms.pop() if len(forms) == 1 else "mixed",
        "cells": cells,
        "sections": {id: "".join("".join(texts).split())[:60] for id, texts in s.sections.items()},
        "checks": {"balance": _balance(cells), "fails": [list(f) for f in owed.fails]},
        "notes": odd,
        **({"status": owed.status} if owed.status is not None else {}),
        **({"expect": expect} if expect else {}),
    }


def _balance(cells: Sequence[dict[str, object]]) -> bool | None:
    """Whether the printed total column satisfies 一 + 二 = （七） + 四; None where it is not printed.

    A row that has boxes and none for its total has no total: as printed, it adds nothing.
    """
    boxes = [c for c in cells if c["table"] == "requests"]
    total = {c["row"]: Decimal(str(c["value"])) for c in boxes if c["column"] == "total" and not c["blank"]}
    printed = {c["row"] for c in boxes if c["column"] == "total"}
    sums = {c["row"]: Decimal(0) for c in boxes if printed and c["row"] not in printed} | total
    try:
        return sums["new_requests"] + sums["carried_in"] == sums["outcomes_total"] + sums["carried_out"]
    except KeyError:
        return None


def nothing(name: str, odd: str, status: str | None = "empty") -> Truth:
    """The truth of a file that is no report."""
    return {
        "file": name,
        "format": name.rpartition(".")[2],
        "org": None,
        "year": None,
        "template": None,
        "cells": [],
        "sections": {},
        "checks": {"balance": None, "fails": []},
        "notes": odd,
        **({"status": status} if status is not None else {}),
    }


def value_of(text: str) -> tuple[float, bool]:
    """The value that a person reads in a box of a sample; written apart from the product's own reading."""
    bare = "".join(text.split()).replace("，", ",").replace(",", "")
    bare = bare.translate({0xFF10 + i: 48 + i for i in range(10)} | {0xFF0E: 46, 0x2212: 45, 0xFF0D: 45})
    if bare in ("", *PLACEHOLDERS):
        return 0, True
    sign = -1 if bare[0] in "减-" else 1
    bare = bare.lstrip("减少增加+-")
    scale = Decimal(1)
    for unit, factor in (("万元", "1"), ("元", "0.0001"), ("件", "1"), ("项", "1"), ("条", "1"), ("次", "1")):
        if bare.endswith(unit):
            bare, scale = bare[: -len(unit)], Decimal(factor)
            break
    value = sign * Decimal(bare) * scale
    return (int(value) if value == int(value) else float(value)), False
