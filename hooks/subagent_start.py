#!/bin/sh
""":" # SubagentStart: the subagent's minimal context.
event=subagent_start; [ -r "${0%/*}/clearpoint-start" ] && . "${0%/*}/clearpoint-start"
exec python3 "$0" "$@"
"""

from clearpoint.door import run

raise SystemExit(run("clearpoint.handlers.subagent_start"))
