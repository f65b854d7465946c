"""Downloader middlewares: one deed each."""
