"""Lambert-93, the projection of French official maps, in metres → WGS 84 in degrees.

Definition: EPSG 2154 (RGF93 / Lambert-93): conic conformal with two standard parallels, on the GRS 80 ellipsoid;
formulas: EPSG Guidance Note 7-2, 3.1.1.1, the inverse. RGF93 and WGS 84 differ by less than a metre.
"""

from functools import cache
from math import atan, atan2, cos, degrees, hypot, log, pi, radians, sin, sqrt, tan

AXIS = 6_378_137.0  # GRS 80, metres
FLATTENING = 1 / 298.257222101
ORIGIN = (46.5, 3.0)  # degrees
PARALLELS = (44.0, 49.0)  # degrees
EAST, NORTH = 700_000.0, 6_600_000.0  # metres at the origin
_ECCENTRICITY = sqrt(FLATTENING * (2 - FLATTENING))
_ENOUGH = 10  # rounds; six give a tenth of a millimetre


def is_lambert(x: float, y: float) -> bool:
    """Whether two numbers can be a point of France in Lambert-93."""
    return 50_000 <= x <= 1_300_000 and 6_000_000 <= y <= 7_200_000


def to_degrees(x: float, y: float) -> tuple[float, float]:
    """Return latitude and longitude (degrees) of a point in Lambert-93 (metres)."""
    n, scale, radius = _cone()
    dx, dy = x - EAST, radius - (y - NORTH)
    t = (hypot(dx, dy) / (AXIS * scale)) ** (1 / n)
    latitude = pi / 2 - 2 * atan(t)
    for _ in range(_ENOUGH):
        bent = _ECCENTRICITY * sin(latitude)
        latitude = pi / 2 - 2 * atan(t * ((1 - bent) / (1 + bent)) ** (_ECCENTRICITY / 2))
    return degrees(latitude), degrees(atan2(dx, dy) / n) + ORIGIN[1]


@cache
def _cone() -> tuple[float, float, float]:
    """Return the cone's constant, its scale, and the radius of the origin's parallel (metres)."""
    first, second = map(radians, PARALLELS)
    n = (log(_width(first)) - log(_width(second))) / (log(_t(first)) - log(_t(second)))
    scale = _width(first) / (n * _t(first) ** n)
    return n, scale, AXIS * scale * _t(radians(ORIGIN[0])) ** n


def _width(latitude: float) -> float:
    """Return a parallel's radius, in axes of the ellipsoid."""
    return cos(latitude) / sqrt(1 - (_ECCENTRICITY * sin(latitude)) ** 2)


def _t(latitude: float) -> float:
    bent = _ECCENTRICITY * sin(latitude)
    flattened: float = ((1 - bent) / (1 + bent)) ** (_ECCENTRICITY / 2)
    return tan(pi / 4 - latitude / 2) / flattened
