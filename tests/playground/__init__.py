"""Tests of the stand-ins, against the platforms' documents."""
