"""The editor of the status line in the terminal: a list of pieces, and the line as it would be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prompt_toolkit.application import Application
from prompt_toolkit.data_structures import Point
from prompt_toolkit.formatted_text import ANSI, to_formatted_text
from prompt_toolkit.key_binding import KeyBindings
from prompt_toolkit.layout import HSplit, Layout, Window
from prompt_toolkit.layout.controls import FormattedTextControl

from clearpoint.statusline.line import line
from clearpoint.statusline.pieces import OVER, texts
from clearpoint.statusline.sample import SAMPLE

if TYPE_CHECKING:
    from collections.abc import Callable

    from prompt_toolkit.formatted_text import StyleAndTextTuples
    from prompt_toolkit.input import Input
    from prompt_toolkit.key_binding import KeyPressEvent
    from prompt_toolkit.output import Output

    from clearpoint.cli.statusline_draft import Draft

HELP = """\
 ↑ ↓  choose     space  show or hide
 J K  move down, up     c  colour
 p  next preset     + -  bar width
 enter  save     q  quit without saving"""
NAME_CELLS = 14


def run(draft: Draft, given: Input | None = None, output: Output | None = None) -> bool:
    """Let the user edit the draft; tell whether it is to be saved."""
    app: Application[bool] = Application(
        layout=Layout(HSplit([top(draft), pieces(draft), keys_shown()])),
        key_bindings=bindings(draft),
        full_screen=True,
        input=given,
        output=output,
    )
    return app.run()


def top(draft: Draft) -> Window:
    """The line as it would be, at the terminal's own width."""

    def drawn() -> StyleAndTextTuples:
        from prompt_toolkit.application import get_app

        room = get_app().output.get_size().columns
        text = line(SAMPLE, draft.config, room, coloured=draft.config["colour"])
        return [*to_formatted_text(ANSI(text)), ("", "\n")]

    return Window(FormattedTextControl(drawn), height=2)


def pieces(draft: Draft) -> Window:
    """The pieces, with what each would show; a long list follows the one that is chosen."""

    def listed() -> StyleAndTextTuples:
        made = texts(SAMPLE, draft.config, is_alone="tokens" not in draft.pieces)
        rows: StyleAndTextTuples = []
        for number, piece in enumerate(draft.order):
            mark = "x" if piece in draft.chosen else " "
            colour = draft.colours.get(piece, "")
            style = "reverse" if number == draft.cursor else ""
            sample = made[piece] or (OVER if piece == "level" else "")
            row = f" [{mark}] {piece:<{NAME_CELLS}}  {sample}"
            rows.append((style, f"{row}{f'  ({colour})' if colour else ''}\n"))
        return rows

    def chosen() -> Point:
        return Point(0, draft.cursor)

    control = FormattedTextControl(listed, show_cursor=False, get_cursor_position=chosen)
    return Window(control)


def keys_shown() -> Window:
    """What the keys do."""
    return Window(FormattedTextControl(HELP), height=len(HELP.splitlines()))


def bindings(draft: Draft) -> KeyBindings:
    """The keys and what each does."""
    keys = KeyBindings()
    for names, act in (
        (("up", "k"), lambda: draft.move(-1)),
        (("down", "j"), lambda: draft.move(1)),
        (("K", "s-up"), lambda: draft.carry(-1)),
        (("J", "s-down"), lambda: draft.carry(1)),
        (("space",), draft.toggle),
        (("c",), draft.recolour),
        (("p",), draft.next_preset),
        (("+",), lambda: draft.resize(1)),
        (("-",), lambda: draft.resize(-1)),
    ):
        for name in names:
            keys.add(name)(doing(act))
    for names, is_saved in ((("enter",), True), (("q", "c-c"), False)):
        for name in names:
            keys.add(name)(leaving(is_saved=is_saved))
    return keys


def doing(act: Callable[[], None]) -> Callable[[KeyPressEvent], None]:
    """What a key does to the draft."""

    def pressed(_event: KeyPressEvent) -> None:
        act()

    return pressed


def leaving(*, is_saved: bool) -> Callable[[KeyPressEvent], None]:
    """The end of the editor."""

    def pressed(event: KeyPressEvent) -> None:
        event.app.exit(result=is_saved)

    return pressed
