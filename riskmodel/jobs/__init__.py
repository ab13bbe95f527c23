"""Who does the work: a supervisor that takes queued runs, and a warm trainer process for each."""
