"""Files, JSON, checks and the clock; imports nothing else of Clearpoint."""
