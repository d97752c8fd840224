"""Starting a part of Clearpoint in a process of its own, which no hook waits for."""

from __future__ import annotations

import os
import subprocess
import sys

PROGRAM = """import importlib, os, sys
os.name == "nt" or os.nice(10)
importlib.import_module(sys.argv[1]).run(*sys.argv[2:], os.environ)
"""


def start(module: str, *arguments: str) -> subprocess.Popen[bytes]:
    """Call `run` of a module with these and the environment; nobody need wait for the process.

    It has the least claim on the processor.
    """
    with open(os.devnull, "r+b") as null:
        return subprocess.Popen(  # noqa: S603  (this very interpreter, and a module of the package)
            [sys.executable, "-I", "-c", PROGRAM, module, *arguments],
            stdin=null,
            stdout=null,
            stderr=null,
            start_new_session=True,
        )
