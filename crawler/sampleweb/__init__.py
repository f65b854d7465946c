"""The sample web: a dozen small sites on loopback, for the demo and for tests."""
