"""The pictures, redrawn by `python docs/pictures/draw.py`.

They show what the real hooks say in the sample session of `clearpoint demo`. The one of a report
needs Chromium.
"""

from __future__ import annotations

import io
import os
import re
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from clearpoint.api.session import Session
from clearpoint.cli.session_view import show_answer
from clearpoint.cli.status import LISTED
from clearpoint.client.settings import config_dir
from clearpoint.demo.stage import Stage
from clearpoint.demo.story import story
from clearpoint.report import gather

if TYPE_CHECKING:
    from clearpoint.demo.stage import Answer, Conversation, Turn

HERE = Path(__file__).parent
COLUMNS = 96
SHOWN_TURNS = range(4, 7)
"""The turns of the story that the first picture shows: two levels are reached in them."""
SHOWN_LINES = 38
"""As much of the reload context the second picture shows."""
BROWSER = "chromium-headless-shell"
REPORT_SIZE = (900, 1_010)
"""Pixels of the picture of a report: as far as the end of its chart."""
SVG = re.sub(r"@font-face \{.*?\}\n", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL)
"""Rich's own frame without its font, which would come from elsewhere."""


class Picture:
    """A terminal that is drawn."""

    def __init__(self, name: str) -> None:
        self._name = name
        self.console = Console(
            record=True, width=COLUMNS, file=io.StringIO(), force_terminal=True, highlight=False
        )

    def line(self, mark: str, text: str | Text, style: str = "") -> None:
        """A text with a mark before it, whose further lines hang below its first."""
        grid = Table.grid()
        grid.add_row(Text(mark, style), Text(text, style) if isinstance(text, str) else text)
        self.console.print(grid)

    def gap(self) -> None:
        """An empty line."""
        self.console.print()

    def framed(self, title: str, text: str) -> None:
        """A text in a frame."""
        panel = Panel(Text(text), title=title, title_align="left", border_style="green")
        self.console.print(panel)

    def save(self, title: str) -> None:
        """Write the picture beside this file."""
        svg = self.console.export_svg(title=title, code_format=SVG, unique_id=self._name)
        (HERE / f"{self._name}.svg").write_text(svg + "\n", encoding="utf-8")


def main() -> None:
    """Play the session and draw it."""
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder, "shop").resolve()
        project.mkdir()
        stage = Stage(project, os.environ)
        first = stage.begin()
        stage.send("SessionStart", first, source="startup")
        picture = Picture("statusline")
        for number, turn in enumerate(story(str(project))):
            advised = play(stage, first, turn)
            if number in SHOWN_TURNS:
                draw_turn(picture, turn, advised, stage.status_line(first))
        picture.save("Claude Code, with Clearpoint")
        home = {"HOME": str(project)}
        draw_status(Session.load(project, env=home))
        draw_report(gather.render(gather.gather(str(project), first.session_id, home)))
        stage.send("SessionEnd", first, reason="clear")
        second = stage.begin()
        draw_reload(stage.send("SessionStart", second, source="clear"))


def play(stage: Stage, about: Conversation, turn: Turn) -> Answer:
    """One turn on the stage, with the files that its calls name; give what Stop answers."""
    stage.send("UserPromptSubmit", about, prompt=turn.prompt)
    about.prompt(turn.prompt)
    for call in turn.calls:
        if "file_path" in call.given:
            path = Path(call.given["file_path"])
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
        about.call(call)
    about.say(turn.answer)
    return stage.send("Stop", about, last_assistant_message=turn.answer)


def draw_turn(picture: Picture, turn: Turn, advised: Answer, status_line: str) -> None:
    """What the user sees of one turn."""
    picture.line("❯ ", turn.prompt, "bold")
    picture.line("● ", turn.answer)
    if advised.message:
        picture.line("  └  ", f"Stop says: {advised.message}", "cyan")
    picture.line("  ", Text.from_ansi(status_line))
    picture.gap()


def draw_status(session: Session) -> None:
    """What `clearpoint status` prints."""
    picture = Picture("status")
    picture.line("$ ", "clearpoint status", "bold")
    show_answer(picture.console, session, config_dir({}), LISTED)
    picture.save("A terminal")


def draw_report(page: str) -> None:
    """The beginning of a report, as a browser draws it."""
    with tempfile.NamedTemporaryFile("w", suffix=".html", encoding="utf-8") as file:
        file.write(page)
        file.flush()
        size, picture = ",".join(map(str, REPORT_SIZE)), HERE / "report.png"
        command = [BROWSER, "--no-sandbox", "--hide-scrollbars", f"--window-size={size}"]
        command += [f"--screenshot={picture}", Path(file.name).as_uri()]
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603


def draw_reload(started: Answer) -> None:
    """What `/clear` carries over."""
    picture = Picture("reload")
    picture.line("❯ ", "/clear", "bold")
    picture.line("  └  ", f"SessionStart:clear says: {started.message}", "cyan")
    picture.gap()
    shown = [*started.context.split("\n")[:SHOWN_LINES], "…"]
    picture.framed("What Claude is given", "\n".join(shown))
    picture.save("Claude Code, with Clearpoint")


if __name__ == "__main__":
    main()
