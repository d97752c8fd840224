"""The state of a session: made, loaded, brought up to date, recovered."""
