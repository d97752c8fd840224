"""Files come in the tier that the work gives them, each once, and are measured once."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest
from made import command, done, state_after

from clearpoint.project import files, tiers
from clearpoint.tokens import encoder

if TYPE_CHECKING:
    from pathlib import Path

    from clearpoint.models.state import State

FILES = ["CLAUDE.md", "pyproject.toml", "specs/SPEC-A-1/spec.md", "src/shop/cart.py",
         "src/shop/price.py", "src/shop/mail.py", "src/shop/other.py", "tests/test_cart.py",
         "docs/guide.md"]  # fmt: skip
TEXTS = {"src/shop/cart.py": "from __future__ import annotations\nfrom shop import price\n"}


def working(project: str = "/p") -> State:
    return state_after(
        command("/moai:2-run", "SPEC-A-1"),
        *done("Edit", file_path=f"{project}/src/shop/cart.py", old_string="a", new_string="b"),
    )


@pytest.mark.parametrize(
    ("path", "tier", "reason"),
    [
        ("CLAUDE.md", 1, "instructions"),
        ("pyproject.toml", 1, "configuration"),
        ("specs/SPEC-A-1/spec.md", 2, "specification SPEC-A-1"),
        ("src/shop/cart.py", 2, "changed in this work"),
        ("tests/test_cart.py", 3, "belongs to src/shop/cart.py"),
        ("src/shop/price.py", 3, "imported by src/shop/cart.py"),
        ("src/shop/mail.py", 3, "changed together in 4 commits"),
        ("docs/guide.md", 4, "document"),
    ],
)
def test_each_file_has_its_tier_and_reason(path: str, tier: int, reason: str) -> None:
    work = working()["work_state"]
    found = tiers.disclose(work, "/p", FILES, TEXTS, {"src/shop/mail.py": 4})
    assert tiers.Disclosed(path, tier, reason) in found


def test_files_that_have_nothing_to_do_with_the_work_are_left_out() -> None:
    found = tiers.disclose(working()["work_state"], "/p", FILES, TEXTS)
    assert "src/shop/other.py" not in [one.path for one in found]


def test_tiers_come_in_order_and_each_file_once() -> None:
    found = tiers.disclose(working()["work_state"], "/p", FILES, TEXTS)
    assert [one.tier for one in found] == sorted(one.tier for one in found)
    assert len({one.path for one in found}) == len(found)


@pytest.mark.parametrize(
    ("line", "paths"),
    [
        ("import { load } from './store/load.js'", ["web/store/load.ts"]),
        ("use crate::store::load;", ["web/store/load.ts"]),
        ("import shop.price", ["src/shop/price.py"]),
        ("from shop.price import total", ["src/shop/price.py"]),
        ("x = shop.price", []),
    ],
)
def test_imports_lead_to_the_projects_files(line: str, paths: list[str]) -> None:
    modules = tiers.by_name(["web/store/load.ts", "src/shop/price.py"])
    assert list(dict.fromkeys(tiers.imported(line, modules))) == paths


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "p"
    for name in FILES:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(TEXTS.get(name, "some words\n"))
    return folder


def test_without_git_the_projects_files_are_what_lies_there(project: Path) -> None:
    (project / "node_modules").mkdir()
    (project / "node_modules" / "x.js").write_text("")
    assert sorted(files.listed(str(project))) == sorted(FILES)


def test_what_is_changed_together_is_counted_from_git(project: Path) -> None:
    def git(*arguments: str) -> None:
        who = ["-c", "user.name=T", "-c", "user.email=t@example.org"]
        subprocess.run(["git", "-C", str(project), *who, *arguments], check=True,
                       capture_output=True)  # fmt: skip

    git("init", "-q")
    for number in range(2):
        for name in ("src/shop/cart.py", "src/shop/mail.py"):
            (project / name).write_text(str(number))
        git("add", "src")
        git("commit", "-qm", "x")
    found = files.changed_together(str(project), ["src/shop/cart.py"])
    assert found["src/shop/mail.py"] == 2


@pytest.mark.parametrize(("enabled", "measured"), [(True, 0), (False, 5)])
def test_a_file_is_measured_once_where_the_cache_is_on(
    enabled: bool, measured: int, project: Path, tmp_path: Path
) -> None:
    state = working(str(project))
    state["persistence"]["cache_enabled"] = enabled
    count = []

    def counting(text: str) -> int:
        count.append(text)
        return encoder.count(text)

    first = files.disclosed(state, str(project), str(tmp_path), counting)
    count.clear()
    again = files.disclosed(state, str(project), str(tmp_path), counting)
    assert (again, min(len(count), 5)) == (first, measured)


def test_a_changed_file_is_measured_again(project: Path, tmp_path: Path) -> None:
    state = working(str(project))
    files.disclosed(state, str(project), str(tmp_path), encoder.count)
    (project / "CLAUDE.md").write_text("now it holds a few words more")
    found = files.disclosed(state, str(project), str(tmp_path), encoder.count)
    assert found[0].tokens == encoder.count("now it holds a few words more")


@pytest.mark.parametrize("data", ["", "[]", '{"a": [1]}', "{"])
def test_a_damaged_cache_is_made_anew(data: str, project: Path, tmp_path: Path) -> None:
    (tmp_path / files.CACHE_NAME).write_text(data)
    found = files.disclosed(working(str(project)), str(project), str(tmp_path), len)
    assert found[0].tokens == len("some words\n")


def test_a_word_in_a_docstring_is_no_import() -> None:
    modules = tiers.by_name(["src/shop/price.py"])
    assert list(tiers.imported('"""The price of it."""', modules)) == []


def test_only_so_much_is_measured_at_one_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "COUNTED_BYTES", 10)
    for name in ("a.py", "b.py"):
        (tmp_path / name).write_text("word word")
    root = str(tmp_path / "state")
    (tmp_path / "state").mkdir()
    sizes = []
    for _ in range(2):
        cache = files.TokenCache(root, encoder.count)
        sizes.append([cache.count(str(tmp_path), name) for name in ("a.py", "b.py")])
        cache.keep()
    assert sizes == [[2, None], [2, 2]]
