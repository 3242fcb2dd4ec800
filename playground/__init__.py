"""The far ends, imitated: a stand-in for Discord, a stand-in for Apiframe, and the real bot between them."""
