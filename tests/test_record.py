"""Classes of the vocabulary are dataclasses in all that anybody sees of them."""

from __future__ import annotations

import copy
import dataclasses
import pickle

from gongkai.model import Finding, Place, Source
from gongkai.record import replace

PLACE = Place(1, 2, 3, 4)


def test_equal_fields_are_one_object_to_sets_and_comparisons() -> None:
    assert {PLACE, Place(1, 2, 3, 4)} == {PLACE}
    assert Place(1, 2, 3, 5) != PLACE
    assert PLACE != (1, 2, 3, 4, None)


def test_a_copy_with_other_fields_is_that_of_dataclasses() -> None:
    found = Finding("code", "note", "message", place=PLACE)
    assert replace(found, message="other") == dataclasses.replace(found, message="other")
    assert replace(found) == found
    assert replace(PLACE, column=9, page=7) == Place(7, 2, 3, 9)


def test_it_is_shown_copied_and_packed_as_a_dataclass() -> None:
    source = Source("a.docx", b"bytes", "00", 5)
    assert repr(source) == "Source(path='a.docx', sha256='00', size=5, url=None, fetched_at=None)"
    assert pickle.loads(pickle.dumps(source)) == copy.copy(source) == source
    assert dataclasses.asdict(PLACE) == {"page": 1, "block": 2, "row": 3, "column": 4, "bbox": None}
