"""Reports and what people said of their values → Reports with their word beside what is printed."""

from __future__ import annotations

from gongkai.correct.ledger import append, number, parse, read, refuse_text
from gongkai.correct.replay import Forms, Replay

__all__ = ["Forms", "Replay", "append", "number", "parse", "read", "refuse_text"]
