"""The cases and results of table four: which case a label names, and whether heads are all of them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from gongkai.normalize.form.label import key, simplify
from gongkai.normalize.form.lexicon import Glossary
from gongkai.normalize.form.template import table

CASES = tuple(r.id for r in table("2021", "review").rows)
RESULTS = tuple(c.id for c in table("2021", "review").columns)
_DIRECT = re.compile(r"未经|直接[起诉]|直接诉")
_AFTER = re.compile(r"[复覆][议义]后|后起诉|后诉讼")
_RECONSIDERATION = re.compile(r"^(?:行政)?[复覆][议义](?:案件|情况|数量)?(?:件)?$")


def group_of(text: str, glossary: Glossary) -> str | None:
    """The group that a label names, None where it names none or both kinds of litigation.

    行政诉讼（未经复议直接起诉） is litigation_direct. `glossary` is that of the table's rows.
    """
    folded = simplify(re.sub(r"\s", "", text))
    if _DIRECT.search(folded):
        return "litigation_direct"
    if _AFTER.search(folded):
        return "litigation_after_reconsideration"
    if _RECONSIDERATION.match(key(folded)):
        return "reconsideration"
    m = glossary.match(text)
    return m.id if m is not None else None


def repeats_all_results(ids: Sequence[str]) -> bool:
    """Whether heads are the five results three times, each time in the same order: some bodies print 总计 first."""
    first = ids[: len(RESULTS)]
    return sorted(first) == sorted(RESULTS) and [*ids] == [*first] * len(CASES)
