"""The bot's costs, compared with a minimal program that does the same work; `python -m benchmarks` measures both."""
