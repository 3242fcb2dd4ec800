"""The tools behind `make messages`, and what the tests of the catalogues share."""
