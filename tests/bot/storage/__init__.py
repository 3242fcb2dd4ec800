"""What is kept, and that it comes back as it was."""
