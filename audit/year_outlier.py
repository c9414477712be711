"""Values far outside the range of the body's other years: a digit too many or too few, or 元 typed as 万元."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from decimal import Decimal
from statistics import median

from gongkai.model import Address, Filing, SeriesFinding, flag
from gongkai.record import dataclass

#: The fewest other years that a value is compared with.
LEAST_YEARS = 2
#: By the number of other years (the last for more): the least factor by which an outlier lies beyond their
#: range, and the exponent of the range's own width that it must exceed as well. A digit too many makes a
#: factor of ten, and two years tell little of a range. Measured with bench/odd.py: of values that vary by
#: half from year to year, fewer than one in a thousand is reported.
BEYOND = {2: (8.0, 4.0), 3: (6.0, 2.0), 4: (6.0, 1.5)}
#: Below this value a factor of ten is chance: 1 application one year and 10 the next.
LEAST = 10
#: 元 typed as 万元, or the other way round.
MYRIAD = 10_000
#: The range of the other years is stretched by this factor at either end before an amount is looked for in it.
STRETCHED = 2

#: Rows and columns in which money stands.
MONEY = {"fees_collected", "procurement_amount", "dedicated_funds", "request_fees"}


@dataclass(frozen=True, slots=True)
class Range:
    """The least and the largest value of a body's other years, and how many there are."""

    low: Decimal
    high: Decimal
    years: int

    def factor_outside(self, value: Decimal) -> float:
        """The factor by which a value lies outside, 1 inside."""
        return float(max(value / self.high, self.low / value, Decimal(1)))

    @property
    def limit(self) -> float:
        """The factor from which on a value is an outlier."""
        factor, power = BEYOND.get(self.years, BEYOND[max(BEYOND)])
        return max(factor, math.pow(float(self.high / self.low), power))

    def is_near(self, value: Decimal) -> bool:
        """Whether a value lies inside the range or near it."""
        return self.low / STRETCHED <= value <= self.high * STRETCHED


def find_jumps(years: Sequence[Filing]) -> Iterator[SeriesFinding]:
    """Compare every value with those of the same body's other years."""
    clear = [f for f in years if not f.doubled]
    for filing in clear:
        for address, value in filing.values.items():
            if not value or value < 0 or not is_watched(address):
                continue
            others = [v for f in clear if f is not filing and (v := f.values.get(address))]
            hint = explain_outlier(address, value, others)
            if hint is not None:
                yield _describe_jump(filing, _nearest(filing, address, clear), address, value, others, hint)


def is_watched(address: Address) -> bool:
    """Whether a box is compared: those of table two are, and the number of new applications."""
    table, row, column = address
    return table in ("proactive", "statistics") or (row, column) == ("new_requests", "total")


def is_money(address: Address) -> bool:
    """Whether the box holds an amount of money."""
    return address[2] in MONEY or address[1] in MONEY


def explain_outlier(address: Address, value: Decimal, others: Sequence[Decimal]) -> str | None:
    """What may have happened to a value far outside the range of the other years; else None."""
    if len(others) < LEAST_YEARS or min(others) < 0:
        return None
    known = Range(min(others), max(others), len(others))
    if known.factor_outside(value) < known.limit:
        return None
    if is_money(address) and (known.is_near(value / MYRIAD) or known.is_near(value * MYRIAD)):
        return "元 may have been typed as 万元 or the other way round"
    if min(value, known.high) < LEAST:
        return None
    return "a digit too many or too few, or figures of another scope"


def _nearest(filing: Filing, address: Address, years: Sequence[Filing]) -> Filing:
    others = [f for f in years if f is not filing and f.values.get(address)]
    return min(others, key=lambda f: (abs(f.year - filing.year), f.year))


def _describe_jump(
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
