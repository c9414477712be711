"""Evidence → the public body that reports, by vote."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from gongkai.model import Finding, flag
from gongkai.normalize.identity.dates import DATE
from gongkai.normalize.identity.evidence import (
    HEAD,
    Evidence,
    Vote,
    betting_pattern,
    data,
    fold_line,
    organ_patterns,
    organ_vote,
    publisher_pattern,
)
from gongkai.normalize.identity.organ_name import (
    clean_name,
    complete_name,
    drop_years,
    ends_as_organ,
    is_bare,
    is_first_line,
    is_signature,
    trim_marks,
    write_out,
)
from gongkai.normalize.identity.title import begins_title, organ_in_title

#: Lines of the narrative that may name the body, and lines from the top where it may stand alone.
_NARRATIVE, _FIRST_LINES = 3, 6
#: Characters that a line of signature may have.
_SHORTEST, _LONGEST = 3, 30


def elect_organ(evidence: Evidence) -> tuple[str | None, tuple[Finding, ...]]:
    """The body with the most votes, its name written out, and what a person should know of the choice."""
    named = [vote._replace(value=write_out(vote.value)) for vote in _cast_votes(evidence)]
    votes = _complete_names(named, evidence)
    if votes:
        return _elect(votes)
    if not named:
        return None, ()
    bare = named[0].value
    message = f"the body is only called {bare}, and nothing names its place; the report has no body"
    return None, (flag("org-incomplete", message, printed=bare),)


def _cast_votes(evidence: Evidence) -> Iterator[Vote[str]]:
    """The names of bodies as they stand, each a vote."""
    yield from _vote_title(evidence)
    yield from _vote_sentences(evidence)
    yield from _vote_signature(evidence)
    yield from _vote_publisher(evidence)
    yield from _vote_first_lines(evidence)
    yield from _vote_metadata(evidence)
    yield from _vote_file_name(evidence)


def _vote_title(evidence: Evidence) -> Iterator[Vote[str]]:
    if evidence.title is not None and (name := organ_in_title(evidence.title)) is not None:
        yield organ_vote(name, "title")


def _vote_sentences(evidence: Evidence) -> Iterator[Vote[str]]:
    """Sentences that say who wrote the report, or that begin with a body."""
    for line in [*evidence.preface, *evidence.narrative[:_NARRATIVE]]:
        for source, pattern in organ_patterns():
            hit = pattern.search(line)
            if hit is not None and (name := clean_name(hit["organ"])) is not None:
                yield organ_vote(name, source)


def _vote_signature(evidence: Evidence) -> Iterator[Vote[str]]:
    """Bodies that stand alone on a line near the end, before or beside a date."""
    for line in evidence.closing:
        name = DATE.sub("", line)
        if not _SHORTEST <= len(name) <= _LONGEST or re.search(r"[:：|>、]", name):
            continue
        if clean_name(name) is not None and is_signature(name):
            yield organ_vote(name, "signature")


def _vote_publisher(evidence: Evidence) -> Iterator[Vote[str]]:
    """Lines of the page that name its publisher, which may go on in the next line."""
    for hit in publisher_pattern().finditer("\n".join(evidence.preface[:HEAD])):
        if (name := clean_name(trim_marks(hit["organ"]))) is not None:
            yield organ_vote(name, "publisher")


def _vote_first_lines(evidence: Evidence) -> Iterator[Vote[str]]:
    for line in evidence.preface[:_FIRST_LINES]:
        if begins_title(line) and is_first_line(line):
            yield organ_vote(drop_years(line), "first lines")


def _vote_metadata(evidence: Evidence) -> Iterator[Vote[str]]:
    for key, value in evidence.metadata:
        if key in data()["metadata"]["publisher"]:
            name = fold_line(value)
            if clean_name(name) is not None and ends_as_organ(name):
                yield organ_vote(name, "metadata")


def _vote_file_name(evidence: Evidence) -> Iterator[Vote[str]]:
    if (name := organ_in_title(evidence.file_name)) is not None:
        yield organ_vote(name, "file name")


def _complete_names(votes: Sequence[Vote[str]], evidence: Evidence) -> list[Vote[str]]:
    """The votes whose name says where its body is, or whose name the document's text completes."""
    lines = [*evidence.preface, *evidence.narrative, *evidence.closing]
    result = []
    for vote in votes:
        name = complete_name(vote.value, lines) if is_bare(vote.value) else vote.value
        if name is not None:
            result.append(vote._replace(value=name))
    return result


def _elect(votes: Sequence[Vote[str]]) -> tuple[str, tuple[Finding, ...]]:
    scores: dict[str, float] = {}
    for name, weight, _ in votes:
        scores[name] = scores.get(name, 0.0) + weight
    best = _choose(scores)
    if best.endswith("政府办公室"):
        government = best.removesuffix("办公室")  # the office signs what it wrote for its government
        if any(vote.source == "title" and vote.value == government for vote in votes):
            best = government
    return best, (*_report_others(scores, best), *_report_betting(best))


def _choose(scores: Mapping[str, float]) -> str:
    """The name with the most votes; a name and the same name with its county before it are one."""
    groups = {name: sum(score for other, score in scores.items() if _is_one(name, other)) for name in scores}
    return max(groups, key=lambda name: (groups[name], scores[name], len(name)))


def _is_one(name: str, other: str) -> bool:
    return name.endswith(other) or other.endswith(name)


def _report_others(scores: Mapping[str, float], best: str) -> tuple[Finding, ...]:
    others = sorted(name for name in scores if not _is_one(name, best))
    if not others:
        return ()
    message = f"the body is taken to be {best}; the document also names {', '.join(others)}"
    return (flag("org-disagrees", message, printed=best),)


def _report_betting(best: str) -> tuple[Finding, ...]:
    if betting_pattern().search(best) is None:
        return ()
    message = f"the body's name, {best}, has words of a betting site; the page may be a hijacked copy"
    return (flag("hijacked-copy", message, printed=best),)
