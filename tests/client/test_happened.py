"""What happened in the real client, with its default model: only what succeeded, the shell too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .test_product import faults, installed, state_of

if TYPE_CHECKING:
    from .answers import ToolCall
    from .conftest import ClientFactory

GH = "#!/bin/sh\necho https://github.com/acme/shop/pull/512\n"
SAID = "Stage 1 of 5 is in place: the reader takes all rows. Shall I go on with stage 2?"
COMMIT = """git add rows.py && git commit -q -m "$(cat <<'EOF'
Read all rows

The last one was lost.
EOF
)\""""


def bash(command: str) -> list[ToolCall]:
    return [{"name": "Bash", "input": {"command": command, "description": "as planned"}}]


def test_only_what_succeeded_is_known_and_a_stage_tells_the_steps(client: ClientFactory) -> None:
    lab = installed(client)
    for name in ("name", "email"):
        lab.run("git", "config", f"user.{name}", "person@example.org")
    gh = lab.root / "bin" / "gh"
    gh.parent.mkdir()
    gh.write_text(GH)
    gh.chmod(0o755)
    lab.env["PATH"] = f"{gh.parent}:{lab.env['PATH']}"
    (lab.project / "old.py").write_text("x = 1\n")
    missing, old = str(lab.project / "missing.py"), str(lab.project / "old.py")
    edit = {"file_path": old, "old_string": "not there", "new_string": "y"}
    rounds: list[list[ToolCall]] = [
        [{"name": "Edit", "input": edit}],
        [{"name": "Read", "input": {"file_path": missing}}],
        bash("cat > rows.py <<'EOF'\nROWS = []\nEOF"),
        bash(COMMIT),
        bash('gh pr create --draft --title "Read all rows" --body x'),
    ]
    lab.control(tools={"five stages": rounds}, reply=SAID)
    reply = lab.prompt("Build the reader in five stages.", "--allowedTools", "Bash,Edit,Read")
    work = state_of(lab, reply.session_id)["work_state"]
    waiting = work["waiting"]
    assert waiting is not None
    assert {
        "files": sorted(path.rpartition("/")[2] for path in work["files"]),
        "commits": [one["subject"] for one in work["commits"]],
        "pulls": [(one["number"], one["status"]) for one in work["pull_requests"]],
        "done": work["completed_steps"],
        "open": work["pending_steps"],
        "waiting": waiting["text"].endswith("Shall I go on with stage 2?"),
    } == {
        "files": ["rows.py"],
        "commits": ["Read all rows"],
        "pulls": [(512, "draft")],
        "done": ["Stage 1"],
        "open": ["Stage 2", "Stage 3", "Stage 4", "Stage 5"],
        "waiting": True,
    }
    assert faults(lab) == ""
