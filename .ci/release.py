"""What goes with a release: the wheel, built twice and compared, what is in it, and an audit.

usage: python .ci/release.py dist

Writes the wheel, a bill of materials (CycloneDX) of it and everything that it brings along, and the
audit. Ends with 1 where the two wheels differ or a dependency has a known vulnerability. Where the
registry does not tell vulnerabilities, the audit says so and is no failure.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import venv
from pathlib import Path
from typing import Any

SOURCES = ("src", "hooks", "pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md")
EPOCH = "1735689600"
"""The time of every file in the wheel, unless SOURCE_DATE_EPOCH says another."""


def build(folder: Path, umask: int) -> Path:
    """Build the wheel from a copy of the sources that was made now, and with this umask."""
    before = os.umask(umask)
    try:
        copy = folder / "sources"
        for name in SOURCES:
            source, target = Path(name), copy / name
            copy.mkdir(parents=True, exist_ok=True)
            copied = shutil.copytree if source.is_dir() else shutil.copyfile
            copied(source, target)  # type: ignore[operator]
    finally:
        os.umask(before)
    env = {"SOURCE_DATE_EPOCH": EPOCH, **os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    run(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(folder),
        str(copy), env=env)  # fmt: skip
    return next(folder.glob("*.whl"))


def run(*command: str, env: dict[str, str] | None = None) -> str:
    """Run a program that must go well; give what it prints."""
    done = subprocess.run(command, env=env, stdout=subprocess.PIPE, check=True, text=True)  # noqa: S603
    return done.stdout


def audit(site: str) -> str:
    """What is known to be wrong with what is installed; raises SystemExit for anything."""
    tool = str(Path(sys.executable).parent / "pip-audit")
    command = [tool, "--format", "json", "--progress-spinner", "off", "--path", site]
    done = subprocess.run(command, capture_output=True, check=False, text=True)  # noqa: S603
    try:
        rows: list[dict[str, Any]] = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        return "not audited: the service that knows vulnerabilities is not reachable"
    known = [one for one in rows if "skip_reason" not in one]
    bad = [f"{one['name']} {one['version']}: {', '.join(v['id'] for v in one['vulns'])}"
           for one in known if one["vulns"]]  # fmt: skip
    if bad:
        raise SystemExit("known vulnerabilities: " + "; ".join(bad))
    if len(known) <= len(rows) // 2:
        return f"not audited: the registry tells nothing of {len(rows) - len(known)} of {len(rows)}"
    return f"no known vulnerability in {len(known)} of {len(rows)} packages"


def main() -> None:
    """Build, compare, list, audit."""
    out = Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        wheels = [build(Path(folder) / str(umask), umask) for umask in (0o022, 0o077)]
        sums = [hashlib.sha256(one.read_bytes()).hexdigest() for one in wheels]
        if len(set(sums)) > 1:
            raise SystemExit(f"two builds of {wheels[0].name} differ: {sums}")
        wheel = out / wheels[0].name
        shutil.copyfile(wheels[0], wheel)
        (out / f"{wheel.name}.sha256").write_text(f"{sums[0]}  {wheel.name}\n")
        print(f"{wheel.name}: two builds alike, sha256 {sums[0]}")
        clean = Path(folder) / "clean"
        venv.create(clean)
        python = str(clean / "bin/python")
        run(sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-compile",
            str(wheel))  # fmt: skip
        tool, bill = str(Path(sys.executable).parent / "cyclonedx-py"), out / "clearpoint.cdx.json"
        run(tool, "environment", "--pyproject", "pyproject.toml", "--output-reproducible", "--of",
            "JSON", "-o", str(bill), python)  # fmt: skip
        print(f"{bill.name}: {len(json.loads(bill.read_text())['components'])} packages")
        site = run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").strip()
        print(audit(site))


if __name__ == "__main__":
    main()
