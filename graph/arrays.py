"""What the arrays of linking are made of."""

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


def places(sizes: Numbers) -> tuple[Numbers, Numbers]:
    """Return for groups of some sizes, one after the other, the number of each member's group and its place in it."""
    group = np.repeat(np.arange(len(sizes)), sizes)
    return group, np.arange(len(group)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
