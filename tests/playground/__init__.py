"""Tests of the far ends, against what their owners document."""
