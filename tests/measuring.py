"""The programs in `benchmarks/`, for tests that run a small part of what they do."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "benchmarks"
sys.path.insert(0, str(FOLDER))


def can_trace() -> bool:
    """Whether this system lets a program be watched and its calls be made to fail."""
    if shutil.which("strace") is None:
        return False
    command = ["strace", "-o", "/dev/null", "-e", "inject=chdir:error=EIO", "true"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0
