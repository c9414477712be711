"""Why a value of the panel is missing: ten codes, the same in every file format."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason: its number (1 is Stata's .a), its word in tables, and what it means."""

    number: int
    word: str
    zh: str
    en: str

    @property
    def letter(self) -> str:
        """As Stata writes it, without the point."""
        return "abcdefghij"[self.number - 1]


#: where a value is there
PRESENT = 0
NOT_IN_FORM = Reason(1, "not_in_form", "表样无此项", "the form of this line's table has no such field")
NO_BOX = Reason(2, "no_box", "文中无此格", "the form has it, the document left it out")
UNREAD = Reason(3, "unread", "未能识读", "the box is there and could not be read")
NO_REPORT = Reason(4, "no_report", "无报告", "the line was made for a balanced panel: no report was found")
TOTAL_BLANK = Reason(5, "total_blank", "总计空白", "the total is blank though parts are not")
BLANK = Reason(6, "blank", "空白", "the box is blank (with --blank missing; by default a blank is 0)")
NO_TABLE = Reason(7, "no_table", "无此表", "a narrative report, or the table was not found or is a picture")
ZERO_DENOMINATOR = Reason(8, "zero_denominator", "分母为零", "the denominator of an indicator is 0")
PART_MISSING = Reason(
    9, "part_missing", "所需数缺失", "a number that a series or an indicator needs is missing"
)
UNIT_UNKNOWN = Reason(10, "unit_unknown", "未注单位", "money without a stated unit")

REASONS = (
    NOT_IN_FORM,
    NO_BOX,
    UNREAD,
    NO_REPORT,
    TOTAL_BLANK,
    BLANK,
    NO_TABLE,
    ZERO_DENOMINATOR,
    PART_MISSING,
    UNIT_UNKNOWN,
)
BY_NUMBER = {reason.number: reason for reason in REASONS}
