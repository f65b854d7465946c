"""Links: records → one graph of people, places, events, series and organisations."""
