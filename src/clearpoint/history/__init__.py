"""Past sessions: the client's transcripts, and what stays once the client has deleted them."""
