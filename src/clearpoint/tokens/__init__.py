"""What the next request will carry: counted, estimated, learned."""
