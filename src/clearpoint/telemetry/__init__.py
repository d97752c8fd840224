"""Metrics of a session for OpenTelemetry, beside Claude Code's own."""
