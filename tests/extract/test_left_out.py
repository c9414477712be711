"""The one note of what nobody sees on the page."""

from __future__ import annotations

from gongkai.extract.left_out import LeftOut
from gongkai.model import Place


def test_a_document_has_one_note_that_says_what_was_left_out_and_where() -> None:
    left_out = LeftOut()
    assert left_out.findings() == []
    left_out.add("crossed out", "5", Place(block=3, row=1, column=2))
    left_out.add("crossed out", " ")
    left_out.add("crossed out", "7")
    left_out.add("hidden rows")
    (note,) = left_out.findings()
    assert (note.code, note.severity) == ("text-left-out", "note")
    assert "2 crossed out, 1 hidden rows" in note.message
    assert "“5” (block 4, row 2, column 3), “7”" in note.message
    assert note.place == Place(block=3, row=1, column=2)
