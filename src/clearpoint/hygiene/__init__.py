"""What takes up context without need."""
