#!/bin/sh
""":" # PreCompact: checkpoint, archive, and tell the summarizer what to keep.
event=pre_compact; [ -r "${0%/*}/clearpoint-start" ] && . "${0%/*}/clearpoint-start"
exec python3 "$0" "$@"
"""

from clearpoint.door import run

raise SystemExit(run("clearpoint.handlers.pre_compact"))
