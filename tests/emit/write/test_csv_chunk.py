"""Lines as text, and from the text the Parquet file: no value changes on the way."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gongkai.emit import Ids, pack_rendered, render, unpack_rendered
from gongkai.emit.schema import Column, Dataset
from gongkai.emit.write.csv_chunk import line_writer, print_chunk
from gongkai.emit.write.writer import open_writers
from gongkai.model import Fact, Field, Label, Match, Place, Report, Source, unguard

DATASET = Dataset(
    "made",
    "",
    "",
    (),
    (
        Column("id", "id", "", ""),
        Column("maybe_id", "id", "", "", empty=True),
        Column("text", "text", "", "", long=True),
        Column("maybe_text", "text", "", "", empty=True),
        Column("integer", "integer", "", "", empty=True),
        Column("decimal", "decimal", "", "", empty=True),
        Column("number", "number", "", "", empty=True),
        Column("boolean", "boolean", "", ""),
    ),
)
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")) | st.sampled_from(
    ["", "=1", "'", "''-", "\r", "a\r\nb", '"', ",", "NULL", "-8", "＝", "\ufeff", "nan", "true", "#N/A", " "]
)
maybe = st.none()
lines = st.fixed_dictionaries(
    {
        "id": st.just("0") | st.just(""),
        "maybe_id": maybe | st.sampled_from(["", "a"]),
        "text": texts,
        "maybe_text": maybe | texts,
        "integer": maybe | st.integers(-(2**63), 2**63 - 1),
        "decimal": maybe | st.decimals(allow_nan=False, allow_infinity=False) | st.just(Decimal("9" * 400)),
        "number": maybe | st.floats(allow_nan=False, allow_infinity=False),
        "boolean": st.booleans(),
    }
).map(lambda line: {name: line[name] for name in DATASET.names})


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(lines, min_size=1, max_size=4), min_size=1, max_size=4))
def test_parquet_and_csv_hold_what_was_put(tmp_path: Path, batches: list[list[dict[str, Any]]]) -> None:
    with open_writers([DATASET], tmp_path) as put:
        for batch in batches:
            put("made", batch)
    expected = [line for batch in batches for line in batch]
    floats = [
        {**line, "decimal": None if line["decimal"] is None else float(line["decimal"])} for line in expected
    ]
    assert pq.read_table(tmp_path / "made.parquet").to_pylist() == floats
    found = list(csv.DictReader(io.StringIO((tmp_path / "made.csv").read_bytes().decode("utf-8-sig"), "")))
    for line, cells in zip(expected, found, strict=True):
        assert unguard(cells["text"]) == line["text"]
        assert unguard(cells["maybe_text"]) == (line["maybe_text"] or "")
        assert cells["decimal"] == ("" if line["decimal"] is None else format(line["decimal"], "f"))


@given(st.lists(texts, min_size=1, max_size=6))
def test_a_text_is_quoted_as_python_does(printed: list[str]) -> None:
    dataset = Dataset("quoted", "", "", (), (Column("id", "id", "", ""), Column("text", "id", "", "")))
    expected = io.StringIO(newline="")
    line_writer(expected).writerows(("0", text) for text in printed)
    made = print_chunk(dataset, [{"id": "0", "text": text} for text in printed])
    assert made.text.decode() == expected.getvalue()


def test_equal_decimals_are_printed_each_as_it_stands() -> None:
    line = {
        "id": "0",
        "maybe_id": None,
        "text": "",
        "maybe_text": None,
        "integer": None,
        "number": None,
        "boolean": False,
    }
    rows = [{**line, "decimal": Decimal(text)} for text in ("1", "1.0", "1", "1E+1")]
    made = print_chunk(DATASET, [{name: row[name] for name in DATASET.names} for row in rows])
    assert [text.split(",")[5] for text in made.text.decode().split()] == ["1", "1.0", "1", "10"]


def test_an_empty_text_where_there_may_be_none_is_told_beside_the_text() -> None:
    line = {"id": "0", "text": "", "integer": 1, "decimal": None, "number": None, "boolean": True}
    rows = [{"maybe_id": None, "maybe_text": text, **line} for text in (None, "", "x")]
    made = print_chunk(DATASET, [{name: row[name] for name in DATASET.names} for row in rows])
    assert (made.lines, made.empties) == (3, {"maybe_text": [1]})
    assert made.text.decode() == "0,,,,1,,,true\r\n0,,,,1,,,true\r\n0,,,x,1,,,true\r\n"


@pytest.fixture
def report() -> Report:
    field = Field("2021", "requests", Label("new", ("新收",), ""), Label("total", ("总计",), ""), "件")
    match = Match("新收", "new", 100.0, "exact")
    fact = Fact(field, Decimal("-8"), False, "-8", Place(1, 0, 3, 4), match, match, "件")
    source = Source("a.zip!/b.docx", b"", "0" * 64, 3)
    return Report(source, "docx", "docx", None, "2021", "", 2023, "年报", None, (fact,), (), ())


def test_what_is_rendered_comes_back_from_its_bytes(report: Report) -> None:
    ids = Ids()
    first, second = render(report, ids), render(report, ids)
    assert (second.id, second.base) == (f"{first.id}-2", first.id)
    for rendered in (first, second):
        assert unpack_rendered(pack_rendered(rendered)) == rendered
