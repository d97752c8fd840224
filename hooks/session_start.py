#!/usr/bin/env python3
"""SessionStart: link the session to the one it continues, and reload its work."""

from clearpoint.door import run

raise SystemExit(run("clearpoint.handlers.session_start"))
