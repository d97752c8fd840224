#!/usr/bin/env python3
"""Stop: fold the new turn into the session state, and advise."""

from clearpoint.door import run

raise SystemExit(run("clearpoint.handlers.stop"))
