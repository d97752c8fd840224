"""What the state folder holds, and what may be removed from it."""
