"""A day of work with the real client, made up, and what must hold of it afterwards.

usage: python benchmarks/soak.py CLAUDE [--prompts 200] [--seed 1]

Drives the client at the path CLAUDE, in a network namespace with a stub of the API: prompts with
tools and subagents, interruptions, compactions, clears, resumes, forks, switches of the model,
exits and kills, in random order. Prints figures, and what is wrong; ends with 1 where something is.
"""

from __future__ import annotations

import argparse
import collections
import json
import os
import random
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from clearpoint.config.defaults import DEFAULTS
from clearpoint.install.executables import executables_dir
from clearpoint.install.registering import install
from clearpoint.lowlevel.files import QuickLock
from clearpoint.session import state as session
from clearpoint.session.load import read
from clearpoint.store.checksummed import DamagedStateError
from clearpoint.store.store import Store
from clearpoint.transcript.fast_decoder import decode
from clearpoint.transcript.reader import Transcript

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from client.lab import Lab
from client.namespace import isolation
from client.polling import wait_until

if TYPE_CHECKING:
    from client.terminal import Terminal

MODELS = ("claude-sonnet-4-6", "claude-opus-5-5")
ACTIONS = {
    "prompt": 40, "tool": 20, "decide": 10, "subagent": 4, "interrupt": 3, "compact": 4,
    "clear": 6, "resume": 5, "fork": 3, "switch the model": 3, "kill": 4, "exit": 3,
}  # fmt: skip
STEP_TOKENS = 9_000
FULL_TOKENS = 150_000
EMPTY_TOKENS = 22_000
QUIET_SECONDS = 30.0
MACHINE = "runs.slow"
"""What the doctor finds that says how busy the machine was."""


class Day:
    """One client at a time in one project, and what is done with it."""

    def __init__(self, lab: Lab, seed: int) -> None:
        self.lab, self.chance = lab, random.Random(seed)  # noqa: S311
        self.done: collections.Counter[str] = collections.Counter()
        self.prompts = 0
        self.used = EMPTY_TOKENS
        self.model = MODELS[0]
        self.terminal = self.started()

    def started(self, *args: str) -> Terminal:
        """A client of the current model."""
        return self.lab.start("--model", self.model, *args)

    def spend(self, prompts: int) -> None:
        """Act at random until that many prompts were typed, each kind of act at least once."""
        due = self.chance.sample([*ACTIONS], len(ACTIONS))
        while self.prompts < prompts:
            action = due.pop() if due else self.chance.choices([*ACTIONS], [*ACTIONS.values()])[0]
            getattr(self, "do_" + action.replace(" ", "_"))()
            self.done[action] += 1
        self.terminal.stop()

    def text(self, said: str) -> str:
        """A prompt, whose answer brings the context on."""
        self.prompts += 1
        self.used = self.used + self.chance.randrange(STEP_TOKENS)
        if self.used > FULL_TOKENS:
            self.used = EMPTY_TOKENS
        return f"USAGE:{self.used}@@ {said} ({self.prompts})"

    def say(self, said: str) -> None:
        """Type a prompt and wait for the turn's end."""
        self.terminal.say(self.text(said))

    def do_prompt(self) -> None:
        """Say something."""
        self.say("Please go on.")

    def do_tool(self) -> None:
        """Have a file written and read."""
        path = str(self.lab.project / f"module_{self.chance.randrange(30)}.py")
        write, read = {"command": f"echo x >>{path}"}, {"file_path": path}
        self.say(f"TOOL:Bash {json.dumps(write)}@@ TOOL:Read {json.dumps(read)}@@ Do it.")

    def do_decide(self) -> None:
        """Decide something."""
        self.say(f"For SPEC-SOAK-{self.prompts % 5:03} we decided to use way-{self.prompts}.")

    def do_subagent(self) -> None:
        """Have a subagent look."""
        agent = {"description": "look", "prompt": "look", "subagent_type": "general-purpose"}
        self.say(f"TOOL:Agent {json.dumps(agent)}@@ Have it looked at.")

    def do_interrupt(self) -> None:
        """Break an answer off."""
        self.terminal.submit(self.text("SLOW:20@@ A long one."))
        self.terminal.interrupt()

    def do_compact(self) -> None:
        """Compact by hand."""
        self.say("Before it is compacted.")
        self.terminal.command("/compact")
        self.used = EMPTY_TOKENS

    def do_clear(self) -> None:
        """Clear, and go on."""
        self.terminal.command("/clear")
        self.used = EMPTY_TOKENS
        self.say("Go on where we were.")

    def do_switch_the_model(self) -> None:
        """Leave, and come back with another model."""
        self.model = MODELS[self.model == MODELS[0]]
        self.do_resume()

    def do_resume(self) -> None:
        """Leave, and come back to the same session."""
        self.say("Until tomorrow.")
        session_id = self.terminal.session_id
        self.terminal.stop()
        self.terminal = self.started("--resume", session_id)
        self.say("Here again.")

    def do_fork(self) -> None:
        """Ask something apart, in a fork, headless."""
        self.say("Before the fork.")
        args = ("--model", self.model, "--resume", self.terminal.session_id, "--fork-session")
        self.lab.prompt(self.text("Apart from that."), *args)

    def do_kill(self) -> None:
        """Kill the client; begin again, or take the same session up again."""
        self.say("Before the crash.")
        session_id = self.terminal.session_id
        self.terminal.kill()
        again = ("--resume", session_id) if self.chance.random() < 0.5 else ()
        self.terminal = self.started(*again)
        self.say("After the crash.")

    def do_exit(self) -> None:
        """Leave, and begin something new."""
        self.terminal.stop()
        self.terminal = self.started()
        self.used = EMPTY_TOKENS
        self.say("Something new.")


def watched(lab: Lab) -> None:
    """Have the lab's project watched, with a status line, as `clearpoint install` does it."""
    config = lab.home / ".claude"
    install("project", lab.project, config_dir=config, executables=executables_dir(),
            statusline=True)  # fmt: skip


def wrong(lab: Lab) -> list[str]:
    """What is not as it must be once all clients have ended, one line each."""
    store = Store(str(lab.state))
    root = Path(store.root)
    found = [f"left running: {name}" for name in running(lab)]
    found += [f"not our figure at a resume: {one}" for one in disagreements(root)]
    for path in root.rglob("*"):
        if path.suffix == ".tmp":
            found.append(f"left behind: {path}")
        elif path.suffix == ".lock":
            try:
                with QuickLock(str(path), 0.0):
                    pass
            except TimeoutError:
                found.append(f"still locked: {path}")
    for name in ("faults.jsonl", "quarantine"):
        found += [f"{name}: {line}" for line in listed(root / name)]
    for path in lab.transcripts():
        found += [f"{path.stem}: {what}" for what in wrong_in(store, path)]
    doctor = lab.run(executables_dir() / "clearpoint", "doctor", "--json").stdout
    findings = json.loads(doctor)["findings"]
    bad = [one for one in findings
           if one["level"] in ("warning", "error") and one["check"] != MACHINE]  # fmt: skip
    return found + [f"doctor, {one['check']}: {one['text']}" for one in bad]


def listed(path: Path) -> list[str]:
    """The lines of a file, or what is in a folder; nothing of either that is not there."""
    if path.is_dir():
        return sorted(os.listdir(path))
    return path.read_text().splitlines() if path.exists() else []


def running(lab: Lab) -> list[str]:
    """The processes of ours that still serve the lab's project, once those have had their time."""
    mine = f"CLAUDE_PROJECT_DIR={lab.project}".encode()

    def found() -> list[str]:
        names = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                command = (folder / "cmdline").read_bytes()
                if b"clearpoint" in command and mine in (folder / "environ").read_bytes():
                    names.append(command.replace(b"\0", b" ").decode())
            except OSError:
                continue  # it has just ended
        return names

    try:
        wait_until(lambda: not found(), "the end of every hook", QUIET_SECONDS)
    except TimeoutError:
        return found()
    return []


def resumes(root: Path) -> list[dict[str, Any]]:
    """What the journals say of starts at which the client told its own figure."""
    lines = [line for path in root.glob("sessions/*/journal.jsonl") for line in listed(path)]
    starts = [json.loads(line) for line in lines]
    return [one for one in starts if one["event"] == "SessionStart" and one.get("client_says")]


def disagreements(root: Path) -> list[str]:
    """The resumes and forks at which our figure was not the client's."""
    return [f"{one['source']}: we {one['used']:,}, the client {one['client_says']:,}"
            for one in resumes(root) if one["used"] != one["client_says"]]  # fmt: skip


def wrong_in(store: Store, path: Path) -> list[str]:
    """What of one session is not as its transcript has it."""
    fresh = session.new_state(path.stem, "", DEFAULTS)
    transcript = Transcript(str(path), None)
    session.fold(fresh, transcript.entries(decode), DEFAULTS)
    transcript.close()
    try:
        state = read(store, path.stem)
    except DamagedStateError as error:
        return [str(error)]
    if state is None:
        return ["no state"]
    kept: Any = state["usage"]
    expected: Any = fresh["usage"]
    return [
        f"{key} is {kept[key]}, and not {expected[key]}"
        for key in ("requests", "message_id", "used", "compactions")
        if kept[key] != expected[key]
    ]


def figures(lab: Lab, day: Day, seconds: float) -> list[str]:
    """What the day was, a line each."""
    root = lab.state
    kept = sum(path.stat().st_size for path in root.rglob("*") if path.is_file())
    written = sum(path.stat().st_size for path in lab.transcripts())
    handed = sum("Clearpoint reload" in one.text for one in lab.requests())
    acts = ", ".join(f"{number} {name}" for name, number in day.done.most_common())
    return [
        f"{day.prompts} prompts in {seconds:.0f} seconds: {acts}",
        f"{len(lab.transcripts())} sessions, {len(lab.requests())} requests",
        f"{handed} requests with a reload context, {len(lab.requests('summary'))} compactions",
        f"{len(resumes(root))} resumes and forks at which the client told its figure",
        f"{kept / 1e6:.1f} MB kept of {written / 1e6:.1f} MB of transcripts",
        f"{kept / day.prompts / 1e3:.1f} KB kept for each prompt",
    ]


def spend(lab: Lab, prompts: int, seed: int) -> tuple[list[str], list[str]]:
    """Spend a day in a lab; give its figures, and what is wrong afterwards."""
    begin = time.monotonic()
    watched(lab)
    day = Day(lab, seed)
    day.spend(prompts)
    found = wrong(lab)
    return figures(lab, day, time.monotonic() - begin), found


def main() -> None:
    """Spend a day and print what came of it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("claude", type=Path)
    parser.add_argument("--prompts", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    unshare = isolation()
    if unshare is None:
        raise SystemExit("soak: no network namespaces here")
    with (
        tempfile.TemporaryDirectory(prefix="clearpoint-soak-") as name,
        Lab(Path(name), given.claude.resolve(), unshare) as lab,
    ):
        said, found = spend(lab, given.prompts, given.seed)
    print(*said, *(found or ["nothing is wrong"]), sep="\n")
    raise SystemExit(bool(found))


if __name__ == "__main__":
    main()
