"""The report of four boxes and its document, for pages of them."""

from builders.four_boxes import document, report

__all__ = ["document", "report"]
