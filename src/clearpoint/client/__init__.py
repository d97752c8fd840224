"""What Claude Code sends, accepts and keeps in its settings."""
