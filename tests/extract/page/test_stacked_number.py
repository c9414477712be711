"""Numbers that a narrow box without walls broke over lines are offered as one, beside the page as it is."""

from gongkai.extract.page.word_layout import join_stacked_numbers
from gongkai.model import Cell, Place, PlacedWord


def _word(text: str, x: float, y: float) -> PlacedWord:
    cell = Cell(0, 0, 1, 1, text, Place(page=1, bbox=(x, y, x + 10, y + 10)))
    return PlacedWord(text, x, y, x + 10, y + 10, cell)


def test_parts_above_and_below_the_level_of_a_row_are_one_number() -> None:
    words = [_word("１", 0, 0), _word("予以公开", -100, 6), _word("３", 40, 6), _word("５", 0, 12)]
    joined = join_stacked_numbers(words)
    assert joined is not None
    assert [w.text for w in joined] == ["１５", "予以公开", "３"]
    assert joined[0].cell.place.bbox == (0, 0, 10, 22)


def test_broken_numbers_of_two_rows_close_together_are_two_numbers() -> None:
    left = [_word(text, 0, y) for text, y in (("１", 0), ("５", 10), ("２", 24), ("４", 34))]
    joined = join_stacked_numbers([*left, _word("３", 40, 5), _word("０", 40, 29)])
    assert joined is not None
    assert [w.text for w in joined] == ["１５", "２４", "３", "０"]


def test_numbers_of_rows_close_together_are_not_one() -> None:
    assert join_stacked_numbers([_word("1", x, 12.0 * n) for n in range(3) for x in (0, 40)]) is None
    assert join_stacked_numbers([_word("1", 0, 0), _word("5", 0, 12), _word("3", 40, 30)]) is None
