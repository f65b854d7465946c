"""Hands out: graph → people. Exports, search index, lookup and the command line."""
