"""Words of the tables besides the labels of rows and columns, from their TOML file."""

from __future__ import annotations

import tomllib
from importlib.resources import files

_LISTS = tomllib.loads(files(__package__).joinpath("table_words.toml").read_text("utf-8"))

TOPICS = frozenset[str](_LISTS["topics"])
GROUPS = frozenset[str](_LISTS["groups"])
APPLICANTS = frozenset[str](_LISTS["applicants"])
RESULTS = frozenset[str](_LISTS["results"])
