#!/usr/bin/env python3
"""SubagentStart: the subagent's minimal context."""

from clearpoint.door import run

raise SystemExit(run("clearpoint.handlers.subagent_start"))
