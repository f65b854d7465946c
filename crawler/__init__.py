"""Gathers: sources → records. Spiders, readers, catalogue and store."""
