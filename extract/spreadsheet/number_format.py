"""A number and its format in a spreadsheet → the text that the sheet shows ("0.0," shows 12345 as 12.3)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation, localcontext

#: The formats that every spreadsheet knows by number (ISO 29500-1, 18.8.30), those for dates aside.
BUILT_IN = {
    0: "General",
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    9: "0%",
    10: "0.00%",
    11: "0.00E+00",
    12: "# ?/?",
    13: "# ??/??",
    37: "#,##0;-#,##0",
    38: "#,##0;-#,##0",
    39: "#,##0.00;-#,##0.00",
    40: "#,##0.00;-#,##0.00",
    41: '_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ ',
    42: '_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ ',
    43: '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ',
    44: '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ',
    48: "##0.0E+0",
    49: "@",
    **{n: "yyyy/m/d" for n in (*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59))},
}
#: General shows so many characters of a number without its sign, and larger numbers with an exponent.
_GENERAL = 11
#: Figures that are computed with: no sheet shows as many.
_PRECISION = 100
_TOKEN = re.compile(
    r"""
      "(?P<quoted>[^"]*)"         # a word
    | [\\!](?P<escaped>.)         # one character
    | _.                          # as wide as a character, and blank
    | \*(?P<fill>.)              # fills the box
    | \[(?P<bracket>[^\]]*)\]     # a colour, a condition, a currency, a way to write figures
    | (?P<general>General|G/通用格式)  # as English and Chinese versions of Excel write it
    | (?P<digits>[0#?.,]+)
    | (?P<rest>.)
    """,
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
_COLOR = re.compile(r"black|blue|cyan|green|magenta|red|white|yellow|color\s?\d+", re.IGNORECASE)
_COLORS = {
    "black": "000000", "blue": "0000FF", "cyan": "00FFFF", "green": "00FF00", "magenta": "FF00FF", "red": "FF0000",
    "white": "FFFFFF", "yellow": "FFFF00", "color1": "000000",
    "color2": "FFFFFF", "color3": "FF0000", "color4": "00FF00", "color5": "0000FF", "color6": "FFFF00",
    "color7": "FF00FF", "color8": "00FFFF",
}  # fmt: skip
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)(-?\d+(?:\.\d+)?)")
_CURRENCY = re.compile(r"\$([^-]*)(?:-[0-9A-Fa-f,]+)?")
#: What a format may print as it stands.
_LITERAL = set("-+/() :!^&'~{}<>=$%￥¥,，。")
_GROUPED = re.compile(r"[0#?],+[0#?]")
_FRACTION = re.compile(r"[0#?]\s*/\s*[0-9#?]")
_DATE = re.compile(r"[ymdhs年月日]", re.IGNORECASE)


class NotShown(ValueError):
    """A format that is not followed here: a fraction, an exponent, Chinese figures."""


def is_date_format(format: str) -> bool:
    """Whether a format shows a number as a day or a time."""
    plain = re.sub(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]', "", format)
    return (
        _DATE.search(re.sub("General|G/通用格式", "", plain, flags=re.IGNORECASE)) is not None
        and plain != "@"
    )


def show_text(text: str, format: str) -> str:
    """What a format makes of text: its fourth section, or one with "@"; "" where that is empty.

    >>> show_text("无", ";;;")
    ''
    """
    sections = _split(format)
    section = sections[3] if len(sections) > 3 else next((s for s in sections if "@" in _bare(s)), None)
    if section is None:
        return text
    parts = [
        text if match["rest"] == "@" else (match["quoted"] or match["escaped"] or match["rest"] or "")
        for match in _TOKEN.finditer(section)
    ]
    return "".join(parts)


def color_in(value: Decimal, format: str) -> str | None:
    """The colour that a format gives to a number, as RRGGBB; None where it gives none, or one that is not known.

    >>> color_in(Decimal(5), "[White]0"), color_in(Decimal(-5), "0;[Red]-0"), color_in(Decimal(5), "0")
    ('FFFFFF', 'FF0000', None)
    """
    section, _ = _choose(value, _split(format))
    for match in _TOKEN.finditer(section or ""):
        if match["bracket"] is not None and _COLOR.fullmatch(match["bracket"]):
            return _COLORS.get(re.sub(r"\s", "", match["bracket"].lower()))
    return None


def show_number(value: Decimal, format: str) -> str:
    """What a format shows of a number; figures are rounded as a spreadsheet rounds them.

    >>> show_number(Decimal("12345678.9"), "0\\\\.0,")
    '1234.6'
    >>> show_number(Decimal(0), '0;-0;"-"')
    '-'

    Raises NotShown for a format that is not followed here.
    """
    with localcontext(prec=_PRECISION):
        try:
            return _show(value, format)
        except InvalidOperation as error:
            raise NotShown("more figures than a sheet shows") from error


def _show(value: Decimal, format: str) -> str:
    section, shown = _choose(value, _split(format))
    if section is None:
        return _show_general(value)
    if _FRACTION.search(_bare(section)):
        raise NotShown("a fraction")
    tokens = list(_TOKEN.finditer(section))
    runs = [m["digits"] for m in tokens if m["digits"] and re.search(r"[0#?]", m["digits"])]
    percent = sum(m["rest"] == "%" for m in tokens)
    figures = iter(_deal_figures(shown * 100**percent, runs) if runs else ())
    return "".join(_show_token(match, shown, figures) for match in tokens)


def _show_token(match: re.Match[str], value: Decimal, figures: Iterator[str]) -> str:
    if match["quoted"] is not None or match["escaped"] is not None:
        return match["quoted"] if match["quoted"] is not None else match["escaped"]
    if match["general"]:
        return _show_general(value)
    if match["digits"]:
        return next(figures) if re.search(r"[0#?]", match["digits"]) else match["digits"]
    if match["bracket"] is not None:
        return _show_bracket(match["bracket"])
    if match["fill"] is not None and not match["fill"].isspace():
        raise NotShown(f"a row of {match['fill']}")
    rest = match["rest"]
    if rest is None:  # a blank as wide as a character
        return ""
    if rest in _LITERAL or "一" <= rest <= "鿿":
        return str(rest)
    raise NotShown(rest)


def _show_bracket(inside: str) -> str:
    currency = _CURRENCY.fullmatch(inside)
    if currency is not None:
        return currency[1]
    if _COLOR.fullmatch(inside) or _CONDITION.fullmatch(inside):
        return ""
    raise NotShown(inside)


def _deal_figures(value: Decimal, runs: Sequence[str]) -> list[str]:
    """The figures of a number, dealt out over the runs of placeholders in a format.

    Literals may stand between the runs: 0\\.0, prints a point that the number does not have.
    """
    whole = "".join(runs)
    before, point, behind = whole.partition(".")
    thousands = len(whole) - len(whole.rstrip(","))
    if point:
        thousands += len(before) - len(before.rstrip(","))
    decimals = _count_places(behind)
    rounded = value.scaleb(-3 * thousands).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    integer, _, fraction = f"{abs(rounded):f}".partition(".")
    integer = integer.lstrip("0").rjust(before.count("0"), "0")
    if _GROUPED.search(before):
        integer = f"{int(integer):,}" if integer else ""
    shown = _deal_integer(integer, [run.partition(".")[0] for run in _before_point(runs)])
    shown += [""] * (len(runs) - len(shown))
    fraction = _trim(fraction, behind)
    for i, run in enumerate(runs):
        if "." in run and (fraction or "0" in behind):
            shown[i] += f".{fraction}"
            break
    if rounded < 0:
        shown[0] = "-" + shown[0]
    return shown


def _before_point(runs: Sequence[str]) -> list[str]:
    """The runs that print figures before the point."""
    at = next((i for i, run in enumerate(runs) if "." in run), len(runs) - 1)
    return list(runs[: at + 1])


def _deal_integer(integer: str, runs: Sequence[str]) -> list[str]:
    """Figures dealt out from the right; the first run takes all that is left."""
    dealt: list[str] = []
    for run in reversed(runs[1:]):
        places = _count_places(run)
        integer, taken = integer[: max(len(integer) - places, 0)], integer[max(len(integer) - places, 0) :]
        dealt.append(taken)
    return [integer, *reversed(dealt)]


def _count_places(run: str) -> int:
    return sum(c in "0#?" for c in run)


def _trim(fraction: str, pattern: str) -> str:
    """Figures behind the point; "#" shows no zeros at the end."""
    wanted = re.sub(r"[^0#?]", "", pattern)
    while fraction and wanted[len(fraction) - 1 : len(fraction)] == "#" and fraction.endswith("0"):
        fraction = fraction[:-1]
    return fraction


def _show_general(value: Decimal) -> str:
    digits = f"{abs(value):f}"
    integer, _, fraction = digits.partition(".")
    sign = "-" if value < 0 else ""
    if len(integer) > _GENERAL:
        return f"{value:.5E}"
    if fraction:
        room = max(_GENERAL - len(integer) - 1, 0)
        rounded = abs(value).quantize(Decimal(1).scaleb(-room), ROUND_HALF_UP)
        if value != 0 and rounded == 0:
            return f"{value:.5E}"
        digits = f"{rounded:f}"
        digits = digits.rstrip("0").rstrip(".") if "." in digits else digits
    return f"{sign if digits.strip('0.') else ''}{digits}"


def _split(format: str) -> list[str]:
    """The sections of a format, which semicolons part."""
    sections, start = [], 0
    for match in _TOKEN.finditer(format):
        if match["rest"] == ";":
            sections.append(format[start : match.start()])
            start = match.end()
    return [*sections, format[start:]]


def _bare(section: str) -> str:
    return re.sub(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]', "", section)


def _choose(value: Decimal, sections: Sequence[str]) -> tuple[str | None, Decimal]:
    """The section for a number and what it shows of it: the sign is part of the second section. None is General."""
    sections = [s for i, s in enumerate(sections) if i < 3]
    if len(sections) < 3 and "@" in _bare(sections[-1]):
        if len(sections) == 1:
            return None, value  # text only: the number is shown as it is
        sections = sections[:-1]
    conditions = [_condition(s) for s in sections]
    if any(c is not None for c in conditions):
        for section, condition in zip(sections, conditions, strict=True):
            if condition is None or _holds(value, *condition):
                return section, value
        raise NotShown("no section of the format is for this number")
    if value < 0 and len(sections) > 1:
        return sections[1], -value
    if value == 0 and len(sections) > 2:
        return sections[2], value
    if sections[0].lower() in ("general", "g/通用格式"):
        return None, value
    return sections[0], value


def _condition(section: str) -> tuple[str, Decimal] | None:
    for match in _TOKEN.finditer(section):
        if match["bracket"] is not None and (hit := _CONDITION.fullmatch(match["bracket"])):
            return hit[1], Decimal(hit[2])
    return None


def _holds(value: Decimal, sign: str, limit: Decimal) -> bool:
    return {
        "<": value < limit,
        ">": value > limit,
        "<=": value <= limit,
        ">=": value >= limit,
        "=": value == limit,
        "<>": value != limit,
    }[sign]
