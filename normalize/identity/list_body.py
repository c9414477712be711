"""A report that says 我局 throughout and names nobody, and the list it was found in → its body, or None.

Taken only where the crawl knows whose list it is, the document has no name at all that it may be of, and it calls
itself by the kind of that body: 我局 in the list of a 局. A county's list holds the reports of its bureaus, and gives none.
"""

from __future__ import annotations

from gongkai.model import Evidence, Finding, flag
from gongkai.normalize.identity.evidence import IdentityEvidence
from gongkai.normalize.identity.grammar import parse_name
from gongkai.normalize.identity.organ import RankedBody, count_own_words

#: How sure such a body is: as sure as the least that is given.
CONFIDENCE = 0.7
#: Times that a report calls itself so before that counts.
_LEAST = 2


def take_list_body(
    list_body: str, evidence: IdentityEvidence, ranking: tuple[RankedBody, ...]
) -> tuple[str, Evidence, Finding] | None:
    """The body of the list, why, and a finding; None where anything else may be meant."""
    name = parse_name(list_body) if list_body else None
    if name is None or name.bare or not name.kind or ranking:
        return None
    own = count_own_words(evidence)
    if set(own) != {name.kind} or own[name.kind] < _LEAST:
        return None
    body = name.written_out
    told = f"list: {list_body}; 我{name.kind}: {own[name.kind]} times"
    message = f"the document names nobody and says 我{name.kind}; it was found in the list of {body}, and is taken to be its"
    return body, Evidence(CONFIDENCE, (told,)), flag("org-from-list", message, printed=body)
