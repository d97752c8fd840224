#!/usr/bin/env python3
"""SessionEnd: the final snapshot and the closing record."""

from clearpoint.door import run

raise SystemExit(run("clearpoint.handlers.session_end"))
