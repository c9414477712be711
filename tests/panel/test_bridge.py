"""The table of the bridge between the forms: it names fields that there are, and says of every step what it rests on."""

from __future__ import annotations

import tomllib
from importlib.resources import files

import pytest

from gongkai.normalize import templates
from gongkai.panel.variables import Variable, variables

BRIDGE = tomllib.loads(files("gongkai.normalize.form").joinpath("bridge.toml").read_text("utf-8"))
ADDRESSES = {".".join(f.address) for form in templates() for t in form.tables for f in t.fields}
SERIES = [v for v in variables() if v.kind == "series"]


@pytest.mark.parametrize("name", BRIDGE["no_series"])
def test_a_reason_names_fields_that_there_are(name: str) -> None:
    named = BRIDGE["no_series"][name]["fields"]
    assert [f for f in named if not any(a == f or a.startswith(f"{f}.") for a in ADDRESSES)] == []


@pytest.mark.parametrize("v", SERIES, ids=lambda v: v.name)
def test_a_step_that_is_not_the_same_says_why(v: Variable) -> None:
    assert v.steps is not None and v.source
    if set(v.steps.values()) - {"same"}:
        assert v.note_zh and v.note_en


def test_every_field_is_part_of_a_series_or_says_why_not() -> None:
    in_series = {a for v in SERIES for terms in (v.terms or {}).values() for a in terms}
    fields = [v for v in variables() if v.kind == "field" and v.terms]
    addresses = {v.name: {a for terms in (v.terms or {}).values() for a in terms} for v in fields}
    silent = [v.name for v in fields if not v.note_zh and not addresses[v.name] & in_series]
    # of table three the totals make the series; of its new requests every kind does
    assert [name for name in silent if not name.startswith("rq_") or name.endswith("_total")] == []


@pytest.mark.parametrize("v", [v for v in variables() if v.kind == "indicator"], ids=lambda v: v.name)
def test_an_indicator_says_who_computes_it_so(v: Variable) -> None:
    assert " / " in v.source
