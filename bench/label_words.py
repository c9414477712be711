"""The words of every known label of six characters or more, by jieba → normalize/form/label_words.txt.

    python bench/label_words.py        after a change of a form or of aliases.toml

The dictionary of jieba takes a second to load. With this file only the wordings of a user's alias file need it.
"""

from __future__ import annotations

from pathlib import Path

import jieba  # type: ignore[import-untyped]

from gongkai.normalize.form.lexicon import read_lexicon
from gongkai.normalize.form.likeness import LEAST_CUT

PATH = Path(__file__).resolve().parents[1] / "normalize" / "form" / "label_words.txt"


def lines() -> list[str]:
    """A line a label, its words parted by blanks."""
    jieba.setLogLevel(60)
    glossaries = [glossary for table in read_lexicon().tables.values() for glossary in table]
    known = {wording for glossary in glossaries for wording in glossary.printed if len(wording) >= LEAST_CUT}
    return [" ".join(jieba.cut(wording, HMM=False)) for wording in sorted(known)]


if __name__ == "__main__":
    PATH.write_text("".join(f"{line}\n" for line in lines()), "utf-8")
