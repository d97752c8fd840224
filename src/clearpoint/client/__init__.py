"""Claude Code as it is: its words, its limits, its settings."""
