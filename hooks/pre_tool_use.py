#!/bin/sh
""":" # PreToolUse on the Agent tool: a handoff package for the subagent that is about to start.
event=pre_tool_use; [ -r "${0%/*}/clearpoint-start" ] && . "${0%/*}/clearpoint-start"
exec python3 "$0" "$@"
"""

from clearpoint.door import run

raise SystemExit(run("clearpoint.handlers.pre_tool_use"))
