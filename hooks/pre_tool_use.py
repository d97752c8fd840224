#!/usr/bin/env python3
"""PreToolUse on the Agent tool: a handoff package for the subagent that is about to start."""

from clearpoint.door import run

raise SystemExit(run("clearpoint.handlers.pre_tool_use"))
