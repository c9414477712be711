"""A file that a user wrote is read as it is meant, or refused in one line with the place in it."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Annotated

import msgspec
import pytest
from msgspec import Meta

from gongkai.user_toml import BadToml, FromZero, Texts, TomlTable, UserPath, load


class Book(TomlTable, frozen=True):
    """A table [[book]]."""

    id: str
    pages: FromZero = 0
    authors: Texts = ()

    def __post_init__(self) -> None:
        if self.id == "":
            raise ValueError("id is empty")


class Shelf(TomlTable, frozen=True):
    """A file."""

    books: tuple[Book, ...] = msgspec.field(name="book", default=())
    cover: UserPath | None = None
    width: float = 0.0
    exact: Decimal = Decimal(0)
    copies: Annotated[dict[str, FromZero], Meta(description="a table, written [copies]")] = msgspec.field(
        default_factory=dict
    )
    rooms: dict[str, dict[str, Texts]] = msgspec.field(default_factory=dict)


def shelf(folder: Path, text: str | bytes) -> Shelf:
    path = folder / "shelf.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return load(path, Shelf, "docs/shelf.md explains the file")


def test_values_have_their_types(tmp_path: Path) -> None:
    found = shelf(
        tmp_path, 'cover = "a/b.png"\nwidth = 2\nexact = 0.10\n[[book]]\nid = "x"\nauthors = ["李白"]'
    )
    assert found.books == (Book("x", authors=("李白",)),)
    assert (found.cover, found.width, str(found.exact)) == (tmp_path / "a/b.png", 2.0, "0.10")


def test_a_byte_order_mark_is_read_over(tmp_path: Path) -> None:
    assert shelf(tmp_path, b"\xef\xbb\xbfwidth = 2").width == 2.0


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("widht = 2", "unknown key widht; did you mean width?"),
        ("x = 2", "unknown key x; there are book, cover, width, exact, copies, rooms; docs/shelf.md explains the file"),
        ('"a\\nb" = 2', 'unknown key "a\\nb"; there are'),
        ('[[book]]\nid = "x"\n[[book]]\npages = 1', "[[book]] 2: id is missing"),
        ('[[book]]\nid = "x"\npags = 1', "[[book]] 1 (x): unknown key pags; did you mean pages?"),
        ('[[book]]\nid = "x"\npages = true', "[[book]] 1 (x): pages is true; wanted: a whole number from 0 on"),
        ('[[book]]\nid = "x"\nauthors = ["a", 2]', "[[book]] 1 (x): authors, item 2 is 2; wanted: a list of texts"),
        ('[[book]]\nid = ""', "[[book]] 1 (): id is empty"),
        ("[copies]\na = 1\nb = -1\nc = -1", "[copies]: b is -1; wanted: a whole number from 0 on"),
        ("copies = 3", "copies is 3; wanted: a table, written [copies]"),
        ('[rooms.west]\na = ["x"]\n[rooms.east]\n"b c" = "x"', '[rooms.east]: "b c" is "x"; wanted: a list of texts'),
        ("cover = 3", 'cover is 3; wanted: a path, "folder/file"'),
        (f'[[book]]\nid = "x"\npages = "{"1" * 99}"', f'pages is "{"1" * 59}…; wanted'),
        ("width = \n", "not TOML: Invalid value (at line 1, column 9); docs/shelf.md explains the file"),
        ("x = " + "[" * 3000, "lists are nested too deep"),
        ("x = " + "1" * 5000, "not TOML: "),
    ],
)  # fmt: skip
def test_what_is_wrong_is_one_line_with_its_place(tmp_path: Path, text: str, problem: str) -> None:
    with pytest.raises(BadToml) as refused:
        shelf(tmp_path, text)
    assert problem in refused.value.problem
    assert str(refused.value) == f"{tmp_path / 'shelf.toml'}: {refused.value.problem}"
    assert "\n" not in str(refused.value)


def test_a_file_that_is_not_there_or_no_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadToml, match=r"nowhere\.toml: No such file"):
        load(tmp_path / "nowhere.toml", Shelf)
    with pytest.raises(BadToml, match="is not UTF-8; save it as UTF-8"):
        shelf(tmp_path, 'cover = "封面"'.encode("gbk"))
