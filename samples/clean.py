"""The form as prescribed, in each way of keeping it."""

from __future__ import annotations

from collections.abc import Iterator

from flat import lines
from made import BUREAU, Made, city, printed, text, town, word
from page import Style


def clean() -> Iterator[Made]:
    """The form of 2021 and that of 2019, nothing odd."""
    yield word("2021_city.docx", city(2023, "2021", 1), "the form of 2021 as prescribed")
    yield printed("2021_city.pdf", city(2022, "2021", 2), "the form of 2021 as prescribed", Style())
    yield word("2019_township.docx", town(2019, "2019", 3), "the form of 2019 as prescribed")
    yield printed("2019_bureau.pdf", town(2020, "2019", 4, BUREAU), "the form of 2019 as prescribed", Style())
    yield text(
        "2021_bureau.txt", town(2021, "2021", 5, BUREAU), "a row a line, tabs between the boxes", lines
    )
    odd = "the form of 2019 as text, a row a line"
    yield text("2019_township.txt", town(2019, "2019", 60), odd, lines)
