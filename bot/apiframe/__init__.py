"""The HTTP job API of Apiframe: client, wire models, spellings and errors."""
