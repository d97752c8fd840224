"""A team's view: snapshots, usage and search in one PostgreSQL database (the extra `team`)."""
