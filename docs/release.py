"""A release: wheel, sdist, documentation and the licence of the data in dist/, checked, and the tag. `make release` calls it.

The version is that of pyproject.toml. Nothing is built where the working tree has changes, where CHANGELOG.md or CITATION.cff
do not know the version, or where its tag exists: `--try` says so before the tests are run. Nothing is uploaded: `git push --tags`
and an upload are a person's decision.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def version() -> str:
    """The version of the sources."""
    project: str = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    return project


def problems(root: Path, release: str) -> list[str]:
    """What forbids to release a version from these sources, a line each."""
    found = []
    if not re.search(
        rf"^## \[?{re.escape(release)}\b", (root / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE
    ):
        found.append(f"CHANGELOG.md has no section ## {release}; rename ## Unreleased")
    if not re.search(
        rf"^version: {re.escape(release)}$", (root / "CITATION.cff").read_text("utf-8"), re.MULTILINE
    ):
        found.append(f"CITATION.cff does not name version {release}")
    if _git(root, "status", "--porcelain"):
        found.append("the working tree has changes; commit them first")
    if _git(root, "tag", "--list", f"v{release}"):
        found.append(f"the tag v{release} exists; raise the version in pyproject.toml and CITATION.cff")
    return found


def build(root: Path, to: Path) -> list[Path]:
    """The wheel and the sdist of some sources, which setuptools makes; their metadata and README are checked by twine."""
    code = "import sys; from setuptools.build_meta import build_{kind} as build; build(sys.argv[1])"
    to.mkdir(parents=True, exist_ok=True)
    for kind in ("wheel", "sdist"):
        subprocess.run([sys.executable, "-c", code.format(kind=kind), str(to)], cwd=root, check=True)
    built = sorted((*to.glob("*.whl"), *to.glob("*.tar.gz")))
    subprocess.run([sys.executable, "-m", "twine", "check", "--strict", *map(str, built)], check=True)
    return built


def main() -> int:
    release = version()
    found = problems(ROOT, release)
    for line in found:
        print(f"release: {line}", file=sys.stderr)
    if found or "--try" in sys.argv[1:]:
        return 1 if found else 0
    dist = ROOT / "dist"
    shutil.rmtree(dist, ignore_errors=True)
    files = build(ROOT, dist)
    site = ROOT / "out" / "site"
    files.append(Path(shutil.make_archive(str(dist / f"gongkai-{release}-docs"), "zip", site)))
    files.append(Path(shutil.copy(ROOT / "DATA-LICENSE.md", dist)))
    _git(ROOT, "tag", "--annotate", f"v{release}", "--message", f"Gongkai {release}")
    print("\n".join(f"{path.relative_to(ROOT)}  {path.stat().st_size:,} bytes" for path in files))
    print(f"tagged v{release}; to publish: git push --tags")
    return 0


def _git(root: Path, *arguments: str) -> str:
    return subprocess.run(
        ["git", *arguments], cwd=root, check=True, capture_output=True, text=True
    ).stdout.strip()


if __name__ == "__main__":
    sys.exit(main())
