"""What needs a person: how it is noticed, and how the operator is told once."""
