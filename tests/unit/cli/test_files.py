"""Files that are written: the whole file or none, and refused before the work is done."""

import os
import resource
import signal
import stat
import threading
from pathlib import Path

import pytest

from speccheck.cli.files import append_whole, check_folder, check_writable, write_into, write_whole
from speccheck.errors import OutputUnwritable


def test_a_file_is_written_whole_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "out.json"
    check_writable(str(path))
    assert list(tmp_path.iterdir()) == []
    write_whole(str(path), b"new")
    assert path.read_bytes() == b"new" and list(tmp_path.iterdir()) == [path]


def test_a_file_that_is_replaced_keeps_its_permissions_and_a_new_one_has_the_usual_ones(tmp_path: Path) -> None:
    old, new, usual = tmp_path / "old", tmp_path / "new", tmp_path / "usual"
    old.write_bytes(b"old")
    old.chmod(0o640)
    usual.write_bytes(b"")
    for path in (old, new):
        write_whole(str(path), b"x")
    assert stat.S_IMODE(old.stat().st_mode) == 0o640
    assert stat.S_IMODE(new.stat().st_mode) == stat.S_IMODE(usual.stat().st_mode)


def test_a_symbolic_link_stays_one(tmp_path: Path) -> None:
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_bytes(b"old")
    link.symlink_to(target)
    check_writable(str(link))
    write_whole(str(link), b"new")
    assert link.is_symlink() and target.read_bytes() == b"new"


def test_a_failing_write_leaves_the_old_file_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "out.json"
    path.write_bytes(b"old")

    def full(source: str, target: str) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OutputUnwritable, match="No space left"):
        write_whole(str(path), b"new")
    assert path.read_bytes() == b"old" and list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("path", ["missing/out.json", "folder", "folder/", "file/out.json", "nul\0l", ""])
def test_a_path_that_cannot_be_written_is_refused_at_once(path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(OutputUnwritable):
        check_writable(path)
    with pytest.raises(OutputUnwritable):
        write_whole(path, b"x")
    assert sorted(one.name for one in tmp_path.rglob("*")) == ["file", "folder"]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_a_protected_folder_is_refused_at_once(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(OutputUnwritable):
        check_writable(str(tmp_path / "out.json"))
    tmp_path.chmod(0o700)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes")
def test_a_named_pipe_gets_the_whole_content(tmp_path: Path) -> None:
    path = str(tmp_path / "pipe")
    os.mkfifo(path)
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(Path(path).read_bytes()), daemon=True)
    reader.start()
    check_writable(path)
    write_whole(path, b"x" * 100_000)
    reader.join(10)
    assert read == [b"x" * 100_000] and stat.S_ISFIFO(os.stat(path).st_mode)


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full")
def test_a_device_is_written_and_not_replaced() -> None:
    check_writable("/dev/null")
    write_whole("/dev/null", b"x")
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)
    with pytest.raises(OutputUnwritable, match="No space left"):
        write_whole("/dev/full", b"x")


# -------------------------------------------------- folders, and files that grow


def test_a_folder_that_can_be_made_is_not_made_before_it_is_needed(tmp_path: Path) -> None:
    check_folder(str(tmp_path / "a/b"))
    assert list(tmp_path.iterdir()) == []
    write_into(str(tmp_path / "a/b"), [])
    assert list(tmp_path.iterdir()) == []
    write_into(str(tmp_path / "a/b"), [("x", b"1"), ("y", b"2")])
    assert {path.name: path.read_bytes() for path in (tmp_path / "a/b").iterdir()} == {"x": b"1", "y": b"2"}


@pytest.mark.parametrize("path", ["file", "file/below", "nul\0l", "", "broken/below"])
def test_a_folder_that_cannot_be_is_refused_at_once(path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_bytes(b"")
    (tmp_path / "broken").symlink_to("nowhere")
    with pytest.raises(OutputUnwritable):
        check_folder(path)
    with pytest.raises(OutputUnwritable):
        write_into(path, [("x", b"")])
    assert sorted(one.name for one in tmp_path.rglob("*")) == ["broken", "file"]


def test_what_is_appended_stands_behind_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "summary"
    append_whole(str(path), b"one")
    append_whole(str(path), b"two")
    assert path.read_bytes() == b"onetwo"


def test_an_append_that_fails_half_way_leaves_the_file_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "summary"
    path.write_bytes(b"before")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limits[1]))
    try:
        with pytest.raises(OutputUnwritable):
            append_whole(str(path), b"x" * 5000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, ignored)
    assert path.read_bytes() == b"before"


def test_the_part_of_a_killed_process_of_our_number_is_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / f".speccheck-{os.getpid()}.part").write_bytes(b"half")
    check_writable(str(tmp_path / "out"))
    (tmp_path / f".speccheck-{os.getpid()}.part").write_bytes(b"half")
    write_whole(str(tmp_path / "out"), b"whole")
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
