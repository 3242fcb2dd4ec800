"""Reviews: pictures and prompts that wait for a moderator before they are posted or ordered."""
