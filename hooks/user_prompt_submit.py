#!/bin/sh
""":" # UserPromptSubmit: say a fact to Claude when one is due, else nothing.
event=user_prompt_submit; [ -r "${0%/*}/clearpoint-start" ] && . "${0%/*}/clearpoint-start"
exec python3 "$0" "$@"
"""

from clearpoint.door import run

raise SystemExit(run("clearpoint.handlers.user_prompt_submit"))
