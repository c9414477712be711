"""The house: who may import whom, and what stands nowhere."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
STAGES = ("extract", "normalize", "audit", "emit", "review")
ROOF = ("run", "crawl", "nightly", "commands")
OURS = {*STAGES, *ROOF, "model", "pipeline"}
#: where a library may be imported
HOMES = {
    "pandas": {"emit", "pipeline"},
    "pyarrow": {"emit"},
    "typer": {"commands"},
    "rich": {"commands"},
    "lxml": {"extract"},
    "docx": {"extract"},
    "pdfplumber": {"extract"},
    "pypdfium2": {"extract"},
    "PIL": {"extract", "review"},
    "selectolax": {"extract", "crawl"},
    "scrapy": {"crawl"},
    "twisted": {"crawl"},
    "zope": {"crawl"},
    "protego": {"crawl"},
    "warcio": {"crawl"},
    "python_calamine": {"extract"},
    "rapidocr": {"extract"},
    "onnxruntime": {"extract"},
    "cv2": {"extract"},
    "numpy": {"extract"},
    "rapidfuzz": {"normalize"},
    "distributed": {"run"},
    "fsspec": {"run"},
    "jieba": {"normalize"},
    "opencc": {"normalize"},
}
#: the one file outside of the crawl that may: it tells a webhook how the night went
TELLS = ROOT / "nightly" / "notify.py"
NETWORK = {"socket", "urllib", "http", "requests", "httpx", "ssl", "ftplib"}


def files(*folders: str) -> Iterator[Path]:
    for folder in folders:
        yield from sorted((ROOT / folder).rglob("*.py"))


def product() -> list[Path]:
    return [ROOT / "model.py", ROOT / "pipeline.py", *files(*STAGES, *ROOF)]


def imported(path: Path) -> set[str]:
    """The top-level modules that a file imports; its own folder's modules are left out."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            found.add(node.module.partition(".")[0])
    return found


def home(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def test_the_vocabulary_needs_the_standard_library_only() -> None:
    import sys

    assert imported(ROOT / "model.py") - set(sys.stdlib_module_names) == set()


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_imports_the_vocabulary_and_itself(stage: str) -> None:
    for path in files(stage):
        assert (imported(path) & OURS) <= {"model", stage}, path.name


def test_what_stands_on_the_roof_imports_the_roof_and_no_stage() -> None:
    for path in files("commands"):
        allowed = {"model", "pipeline", "commands", "run", "crawl", "nightly"}
        assert (imported(path) & OURS) <= allowed, path.name
    for path in files("nightly"):
        assert (imported(path) & OURS) <= {"model", "pipeline", "nightly", "run", "emit"}, path.name
    for path in files("run"):
        assert (imported(path) & OURS) <= {"model", "pipeline", "run", "emit"}, path.name
    for path in files("crawl"):
        assert (imported(path) & OURS) <= {"model", "crawl", "run"}, path.name


def test_a_library_stays_where_it_is_wrapped() -> None:
    for path in product():
        found = imported(path)
        for library, homes in HOMES.items():
            if library in found:
                assert home(path) in homes, f"{path.name} imports {library}"


def test_nothing_but_the_crawler_reaches_for_the_network() -> None:
    for path in product():
        if home(path) == "crawl" or path == TELLS:
            continue
        # normalize has a module of its own named requests
        found = imported(path) & (NETWORK - {"requests"} if home(path) == "normalize" else NETWORK)
        assert not found, f"{path.name} imports {found}"


def test_there_is_no_place_for_things_without_a_noun() -> None:
    for path in product():
        assert path.stem not in {"utils", "util", "helpers", "common", "base", "misc"}


def test_no_exception_is_swept_up() -> None:
    for path in product():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.ExceptHandler):
                continue
            assert node.type is not None, f"{path.name}:{node.lineno}: bare except"
            named = {n.id for n in ast.walk(node.type) if isinstance(n, ast.Name)}
            if named & {"Exception", "BaseException"}:
                edge = home(path) in ("pipeline", "run", "nightly", "commands")
                assert edge or path == ROOT / "crawl" / "night.py", f"{path.name}:{node.lineno}"


def test_everything_public_has_a_docstring() -> None:
    for path in product():
        tree = ast.parse(path.read_text("utf-8"))
        assert ast.get_docstring(tree), path.name
        for node in tree.body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
                assert ast.get_docstring(node), f"{path.name}: {node.name}"


def tracked() -> list[Path]:
    """The files that git keeps. Skips where there is no git, or this is no checkout."""
    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in listed.stdout.decode("utf-8").split("\0") if name]


def test_no_file_names_a_machine_or_a_registry() -> None:
    # written so that this file does not name them either
    wanted = re.compile(
        r"py[p]i\.|python[h]osted|np[m]js\.|/wor[k]/|\.libra[r]y|/(?:roo[t]|hom[e]|User[s])/\w"
    )
    for path in tracked():
        if path.is_file() and path.relative_to(ROOT).parts[0] != "samples":
            hit = wanted.search(path.read_text("utf-8", errors="ignore"))
            assert hit is None, f"{path.relative_to(ROOT)}: {hit and hit[0]}"


@pytest.mark.parametrize("lock", ["requirements.lock", "fuzz/requirements.lock"])
def test_the_lock_holds_versions_and_hashes_only(lock: str) -> None:
    for line in (ROOT / lock).read_text("utf-8").splitlines():
        text = line.strip().removesuffix("\\").strip()
        assert re.fullmatch(r"[\w.-]+==\S+( ; .+)?|--hash=sha256:[0-9a-f]{64}", text), line
