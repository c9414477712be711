"""Values far outside the range of the body's other years: a digit too many or too few, 元 typed as 万元."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import median

from gongkai.model import Address, Filing, SeriesFinding, flag

#: Other years that a jump is held against, at the least.
LEAST_YEARS = 2
#: A value that is odd lies beyond the range of the other years by this factor at the least, by the number
#: of those years (the last for more): a digit too many makes ten, and two years tell little of a range. It
#: lies further beyond than the range is wide, too, by the second number as an exponent. Measured with
#: bench/odd.py, so that what varies by half from year to year is told less than once in a thousand values.
BEYOND = {2: (8.0, 4.0), 3: (6.0, 2.0), 4: (6.0, 1.5)}
#: Below this a factor of ten is chance: 1 application one year and 10 the next.
LEAST = 10
#: 元 typed as 万元, or the other way round.
MYRIAD = 10_000
#: The amount divided by it (or multiplied) lies in the range of the other years, stretched by this at either end.
STRETCHED = 2

#: Rows and columns in which money stands.
MONEY = {"fees_collected", "procurement_amount", "dedicated_funds", "request_fees"}


@dataclass(frozen=True, slots=True)
class Range:
    """The least and the largest value of a body's other years, and how many there are."""

    low: Decimal
    high: Decimal
    years: int

    def beyond(self, value: Decimal) -> float:
        """The factor by which a value lies outside, 1 inside."""
        return float(max(value / self.high, self.low / value, Decimal(1)))

    @property
    def most(self) -> float:
        """The factor from which on a value is odd."""
        factor, power = BEYOND.get(self.years, BEYOND[max(BEYOND)])
        return max(factor, math.pow(float(self.high / self.low), power))

    def holds(self, value: Decimal) -> bool:
        """Whether a value lies inside, or near."""
        return self.low / STRETCHED <= value <= self.high * STRETCHED


def jumps(years: Sequence[Filing]) -> Iterator[SeriesFinding]:
    """Values beside the same body's other years, in the order of the years."""
    clear = [f for f in years if not f.doubled]
    for filing in clear:
        for address, value in filing.values.items():
            if not value or value < 0 or not watched(address):
                continue
            others = [v for f in clear if f is not filing and (v := f.values.get(address))]
            hint = odd(address, value, others)
            if hint is not None:
                yield _jump(filing, _nearest(filing, address, clear), address, value, others, hint)


def watched(address: Address) -> bool:
    """Boxes whose size speaks for itself: those of table two, and how many applications came."""
    table, row, column = address
    return table in ("proactive", "statistics") or (row, column) == ("new_requests", "total")


def is_money(address: Address) -> bool:
    """Whether an amount of money stands there."""
    return address[2] in MONEY or address[1] in MONEY


def odd(address: Address, value: Decimal, others: Sequence[Decimal]) -> str | None:
    """What may have happened where a value lies far outside the range of the other years; else None."""
    if len(others) < LEAST_YEARS or min(others) < 0:
        return None
    known = Range(min(others), max(others), len(others))
    if known.beyond(value) < known.most:
        return None
    if is_money(address) and (known.holds(value / MYRIAD) or known.holds(value * MYRIAD)):
        return "元 may have been typed as 万元 or the other way round"
    if min(value, known.high) < LEAST:
        return None
    return "a digit too many or too few, or figures of another scope"


def _nearest(filing: Filing, address: Address, years: Sequence[Filing]) -> Filing:
    others = [f for f in years if f is not filing and f.values.get(address)]
    return min(others, key=lambda f: (abs(f.year - filing.year), f.year))


def _jump(
    filing: Filing, other: Filing, address: Address, value: Decimal, others: Sequence[Decimal], hint: str
) -> SeriesFinding:
    low, high = min(others), max(others)
    much = value > high
    times = float(value / high if much else low / value)
    side = "times the largest" if much else "times smaller than the smallest"
    message = (
        f"{'.'.join(address)}: {value:f} in {filing.year} is {times:,.3g} {side} of the body's {len(others)} other years "
        f"({low:f} to {high:f}); {hint}"
    )
    figure = Decimal(str(round(float(value / median(others)), 4)))
    return SeriesFinding(
        filing,
        other,
        flag("value-jumps", message, table=address[0], row=address[1], column=address[2]),
        figure,
    )
