"""What keeps Clearpoint from working, and how to fix it."""
