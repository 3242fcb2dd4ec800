"""A stand-in for Apiframe, written from its OpenAPI document."""
