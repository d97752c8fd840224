#!/usr/bin/env python3
"""UserPromptSubmit: say a fact to Claude when one is due, else nothing."""

from clearpoint.door import run

raise SystemExit(run("clearpoint.handlers.user_prompt_submit"))
