"""Each event of a page once: what several lists of it tell, and what its events have in common."""

from collections import Counter, defaultdict

from crawler import reached
from crawler.listing.found import Found
from crawler.listing.records import Group, Record
from crawler.listing.words import meets, words_of

MAX_A_DAY = 200  # events of one list and day that are compared one with another


def once(found: list[tuple[Found, Group, Record]]) -> list[Found]:
    """Return each event once: a day in several places of a page is one, unless its lists tell them apart."""
    by_day: defaultdict[str, defaultdict[int, list[tuple[Found, Group, Record]]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for item in found:
        by_day[item[0].day][id(item[1])].append(item)
    kept: list[tuple[int, Found]] = []
    for groups in by_day.values():
        lists = [_apart(items) for items in groups.values()]
        # The list that tells most of the day, by hours then by number, is what the others are held against.
        lists.sort(
            key=lambda items: (
                -sum("T" in each.start for each, _, _ in items),
                -max(each.confidence for each, _, _ in items),
            )
        )
        chosen: list[tuple[Found, Group, Record]] = []
        for items in lists:
            left = list(chosen)
            for item in items:
                told = next((other for other in left if _same(item, other)), None)
                if told is None:
                    chosen.append(item)
                else:
                    left.remove(told)  # one list tells of one event once
        kept += [(record.mark.line.number, each) for each, _, record in chosen]
    kept.sort(key=lambda item: item[0])
    return [each for _, each in kept]


def _apart(items: list[tuple[Found, Group, Record]]) -> list[tuple[Found, Group, Record]]:
    """Return the events of one list and one day, each once."""
    if reached.over(len(items), MAX_A_DAY, "listing.once.MAX_A_DAY"):
        return list({(item[0].start, item[0].title): item for item in items}.values())
    if all(each.own_title for each, _, _ in items) and len({each.title for each, _, _ in items}) == len(items):
        return items
    chosen: list[tuple[Found, Group, Record]] = []
    for item in sorted(items, key=lambda item: (-("T" in item[0].start), -item[0].confidence)):
        if not any(_same(item, other) for other in chosen):
            chosen.append(item)
    return chosen


def _same(one: tuple[Found, Group, Record], other: tuple[Found, Group, Record]) -> bool:
    first, second = one[0], other[0]
    told_apart = first.title.casefold() != second.title.casefold()
    if one[1] is other[1]:
        if one[2].column != other[2].column and one[2].column is not None:
            return False
        if not told_apart or not (meets(first.title) and meets(second.title)):
            # Papers of one meeting stand in lines of their own; two meetings have hours of their own.
            return first.start == second.start or len(first.start) != len(second.start)
        return False
    if "T" in first.start and "T" in second.start:
        return first.start == second.start
    return True


def usual_hour(events: list[Found]) -> None:
    """Give the hour that all timed events of a page share (at least three) to those of the same name without one."""
    timed = [each for each in events if "T" in each.start and not each.doubtful]
    hours = Counter(each.start[10:] for each in timed)
    if len(timed) < 3 or hours.most_common(1)[0][1] < max(3, 0.7 * len(timed)):
        return
    titles = {each.title for each in timed}
    names = {word for each in timed for word in words_of(each.title) if len(word) > 3}
    for each in events:
        alike = each.title in titles or names & set(words_of(each.title))
        if "T" not in each.start and each.end is None and alike:
            each.start += hours.most_common(1)[0][0]
            each.ground(-0.05, "the hour of the page's other events")
