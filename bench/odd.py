"""How often an odd value is told, and how often an ordinary one: made-up panels of bodies over several years.

    python bench/odd.py [BODIES]        default: 2000 a line, the seed is fixed

A body has a size of its own, and varies about it from year to year by a factor whose logarithm is normal ("varies by": one
standard deviation); counts are rounded. Nobody knows how real panels vary, so several spreads stand side by side. "ordinary"
is how many of 1,000 values with nothing planted are told; then, of the values with an error planted in one year of each
body, how many are told: a digit too many in a count, 元 typed as 万元 beside the body's other years, and beside its peers.
"""

from __future__ import annotations

import math
import random
import sys
from collections.abc import Iterator
from decimal import Decimal

from gongkai.audit.peer_outlier import Peers
from gongkai.audit.year_outlier import explain_outlier
from gongkai.model import Filing

SEED = 20240131
COUNT = ("proactive", "administrative_penalties", "decisions")
MONEY = ("proactive", "administrative_fees", "fees_collected")
#: a typical body, and how far apart bodies of one kind are: their logarithms' standard deviation
TYPICAL, APART = 80.0, 1.2
#: fees of bodies of one kind lie further apart
MONEY_APART = (1.0, 1.5, 2.0)
VARIES = (1.3, 1.6, 2.2)
YEARS = (3, 4, 5, 8)


def counts(random_: random.Random, years: int, varies: float) -> list[Decimal]:
    """One body's counts, year by year."""
    size = TYPICAL * math.exp(random_.gauss(0, APART))
    return [Decimal(round(size * math.exp(random_.gauss(0, math.log(varies))))) for _ in range(years)]


def amounts(random_: random.Random, years: int, varies: float, apart: float = 1.5) -> list[Decimal]:
    """One body's amounts in 万元, two decimals."""
    size = TYPICAL * math.exp(random_.gauss(0, apart))
    values = (size * math.exp(random_.gauss(0, math.log(varies))) for _ in range(years))
    return [max(Decimal("0.01"), Decimal(f"{v:.2f}")) for v in values]


def told(address: tuple[str, str, str], values: list[Decimal], at: int) -> bool:
    """Whether a value is told beside the other years."""
    others = [v for i, v in enumerate(values) if i != at and v]
    return bool(values[at]) and explain_outlier(address, values[at], others) is not None


def panel(bodies: int, years: int, varies: float) -> tuple[float, float, float]:
    """Ordinary values told in 1,000; shares of errors told: a digit too many, 元 for 万元."""
    random_ = random.Random(f"{SEED} {years} {varies}")
    ordinary = digits = money = 0
    for _ in range(bodies):
        values, fees = counts(random_, years, varies), amounts(random_, years, varies)
        ordinary += sum(told(COUNT, values, i) for i in range(years))
        at = random_.randrange(years)
        wrong = [v * 10 + random_.randrange(10) if i == at else v for i, v in enumerate(values)]
        digits += told(COUNT, wrong, at)
        money += told(MONEY, [v * 10_000 if i == at else v for i, v in enumerate(fees)], at)
    return 1000 * ordinary / (bodies * years), digits / bodies, money / bodies


def peers(bodies: int, apart: float) -> tuple[float, float]:
    """Ordinary amounts told in 1,000 beside their peers, and the share of 元 for 万元 told."""
    random_ = random.Random(f"{SEED} peers {apart}")
    values = [amounts(random_, 1, 1.0, apart)[0] for _ in range(bodies)]
    wrong = set(random_.sample(range(bodies), bodies // 100))
    known = Peers()
    filings = list(_filings(values, wrong))
    for f in filings:
        known.add(f)
    found = [any(True for _ in known.beyond(f)) for f in filings]
    hits = sum(found[i] for i in wrong)
    return 1000 * (sum(found) - hits) / (bodies - len(wrong)), hits / len(wrong)


def _filings(values: list[Decimal], wrong: set[int]) -> Iterator[Filing]:
    for i, value in enumerate(values):
        amount = value * 10_000 if i in wrong else value
        org = f"虚构市第{i}县财政局"
        yield Filing(str(i), str(i), "", org, org, 2023, {}, {MONEY: amount}, frozenset(), level="county")


def main() -> None:
    """Print the tables."""
    bodies = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    print(f"{bodies} made-up bodies a line, seed {SEED}\n")
    print(
        "| years | varies by | ordinary, in 1,000 | a digit too many | 元 as 万元 |\n| --- | --- | --- | --- | --- |"
    )
    for varies in VARIES:
        for years in YEARS:
            ordinary, digits, money = panel(bodies, years, varies)
            print(f"| {years} | {varies} | {ordinary:.2f} | {100 * digits:.0f} % | {100 * money:.0f} % |")
    print("\n| peers apart by | ordinary, in 1,000 | 元 as 万元, in one of a hundred |\n| --- | --- | --- |")
    for apart in MONEY_APART:
        ordinary, money = peers(bodies, apart)
        print(f"| {math.exp(apart):.1f} | {ordinary:.2f} | {100 * money:.0f} % |")


if __name__ == "__main__":
    main()
