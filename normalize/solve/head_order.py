"""The lines of heads of table three → whether they stand in an order that is not the form's.

Numbers that are counted go to the columns in the form's order, and no sum tells two columns from each other.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence

from gongkai.normalize.form.lexicon import Glossary
from gongkai.normalize.solve.label_runs import folded_key

#: The heads in the form's order, but for the total, which may stand first.
_HEADS = ("自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他")
_OVER_FIVE = "其他组织"
#: So many lines are one head at most.
_MOST_PIECES = 3
#: So many applicants as labels of rows, and the table lies on its side.
_LEAST_APPLICANTS = 3


def are_heads_moved(lines: Sequence[Sequence[str]]) -> bool:
    """Whether heads changed places: those of one line, or whole ones that follow each other with a line each.

    Pieces of wrapped heads on several lines come in any order.

    >>> are_heads_moved([["自然人", "总计"], ["商业企业", "科研机构", "社会公益组织"]])
    False
    >>> are_heads_moved([["自然人", "总计"], ["科研机构", "商业企业", "社会公益组织"]])
    True
    """
    split = [[folded_key(part) for text in line for part in text.split()] for line in lines]
    alone = _join_pieces([line[0] if len(line) == 1 else "" for line in split])
    if any(a is not None and b is not None and a > b for a, b in itertools.pairwise(alone)):
        return True
    return any(map(_is_moved, split))


def _join_pieces(texts: Sequence[str]) -> list[int | None]:
    """The heads below 法人或其他组织 that lines of one word are, or make together: 科研机 and 构. None for each other line."""
    ranks: list[int | None] = []
    i = 0
    while i < len(texts):
        ends = (
            n
            for n in range(i + 1, i + 1 + _MOST_PIECES)
            if "".join(texts[i:n]) in _HEADS[1:] and "" not in texts[i:n]
        )
        end = next(ends, None)
        ranks.append(None if end is None else _HEADS.index("".join(texts[i:end])))
        i = i + 1 if end is None else end
    return ranks


def _is_moved(line: Sequence[str]) -> bool:
    if any(_OVER_FIVE in a and b.startswith("自然") for a, b in itertools.pairwise(line)):
        return True
    ranks = [rank for text in line if (rank := _rank(text)) is not None]
    is_twice = len(set(ranks)) < len(ranks)  # the heads of two halves side by side
    return not is_twice and ranks != sorted(ranks)


def _rank(text: str) -> int | None:
    """The place of a head that is told by its first characters, the rest being on the next line."""
    if text == _HEADS[-1]:
        return len(_HEADS) - 1
    return next((n for n, head in enumerate(_HEADS[:-1]) if len(text) > 1 and head.startswith(text)), None)


def are_applicants(labels: Iterable[str], glossary: Glossary) -> bool:
    """Whether applicants are the labels of a table's rows, so that its results stand across the top.

    其他 and 总计 would be taken for rows of the form. The solver turns such a table where its boxes have places.
    """
    ids = {m.id for text in labels if (m := glossary.exact(text)) is not None}
    return len(ids - {"other", "total"}) >= _LEAST_APPLICANTS
