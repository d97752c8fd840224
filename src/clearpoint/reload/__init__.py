"""What Claude is given when a session continues an earlier one."""
