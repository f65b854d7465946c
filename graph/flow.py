"""Evidence that flows along the graph: what the clusters of a pair have in common of what they are connected to."""

from collections.abc import Mapping

import numpy as np

from graph.arrays import Mask, Numbers, places
from graph.beside import Pairs

MOST = 200  # things beside a cluster that are compared: in more, one in common means little
AT_ONCE = 200_000  # pairs that are compared at a time


class Flow:
    """What stands beside the mentions of one type, by column."""

    def __init__(self, beside: Mapping[str, Pairs]) -> None:
        self._beside = beside
        self._label: Numbers | None = None

    def moved(self, label: Numbers) -> Mask:
        """Return by label for which clusters this is not what it was when it was last asked: all, the first time.

        Such have other members, or what stands beside them is in another cluster. What the others have in common is
        what it was.
        """
        before, self._label = self._label, label
        found = np.ones(len(label), np.bool_)
        if before is not None:
            changed = label != before
            found[:] = False
            found[label[changed]] = found[before[changed]] = True
            for owners, mentions in self._beside.values():
                found[label[owners[changed[mentions]]]] = True
        return found

    def common(self, column: str, left: Numbers, right: Numbers, label: Numbers, wanted: Numbers) -> Numbers:
        """Return for each pair of clusters how many clusters stand beside both.

        ``left`` and ``right`` are labels of clusters, ``wanted`` those among them, and ``label`` has one a mention.
        """
        codes = self._codes(column, label, wanted)
        counts = np.zeros(len(left), np.int64)
        width = len(label)
        owner = codes // width
        for start in range(0, len(left), AT_ONCE):
            one, other = left[start : start + AT_ONCE], right[start : start + AT_ONCE]
            first, last = np.searchsorted(owner, one), np.searchsorted(owner, one, "right")
            sizes = last - first
            pair, offset = places(sizes)
            beside = codes[first[pair] + offset] % width
            met = _among(codes, other[pair] * width + beside)
            counts[start : start + AT_ONCE] = np.bincount(pair[met], minlength=len(one))
        return counts

    def has(self, column: str, left: Numbers, right: Numbers, label: Numbers, wanted: Numbers) -> Mask:
        """Return for each pair of clusters whether the right one stands beside the left one."""
        return _among(self._codes(column, label, wanted), left * len(label) + right)

    def _codes(self, column: str, label: Numbers, wanted: Numbers) -> Numbers:
        """Return, in order, one number for each wanted cluster and each cluster beside it."""
        owners, mentions = self._beside[column]
        owner = label[owners]
        inside = np.isin(owner, wanted)
        codes = np.unique(owner[inside] * len(label) + label[mentions[inside]])
        owner, count = np.unique(codes // len(label), return_counts=True)
        return codes[~np.isin(codes // len(label), owner[count > MOST])]


def _among(codes: Numbers, wanted: Numbers) -> Mask:
    """Return which of the wanted are among the codes, which are in order."""
    if not len(codes):
        return np.zeros(len(wanted), np.bool_)
    place = np.minimum(np.searchsorted(codes, wanted), len(codes) - 1)
    found: Mask = codes[place] == wanted
    return found
