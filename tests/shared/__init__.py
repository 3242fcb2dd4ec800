"""A bot and a playground that tests share, because starting one costs more than most tests."""
