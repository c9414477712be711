"""A number as pages print it."""

from __future__ import annotations

from decimal import Decimal


def number(value: Decimal | None) -> str:
    """A number without exponent and without a negative zero, "" where there is none."""
    if value is None:
        return ""
    return f"{abs(value) if value.is_zero() else value:f}"
