"""A user's register: by name, by alias, by what the name says; never by likeness, never against the document."""

from __future__ import annotations

import pytest

from gongkai.model import Body
from gongkai.normalize.identity.body import Clues, resolve_body
from gongkai.normalize.identity.register import RegisteredBody, register_body

REGISTER = (
    RegisteredBody("绩溪县财政局", ("绩溪县财政和国资局",), "341824", "JX-01", 2),
    RegisteredBody("绩溪县发展和改革委员会", (), "341824", "JX-02", 3),
    RegisteredBody("运漕镇人民政府", ("运漕镇",), "340522101", "HS-07", 4),
    RegisteredBody("高桥镇人民政府", (), "211404103", "", 5),
    RegisteredBody("太平镇人民政府", (), "", "A", 6),
    RegisteredBody("太平镇人民政府", (), "", "B", 7),
)


def registered(org: str, clues: Clues = Clues()) -> tuple[Body, list[str]]:
    body, findings = register_body(resolve_body(org, clues), org, REGISTER)
    return body, [f.code for f in findings]


@pytest.mark.parametrize(
    ("org", "id"),
    [
        ("绩溪县财政局", "JX-01"),
        ("绩溪县财政和国资局", "JX-01"),  # an alias
        ("绩溪县发改委", "JX-02"),  # what the name says
        ("宣城市绩溪县财政局", "JX-01"),
        ("运漕镇政府", "HS-07"),  # the name written out
        ("绩溪县教育局", "341824/教育局"),  # not in the register: what the document proves
        ("绩溪县财政局国库支付中心", "341824/财政局国库支付中心"),  # like a line, and another body
        ("绩溪县发展和改革局", "341824/发展和改革局"),
    ],
)
def test_a_body_is_found_by_name_alias_or_what_its_name_says(org: str, id: str) -> None:
    assert (registered(org)[0].id, registered(org)[1]) == (id, [])


def test_a_line_without_an_id_gives_that_of_its_name_and_code() -> None:
    body, _ = registered("高桥镇人民政府")
    assert body.division is not None
    assert (body.division.code, body.evidence, body.id) == (
        "211404103",
        ("register",),
        "211404103/人民政府",
    )


def test_the_register_says_where_a_township_lies() -> None:
    body, _ = registered("运漕镇人民政府")
    assert body.division is not None and body.division.code == "340522101"
    assert body.evidence[-1] == "register"


def test_a_document_about_another_place_is_not_the_line() -> None:
    body, codes = registered("运漕镇人民政府", Clues(text="地址：中江县城北街道"))
    assert (body.id, codes) == (None, ["register-doubt"])


def test_two_lines_that_fit_are_a_doubt() -> None:
    body, codes = registered("太平镇人民政府")
    assert (body.id, codes) == (None, ["register-doubt"])
