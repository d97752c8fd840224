"""Which session a new one continues."""
