#!/usr/bin/env python3
"""Status line: one line of usage, and the client's own window size recorded."""

from clearpoint.door import run

raise SystemExit(run("clearpoint.handlers.statusline"))
