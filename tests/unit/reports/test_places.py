"""Places from the root of the repository, with columns that count characters."""

from pathlib import Path

import pytest

from speccheck.reports.places import in_characters, repository_path, repository_root, uri_of
from speccheck.source import Span


def test_the_root_is_the_checkout_around_the_current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inner = tmp_path / "checkout/specs/deep"
    inner.mkdir(parents=True)
    monkeypatch.chdir(inner)
    assert repository_root() in (str(inner), str(Path(repository_root())))
    (tmp_path / "checkout/.git").mkdir()
    assert repository_root() == str(tmp_path / "checkout")
    (tmp_path / "checkout/specs/.git").write_text("gitdir: elsewhere\n", encoding="utf-8")  # as in a worktree and a submodule
    assert repository_root() == str(tmp_path / "checkout/specs")


def test_paths_count_from_the_root_wherever_the_run_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a b/c").mkdir(parents=True)
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path / "a b")
    root = repository_root()
    assert repository_path("c/x.py", root) == repository_path(str(tmp_path / "a b/c/x.py"), root) == "a b/c/x.py"
    assert uri_of("c/x#1.py", root) == "a%20b/c/x%231.py"


def test_a_file_elsewhere_has_no_path_and_an_absolute_uri(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    outside = str(tmp_path / "inside/x.py")  # begins like the root, and is not below it
    assert repository_path(outside, str(tmp_path / "in")) is None
    assert uri_of(outside, str(tmp_path / "in")) == Path(outside).as_uri()


def test_a_link_to_the_checkout_is_the_checkout(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert repository_path(str(tmp_path / "link/x.py"), str(tmp_path / "real")) == "x.py"


def test_columns_count_characters_where_a_syntax_tree_counts_bytes(tmp_path: Path) -> None:
    file = tmp_path / "x.py"
    file.write_text('x = "\N{SNOWMAN}\N{SNOWMAN}" + y\n', encoding="utf-8")
    assert in_characters(Span(str(file), 1, 16, 1, 17)) == Span(str(file), 1, 12, 1, 13)
    assert in_characters(Span(str(file), 1, 3, 1, 4)) == Span(str(file), 1, 3, 1, 4)
    assert in_characters(Span(str(file), 1)) == Span(str(file), 1)
