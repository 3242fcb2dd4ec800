"""Styles: a name for words around a prompt, default options and kept images, of members and of servers."""
