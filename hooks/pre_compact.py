#!/usr/bin/env python3
"""PreCompact: checkpoint, archive, and tell the summarizer what to keep."""

from clearpoint.door import run

raise SystemExit(run("clearpoint.handlers.pre_compact"))
