"""The status line: what it shows, and in how much room."""
