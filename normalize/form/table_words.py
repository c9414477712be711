"""Words of the tables besides the labels of rows and columns, from their TOML file."""

from __future__ import annotations

from gongkai.startup_cache import read_toml

_LISTS = read_toml(__package__, "table_words.toml")

TOPICS = frozenset[str](_LISTS["topics"])
GROUPS = frozenset[str](_LISTS["groups"])
APPLICANTS = frozenset[str](_LISTS["applicants"])
RESULTS = frozenset[str](_LISTS["results"])
