"""The gazetteer, for the rooms that may not import the crawler."""

from crawler.gazetteer import ATTRIBUTION, Region, Town, distance, find, names, near, region, region_name, regions

__all__ = ["ATTRIBUTION", "Region", "Town", "distance", "find", "names", "near", "region", "region_name", "regions"]
