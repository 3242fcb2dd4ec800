"""Usage by day and member, as numbers and as a chart."""
