"""Distances on the globe: degrees (WGS 84) in, kilometres along the great circle out."""

import math

import numpy as np

EARTH_RADIUS_KM = 6371.0088


def distance_km(lat1, lon1, lat2, lon2):
    """The great-circle distance between two points (haversine; the Earth taken as a sphere: wrong by 0.5 % at most)."""
    phi1, phi2 = math.radians(lat1), math.radians(lat2)
    across = math.sin((phi2 - phi1) / 2) ** 2
    across += math.cos(phi1) * math.cos(phi2) * math.sin(math.radians(lon2 - lon1) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(across)))


def distances_km(lat, lon, lats, lons):
    """``distance_km`` from one point to each of n: two arrays of n degrees in, one array of n kilometres out."""
    phi, phis = math.radians(lat), np.radians(lats)
    across = np.sin((phis - phi) / 2) ** 2
    across += math.cos(phi) * np.cos(phis) * np.sin(np.radians(np.asarray(lons) - lon) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * np.arcsin(np.minimum(1.0, np.sqrt(across)))


def bounding_box(lat, lon, radius_km):
    """The smallest (south, west, north, east) that holds every point within ``radius_km`` of the centre.

    A box that would hold a pole or cross the 180th meridian spans every longitude: too much, never too little.
    """
    reach = math.degrees(radius_km / EARTH_RADIUS_KM)
    south, north = lat - reach, lat + reach
    if south <= -90 or north >= 90:
        return max(south, -90.0), -180.0, min(north, 90.0), 180.0
    widest = math.degrees(math.asin(min(1.0, math.sin(math.radians(reach)) / math.cos(math.radians(lat)))))
    west, east = lon - widest, lon + widest
    if west < -180 or east > 180:
        west, east = -180.0, 180.0
    return south, west, north, east
