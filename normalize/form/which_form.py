"""Which form a table two or three fills in: that of 2019 or that of 2021."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from gongkai.model import Match
from gongkai.normalize.form.align import total
from gongkai.normalize.form.lexicon import Glossary
from gongkai.normalize.form.template import table

FORMS = ("2021", "2019")
#: rows that the form of 2019 alone has
_ROWS_OF_2019 = {"other_public_services", "government_procurement"}


@cache
def columns_of_rows(form: str) -> Mapping[str, tuple[str, ...]]:
    """The columns of each row of a form, by their ids: each block of the table has its own."""
    columns: dict[str, tuple[str, ...]] = {}
    for f in table(form, "proactive").fields:
        columns[f.row.id] = (*columns.get(f.row.id, ()), f.column.id)
    return columns


def choose_form_of_proactive(
    labels: Iterable[str], aligned: Mapping[str, Sequence[Match | None]], glossary: Glossary
) -> str | None:
    """The form whose heads and rows these are; the heads decide, rows are much the same in both.

    `labels` are those of the table, `aligned` its rows under each form, `glossary` that of the columns.
    """
    votes = {form: total(aligned[form]) / 1000 for form in FORMS}
    for form in vote_for_forms(labels, glossary):
        votes[form] += 1
    votes["2019"] += sum(m is not None and m.id in _ROWS_OF_2019 for m in aligned["2019"])
    if votes["2019"] == votes["2021"]:
        return None
    best = max(votes, key=lambda form: votes[form])
    return best if votes[best] >= 1 else None


def vote_for_forms(labels: Iterable[str], glossary: Glossary) -> list[str]:
    """The form of each head that only one form has."""
    columns = {form: {c.id for c in table(form, "proactive").columns} for form in FORMS}
    ids = [m.id for text in labels if (m := glossary.match(text)) is not None]
    fitting = ([form for form in FORMS if id in columns[form]] for id in ids)
    return [forms[0] for forms in fitting if len(forms) == 1]


def choose_form_of_requests(
    aligned: Mapping[str, Sequence[Match | None]], paths: Sequence[str]
) -> str | None:
    """The form whose rows fit better: one row （六）其他处理, or three below it; None where both fit alike.

    A bare 其他 fits both; a label of its group in its path is that of 2021. The sums cannot tell: a form of 2019 and one of
    2021 with zeros in （六） add up alike. `aligned` are the rows under each form, `paths` the printed labels of each row.
    """
    scores = {form: total(aligned[form]) for form in FORMS}
    if scores["2019"] != scores["2021"]:
        return max(scores, key=lambda form: scores[form])
    for path, m in zip(paths, aligned["2021"], strict=True):
        if m is not None and m.id == "other_misc":
            return "2021" if "其他处理" in path or "其它处理" in path else "2019"
    return None
