"""What has changed since a revision, asked of real repositories."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from speccheck.checker.changes import changes_since
from speccheck.checker.unchanged import Unchanged, Watch
from speccheck.errors import NoRevision

SPEC = "from common import N\nfrom speccheck import Spec\n"
OTHER = "from speccheck import Spec\n"
Git = Callable[..., str]


@pytest.fixture
def git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Git:
    """Return a function that runs git in the current folder: a new repository with specs/{spec,common,other}.py, committed and tagged `base`."""
    monkeypatch.chdir(tmp_path)
    for name, value in {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull, "GIT_CEILING_DIRECTORIES": str(tmp_path.parent)}.items():
        monkeypatch.setenv(name, value)

    def run(*arguments: str) -> str:
        identity = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
        return subprocess.run(["git", *identity, *arguments], check=True, capture_output=True, text=True).stdout

    run("init", "-q", "-b", "main")
    write("specs/spec.py", SPEC)
    write("specs/common.py", "N = 3\n")
    write("specs/other.py", OTHER)
    run("add", ".")
    run("commit", "-qm", "first")
    run("tag", "base")
    return run


def write(path: str, text: str) -> None:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(text, encoding="utf-8")


def touched(revision: str = "base", *files: str) -> list[str]:
    """Return the specs that may have changed."""
    changes = changes_since(revision, ".")
    return [name for name in files or ("specs/spec.py", "specs/other.py") if changes.touch(name)]


def test_nothing_has_changed(git: Git) -> None:
    assert touched() == [] and changes_since("base", ".").changed == frozenset()


@pytest.mark.parametrize("revision", ["base", "main", "HEAD", "HEAD~0", "tags/base"])
def test_every_way_of_naming_a_revision_will_do(revision: str, git: Git) -> None:
    write("specs/other.py", OTHER + "# more\n")
    assert touched(revision) == ["specs/other.py"]


def test_a_commit_of_the_other_branch_is_a_revision_too(git: Git) -> None:
    git("checkout", "-qb", "topic")
    write("specs/other.py", OTHER + "# more\n")
    git("commit", "-qam", "second")
    assert touched("main") == ["specs/other.py"] and touched("topic") == []


def test_what_is_committed_staged_or_only_written_has_changed(git: Git) -> None:
    write("specs/other.py", OTHER + "# more\n")
    assert touched() == ["specs/other.py"]
    git("add", ".")
    assert touched() == ["specs/other.py"]
    git("commit", "-qm", "second")
    assert touched() == ["specs/other.py"]
    write("specs/other.py", OTHER)  # as it was at the revision, although not as it is committed
    assert touched() == []


def test_a_spec_has_changed_when_a_module_that_it_imports_has(git: Git) -> None:
    write("specs/common.py", "N = 4\n")
    assert touched() == ["specs/spec.py"]


def test_a_late_import_counts_as_any_other(git: Git) -> None:
    write("specs/late.py", "def f():\n    import common\n")
    git("add", ".")
    git("commit", "-qm", "second")
    git("tag", "-f", "base")
    write("specs/common.py", "N = 4\n")
    assert touched("base", "specs/late.py", "specs/other.py") == ["specs/late.py"]


def test_another_file_does_not_matter(git: Git) -> None:
    write("readme.txt", "new")
    write("specs/unused.py", "N = 5\n")
    assert touched() == []


def test_it_matters_to_a_spec_that_could_read_anything(git: Git) -> None:
    write("specs/reader.py", "import os\n" + OTHER)
    git("add", ".")
    git("commit", "-qm", "second")
    git("tag", "-f", "base")
    assert touched("base", "specs/reader.py") == []
    write("readme.txt", "new")
    assert touched("base", "specs/reader.py", "specs/other.py") == ["specs/reader.py"]


def test_an_untracked_spec_has_changed_and_so_has_one_that_git_ignores(git: Git) -> None:
    write(".gitignore", "ignored.py\n")
    git("add", ".")
    git("commit", "-qm", "second")
    write("specs/new.py", OTHER)
    write("specs/ignored.py", OTHER)
    assert touched("HEAD", "specs/new.py", "specs/ignored.py", "specs/other.py") == ["specs/new.py", "specs/ignored.py"]


def test_an_untracked_import_has_changed(git: Git) -> None:
    write("specs/spec.py", "import fresh\n" + SPEC)
    git("commit", "-qam", "second")
    write("specs/fresh.py", "")
    assert touched("HEAD") == ["specs/spec.py"]


def test_a_file_that_git_was_told_not_to_look_at_has_changed(git: Git) -> None:
    git("update-index", "--assume-unchanged", "specs/other.py")
    assert touched() == ["specs/other.py"]
    git("update-index", "--no-assume-unchanged", "specs/other.py")
    git("update-index", "--skip-worktree", "specs/common.py")
    assert touched() == ["specs/spec.py"]


def test_a_file_outside_of_the_repository_has_changed(git: Git, tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = tmp_path_factory.mktemp("outside") / "spec.py"
    outside.write_text(OTHER, encoding="utf-8")
    assert touched("base", str(outside)) == [str(outside)]


def test_a_renamed_spec_has_changed_and_so_has_one_whose_import_is_renamed(git: Git) -> None:
    git("mv", "specs/other.py", "specs/renamed.py")
    assert touched("base", "specs/renamed.py") == ["specs/renamed.py"]
    git("commit", "-qm", "second")
    git("mv", "specs/common.py", "specs/shared.py")
    assert touched("HEAD", "specs/spec.py", "specs/renamed.py") == ["specs/spec.py"], "it cannot be loaded any more, which is to be said"
    write("specs/spec.py", SPEC.replace("common", "shared"))
    assert touched("HEAD", "specs/spec.py", "specs/renamed.py") == ["specs/spec.py"]


def test_a_deleted_module_concerns_the_specs_that_name_it(git: Git) -> None:
    write("specs/a/string.py", "N = 3\n")
    write("specs/a/spec.py", "import string\n" + OTHER)
    write("specs/a/quiet.py", OTHER)
    git("add", ".")
    git("commit", "-qm", "second")
    Path("specs/a/string.py").unlink()  # now it is the standard library's, and the spec is closed
    assert touched("HEAD", "specs/a/spec.py", "specs/a/quiet.py") == ["specs/a/spec.py"]


def test_a_deleted_init_concerns_what_lay_in_the_package(git: Git) -> None:
    write("specs/a/__init__.py", "N = 3\n")
    write("specs/a/spec.py", OTHER)
    git("add", ".")
    git("commit", "-qm", "second")
    Path("specs/a/__init__.py").unlink()
    assert touched("HEAD", "specs/a/spec.py", "specs/other.py") == ["specs/a/spec.py"]


def test_a_spec_behind_a_link_of_the_repository_may_have_changed(git: Git) -> None:
    os.symlink("other.py", "specs/link.py")
    git("add", ".")
    git("commit", "-qm", "second")
    assert touched("HEAD", "specs/link.py", "specs/other.py") == ["specs/link.py"]


def test_a_repository_behind_a_link_is_one(git: Git, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    link = tmp_path_factory.mktemp("links") / "link"
    link.symlink_to(tmp_path)
    monkeypatch.chdir(link)
    assert touched("base", str(link / "specs/spec.py"), "specs/other.py") == []
    write("specs/common.py", "N = 4\n")
    assert touched("base", str(link / "specs/spec.py"), "specs/other.py") == [str(link / "specs/spec.py")]


def test_what_cannot_be_read_or_parsed_may_have_changed(git: Git) -> None:
    write("specs/other.py", "def\n")
    git("commit", "-qam", "second")
    assert touched("HEAD", "specs/other.py", "specs/none.py") == ["specs/other.py", "specs/none.py"]


def test_names_that_are_no_words_are_files_too(git: Git) -> None:
    name = "specs/a b\n\N{SNOWMAN}.py"
    write(name, OTHER)
    git("add", ".")
    git("commit", "-qm", "second")
    assert touched("HEAD", name) == []
    write(name, OTHER + "#\n")
    assert touched("HEAD", name) == [name]


def test_it_does_not_matter_where_in_the_repository_one_is(git: Git, monkeypatch: pytest.MonkeyPatch) -> None:
    git("config", "diff.relative", "true")
    write("specs/common.py", "N = 4\n")
    write("inner/x.py", "")
    monkeypatch.chdir("inner")
    assert touched("base", "../specs/spec.py", "../specs/other.py") == ["../specs/spec.py"]


# -------------------------------------------------- what git cannot say


@pytest.mark.parametrize("revision", ["nothing", "", "-x", "--help", "HEAD~5", "base..main", "base:specs/spec.py", "a b"])
def test_a_revision_that_does_not_exist_is_told_in_gits_words(revision: str, git: Git) -> None:
    with pytest.raises(NoRevision) as raised:
        changes_since(revision, ".")
    assert raised.value.message == f"there is no revision '{revision}' here (git says: fatal: Needed a single revision)"
    assert raised.value.exit_code == 2 and "shallow clone" in raised.value.remedy


def test_no_repository_is_told_in_gits_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    with pytest.raises(NoRevision, match="--changed-since HEAD: git says: fatal: not a git repository"):
        changes_since("HEAD", str(tmp_path))


def test_no_git_is_told(git: Git, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(NoRevision, match="git cannot be run: No such file or directory") as raised:
        changes_since("HEAD", ".")
    assert raised.value.remedy == "Install git."


# -------------------------------------------------- a watch


def test_a_watch_tells_what_it_spared(git: Git) -> None:
    write("specs/common.py", "N = 4\n")
    Path("specs/other.py").unlink()
    write("specs/third.py", OTHER)
    git("add", "specs/third.py")
    git("commit", "-qm", "second")
    watch = Watch("HEAD", None, False)
    assert not watch.spared
    assert [name for name in ("specs/third.py", "specs/spec.py", "specs/other.py", "no.py") if watch.spares(name)] == ["specs/third.py", "specs/other.py"]
    assert watch.unchanged() == Unchanged("HEAD", (os.path.abspath("specs/third.py"),), ("specs/other.py",)) and watch.spared


def test_a_deleted_folder_is_spared_and_one_that_never_was_is_not(git: Git) -> None:
    git("rm", "-rq", "specs")
    watch = Watch("base", None, False)
    assert watch.spares("specs") and watch.spares("specs/spec.py") and not watch.spares("spec")
    assert watch.unchanged() == Unchanged("base", (), ("specs", "specs/spec.py"))


def test_a_run_that_selects_spares_only_what_is_gone(git: Git) -> None:
    watch = Watch("base", None, True)
    assert not watch.spares("specs/other.py") and not watch.concerns("specs/other.py")


def test_another_configuration_concerns_everything(git: Git) -> None:
    write("pyproject.toml", "")
    assert Watch("base", os.path.abspath("pyproject.toml"), False).concerns("specs/other.py")
    assert not Watch("base", None, False).concerns("specs/other.py")
    git("add", ".")
    git("commit", "-qm", "second")
    assert not Watch("HEAD", os.path.abspath("pyproject.toml"), False).concerns("specs/other.py")
