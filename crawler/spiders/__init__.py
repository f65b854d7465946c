"""The spiders. Each is a choice of sources; what they do is in ``base``."""
