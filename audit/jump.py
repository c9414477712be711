"""Values that are ten or ten thousand times those of the body's other years, or far beyond its peers."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal
from statistics import median

from model import Filing, Finding, SeriesFinding

from .equation import Address

#: A factor counts as ten, or as ten thousand (元 typed as 万元), from this share of it to its inverse.
NEAR = 0.8
#: The other years agree when the largest is no more than this times the smallest.
AGREE = 3
#: Below this a factor of ten is chance: 1 application one year and 10 the next.
LEAST = 10
#: Other years that a jump is held against, at the least.
LEAST_YEARS = 2
#: Peers of one year that state the amount, at the least.
LEAST_PEERS = 30
#: How far beyond the peers' median an amount is odd: 元 typed as 万元.
BEYOND = 10_000
#: Steps of the logarithm to base ten in which amounts of peers are counted: a twentieth, some 12 %.
_STEPS = 20

#: Rows in which money stands.
MONEY = {"fees_collected", "procurement_amount", "dedicated_funds", "request_fees"}

#: What kind of body a name ends in; the first that fits.
_KINDS = (
    "省人民政府",
    "市人民政府",
    "县人民政府",
    "区人民政府",
    "镇人民政府",
    "乡人民政府",
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


def jumps(years: Sequence[Filing]) -> Iterator[SeriesFinding]:
    """Values beside the same body's other years, in the order of the years."""
    clear = [f for f in years if not f.doubled]
    for filing in clear:
        for address, value in filing.values.items():
            if not value or not _watched(address):
                continue
            others = [v for f in clear if f is not filing and (v := f.values.get(address))]
            factor = _factor(value, others)
            if factor is not None:
                nearest = _nearest(filing, address, clear)
                yield _jump(filing, nearest, address, value, others, factor)


def _watched(address: Address) -> bool:
    """Boxes whose size speaks for itself: those of table two, and how many applications came."""
    table, row, column = address
    return table in ("proactive", "statistics") or (row, column) == ("new_requests", "total")


def _factor(value: Decimal, others: Sequence[Decimal]) -> int | None:
    """10 or 10,000 where the value is that many times the others, or that part of them; else None."""
    if len(others) < LEAST_YEARS or max(others) > AGREE * min(others) or min(*others, value) < 0:
        return None
    middle = median(others)
    ratio = float(max(value, middle) / min(value, middle))
    for factor in (10, 10_000):
        near = NEAR * factor <= ratio <= factor / NEAR
        if near and (factor > 10 or min(value, middle) >= LEAST):
            return factor
    return None


def _nearest(filing: Filing, address: Address, years: Sequence[Filing]) -> Filing:
    others = [f for f in years if f is not filing and f.values.get(address)]
    return min(others, key=lambda f: (abs(f.year - filing.year), f.year))


def _jump(
    filing: Filing, other: Filing, address: Address, value: Decimal, others: Sequence[Decimal], factor: int
) -> SeriesFinding:
    middle = median(others)
    times = f"{factor:,} times" if value > middle else f"a {'tenth' if factor == 10 else 'ten-thousandth'} of"
    hint = "a digit too many or too few, or figures of another scope"
    if factor > 10:
        hint = "元 may have been typed as 万元 or the other way round"
    message = (
        f"{'.'.join(address)}: {value:f} in {filing.year} is about {times} the body's other years "
        f"(median {middle:f} of {len(others)}); {hint}"
    )
    figure = Decimal(str(round(float(value / middle), 4)))
    return SeriesFinding(filing, other, Finding("value-jumps", "warning", message, None, *address), figure)


class Peers:
    """Amounts of money by kind of body and year, counted in steps: the same memory for any number."""

    def __init__(self) -> None:
        self._counts: dict[tuple[str, int, Address], Counter[int]] = {}

    def add(self, filing: Filing) -> None:
        """Count one report's amounts."""
        for address, step in _amounts(filing):
            self._counts.setdefault((_kind(filing.org), filing.year, address), Counter())[step] += 1

    def beyond(self, filing: Filing) -> Iterator[SeriesFinding]:
        """Amounts of one report that are ten thousand times the median of its peers or more."""
        for address, step in _amounts(filing):
            counts = self._counts.get((_kind(filing.org), filing.year, address), Counter())
            peers = counts.total() - 1  # the report itself is among those counted
            if peers < LEAST_PEERS:
                continue
            middle = _median(counts)
            if step - middle < _STEPS * math.log10(BEYOND):
                continue
            value = filing.values[address]
            typical = 10 ** (middle / _STEPS)
            message = (
                f"{'.'.join(address)}: {value:f} is more than ten thousand times what {peers} bodies of its kind "
                f"state for {filing.year} (median about {typical:.3g}); 元 may have been typed as 万元"
            )
            figure = Decimal(str(round(float(value or 0) / typical)))
            told = Finding("value-beyond-peers", "warning", message, None, *address)
            yield SeriesFinding(filing, None, told, figure)


def _amounts(filing: Filing) -> Iterator[tuple[Address, int]]:
    for address, value in filing.values.items():
        if value and value > 0 and (address[2] in MONEY or address[1] in MONEY):
            yield address, round(_STEPS * math.log10(value))


def _kind(org: str) -> str:
    return next((k for k in _KINDS if org.endswith(k)), "")


def _median(counts: Counter[int]) -> int:
    """The middle of a count of steps."""
    half, seen = counts.total() / 2, 0
    for step in sorted(counts):
        seen += counts[step]
        if seen >= half:
            return step
    raise ValueError("nothing was counted")
