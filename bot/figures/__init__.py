"""What is counted and measured for the operator, in Prometheus' terms."""
