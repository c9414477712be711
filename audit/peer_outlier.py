"""Amounts of money far above those of other bodies of the same level, kind and year."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

from gongkai.audit.year_outlier import is_money
from gongkai.model import Address, Filing, SeriesFinding, flag

#: The fewest peers of one year that state the amount.
LEAST_PEERS = 20
#: An outlier is this many times the amount that nearly all peers stay below. 元 typed as 万元 makes a factor of
#: ten thousand, while amounts of bodies of one kind may well be a hundred times apart.
BEYOND = 100
#: The share of peers that "nearly all" are.
NEARLY_ALL = 0.95
#: Amounts are counted in steps of their logarithm to base ten: so many steps, of some 12 % each, make a factor of ten.
_STEPS = 20

#: Endings of names that tell the kind of body; the first that fits.
_KINDS = (
    "人民政府",
    "街道办事处",
    "街道",
    "镇",
    "乡",
    "管理委员会",
    "管委会",
    "委员会",
    "局",
    "厅",
    "办公室",
    "院",
    "中心",
)
#: Endings of places that tell the level of a government whose level is not known.
_PLACES = ("省", "自治区", "市", "州", "盟", "县", "区", "旗", "镇", "乡")

Group = tuple[str, str, int, Address]


class Peers:
    """Amounts of money by level, kind of body and year, counted in steps: memory does not grow with their number."""

    def __init__(self) -> None:
        self._counts: dict[Group, Counter[int]] = {}

    def add(self, filing: Filing) -> None:
        """Count one report's amounts."""
        for address, step in _amounts(filing):
            self._counts.setdefault(_group(filing, address), Counter())[step] += 1

    def find_outliers(self, filing: Filing) -> Iterator[SeriesFinding]:
        """Amounts of one report that are at least a hundred times those of nearly all of its peers."""
        for address, step in _amounts(filing):
            counts = self._counts.get(_group(filing, address), Counter())
            others = counts - Counter([step])  # the report itself is among those counted
            if others.total() < LEAST_PEERS or step < _quantile(others, NEARLY_ALL) + _STEPS * math.log10(
                BEYOND
            ):
                continue
            most, typical = (10 ** (_quantile(others, q) / _STEPS) for q in (NEARLY_ALL, 0.5))
            value = filing.values[address]
            message = (
                f"{'.'.join(address)}: {value:f} is {float(value or 0) / typical:,.3g} times the median of {others.total()} "
                f"other bodies of its level and kind for {filing.year} (about {typical:.3g}; 95 of 100 state no more than "
                f"about {most:.3g}); 元 may have been typed as 万元"
            )
            figure = Decimal(str(round(float(value or 0) / typical)))
            finding = flag("value-beyond-peers", message, table=address[0], row=address[1], column=address[2])
            yield SeriesFinding(filing, None, finding, figure)


def _group(filing: Filing, address: Address) -> Group:
    return (filing.level or _place(filing.org), _kind(filing.org), filing.year, address)


def _amounts(filing: Filing) -> Iterator[tuple[Address, int]]:
    for address, value in filing.values.items():
        if value and value > 0 and is_money(address):
            yield address, round(_STEPS * math.log10(value))


def _kind(org: str) -> str:
    return next((k for k in _KINDS if org.endswith(k)), "")


def _place(org: str) -> str:
    """The ending of a government's name that tells its level, "" for other bodies."""
    place = org.removesuffix("人民政府")
    return next((p for p in _PLACES if place != org and place.endswith(p)), "")


def _quantile(counts: Counter[int], share: float) -> int:
    """The step that a share of a count lies at or below."""
    wanted, seen = share * counts.total(), 0
    for step in sorted(counts):
        seen += counts[step]
        if seen >= wanted:
            return step
    raise ValueError("nothing was counted")
