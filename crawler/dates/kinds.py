"""The kinds of date expression: a closed set."""

DATE = "date"  # a day
DATETIME = "datetime"  # a day with its time, or hours
RANGE = "range"  # from a day, month or year to another
ITEM = "list item"  # a day of several that are listed together
TIME = "time"  # a time of day, or hours, without a day
MONTH = "month"  # a month, or a part of one
YEAR = "year"
RECURRING = "recurring"  # a rule
RELATIVE = "relative"  # a day or span told by its distance from the reference, without a time
WEEKDAY = "weekday"  # a weekday alone: the next one
UNTIL = "until"  # an end alone: ``start`` is None
KINDS = frozenset((DATE, DATETIME, RANGE, ITEM, TIME, MONTH, YEAR, RECURRING, RELATIVE, WEEKDAY, UNTIL))
