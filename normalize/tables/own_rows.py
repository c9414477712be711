"""Rows that the form does not have: a body's own (其他主动公开的文件, 其中：网上申请) and 小计 of a group.

They are facts under the label as printed. A row is taken for the body's own only where every row of the form is there:
else its label may be one of these, misread.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from gongkai.model import Match
from gongkai.normalize.form.label import key, simplify
from gongkai.normalize.form.lexicon import TableGlossaries
from gongkai.normalize.form.table_words import GROUPS, TOPICS
from gongkai.normalize.form.template import table
from gongkai.normalize.solve.solve_own_rows import is_subtotal, subtotal_below
from gongkai.normalize.tables.row import Row

#: The groups of table three, by the beginning of their rows' ids, with the words of their labels.
_GROUPS = {
    "denied": "不予公开",
    "unavailable": "无法提供",
    "not_processed": "不予处理",
    "other": "其他处理",
}
_CHINESE = re.compile("[一-鿿]{2}")


def name_subtotal(row: Row, before: str | None) -> Match | None:
    """The Match of a row 小计; None for other rows, and where its group is not sure.

    The group is the last one that its labels name, else that of the row before it (`before`, an id).
    """
    if not is_subtotal(row.leaf_text):
        return None
    path = simplify(re.sub(r"\s", "", row.path)).replace("其它", "其他")
    named = [(path.rfind(words), group) for group, words in _GROUPS.items() if words in path]
    id = f"{max(named)[1]}_subtotal" if named else subtotal_below(before)
    return None if id is None else Match(row.path, id, 100.0, "local")


def name_own_row(row: Row, number: int, glossaries: TableGlossaries) -> Match | None:
    """The Match of a row of the body's own, the `number`th of its table.

    None where its label is no words, or a piece of a label of the form: a page end cuts labels and heads.
    """
    k = simplify(key(row.leaf_text))
    if _CHINESE.search(k) is None:
        return None
    known = (
        *glossaries.rows.wordings,
        *glossaries.rows.groups,
        *glossaries.columns.wordings,
        *GROUPS,
        *TOPICS,
    )
    if any(k in wording for wording in known):
        return None
    return Match(row.path, f"local_{number:03}", 100.0, "local")


def has_every_row(table_id: str, form: str, ids: Collection[str]) -> bool:
    """Whether every row of a table of a form is among these."""
    return all(r.id in ids for r in table(form, table_id).rows)


def columns_beside(ids: Sequence[str | None], i: int, columns: Mapping[str, Sequence[str]]) -> Sequence[str]:
    """The columns of a row of the body's own: those of the nearest row of the form above it."""
    return next((columns[id] for id in reversed(ids[:i]) if id is not None), ())
