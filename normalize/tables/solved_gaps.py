"""What the readers of tables leave open, filled from the words of the document with their places.

What a reader gives is one way of filling the table among the others: it is overruled where it breaks sums of the form
that hold under the Solution, or has few; it stays where it is the other way round; else neither is taken where the two
differ. A table without a gap is tried only where its sums fail.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set

from gongkai.model import CUT_OFF, OVER_WALL, Document, Fact, Field, Finding, Match, Place, flag, list_unread
from gongkai.normalize.form.lexicon import Lexicon
from gongkai.normalize.form.template import field, table
from gongkai.normalize.solve import Chosen, solve_rows, solve_tables
from gongkai.normalize.solve.belief import is_decided_by_sums, trust_in
from gongkai.normalize.solve.block_layout import lay_out_blocks
from gongkai.normalize.solve.rows.row_lines import read_lines
from gongkai.normalize.solve.solution import Verdict, judge_values
from gongkai.normalize.tables.all_tables import Values, report_gaps
from gongkai.normalize.tables.fact import CellReading, TableReading, make_facts, missing
from gongkai.normalize.tables.flattened import TABLES, is_torn
from gongkai.normalize.tables.header import unit
from gongkai.normalize.tables.locate import TableRows
from gongkai.normalize.tables.rows_in_order import find_contested_rows, find_regions, report_left_out
from gongkai.record import replace

#: Findings that say what a table lacks, and are said anew once it is filled.
_OF_GAPS = frozenset({"row-missing", "cell-missing"})
#: Findings about rows and boxes that were left out, which a filled row answers.
_OF_DOUBT = frozenset({"row-unaligned", "label-unknown", "label-contradicts"})

_Slot = tuple[str, str]


def fill_gaps(
    document: Document,
    values: Values,
    lexicon: Lexicon,
    tables: Sequence[TableRows] = (),
    repeated: Set[str] = frozenset(),
) -> Values:
    """The values of a document with those that its tables lack, where the whole table makes them certain.

    `tables` are those that are known by their words, `repeated` the names of those that stand in the document more than
    once: the words of all of them are in it.
    """
    if is_torn(document.blocks):
        return values
    in_rows = find_regions(tables)
    lines = {name: read_lines(region) for name, region in in_rows.items()}
    twice = [f for name, own in lines.items() for f in find_contested_rows(name, own, lexicon[name])]
    values = replace(values, findings=(*values.findings, *twice))
    gaps = _find_gaps(values.facts)
    in_rows = {name: region for name, region in in_rows.items() if name in gaps}
    values = _fill_all(solve_rows(in_rows, lexicon), values, lexicon)
    contested = _find_contested(values.findings) | repeated
    names = [name for name in _find_gaps(values.facts) if name not in contested]
    if names:
        layouts = [lay_out_blocks(document.blocks), *document.layouts()]
        chosen = solve_tables(layouts, names, lexicon, _locate_boxes(tables))
        values = _fill_all(chosen, values, lexicon)
    left = (
        f for name in in_rows for f in report_left_out(name, lines[name], lexicon[name].rows, values.facts)
    )
    return replace(values, findings=(*values.findings, *left))


def _locate_boxes(tables: Sequence[TableRows]) -> dict[str, set[Place]]:
    """Where the boxes of drawn tables stand, by the table's id."""
    located: dict[str, set[Place]] = {}
    for t in tables:
        if t.is_drawn:
            located.setdefault(t.table, set()).update(c.place for row in t.rows for c in row.cells)
    return located


def _fill_all(chosen: Mapping[str, Chosen], values: Values, lexicon: Lexicon) -> Values:
    """The values with every table filled that a Solution was chosen for."""
    for name in TABLES:
        if name in chosen:
            values = _fill(name, chosen[name], values, lexicon)
    return values


def _find_gaps(facts: Sequence[Fact]) -> list[str]:
    """The tables of the forms since 2019 that lack a value, or have a sum that fails; none of the old list's reports."""
    if any(f.field.table == "statistics" for f in facts):
        return []
    own = {name: [f for f in facts if f.field.table == name and not _is_cut_off(f)] for name in TABLES}
    return [name for name, have in own.items() if not have or _is_open(name, have)]


def _find_contested(findings: Sequence[Finding]) -> set[str]:
    """The tables that stand in a document more than once, with different values.

    A correction shows what was wrong before, a comparison the year before, a guide an example. The sums hold in each of
    them, so that the solver would take one, or rows of both. A label that stands twice by mistake is one row; a row of
    another section, or a blank one, claims boxes without a number.
    """
    rows: dict[str, set[str | None]] = {}
    for f in findings:
        numbers = [text for text in (f.printed or "").split(" | ") if any(map(str.isdigit, text))]
        if f.code == "field-twice" and f.table is not None and len(numbers) > 1:
            rows.setdefault(f.table, set()).add(f.row)
    return {name for name, of_table in rows.items() if len(of_table) > 1}


def _is_cut_off(fact: Fact) -> bool:
    """Whether the number of a box stands beyond it: on the page that goes on with the sheet, or over a wall."""
    return fact.value is None and _is_elsewhere(fact.printed)


def _is_elsewhere(printed: str) -> bool:
    return not {CUT_OFF, OVER_WALL}.isdisjoint(list_unread(printed))


def _is_open(name: str, have: Sequence[Fact]) -> bool:
    """Whether a table lacks a value, or breaks a sum; one that mixes two forms is as it is."""
    forms = {f.field.template for f in have}
    form = have[0].field.template
    return len(forms) == 1 and (bool(missing(table(form, name), have)) or _judge(name, form, have).failed > 0)


def _fill(name: str, chosen: Chosen, values: Values, lexicon: Lexicon) -> Values:
    """The values with one table filled."""
    own = [f for f in values.facts if f.field.table == name]
    settled = _settle_form(name, chosen, values, [f for f in own if not _is_cut_off(f)])
    if settled is None:
        return values
    form, have = settled
    has_own = any(f.field.row.id.startswith("local_") for f in have)
    solved, findings = make_facts(_read(name, form, chosen, lexicon, has_own=has_own), form)
    known = {_slot(f): f for f in have}
    clashes = [(known[_slot(f)], f) for f in solved if _contradicts(known.get(_slot(f)), f)]
    if clashes:
        if _judge(name, form, have).beats(chosen.solution.verdict):
            return values
        is_outweighed = _outweighs(chosen, have, form)
        findings = [*(_report_clash(name, *pair, is_outweighed) for pair in clashes), *findings]
        differing = {_slot(f) for _, f in clashes}
        known = {slot: f for slot, f in known.items() if slot not in differing}
        # else neither is taken where they differ, and nothing else of a table that is read in two ways
        solved = solved if is_outweighed else []
    # a box is one field's, unless the Solution overrules what the reader made of it
    taken = set() if clashes else {f.place for f in known.values() if _is_box(f.place)}
    new = [f for f in solved if _slot(f) not in known and f.place not in taken]
    if not new and not clashes:
        return values
    told = (*findings, *_report_disputes(name, chosen, known))
    return _replace_table(name, form, values, [*known.values(), *new], told)


def _settle_form(
    name: str, chosen: Chosen, values: Values, have: list[Fact]
) -> tuple[str, list[Fact]] | None:
    """The form of a table and the facts of the readers under it; None where the Solution is of another form, and no better."""
    its_form = _form_of(name, chosen, values)
    form = have[0].field.template if have else its_form
    if name == "review" or form == its_form:
        return form, have
    if _fit_form(have, name, its_form):
        # the rows read are those of both forms; the others tell which it is
        return its_form, [replace(f, field=_field_of_form(f, its_form)) for f in have]
    if 2 * len(have) > len(chosen.boxes) or not _outweighs(chosen, have, form):
        return None
    return its_form, []  # a few rows that were taken for those of the other form


def _replace_table(
    name: str, form: str, values: Values, facts: Sequence[Fact], told: Sequence[Finding]
) -> Values:
    """The values with other facts of one table, and what is to be told of it."""
    given = {_slot(f) for f in facts}
    cut_off = [f for f in values.facts if f.field.table == name and _is_cut_off(f) and _slot(f) not in given]
    others = [f for f in values.facts if f.field.table != name]
    all_facts = [*_sort([*facts, *cut_off], form, name), *others]
    all_facts.sort(key=lambda f: TABLES.index(f.field.table) if f.field.table in TABLES else len(TABLES))
    kept = _drop_answered(name, form, values.findings, [*facts, *cut_off])
    findings = (*kept, *told, *report_gaps(form, name, [*facts, *cut_off]))
    return Values(_form_of_all(values.form, all_facts), tuple(all_facts), findings)


def _slot(fact: Fact) -> _Slot:
    return fact.field.row.id, fact.field.column.id


def _is_box(place: Place) -> bool:
    """Whether a place is that of a box in its row, and not of a line or of a word of it."""
    return place.row is not None and place.column is not None


def _contradicts(known: Fact | None, solved: Fact) -> bool:
    return known is not None and known.value is not None and known.value != solved.value


def _fit_form(facts: Sequence[Fact], name: str, form: str) -> bool:
    """Whether a form has every field of some facts, those of the body's own rows aside."""
    slots = {(s.row.id, s.column.id) for s in table(form, name).fields}
    return all(_slot(f) in slots for f in facts if f.row_match.rule != "local")


def _field_of_form(fact: Fact, form: str) -> Field:
    """The field of a fact under another form."""
    if fact.row_match.rule == "local":
        return replace(fact.field, template=form)
    return field(form, fact.field.table, *_slot(fact))


def _outweighs(chosen: Chosen, have: Sequence[Fact], form: str) -> bool:
    """Whether a Solution is right however it was found: its sums hold where those of the readers' boxes fail, or are few."""
    verdict = chosen.solution.verdict
    if not verdict.has_weight:
        return False
    read = _judge(have[0].field.table, form, have)
    return verdict.beats(read) or (not verdict.failed and 2 * read.held <= verdict.held)


def _judge(name: str, form: str, facts: Sequence[Fact]) -> Verdict:
    """The form's sums, tried on the values of some facts."""
    return judge_values(name, form, {_slot(f): f.value for f in facts if f.value is not None})


def _form_of(name: str, chosen: Chosen, values: Values) -> str:
    """The form of a Solution; of table four, and of a few rows that are those of both forms, that of the other tables."""
    if name == "review":
        of_requests = (f.field.template for f in values.facts if f.field.table == "requests")
        return next(of_requests, values.form or "2021")
    solution = chosen.solution
    if solution.kind == "rows" and values.form in ("2019", "2021"):
        slots = {(s.row.id, s.column.id) for s in table(values.form, name).fields}
        if all(slot in slots for slot in chosen.boxes):
            return values.form
    return solution.form


def _form_of_all(form: str | None, facts: Sequence[Fact]) -> str | None:
    """The form of the whole, by its tables; table four says nothing where there are others."""
    forms = {f.field.template for f in facts if f.field.table != "review"}
    if not forms:
        return form
    return forms.pop() if len(forms) == 1 else "mixed"


def _read(name: str, form: str, chosen: Chosen, lexicon: Lexicon, *, has_own: bool) -> TableReading:
    """The boxes of a Solution with the labels of their rows and columns.

    `has_own`: rows that the form does not have were read from the boxes, under numbers of their own.
    """
    glossary = lexicon[name].columns
    rule = chosen.solution.rule
    by = "sums" if is_decided_by_sums(rule) else "position"
    columns: dict[str, Match] = {}
    for id in {column for _, column in chosen.boxes}:
        printed = chosen.solution.columns.get(id, "")
        m = glossary.exact(printed) if printed else None
        columns[id] = m if m is not None and m.id == id else Match(printed, id, 0.0, by)
    readings = tuple(
        CellReading(
            chosen.solution.rows[row],
            columns[column],
            box.cell,
            box.way,
            unit(chosen.solution.columns.get(column, "")) or chosen.solution.money_unit,
            trust_in(rule),
        )
        for (row, column), box in chosen.boxes.items()
        if not (has_own and row.startswith("local_"))
    )
    return TableReading(name, form, readings, ())


def _sort(facts: Sequence[Fact], form: str, name: str) -> list[Fact]:
    """Facts of one table in the form's order; rows of the body's own stay behind them."""
    order = {(s.row.id, s.column.id): i for i, s in enumerate(table(form, name).fields)}
    return sorted(facts, key=lambda f: order.get(_slot(f), len(order)))


# Findings ------------------------------------------------------------------------------------


def _drop_answered(
    name: str, form: str, findings: Sequence[Finding], facts: Sequence[Fact]
) -> Iterator[Finding]:
    """The findings without those about gaps of this table, and doubts about rows that are now filled."""
    open_rows = {row for row, _ in missing(table(form, name), facts)}
    given = {_slot(f) for f in facts if f.value is not None and f.field.table == name}
    for f in findings:
        if f.table == name and f.code in _OF_GAPS:
            continue
        if f.code == "number-unreadable" and _is_elsewhere(f.printed or "") and (f.row, f.column) in given:
            continue
        is_answered = not open_rows if f.row is None else f.row not in open_rows
        if f.table == name and f.code in _OF_DOUBT and is_answered:
            continue
        yield f


def _report_clash(name: str, known: Fact, solved: Fact, is_outweighed: bool) -> Finding:
    """That a box was read in two ways; an error where neither is taken."""
    taken = "the latter is taken, for the form's sums hold under it" if is_outweighed else "neither is taken"
    message = (
        f"{solved.place}: {name}.{solved.field.row.id} is “{known.printed.strip()}” by its box and "
        f"“{solved.printed.strip()}” by the table as a whole; {taken}, look at the page"
    )
    return flag(
        "assignments-differ",
        message,
        place=solved.place,
        table=name,
        row=solved.field.row.id,
        column=solved.field.column.id,
        printed=known.printed,
        severity="warning" if is_outweighed else None,
    )


def _report_disputes(name: str, chosen: Chosen, known: Mapping[_Slot, Fact]) -> Iterator[Finding]:
    """Boxes for which two ways of filling the table, as good as each other, give two values."""
    for (row, column), texts in chosen.disputed.items():
        if (row, column) in known:
            continue
        box = chosen.solution.boxes[row, column]
        first, second = (text or "blank" for text in texts)
        message = f"{box.cell.place}: {name}.{row} may be “{first}” or “{second}”; neither is taken, look at the page"
        yield flag(
            "assignments-differ",
            message,
            place=box.cell.place,
            table=name,
            row=row,
            column=column,
            printed=texts[0],
        )
