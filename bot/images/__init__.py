"""The pixels of strangers' image files: their structure, decoding, and scaling down."""
