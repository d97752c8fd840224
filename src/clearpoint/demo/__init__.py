"""The demonstration: a made-up session played through the hooks."""
