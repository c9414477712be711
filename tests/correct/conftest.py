"""The report of four boxes, for what people said of it."""

from builders.four_boxes import report

__all__ = ["report"]
