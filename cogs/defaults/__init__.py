"""`/defaults`: what applies to a member's new pictures where they choose nothing else."""
