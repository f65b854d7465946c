"""Writes the record's published JSON Schema anew: ``python -m crawler.schema``."""

import json
from pathlib import Path

from crawler.records import json_schema

if __name__ == "__main__":
    path = Path(__file__).with_name("record.schema.json")
    path.write_text(json.dumps(json_schema(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
