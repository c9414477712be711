"""For all tests: what is said to people is said in English, whatever the language of the machine."""

from __future__ import annotations

import os

os.environ["GONGKAI_LANG"] = "en"
