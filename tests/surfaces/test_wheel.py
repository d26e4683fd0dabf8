"""The wheel holds the package and the bundled specs, typed, and nothing else; what it holds works without the checkout."""

import os
import subprocess
import sys
import zipfile
from email.parser import Parser
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel outside of the checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    (built,) = folder.glob("*.whl")
    return built


def sources(folder: str) -> set[str]:
    """Return the files below a folder of the checkout that are no leftovers of a run."""
    return {path.relative_to(ROOT / folder).as_posix() for path in (ROOT / folder).rglob("*") if path.is_file() and "__pycache__" not in path.parts}


def test_the_wheel_is_pure_python_for_every_platform(wheel: Path) -> None:
    assert wheel.name.endswith("-py3-none-any.whl")


def test_the_wheel_holds_the_package_the_bundled_specs_and_nothing_else(wheel: Path) -> None:
    names = [name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name]
    package = {f"speccheck/{name}" for name in sources("speccheck")}
    bundled = {f"speccheck/bundled/{name}" for name in sources("specs")}
    assert "speccheck/py.typed" in names and len(bundled) > 1
    assert sorted(names) == sorted(package | bundled)


def test_the_wheel_says_what_it_needs_and_what_its_license_is(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    folder = next(name.split("/")[0] for name in archive.namelist() if ".dist-info/" in name)
    metadata = Parser().parsestr(archive.read(f"{folder}/METADATA").decode())
    assert metadata["Requires-Python"] == ">=3.11"
    assert metadata["License-Expression"] == "MIT"
    assert f"{folder}/licenses/LICENSE" in archive.namelist()
    assert "speccheck = speccheck.cli:main" in archive.read(f"{folder}/entry_points.txt").decode()


def test_the_bundled_specs_are_found_in_the_wheel_and_in_the_checkout(wheel: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(wheel).extractall(tmp_path)
    first = min(name for name in sources("specs") if name.endswith(".py"))
    command = [sys.executable, "-c", f"from speccheck.checker.bundled import bundled; print(bundled({first.rpartition('/')[2].removesuffix('.py')!r}))"]
    for home, place in ((tmp_path, f"speccheck/bundled/{first}"), (ROOT, f"specs/{first}")):
        done = subprocess.run(command, cwd=home, capture_output=True, text=True, timeout=60, check=False)
        assert done.stdout.strip() == str(home / place), done.stderr


def test_pytest_finds_the_plugin_of_the_wheel(wheel: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(wheel).extractall(tmp_path / "site")
    spec = tmp_path / "site/speccheck/bundled/classics/die_hard.py"
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "site")}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", str(tmp_path), str(spec)]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0 and "12 passed" in done.stdout, done.stdout + done.stderr
