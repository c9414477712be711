"""What a process keeps for the next one says the same, is taken up, and harms nothing where it is damaged."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
#: Imports a module with patterns and a TOML file, and prints what was compiled and read, and what was kept.
CODE = """
import re, sys
from gongkai import startup_cache
compiled = []
compiler = sys.modules["re._compiler"]
real = compiler.compile
compiler.compile = lambda p, flags=0: compiled.append(p) or real(p, flags)
startup_cache.use()
from gongkai.normalize.form import label, radical
data = startup_cache.read_toml("gongkai.normalize.form", "radicals.toml")
print(label._NUMBERING.sub("", "（三）、不予"), label._NUMBERING.flags, len(compiled), "tomllib" in sys.modules, sorted(data))
startup_cache.save()
"""


def told(place: Path, code: str = CODE) -> list[str]:
    """What a process prints whose bytecode lies in a folder."""
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    environment["PYTHONPYCACHEPREFIX"] = str(place)
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, cwd=ROOT, capture_output=True, text=True, check=True
    )
    return done.stdout.split(maxsplit=4)


def test_the_next_process_compiles_and_parses_nothing_and_reads_the_same(tmp_path: Path) -> None:
    first, second = told(tmp_path), told(tmp_path)
    assert int(first[2]) > 10 and first[3] == "True"
    assert second[2:4] == ["0", "False"]
    assert (first[:2], first[4]) == (second[:2], second[4])
    data = tomllib.loads((ROOT / "normalize" / "form" / "radicals.toml").read_text("utf-8"))
    assert first[4].strip() == str(sorted(data))


def test_a_damaged_file_is_made_anew(tmp_path: Path) -> None:
    first = told(tmp_path)
    (kept,) = tmp_path.rglob("startup_cache.*.data")
    whole = kept.read_bytes()
    for damaged in (whole[:-9], b"", whole[:-1] + b"?", b"\n" + whole):
        kept.write_bytes(damaged)
        assert told(tmp_path) == first
        assert kept.read_bytes().partition(b"\n")[0] == whole.partition(b"\n")[0]


def test_the_fork_server_of_a_run_takes_what_was_kept_before_it_loads_anything(tmp_path: Path) -> None:
    code = CODE.replace(
        "startup_cache.use()\n", "import gongkai.use_startup_cache\nassert 'gongkai.run' not in sys.modules\n"
    )
    first, second = told(tmp_path, code), told(tmp_path, code)
    assert int(first[2]) > 10 and second[2:4] == ["0", "False"]
