"""Links that lead nowhere: where links stand (finding), whether the hub's own are there (inside), whether others
answer (outside), and what is kept of it (keeping)."""
