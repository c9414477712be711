"""Tables whose rows stand as lines in the form's order: the solver fills them, and what it leaves out is told here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gongkai.model import Fact, Finding, Place, flag
from gongkai.normalize.form.cases import CASES, RESULTS
from gongkai.normalize.form.lexicon import Glossary, TableGlossaries
from gongkai.normalize.form.number import is_blank
from gongkai.normalize.form.template import table
from gongkai.normalize.solve.rows.row_lines import RowLine, lay_out_rows
from gongkai.normalize.solve.table_region import Region
from gongkai.normalize.tables.fact import missing
from gongkai.normalize.tables.flattened import TABLES
from gongkai.normalize.tables.locate import TableRows


def is_in_order(t: TableRows) -> bool:
    """Whether the rows of a table are lines of a text, in which only the order of boxes is known."""
    return not t.is_drawn and t.table in TABLES


def find_regions(tables: Sequence[TableRows]) -> dict[str, Region]:
    """The rows of such tables as regions, by the table's id."""
    own = [t for t in _drop_scattered(tables) if is_in_order(t)]
    return {
        name: lay_out_rows([row.cells for t in own if t.table == name for row in t.rows])
        for name in dict.fromkeys(t.table for t in own)
    }


def _drop_scattered(tables: Sequence[TableRows]) -> list[TableRows]:
    """The tables without rows of table two that stand in a text behind those of table four.

    Text of pages with several columns has the pieces of a table in any order: a number is not that of the label before it.
    """
    kept: list[TableRows] = []
    for t in tables:
        seen = {other.table for other in kept if not other.is_drawn}
        is_behind = t.table == "proactive" and {"proactive", "review"} <= seen
        if t.is_drawn or not is_behind:
            kept.append(t)
    return kept


def find_contested_rows(name: str, lines: Sequence[RowLine], glossaries: TableGlossaries) -> list[Finding]:
    """The rows that stand in a text more than once with as many other numbers: those of another year, or of an example."""
    by_row: dict[tuple[str, int], list[RowLine]] = {}
    for line in lines:
        for id in _rows_of(name, line, glossaries) if _numbers(line) else ():
            by_row.setdefault((id, len(line.values)), []).append(line)
    return [
        _report_twice(name, id, lines)
        for (id, _), lines in by_row.items()
        if len({tuple(_numbers(line)) for line in lines}) > 1
    ]


def _rows_of(name: str, line: RowLine, glossaries: TableGlossaries) -> Sequence[str]:
    """The rows that a line is by its label alone; of table four all where it has their fifteen boxes."""
    if name == "review" and len(line.values) == len(CASES) * len(RESULTS):
        return CASES
    m = glossaries.rows.exact(line.leaf)
    # 总计 and 其他 are heads as well
    return [] if m is None or glossaries.columns.exact(line.leaf) is not None else [m.id]


def report_left_out(
    name: str, lines: Sequence[RowLine], glossary: Glossary, facts: Sequence[Fact]
) -> Iterator[Finding]:
    """The rows with numbers of which nothing was taken, where the table lacks values."""
    own = [f for f in facts if f.field.table == name]
    if own and not missing(table(own[0].field.template, name), own):
        return
    places = {f.place for f in own}
    left = [line for line in lines if places.isdisjoint(w.cell.place for w in line.values)]
    # where none was taken here, values may have been taken from the words of the page instead
    elsewhere = {f.field.row.id for f in own} if len(left) == len(lines) else set()
    for line in left:
        m = glossary.match(line.leaf)
        id = None if m is None else m.id
        if _numbers(line) and id not in elsewhere:
            yield _report_row(name, line, id)


def _numbers(line: RowLine) -> list[str]:
    """What is printed in the boxes of a row."""
    return [w.text.strip() for w in line.values if not is_blank(w.text)]


def _place(line: RowLine) -> Place:
    return (line.labels or line.values)[0].cell.place


def _report_twice(name: str, row: str, lines: Sequence[RowLine]) -> Finding:
    printed = " | ".join(" ".join(_numbers(line)) for line in lines)
    message = f"{_place(lines[1])}: {name}.{row} stands {len(lines)} times with other numbers ({printed}); none is taken where they differ"
    return flag("field-twice", message, place=_place(lines[0]), table=name, row=row, printed=printed)


def _report_row(name: str, line: RowLine, row: str | None) -> Finding:
    """That the numbers of a row are left out: its label is none of the form's, or their columns are not certain."""
    printed = " | ".join(w.text.strip() for w in line.values)
    path = " / ".join(dict.fromkeys(w.text.strip() for w in line.labels))
    place = _place(line)
    if row is None and name != "review":
        message = f"{place}: the form has no row “{path}”; its boxes are left out"
        return flag(
            "label-unknown",
            message,
            place=place,
            table=name,
            printed=path,
            severity="warning" if name == "proactive" else None,
        )
    message = (
        f"{place}: {len(line.values)} boxes ({printed}) behind “{path}”; which column each belongs to is not certain, "
        "so none is taken"
    )
    return flag("row-unaligned", message, place=place, table=name, row=row, printed=printed)
