"""One handler per event: `handle(event)` gives a reply or nothing."""
