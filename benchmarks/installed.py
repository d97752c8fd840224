"""Installations to be measured: the package in an environment of its own, as pip leaves it.

An editable installation would not do: it has no compiled lane, and its environment's `.pth` files
slow the bare interpreter down that all figures are multiples of.
"""

from __future__ import annotations

import io
import subprocess
import sys
import sysconfig
import tarfile
import tempfile
import tomllib
from pathlib import Path
from typing import NamedTuple

PROJECT = Path(__file__).parents[1]
RECORD = "clearpoint-0.0.dist-info/RECORD"
BUILD = """
from pathlib import Path
try:
    from clearpoint.install import lane
except ImportError:
    raise SystemExit("this version has no lane")
raise SystemExit(lane.build(Path({folder!r})) is None)
"""


class Installed(NamedTuple):
    """One installation: its name in tables, and the folder of its executables."""

    name: str
    executables: Path

    @property
    def python(self) -> str:
        """Its interpreter."""
        return str(self.executables / "python")


def install(folder: Path, name: str, *, ref: str = "", has_lane: bool = False) -> Installed:
    """Make an environment with the package as it is here, or as a commit has it."""
    with tempfile.TemporaryDirectory() as other:
        source = checked_out(ref, Path(other)) if ref else PROJECT
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
        executables = folder / "bin"
        site = Path(output(str(executables / "python"), "import sysconfig as s; "
                           "print(s.get_path('purelib'))"))  # fmt: skip
        subprocess.run(["cp", "-r", str(source / "src/clearpoint"), str(site)], check=True)
        for needed in Path(sysconfig.get_path("purelib")).iterdir():
            if needed.suffix != ".pth" and not needed.name.startswith("clearpoint"):
                (site / needed.name).symlink_to(needed)
        add_executables(source, executables)
    record = site / RECORD
    record.parent.mkdir()
    record.with_name("METADATA").write_text("Metadata-Version: 2.1\nName: clearpoint\nVersion: 0\n")
    record.write_text(f"{RECORD},,\n")
    compiling = [str(executables / "python"), "-m", "compileall", "-q", str(site / "clearpoint")]
    subprocess.run(compiling, check=True)
    if has_lane:
        output(str(executables / "python"), BUILD.format(folder=str(executables)))
    return Installed(name, executables)


def add_executables(source: Path, executables: Path) -> None:
    """Put the hooks where a wheel has them."""
    wheel = tomllib.loads((source / "pyproject.toml").read_text())["tool"]["hatch"]["build"]
    for path, name in wheel["targets"]["wheel"]["shared-scripts"].items():
        text = (source / path).read_text()
        if text.startswith("#!python"):
            text = text.replace("#!python", f"#!{executables}/python", 1)
        (executables / name).write_text(text)
        (executables / name).chmod(0o755)


def checked_out(ref: str, folder: Path) -> Path:
    """The files of a commit."""
    packed = subprocess.run(
        ["git", "-C", str(PROJECT), "archive", ref], capture_output=True, check=True
    )
    with tarfile.open(fileobj=io.BytesIO(packed.stdout)) as archive:
        archive.extractall(folder, filter="data")
    return folder


def output(python: str, program: str) -> str:
    """What a short program prints."""
    done = subprocess.run([python, "-c", program], capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    return done.stdout.strip()
