"""A list of bodies that should have published → the body of each report of a dataset."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from gongkai.commands import Refused
from gongkai.extract import first_sheet
from gongkai.model import Body, Unreadable, unguard
from gongkai.normalize import RegisteredBody, body_of, named_place

Line = Mapping[str, str]

#: Chinese heads of columns → ours.
_HEADS = {
    "机关": "org", "机关名称": "org", "单位": "org", "单位名称": "org", "名称": "org", "公开主体": "org",
    "行政区划代码": "division_code", "区划代码": "division_code", "年度": "years", "年份": "years",
}  # fmt: skip
#: The same for a register of bodies.
_REGISTER_HEADS = {
    **dict.fromkeys(("机关", "机关名称", "单位", "单位名称", "名称", "公开主体", "org"), "name"),
    **dict.fromkeys(("别名", "曾用名", "简称", "其他写法"), "aliases"),
    **dict.fromkeys(("行政区划代码", "区划代码", "division_code"), "code"),
    **dict.fromkeys(("机构标识", "机关标识", "标识", "编号", "body_id"), "id"),
}
_BETWEEN_ALIASES = re.compile(r"[;；|\n]+")


@dataclass(frozen=True, slots=True)
class Expected:
    """A body of the list. `line` counts from 1, the head line included; `note` says what is wrong with it."""

    line: int
    org: str
    body: Body | None
    years: tuple[int, ...]
    note: str = ""

    @property
    def code(self) -> str:
        return "" if self.body is None or self.body.division is None else self.body.division.code


def read(path: Path) -> list[Expected]:
    """The bodies of a CSV file with columns org (机关) or division_code (行政区划代码), and years (年度) if it has them.

    Raises Refused where the file is no such list. A body that stands twice has a note in its second line.
    """
    lines = table(path, {"org"}, {"division_code"})
    bodies = [_expected(number, line) for number, line in enumerate(lines, 2)]
    first: dict[tuple[str, str], int] = {}
    result = []
    for one in bodies:
        if one.body is None:
            result.append(one)
            continue
        at = first.setdefault(key(one.body), one.line)
        again = "" if at == one.line else f"the same body as in line {at}"
        result.append(Expected(one.line, one.org, one.body, one.years, again) if again else one)
    return result


def registered(path: Path) -> tuple[RegisteredBody, ...]:
    """A register of bodies, CSV or XLSX: columns name (名称), and aliases (别名), code (行政区划代码), id (机构标识) if it has them.

    Raises Refused where it is none, where a code is no division's, or where an id stands for two names.
    """
    heads, *lines = _cells(path)
    names = [_REGISTER_HEADS.get(head.strip(), head.strip()) for head in heads]
    if "name" not in names:
        raise Refused(
            "needs a column name (名称); aliases (别名), code (区划代码) and id (标识) may stand beside it",
            2,
            path,
        )
    found: dict[str, RegisteredBody] = {}
    for number, cells in enumerate(lines, 2):
        line = {name: cell for name, cell in zip(names, cells, strict=False) if cell}
        if not line.get("name"):
            continue
        one = _registered(line, number, path)
        before = found.setdefault(one.id or f"line {number}", one)
        if before is not one:
            raise Refused(
                f"line {number}: {one.id} is {before.name} in line {before.line} already; an id is for one body",
                2,
                path,
            )
    return tuple(found.values())


def _registered(line: Line, number: int, path: Path) -> RegisteredBody:
    aliases = tuple(filter(None, (a.strip() for a in _BETWEEN_ALIASES.split(line.get("aliases", "")))))
    code = re.sub(r"\.0$", "", line.get("code", ""))  # a spreadsheet's number
    if code:
        try:
            code = named_place(code).code
        except ValueError as error:
            raise Refused(f"line {number}: {error}", 2, path) from error
    return RegisteredBody(line["name"], aliases, code, line.get("id", ""), number)


def _cells(path: Path) -> list[list[str]]:
    """The first sheet of a workbook, or the lines of a CSV file in UTF-8 or GB 18030. Raises Refused."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise Refused(f"{error.strerror or error}", 2, path) from error
    if data.startswith((b"PK", b"\xd0\xcf\x11\xe0")):
        return _sheet(data, path)
    for charset in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(charset)
        except UnicodeDecodeError:
            continue
        return [
            [unguard(cell.strip()) for cell in line] for line in csv.reader(io.StringIO(text, newline=""))
        ] or [[]]
    raise Refused("is neither UTF-8 nor GB 18030; save it as “CSV UTF-8” or as a workbook", 2, path)


def _sheet(data: bytes, path: Path) -> list[list[str]]:
    try:
        return first_sheet(data) or [[]]
    except Unreadable as error:
        raise Refused(str(error), 2, path) from error


def table(path: Path, *wanted: set[str]) -> list[dict[str, str]]:
    """The lines of a CSV file in UTF-8, or in GB 18030 as Chinese Excel writes it.

    Raises Refused where it cannot be read or has none of the `wanted` sets of columns.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise Refused(f"{error.strerror or error}", 2, path) from error
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("gb18030", errors="replace")
    csv.field_size_limit(1 << 24)
    lines = csv.DictReader(text.splitlines(keepends=True))
    heads: list[str] = []
    for name in lines.fieldnames or ():
        ours = _HEADS.get(name.strip(), name)
        heads.append(name if ours in heads else ours)  # 单位 and 名称 in one list: the first counts
    lines.fieldnames = heads
    names = set(heads)
    if not any(columns <= names for columns in wanted):
        raise Refused(f"needs a column {' or '.join(sorted(min(w) for w in wanted))}", 2, path)
    return [{k: (v or "").strip() for k, v in line.items() if k} for line in lines]


def _expected(number: int, line: Line) -> Expected:
    org, code = line.get("org", ""), line.get("division_code", "")
    try:
        years = tuple(sorted(set(_years(line.get("years", "") or line.get("year", "")))))
    except ValueError as error:
        return Expected(number, org or code, None, (), str(error))
    if not org and not code:
        return Expected(number, "", None, years, "neither org nor division_code")
    try:
        place = named_place(code) if code else None
        name = org or (place.name if place is not None else "")
        return Expected(number, org or name, body_of(name, code or None), years)
    except ValueError as error:
        return Expected(number, org or code, None, years, str(error))


def _years(text: str) -> Iterator[int]:
    """The years of “2019-2021”, “2019;2021”, “2019、2020”. Raises ValueError for anything else."""
    for part in re.split(r"[;；,，、\s]+", text):
        span = re.fullmatch(r"(20\d\d)(?:\s*[-－—~至]+\s*(20\d\d))?年?度?", part)
        if part and span is None:
            raise ValueError(f"“{part}” is no year; 2019-2021 or 2019;2021 are")
        if span is not None:
            yield from range(int(span[1]), int(span[2] or span[1]) + 1)


def years(text: str) -> tuple[int, ...]:
    """The years that a user names. Raises ValueError for anything else."""
    return tuple(sorted(set(_years(text))))


def key(body: Body) -> tuple[str, str]:
    """What two names of one body share: its division and organ, or its name where the division is not certain."""
    return ("", body.name) if body.division is None else (body.division.code, body.organ)


class Register:
    """Finds the body of the list that published a report. Where two fit, it takes none."""

    def __init__(self, bodies: Sequence[Expected]) -> None:
        self._by_key: dict[tuple[str, str], Expected] = {}
        self._by_name: dict[str, list[Expected]] = {}
        self._seen: dict[tuple[str, str], tuple[Expected | None, str]] = {}
        for one in bodies:
            if one.body is not None and not one.note:
                self._by_key[key(one.body)] = one
                self._by_name.setdefault(one.body.name, []).append(one)

    def find(self, org: str, code: str) -> tuple[Expected | None, str]:
        """The body of the list, and how: "division", "name", or why none: "ambiguous", "not listed"."""
        if (org, code) not in self._seen:
            self._seen[org, code] = self._find(org, code)
        return self._seen[org, code]

    def _find(self, org: str, code: str) -> tuple[Expected | None, str]:
        body = body_of(org, code or None)
        if body.division is not None and key(body) in self._by_key:
            return self._by_key[key(body)], "division"
        # A name alone is enough where the list has it once and its division does not contradict.
        own = "" if body.division is None else body.division.code
        named = [e for e in self._by_name.get(body.name, ()) if not (own and e.code and own != e.code)]
        if len(named) == 1:
            return named[0], "name"
        return None, "ambiguous" if named else "not listed"
