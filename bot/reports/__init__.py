"""What was used, by day and member, as numbers and as a chart."""
