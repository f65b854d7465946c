"""Measures of how the whole stands what goes wrong: hostile sources, kills, tricks with addresses, erasure."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
