"""The walks of CONTRIBUTING.md are those of the code: every step is there, is reached, and is run."""

from __future__ import annotations

import ast
import re
import shutil
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import FrameType

import pytest

import house
from gongkai import emit, pipeline
from gongkai.commands import main

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
STEP = re.compile(r"^(\d+)\. `([\w/.]+\.py)`: `([\w.]+)` — (.+)$", re.MULTILINE)
#: steps that only a child process takes
CHILD = {("run/worker.py", "main")}
FIELD = "requests.new_requests.total"

Step = tuple[str, str]


@cache
def walks() -> dict[str, list[Step]]:
    """The steps of each walk, by its heading: file and function."""
    parts = re.split(r"^### (.+)$", TEXT.partition("## How to add things")[0], flags=re.MULTILINE)
    return {
        heading: [(file, function) for _, file, function, _ in STEP.findall(text)]
        for heading, text in zip(parts[1::2], parts[2::2], strict=True)
    }


VALUE, FAILED, CORRECTION = walks()
STEPS = [(heading, n) for heading, steps in walks().items() for n in range(len(steps))]


def names(file: str) -> set[str]:
    """Functions of a file, methods as Class.method."""
    tree = house.tree(ROOT / file)
    found = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            found |= {
                f"{node.name}.{inner.name}" for inner in node.body if isinstance(inner, ast.FunctionDef)
            }
    return found


@cache
def imported(file: str) -> frozenset[str]:
    """Our files that a file imports, wherever it does; a face counts as what it shows."""
    known = {name: path.relative_to(ROOT).as_posix() for name, path in house.modules(ROOT).items()}
    found = set()
    for node in house.nodes(ROOT / file):
        if isinstance(node, ast.ImportFrom) and node.module in known:
            inner = {f"{node.module}.{alias.name}" for alias in node.names} & known.keys()
            found |= {known[name] for name in inner or {node.module}}
        # readers are found by the names of their files
        elif isinstance(node, ast.Constant) and file == "extract/__init__.py":
            found |= {known[n] for n in known.keys() & {f"gongkai.extract.{node.value}"}}
    faces = {face for face in found if face.endswith("/__init__.py") and face != file}
    return frozenset(found.union(*(imported(face) for face in faces)))


def reaches(before: str, after: str) -> bool:
    """Whether a file is the other, imports it, or imports one that imports it."""
    return after == before or any(after in {f, *imported(f)} for f in imported(before))


def test_every_walk_has_at_most_twelve_numbered_steps() -> None:
    for heading, steps in walks().items():
        assert 5 <= len(steps) <= 12, heading
    lines = re.findall(r"^(\d+)\. ", TEXT, re.MULTILINE)
    assert [int(n) for n in lines] == [n + 1 for steps in walks().values() for n in range(len(steps))]


@pytest.mark.parametrize(("heading", "n"), STEPS)
def test_a_step_is_a_function_that_an_earlier_step_reaches(heading: str, n: int) -> None:
    file, function = walks()[heading][n]
    assert function in names(file)
    before = [earlier for earlier, _ in walks()[heading][:n]]
    assert not before or file.startswith("commands/") or any(reaches(b, file) for b in before)


def take_value(folder: Path) -> None:
    shutil.copy(ROOT / "samples" / "2021_city.pdf", folder / "in")
    read_all(folder)


def take_failed(folder: Path) -> None:
    (folder / "in" / "broken.pdf").write_bytes(b"%PDF-1.4 and no more")
    read_all(folder)
    assert main(["run", str(folder / "in"), "--to", str(folder / "out"), "--quiet"]) == 1


def read_all(folder: Path) -> None:
    """What a child does with a file, in this process."""
    for path in (folder / "in").iterdir():
        for report in pipeline.read_file(path, path.name, pipeline.Options()):
            emit.render(report, emit.Ids())


def take_correction(folder: Path) -> None:
    shutil.copy(ROOT / "samples" / "2021_city.docx", folder / "in")
    run = ["run", str(folder / "in"), "--to", str(folder / "out"), "--quiet"]
    main(run)
    assert main(["correct", str(folder / "out"), FIELD, "5", "--by", "王"]) == 0
    main(run)


def forget_results() -> None:
    """Clear every cache of the product: a step whose result another test left there would not be taken."""
    for name, module in list(sys.modules.items()):
        if name.startswith("gongkai."):
            for value in vars(module).values():
                if callable(getattr(value, "cache_clear", None)):
                    value.cache_clear()


@pytest.mark.parametrize(
    ("heading", "take"), [(VALUE, take_value), (FAILED, take_failed), (CORRECTION, take_correction)]
)
def test_the_steps_of_a_walk_are_taken(heading: str, take: Callable[[Path], None], tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    forget_results()
    taken: set[Step] = set()
    ours = {str(path.resolve()): path.relative_to(ROOT).as_posix() for path in house.product(ROOT)}
    resolved: dict[str, str] = {}

    def note(frame: FrameType, event: str, argument: object) -> None:
        code = frame.f_code
        name = code.co_filename
        if name not in resolved:
            resolved[name] = ours.get(str(Path(name).resolve()), "")
        if resolved[name]:
            taken.add((resolved[name], code.co_qualname))

    sys.setprofile(note)
    try:
        take(tmp_path)
    finally:
        sys.setprofile(None)
    assert set(walks()[heading]) - taken - CHILD == set()
