"""A book of the orders that Apiframe must get and the messages that the channel must show, and people for it."""
