"""Search over past sessions: one index per user, over all projects."""
