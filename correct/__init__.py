"""Reports and what people said of their values → Reports with their word beside what is printed."""

from __future__ import annotations

from gongkai.correct.ledger import append, number, read
from gongkai.correct.replay import Replay

__all__ = ["Replay", "append", "number", "read"]
