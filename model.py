"""The vocabulary: what one stage hands to the next.

    source bytes ─extract→ Document ─normalize→ Report ─audit→ Findings ─emit→ datasets

Everything is a frozen dataclass (`gongkai.record`). Rows, columns and blocks count from 0, pages from 1. A `bbox` is
(x0, top, x1, bottom) in points from the page's top left.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import KW_ONLY, field
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Literal, Protocol, cast

from gongkai.record import dataclass
from gongkai.startup_cache import read_toml

Severity = Literal["error", "warning", "note"]
Origin = Literal["printed", "ocr", "corrected"]
Outcome = Literal["pass", "fail", "uncertain", "not_assessable"]
Status = Literal["ok", "partial", "narrative", "empty", "failed"]
Relation = Literal["=", "<=", ">="]
SumsOutcome = Literal["hold", "fail", "uncertain", "none"]
Cause = Literal[
    "digit_dropped",
    "digit_added",
    "digits_swapped",
    "digit_changed",
    "digits_split",
    "neighbour_column",
    "neighbour_row",
    "total_not_updated",
    "total_blank",
    "left_out",
    "other",
]
Reread = Literal["misread", "as_printed", "not_read_twice", "unsettled"]
Level = Literal["central", "province", "city", "county", "township"]
Verdict = Literal["corrected", "as_printed", "withdrawn"]
BBox = tuple[float, float, float, float]
#: (table, row, column): which field of a form
Address = tuple[str, str, str]


#: the rule that holds numbers of the narrative against the tables: it is no sum, and proves nothing about a box
NARRATIVE = "R7"

#: an outcome of a check and what it makes of a report's sums, the worst first
_SUMS_OUTCOMES: tuple[tuple[Outcome, SumsOutcome], ...] = (
    ("fail", "fail"),
    ("uncertain", "uncertain"),
    ("pass", "hold"),
)

#: how a cause reads for people
CAUSES: Mapping[Cause, str] = {
    "digit_dropped": "漏一位 a digit dropped",
    "digit_added": "多一位 a digit added",
    "digits_swapped": "数字颠倒 two digits swapped",
    "digit_changed": "错一位 one digit another",
    "digits_split": "数字拆成两格 the digits split over two boxes",
    "neighbour_column": "错列 in the neighbour column",
    "neighbour_row": "错行 in the neighbour row",
    "total_not_updated": "合计未更新 the total not updated",
    "total_blank": "合计空白 the total blank",
    "left_out": "漏填 left blank",
    "other": "原因不明 cause unknown",
}


# What cannot go on ---------------------------------------------------------------------------


class DocumentError(Exception):
    """A document that cannot be read at all. `code` is the reason in the datasets."""

    code = "unreadable"


class Unreadable(DocumentError):
    """The file is broken: the format was recognised, its content was not."""

    code = "unreadable"


class Truncated(DocumentError):
    """The file ends before its format says that it should."""

    code = "truncated"


class Encrypted(DocumentError):
    """The file asks for a password."""

    code = "encrypted"


class UnknownFormat(DocumentError):
    """No reader recognises the bytes."""

    code = "unknown-format"


class TooLarge(DocumentError):
    """A limit was passed: size, pages, members of an archive, cells of a grid."""

    code = "too-large"


class MissingTool(DocumentError):
    """The format needs a program or an extra that is not installed here."""

    code = "missing-tool"


# Source and Document -------------------------------------------------------------------------


def _nothing() -> None:
    """What is done after a page by default."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a reader may take in before it raises TooLarge.

    `depth` is that of open tags of a web page: 200,000 of them keep any parser for minutes.
    `pictures` are pages read by OCR. `after_page` is called after each of them, and when its boxes or words were read again,
    for whoever watches the clock: such a page takes seconds, and a document may have many. `converted` is a
    folder of conversions of old formats that were made ahead (`extract.convert_ahead`), by sha256.
    """

    bytes: int = 64 * 1024 * 1024
    members: int = 5_000
    unpacked_bytes: int = 256 * 1024 * 1024
    ratio: int = 200
    pages: int = 200
    cells: int = 20_000
    colspan: int = 64
    rowspan: int = 1_000
    depth: int = 400
    pixels: int = 40_000_000
    pictures: int = 60
    # not part of what the limits are: a function's repr is its address, another one in each process
    after_page: Callable[[], None] = field(default=_nothing, repr=False, compare=False)
    converted: Path | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Source:
    """Bytes we hold. `path` is relative to the input that was named.

    `data` is empty in a Source that a Report carries: the bytes stay with the reader. `size`
    is their number.
    """

    path: str
    data: bytes = field(repr=False)
    sha256: str
    size: int
    url: str | None = None
    fetched_at: str | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a person should know. `code` is fixed and groupable, `message` for the reader."""

    code: str
    severity: Severity
    message: str
    _: KW_ONLY
    place: Place | None = None
    table: str | None = None
    row: str | None = None
    column: str | None = None
    printed: str | None = None


@cache
def catalogue() -> Mapping[str, Mapping[str, str]]:
    """Every code of a finding: its severity, what it means and the cure, in both languages (findings.toml)."""
    return read_toml(__package__, "findings.toml")


def flag(
    code: str,
    message: str,
    *,
    place: Place | None = None,
    table: str | None = None,
    row: str | None = None,
    column: str | None = None,
    printed: str | None = None,
    severity: Severity | None = None,
) -> Finding:
    """A Finding of a code of the catalogue, which says how bad it is unless `severity` does.

    Raises KeyError for a code that the catalogue does not have.
    """
    listed = cast(Severity, catalogue()[code]["severity"])
    return Finding(
        code,
        severity or listed,
        message,
        place=place,
        table=table,
        row=row,
        column=column,
        printed=printed,
    )


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands in its source."""

    page: int | None = None
    block: int | None = None
    row: int | None = None
    column: int | None = None
    bbox: BBox | None = None

    def __str__(self) -> str:
        """For readers: everything counts from 1.

        >>> str(Place(page=4, block=7, row=3, column=0))
        'page 4, row 4, column 1'
        """
        parts = []
        if self.page is not None:
            parts.append(f"page {self.page}")
        elif self.block is not None:
            parts.append(f"block {self.block + 1}")
        if self.row is not None:
            parts.append(f"row {self.row + 1}")
        if self.column is not None:
            parts.append(f"column {self.column + 1}")
        return ", ".join(parts) or "the document"


#: Stands in a text where the page shows something that the reader cannot read (OBJECT REPLACEMENT CHARACTER).
UNREAD = "\ufffc"
#: What a mark says of a box whose number stands beyond the page's end, on the page that goes on with it.
CUT_OFF = "cut off"
#: What a mark says of boxes whose numbers run over the wall between them: the words of the page tell them apart.
OVER_WALL = "runs over a wall"
_UNREAD = re.compile(r"\ufffc(?:\[([^\[\]\n]*)\])?")


def mark_unread(what: str) -> str:
    """The mark of something seen and not read; `what` it is, in a word or two.

    >>> mark_unread("picture") == UNREAD + "[picture]"
    True
    """
    words = re.sub(r"[\[\]\s]+", " ", what).strip()
    return f"{UNREAD}[{words}]"


def list_unread(text: str) -> tuple[str, ...]:
    """What the marks in a text stand for; "object" where a mark does not say.

    >>> list_unread("12" + mark_unread("picture"))
    ('picture',)
    """
    return tuple(what or "object" for what in _UNREAD.findall(text)) if UNREAD in text else ()


def drop_unread(text: str) -> str:
    """A text without its marks: the words around them."""
    return _UNREAD.sub("", text) if UNREAD in text else text


@dataclass(frozen=True, slots=True)
class Cell:
    """One printed box. `text` keeps its line breaks ("\\n") and its blanks."""

    row: int
    column: int
    rowspan: int
    colspan: int
    text: str
    place: Place
    origin: Origin = "printed"
    confidence: float = 1.0
    #: what a second reading of the same box gave, where it differs; the text itself where it was
    #: seen twice alike, which settles what a comma or a point is
    alternative: str | None = None


@dataclass(frozen=True, slots=True)
class Grid:
    """A drawn table: boxes in row-major order. A row may lack boxes; spans never overlap.

    `ruled` is False where there were no ruling lines and alignment alone gave the boxes.
    `counted` says that a box's column is only its number in the row (text with tabs): spans are
    not known, and boxes of one column need not stand over each other.
    """

    cells: tuple[Cell, ...]
    rows: int
    columns: int
    place: Place
    ruled: bool = True
    counted: bool = False

    def __str__(self) -> str:
        """The grid as text, one row a line; `·` is a box covered by a span."""
        lines = [[""] * self.columns for _ in range(self.rows)]
        for cell in self.cells:
            for r in range(cell.row, min(cell.row + cell.rowspan, self.rows)):
                for c in range(cell.column, min(cell.column + cell.colspan, self.columns)):
                    lines[r][c] = "·"
            lines[cell.row][cell.column] = cell.text.strip().replace("\n", "/")
        return "\n".join(" | ".join(line) for line in lines)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text between tables.

    `number` is an automatic number that the file does not hold as text ("一、"); `role` is what
    the file itself says the paragraph is ("toc" for a line of a contents page). `size` is the
    font size in points where known; `flow` marks a line of flattened text, where a table's
    boxes may stand one a line.
    """

    text: str
    place: Place
    number: str = ""
    role: Literal["body", "title", "heading", "toc"] = "body"
    size: float | None = None
    centered: bool = False
    flow: bool = False


Block = Paragraph | Grid

#: How words were placed, the surest first: in drawn boxes, between bars or tabs, by points of a page, by columns
#: of characters (x is rough), or in reading order alone.
LayoutKind = Literal["boxes", "bars", "tabs", "rows", "points", "columns", "flow"]


@dataclass(frozen=True, slots=True)
class PlacedWord:
    """A run of characters and where it stands among others; y goes on over the pages of a document.

    `cell` is the same as a box, with its Place in the source. `box`: walls stand around it, so that a blank one
    says that nothing was printed.
    """

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    cell: Cell
    box: bool = False

    @property
    def x(self) -> float:
        """The middle from left to right."""
        return (self.x0 + self.x1) / 2

    @property
    def y(self) -> float:
        """The middle from top to bottom."""
        return (self.top + self.bottom) / 2

    @property
    def height(self) -> float:
        """From top to bottom."""
        return self.bottom - self.top


@dataclass(frozen=True, slots=True)
class Layout:
    """All words of a document in reading order, as one way of looking at it places them."""

    kind: LayoutKind
    words: tuple[PlacedWord, ...]


def _no_layouts() -> Sequence[Layout]:
    """A reader that knows no places of words."""
    return ()


@dataclass(frozen=True, slots=True)
class Document:
    """A file as laid out: its blocks in reading order.

    `metadata` is what the file says of itself outside its body, as (name, value): a web page's
    title and table of 索引号 and 发布机构, a Word file's core properties. `layouts` gives the words with their
    places, for tables whose boxes are in doubt; it is called for few documents. `reread` tells what another engine
    reads in some boxes, whose own texts are given: None for a box that it does not find. It is None where the format has
    no other engine.
    """

    source: Source
    format: str
    reader: str
    blocks: tuple[Block, ...]
    pages: int | None = None
    metadata: tuple[tuple[str, str], ...] = ()
    findings: tuple[Finding, ...] = ()
    # made only where asked for; a function's repr is its address, another one in each process
    layouts: Callable[[], Sequence[Layout]] = field(default=_no_layouts, repr=False, compare=False)
    reread: Callable[[Sequence[tuple[Place, str]]], tuple[str | None, ...]] | None = field(
        default=None, repr=False, compare=False
    )
    list_body: str = ""


class Reader(Protocol):
    """A module of `extract/` that reads one format. What it cannot do is None."""

    __name__: str

    def sniff(self, data: bytes) -> bool:
        """Whether the bytes are of this format."""

    def read(self, source: Source, limits: Limits) -> Document:
        """The file as laid out. Raises a DocumentError."""

    @property
    def render(self) -> Callable[[bytes, int, float], Any] | None:
        """A page, from 1, as a picture of Pillow's, at so many pixels a point."""

    @property
    def as_pdf(self) -> Callable[[Source], bytes] | None:
        """The document laid out as PDF, for people to look at."""


# The form ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Label:
    """A row or a column of a form: its id and its printed labels, the nearest last."""

    id: str
    path: tuple[str, ...]
    en: str

    @property
    def zh(self) -> str:
        return " / ".join(self.path)


@dataclass(frozen=True, slots=True)
class Sum:
    """A rule of the form: Σ left = (or ≤) Σ right, in every column ("rows") or row ("columns")."""

    name: str
    over: Literal["rows", "columns"]
    left: tuple[str, ...]
    right: tuple[str, ...]
    relation: Literal["=", "<="]
    severity: Severity
    zh: str
    en: str
    source: str = ""
    #: tried only where the left side is printed: a subtotal that the form does not ask for
    if_printed: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule over any boxes of one report and of the report before it: Σ left = (≤, ≥) Σ right.

    Terms are text: `requests.carried_out.*@-1` is every column of that row in the year before,
    `-proactive.*.repealed` is taken away, `0.5*requests.outcomes_total.total` is half of a box,
    `0` is a number. `templates` are the forms whose table (that of the first term) it is for,
    all where empty. `tolerance` is what left and right may differ by.
    """

    code: str
    left: tuple[str, ...]
    right: tuple[str, ...]
    relation: Relation
    severity: Severity
    zh: str
    en: str
    source: str = ""
    templates: tuple[str, ...] = ()
    tolerance: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Wording:
    """What a number in the narrative may count as well: Σ `fields`, or Σ of one of `readings`."""

    code: str
    fields: tuple[str, ...]
    readings: tuple[tuple[str, ...], ...]
    severity: Severity
    zh: str
    en: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """A slot of a form. Its address is (table, row, column)."""

    template: str
    table: str
    row: Label
    column: Label
    unit: str
    #: made once: a report asks for it some thousand times
    address: Address = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "address", (self.table, self.row.id, self.column.id))

    def refuses(self, value: Decimal) -> str | None:
        """Why a box of this field cannot hold a number, None where it can.

        Only 本年增/减 has a sign, only money has decimals, and the datasets hold numbers of up to
        15 digits exactly.
        """
        if value < 0 and self.column.id != SIGNED:
            return "is negative, and this is no column of changes (本年增/减)"
        if value != value.to_integral_value() and not self.is_money:
            return f"is no whole number, and {self.unit or 'what is counted here'} has no fractions"
        if len(f"{abs(value):f}".replace(".", "").lstrip("0")) > MOST_DIGITS:
            return f"has more than {MOST_DIGITS} digits"
        return None

    @property
    def is_money(self) -> bool:
        """Whether money stands there; the unit of a place's own line is as it prints it (元)."""
        return self.unit.endswith("元") or self.column.id == "procurement_amount"


#: the one column whose numbers have a sign
SIGNED = "change"
#: digits that a float64 of Parquet gives back as they were
MOST_DIGITS = 15


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a form, rows and columns in the form's order."""

    id: str
    template: str
    zh: str
    en: str
    section: str
    rows: tuple[Label, ...]
    columns: tuple[Label, ...]
    fields: tuple[Field, ...]
    sums: tuple[Sum, ...]


@dataclass(frozen=True, slots=True)
class Template:
    """An official form: what its TOML file says."""

    id: str
    source: str
    years: tuple[int, int | None]
    tables: tuple[Table, ...]
    rules: tuple[Rule, ...] = ()
    wordings: tuple[Wording, ...] = ()


# The Report ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Match:
    """Why a printed label means an id. `score` is 0 to 100; `candidates` are the best, best first."""

    printed: str
    id: str
    score: float
    rule: str
    candidates: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Fact:
    """A Field's value in one report.

    `value` is None where the box is there and could not be read. `unit` is what the box or its
    header stated ("" where nothing was). `confidence` is 0 to 1.
    """

    field: Field
    value: Decimal | None
    blank: bool
    printed: str
    place: Place
    row_match: Match
    column_match: Match
    unit: str = ""
    origin: Origin = "printed"
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Section:
    """Numbered narrative. `id` is the canonical section; `path` is "1" or "1.2"."""

    id: str
    path: str
    level: int
    number: str
    heading: str
    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class Mention:
    """A number in the narrative and what it counts: never a Fact, whatever it says.

    `counts` is what is counted in the sentence's own words ("政府信息公开申请"), `unit` as
    printed ("件"); `printed` is the number without it, and 万 and 亿 are multiplied into `value`
    unless they belong to the unit (万元). `fields` are the addresses of the slots whose sum the
    wording speaks of (one, as a rule; two for 行政诉讼 as a whole); empty where the wording does
    not say. `rule` is the wording that says so. `section` and `path` are those of the Section it
    stands in ("" outside of all). `approximate`: 余, 近, 约. `worded`: a 0 in words ("没有收到").
    """

    value: Decimal
    unit: str
    printed: str
    counts: str
    sentence: str
    section: str
    place: Place
    fields: tuple[Address, ...] = ()
    rule: str = ""
    path: str = ""
    approximate: bool = False
    worded: bool = False


@dataclass(frozen=True, slots=True)
class Check:
    """One rule of the form, tried on a Report. `row` or `column` is where it was tried."""

    rule: str
    table: str
    row: str | None
    column: str | None
    left: Decimal | None
    right: Decimal | None
    outcome: Outcome
    facts: tuple[Address, ...]

    @property
    def difference(self) -> Decimal | None:
        if self.left is None or self.right is None:
            return None
        return self.left - self.right


@dataclass(frozen=True, slots=True)
class Proposal:
    """A box whose change is part of a set that would make failing sums hold. It is never applied.

    `group` counts what is independent of each other in one report, `rank` the sets proposed for
    it, the likeliest 1; boxes of one group and rank belong together. `unique` says that no other
    set of this size makes the sums hold. `needed` is the value the sums ask for.
    """

    group: int
    rank: int
    address: Address
    place: Place
    printed: str
    value: Decimal | None
    needed: Decimal
    cause: Cause
    unique: bool
    verdict: Reread
    sums: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Division:
    """An administrative division. `code` has 6 digits, that of a township 9; `parents` the highest first."""

    code: str
    name: str
    level: Level
    parents: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.code} {'/'.join((*self.parents, self.name))}"


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why a body or a year was taken: how sure that is (0 to 1), and the sources that speak for it."""

    confidence: float
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Body:
    """A public body and the division it works for, as far as that is certain.

    `name` is written out (高桥镇人民政府), `organ` is the name without its places (人民政府). `id` is the same
    for all spellings of one body over the years; None where nothing proves which body it is.
    `division` is None where none or several fit; `candidates` are those that the name alone
    allows, `evidence` what spoke for the division, `reason` why there is none: "ambiguous",
    "unknown", "abolished", "contradicted", "zone", "incomplete", "central".
    """

    name: str
    organ: str
    level: Level | None
    division: Division | None
    candidates: tuple[Division, ...] = ()
    evidence: tuple[str, ...] = ()
    reason: str = ""
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """One body, one year."""

    source: Source
    format: str
    reader: str
    pages: int | None
    template: str | None
    org: str | None
    year: int | None
    title: str | None
    published: str | None
    facts: tuple[Fact, ...]
    sections: tuple[Section, ...]
    findings: tuple[Finding, ...]
    checks: tuple[Check, ...] = ()
    status: Status = "ok"
    reason: str = ""
    mentions: tuple[Mention, ...] = ()
    proposals: tuple[Proposal, ...] = ()
    body: Body | None = None
    org_evidence: Evidence | None = None
    year_evidence: Evidence | None = None

    @property
    def sums(self) -> SumsOutcome:
        """Whether the sums of its tables hold: one that fails decides, then one that is uncertain."""
        outcomes = {check.outcome for check in self.checks if check.rule != NARRATIVE}
        for outcome, word in _SUMS_OUTCOMES:
            if outcome in outcomes:
                return word
        return "none"

    @classmethod
    def failed(cls, source: Source, code: str, message: str) -> Report:
        """The Report of a file that could not be read: status "failed", with `code` as its reason."""
        return cls(
            source=source,
            format="unknown",
            reader="",
            pages=None,
            template=None,
            org=None,
            year=None,
            title=None,
            published=None,
            facts=(),
            sections=(),
            findings=(Finding(code, "error", message),),
            status="failed",
            reason=code,
        )


# Over several reports -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Filing:
    """A report as the datasets hold it: what rules over several reports look at.

    `body` is whose it is, folded; `division` its 行政区划代码 and `level` its Level where known, else "". `forms` is the form of each table; `empty` the boxes with
    nothing in them; `sections` are (id, text) of level 1. `doubled` says that another report of
    this body and year says something else: which of them is meant is not known.
    """

    report_id: str
    source_file: str
    sha256: str
    body: str
    org: str
    year: int
    forms: Mapping[str, str]
    values: Mapping[Address, Decimal | None]
    empty: frozenset[Address]
    sections: tuple[tuple[str, str], ...] = ()
    division: str = ""
    doubled: bool = False
    level: str = ""


@dataclass(frozen=True, slots=True)
class SeriesCheck:
    """A rule tried on a report and, where it speaks of it, that of the year before."""

    filing: Filing
    other: Filing | None
    check: Check
    other_facts: tuple[Address, ...] = ()


@dataclass(frozen=True, slots=True)
class SeriesFinding:
    """Something odd that only several reports show. `figure` is a similarity (0 to 1) or a factor."""

    filing: Filing
    other: Filing | None
    finding: Finding
    figure: Decimal | None = None


# What people say of it -----------------------------------------------------------------------

#: what every page, workbook and picture that we make says of itself, so that no run takes it for a report
OWN_OUTPUT = "Gongkai output"

#: what people may correct of a report as a whole, by its column in `reports`
ReportField = Literal["org", "year", "title", "published", "body_id", "division_code", "template"]
#: the file in a dataset folder that people write, and a run keeps
CORRECTIONS = "corrections.csv"
#: the file beside it of what is no correction: who has seen a report, asked a question, works on it
REVIEW_MARKS = "review_marks.csv"
#: both: a run carries them over
PEOPLES_FILES = (CORRECTIONS, REVIEW_MARKS)

#: what a person says of a report as a whole while reviewing it; `place` is a box that was pointed at on a page
MarkKind = Literal["taken", "released", "seen", "done", "question", "open", "place", "undone"]


class BadCorrection(Exception):
    """A file of corrections is not one: the file, the line and what is wrong with it, in one line."""


@dataclass(frozen=True, slots=True)
class Correction:
    """What a person says of a value, having looked at the page: another value, or that it is as printed.

    A word that is withdrawn leaves the value as it was read, as if nothing had been said.

    `sha256` and `report` tell which report: the hash of the file and the report's number in it,
    from 1. `field` is "table.row.column" or a ReportField. `printed` and `old` are what was read
    when it was made, `old` None where the box could not be read; `new` is what it says (that of
    `old` for a confirmation), `blank` that the box holds no number at all. Of a ReportField,
    `printed` is what was read and `text` what it says, "" for nothing. `when` is a date as text.
    `place` is where a person pointed on the page; it stands in the file of marks.
    """

    sha256: str
    report: int
    source_file: str
    field: str
    verdict: Verdict
    printed: str
    old: Decimal | None
    new: Decimal | None
    blank: bool
    who: str
    when: str
    why: str
    text: str | None = None
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class ReviewMark:
    """What a person says while reviewing a report that is no correction of it.

    `sha256` and `report` tell which report, as in a Correction. `field` is "" for the report as a whole; `page` and
    `box` are where a person pointed on the page, None where they did not.
    """

    sha256: str
    report: int
    source_file: str
    mark: MarkKind
    field: str
    note: str
    page: int | None
    box: BBox | None
    who: str
    when: str


# Text in CSV ---------------------------------------------------------------------------------

# Excel and LibreOffice take such a cell for a formula (OWASP, "CSV Injection"; also in full
# width). An apostrophe in front makes it text; one that stands there already is doubled, so
# that taking one away gives the text back.
_GUARDED = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
_FIRST = frozenset("'=+-@\t\r\n＝＋－＠")


def guard(text: str) -> str:
    """The text for a CSV cell: an apostrophe in front of what a spreadsheet would calculate.

    >>> guard("-8"), guard("8"), guard("'-8")
    ("'-8", '8', "''-8")
    """
    return f"'{text}" if text[:1] in _FIRST and _GUARDED.match(text) else text


def unguard(text: str) -> str:
    """What `guard` was given."""
    return text[1:] if text.startswith("'") and _GUARDED.match(text) else text
