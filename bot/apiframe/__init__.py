"""The HTTP job API of Apiframe: client, wire models, spellings, errors, and downloads from hosts that are allowed."""
