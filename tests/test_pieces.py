"""Of the files being worked on, what is open and what was changed last can be given at once."""

from __future__ import annotations

import pytest
from made import command, done, state_after

from clearpoint.project import excerpts
from clearpoint.project.excerpts import Piece
from clearpoint.project.tiers import Disclosed

SPEC = "# Login\n\n- [x] schema\n- [ ] **endpoint**: answers 401\n  * [ ] docs\n- other\n"
CODE = """import os


def load(path):
    return os.stat(path)


class Store:
    def save(self):
        pass

    def drop(self):
        return None
"""


def test_the_open_items_of_a_specification() -> None:
    assert excerpts.open_part("specs/a.md", SPEC) == Piece(
        "Quoted from the file specs/a.md, not said by the user: open items",
        ("- **endpoint**: answers 401", "- docs"),
    )


def test_a_document_with_nothing_open_has_no_piece() -> None:
    assert excerpts.open_part("specs/a.md", "- [x] all\n") is None


@pytest.mark.parametrize(
    ("name", "line", "lines"),
    [
        ("load", 4, ("  def load(path):", "      return os.stat(path)")),
        ("drop", 12, ("      def drop(self):", "          return None")),
    ],
)
def test_the_definition_that_was_changed_last(name: str, line: int, lines: tuple[str, ...]) -> None:
    piece = excerpts.region("a.py", CODE, name)
    assert piece is not None
    assert piece.title == f"Quoted from the file a.py:{line}, changed last"
    assert [one.rstrip() for one in piece.lines] == [one.rstrip() for one in lines]


def test_a_closing_bracket_belongs_to_its_definition() -> None:
    piece = excerpts.region("a.go", "func run() {\n\tgo()\n}\nvar x = 1\n", "run")
    assert piece is not None
    assert piece.lines == ("  func run() {", "      go()", "  }")


def test_a_definition_that_has_gone_gives_nothing() -> None:
    assert excerpts.region("a.py", CODE, "gone") is None


def test_the_pieces_of_a_session_are_of_its_specification_and_its_newest_edit() -> None:
    state = state_after(
        command("/moai:2-run", "SPEC-A-1"),
        *done("Edit", file_path="/p/a.py", old_string="x", new_string="    def drop(self): ..."),
    )
    files = [Disclosed("specs/SPEC-A-1.md", 2, "specification SPEC-A-1"), Disclosed("a.py", 2, "")]
    texts = {"specs/SPEC-A-1.md": SPEC, "a.py": CODE}
    found = excerpts.of(state["work_state"], files, "/p", lambda _, path: texts.get(path))
    assert [piece.title for piece in found] == [
        "Quoted from the file specs/SPEC-A-1.md, not said by the user: open items",
        "Quoted from the file a.py:12, changed last",
    ]
