"""Work that repeats on a schedule: sweeps, late charges, take-over, the state of the queue."""
