"""A finding as one line in the user's language."""

from __future__ import annotations

from gongkai.commands.output.language import language, say, translate
from gongkai.commands.output.screen import pad
from gongkai.model import Finding, Place, catalogue


def finding_line(finding: Finding) -> str:
    """Severity, code and what is wrong: in English the finding's own message.

    In Chinese the catalogue's text of the code, with the place, the field and what is printed; the message itself
    follows where it has no Chinese wording and tells more than that.
    """
    if language() == "en":
        return f"{finding.severity:<8}{finding.code}: {finding.message}"
    return f"{pad(say(finding.severity), 6)}{finding.code}：{finding_text(finding.code, finding.message, finding)}"


def finding_text(code: str, message: str, finding: Finding | None = None) -> str:
    """What is wrong, in the user's language."""
    if language() == "en":
        return message
    translated = translate(message)
    if translated != message:
        return translated
    text = catalogue()[code]["zh"] if code in catalogue() else ""
    at = "" if finding is None else "，".join(_where(finding))
    return f"{at + '：' if at else ''}{text}（{message}）"


def _where(finding: Finding) -> list[str]:
    """The place, the field and the printed text of a finding in Chinese, those that it has."""
    parts = [place_text(finding.place)] if finding.place is not None else []
    if finding.table is not None:
        parts.append(".".join(filter(None, (finding.table, finding.row, finding.column))))
    if finding.printed:
        parts.append(f"原文“{finding.printed}”")
    return [part for part in parts if part]


def place_text(place: Place) -> str:
    """A place in the user's language; everything counts from 1."""
    if language() == "en":
        return str(place)
    parts = [f"第{place.page}页"] if place.page is not None else []
    if place.page is None and place.block is not None:
        parts.append(f"第{place.block + 1}块")
    if place.row is not None:
        parts.append(f"第{place.row + 1}行")
    if place.column is not None:
        parts.append(f"第{place.column + 1}列")
    return "".join(parts)
