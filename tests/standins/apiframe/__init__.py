"""Tests of the stand-in for Apiframe, over real HTTP with a bare client."""
