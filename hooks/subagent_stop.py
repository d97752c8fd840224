#!/bin/sh
""":" # SubagentStop: what became of the subagent, for the record and the next one.
event=subagent_stop; [ -r "${0%/*}/clearpoint-start" ] && . "${0%/*}/clearpoint-start"
exec python3 "$0" "$@"
"""

from clearpoint.door import run

raise SystemExit(run("clearpoint.handlers.subagent_stop"))
