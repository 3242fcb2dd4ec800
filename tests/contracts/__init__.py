"""What passes over the wire, held against the documents that the platforms publish."""
