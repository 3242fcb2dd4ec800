"""The pixels of image files from strangers: what a file is made of, what is decoded of it, and how it gets smaller."""
