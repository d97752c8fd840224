"""A tag calls in what it stands for, within its limit; what is no tag is left alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from builders import state_folder

from clearpoint.models.state import Tag  # noqa: TC001
from clearpoint.store import tags
from clearpoint.tokens import encoder

if TYPE_CHECKING:
    from pathlib import Path

TEXT: Tag = {"text": "port = 8080", "path": None}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("use @CONFIG-001 and @API-SCHEMA-2, please", ["CONFIG-001", "API-SCHEMA-2"]),
        ("(@API-SCHEMA)은 @API-SCHEMA을", ["API-SCHEMA"]),
        ("@API-Schema @API-1a @API-SCHEMA_x", ["API-SCHEMA"]),
        ("@CONFIG-001", ["CONFIG-001"]),
        ("(@CONFIG-001).", ["CONFIG-001"]),
        ("@CONFIG-001 @CONFIG-001", ["CONFIG-001"]),
        ("mail me@CONFIG-001", []),
        ("@config-001 @CONFIG @README.md @-1 @1-2 @@A-1", []),
        ("@CONFIG-001- and", ["CONFIG-001"]),
        ("@", []),
        ("", []),
    ],
)
def test_tags_are_found_in_a_prompt(text: str, names: list[str]) -> None:
    assert tags.found_in(text) == names


def test_a_tag_is_kept_listed_read_and_removed(tmp_path: Path) -> None:
    root = str(tmp_path)
    tags.add(root, "CONFIG-001", TEXT)
    assert (tags.names(root), tags.read(root, "CONFIG-001")) == (["CONFIG-001"], TEXT)
    tags.remove(root, "CONFIG-001")
    assert tags.names(root) == []


@pytest.mark.parametrize(
    "name", ["../X-1", "x-1", "A", "A-b", "A-1/../B-2", "A--1", "", "A" * 70 + "-1"]
)
def test_a_bad_name_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(tags.TagError, match="invalid tag name"):
        tags.add(str(tmp_path), name, TEXT)


@pytest.mark.parametrize("act", [tags.read, tags.remove])
def test_an_unknown_tag_is_said_to_be_unknown(act: object, tmp_path: Path) -> None:
    with pytest.raises(tags.TagError, match="no tag A-1"):
        act(str(tmp_path), "A-1")  # type: ignore[operator]


def test_a_damaged_tag_is_said_to_be_damaged(tmp_path: Path) -> None:
    tags.add(str(tmp_path), "A-1", TEXT)
    (tmp_path / "tags" / "A-1.json").write_text("[]")
    assert tags.resolve(str(tmp_path), ["A-1"], "", 100, encoder.count) == (
        "tag A-1 is damaged; add it again"
    )


def test_a_prompt_brings_in_texts_and_files_and_leaves_the_unknown_alone(tmp_path: Path) -> None:
    (tmp_path / "app.toml").write_text("debug = true\n")
    root = str(state_folder(tmp_path))
    tags.add(root, "CONFIG-001", TEXT)
    tags.add(root, "FILE-1", {"text": None, "path": "app.toml"})
    prompt = "@CONFIG-001, @FILE-1 and @NOBODY-9"
    called = tags.called(root, prompt)
    assert tags.resolve(root, called, str(tmp_path), 1_000, encoder.count) == (
        f"@CONFIG-001 ({root}/tags/CONFIG-001.json):\nport = 8080\n\n"
        "@FILE-1 (app.toml):\ndebug = true"
    )


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("long.txt", "@F-1 stands for long.txt, "),
        ("gone.txt", "@F-1 stands for gone.txt, which cannot be included: No such file"),
    ],
)
def test_what_cannot_be_put_in_gives_a_pointer(path: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "long.txt").write_text("word " * 5_000)
    root = str(state_folder(tmp_path))
    tags.add(root, "F-1", {"text": None, "path": path})
    text = tags.resolve(root, ["F-1"], str(tmp_path), 100, encoder.count)
    assert text.startswith(said)
    assert encoder.count(text) < 40


def test_long_values_become_references_and_come_back() -> None:
    context = {"a": "x" * 500, "b": ["x" * 500, "short"], "c": {"d": "y" * 500}, "n": 3}
    short, made = tags.condense(context, {"CONTEXT-001": "another"})
    assert short == {"a": "@CONTEXT-002", "b": ["@CONTEXT-002", "short"],
                     "c": {"d": "@CONTEXT-003"}, "n": 3}  # fmt: skip
    assert tags.expand(short, made) == context


def test_unknown_references_stay() -> None:
    assert tags.expand({"a": "@NOBODY-1", "b": "@"}, {}) == {"a": "@NOBODY-1", "b": "@"}
