"""Sessions on another machine: snapshots in git refs, pushed and pulled with git itself."""
