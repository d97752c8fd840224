#!/usr/bin/env python3
"""SubagentStop: what became of the subagent, for the record and the next one."""

from clearpoint.door import run

raise SystemExit(run("clearpoint.handlers.subagent_stop"))
