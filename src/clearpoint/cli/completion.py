"""`clearpoint completion`: shell completion."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from clearpoint.cli.options import examples

SHELLS = ("bash", "zsh", "fish")
VARIABLE = "_CLEARPOINT_COMPLETE"
"""As click names it for a program called `clearpoint`."""


@click.command(
    short_help="Print a shell completion script.",
    epilog=examples(
        "echo 'eval \"$(clearpoint completion bash)\"' >> ~/.bashrc",
        "echo 'eval \"$(clearpoint completion zsh)\"' >> ~/.zshrc",
        "clearpoint completion fish > ~/.config/fish/completions/clearpoint.fish",
    ),
)
@click.argument("shell", type=click.Choice(SHELLS))
def completion(shell: str) -> None:
    """Print a script that completes commands, options and session ids in your shell.

    Open a new shell for it to take effect.
    """
    from clearpoint.cli.main import program

    made = get_completion_class(shell)
    if made is None:
        raise click.ClickException(f"there is no completion for {shell}")
    click.echo(made(program, {}, "clearpoint", VARIABLE).source())
