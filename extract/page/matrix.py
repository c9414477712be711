"""Transformation matrices: six numbers (a, b, c, d, e, f), as PDF and OFD write them."""

from __future__ import annotations

Matrix = tuple[float, float, float, float, float, float]
IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


def multiply(m: Matrix, n: Matrix) -> Matrix:
    """The matrix that moves a point by `m` and then by `n`."""
    return (
        m[0] * n[0] + m[1] * n[2],
        m[0] * n[1] + m[1] * n[3],
        m[2] * n[0] + m[3] * n[2],
        m[2] * n[1] + m[3] * n[3],
        m[4] * n[0] + m[5] * n[2] + n[4],
        m[4] * n[1] + m[5] * n[3] + n[5],
    )


def transform(m: Matrix, x: float, y: float) -> tuple[float, float]:
    """A point after the matrix moved it."""
    return m[0] * x + m[2] * y + m[4], m[1] * x + m[3] * y + m[5]
