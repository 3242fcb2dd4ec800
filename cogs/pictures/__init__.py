"""Every way to request a picture, and everything to do with one afterwards."""
