"""What a person types of a value, or of a report as a whole → what the ledger says of it, or why it cannot."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from gongkai.correct.ledger import BLANK, number, refuse_text
from gongkai.model import Correction, Fact

#: the words for "the box holds no number" that people type
_BLANKS = (BLANK, "空白")


class BadStatement(ValueError):
    """What a person said cannot be: why, in one line of English; `zh` is the same in Chinese."""

    def __init__(self, message: str, zh: str) -> None:
        super().__init__(message)
        self.zh = zh


@dataclass(frozen=True, slots=True)
class StatedNumber:
    """A value as it was read, None where it could not be, and what a person says that the box holds."""

    old: Decimal | None
    new: Decimal | None
    blank: bool


def state_number(fact: Fact, words: Sequence[Correction], typed: str | None) -> StatedNumber:
    """What is said of a box that holds `fact`; `words` are those on it so far, `typed` is None for a confirmation.

    Raises BadStatement for what is no number, cannot stand in the box, or stands there already.
    """
    old = _value_as_read(fact, words)
    if typed is None:
        return StatedNumber(old, old, False)
    blank = typed.strip().lower() in _BLANKS
    new = Decimal(0) if blank else number(typed)
    if new is None:
        raise BadStatement(
            f"{typed!r} is no number; 3001, -3, 8.0618 or blank",
            f"{typed!r} 不是数字；可填 3001、-3、8.0618 或 空白",
        )
    name = ".".join(fact.field.address)
    why_not = fact.field.refuses(new)
    if why_not is not None:
        raise BadStatement(
            f"{name}: {typed.strip()} {why_not}; look at the page; `blank` stands for an empty box",
            f"此格不能填 {typed.strip()}；请核对原文，空格填“空白”",
        )
    waits = bool(words) and (words[-1].new, words[-1].blank) != (fact.value, fact.blank)
    if (new, blank) == (old, fact.blank) and fact.origin != "corrected" and not waits:
        raise BadStatement(
            f"{name} is read as {'unread' if old is None else f'{old:f}'} already; `gongkai confirm` records that it was checked",
            "读出的就是这个数；与原文一致请按“与原文一致”",
        )
    return StatedNumber(old, new, blank)


def _value_as_read(fact: Fact, words: Sequence[Correction]) -> Decimal | None:
    """The value as the program read it; the last correction of a corrected one records it."""
    if fact.origin != "corrected":
        return fact.value
    if not words:
        raise BadStatement("lacks the correction of this value", "更正文件中没有这个数值的更正")
    return words[-1].old


def state_text(
    field: str,
    held: str,
    words: Sequence[Correction],
    typed: str | None,
    require_known: Callable[[str, str], object],
) -> tuple[str, str]:
    """What was read in a field of a report, and what a person says; `held` is what the dataset has, "" for nothing.

    `require_known` raises ValueError for a division or a form that does not exist. Raises BadStatement as `state_number` does.
    """
    read = words[-1].printed if words and words[-1].text == held else held
    text = read if typed is None else "" if typed.strip().lower() in _BLANKS else typed.strip()
    # a division that rests on the name alone is proven by a person who says it again, and a word that waits for the
    # next run may be taken back
    waits = bool(words) and words[-1].text != held
    why_not = refuse_text(field, text)
    if why_not is not None:
        raise BadStatement(f"{field}: {why_not}", f"“{text}”不能填在此处")
    if text:
        try:
            require_known(field, text)
        except ValueError as error:
            unknown = "没有这种表样" if field == "template" else "没有这个行政区划代码"
            raise BadStatement(f"{field}: {error}", f"{unknown}：{text}") from error
    if typed is not None and text == held and field != "division_code" and not waits:
        raise BadStatement(
            f"{field} is {text or 'empty'} already; `gongkai confirm` records that it was checked",
            "读出的就是如此；与原文一致请按“与原文一致”",
        )
    return read, text
