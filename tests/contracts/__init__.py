"""HTTP traffic, checked against the documents that the platforms publish."""
