"""Streams that survive a closed pipe, a full disk and a poor encoding."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = """
import sys
from speccheck.cli.streams import guard_streams, lost_output
guard_streams()
for _ in range(20000):
    print("snow \\N{SNOWMAN} \\udcff")
trouble = lost_output()
print("done", trouble and trouble.errno, file=sys.stderr)
sys.exit(7)
"""


def run(root: Path, shell: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    command = f'set -o pipefail; "{sys.executable}" -c "$SCRIPT" {shell}'
    variables = os.environ | {"SCRIPT": SCRIPT, "PYTHONPATH": str(root)} | environment
    return subprocess.run(["bash", "-c", command], env=variables, capture_output=True, text=True, timeout=60, check=False)


def test_a_closed_pipe_is_no_trouble(root: Path) -> None:
    done = run(root, "| head -1")
    assert (done.returncode, done.stdout.count("\n"), done.stderr) == (7, 1, "done None\n")


def test_a_closed_standard_output_is_no_trouble(root: Path) -> None:
    done = run(root, ">&-")
    assert (done.returncode, done.stdout, done.stderr) == (7, "", "done None\n")


def test_a_closed_standard_error_is_no_trouble(root: Path) -> None:
    done = run(root, "2>&-")
    assert done.returncode == 7 and done.stdout.count("\n") == 20000


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full")
def test_a_full_disk_is_remembered(root: Path) -> None:
    done = run(root, ">/dev/full")
    assert (done.returncode, done.stderr) == (7, "done 28\n")


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_an_encoding_that_lacks_a_character_gets_an_escape(root: Path, encoding: str) -> None:
    done = run(root, "| head -1", PYTHONIOENCODING=encoding)
    expected = "snow \N{SNOWMAN} \\udcff\n" if encoding == "utf-8" else "snow \\u2603 \\udcff\n"
    assert (done.returncode, done.stdout) == (7, expected)
