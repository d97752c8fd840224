"""The command line: one module for each command."""

from clearpoint.cli.main import main

__all__ = ["main"]
