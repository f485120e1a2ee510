"""Maps made on the server: the territory, what one looks for on it, and the same things as named links.

``territory_map(…)`` gives the object that ``territory/_map.html`` draws. Numbers for the template are whole or written
already: a French template would put a comma in them.
"""

from dataclasses import dataclass, field
from string import ascii_uppercase

from maillage.engine.french import NBSP, NNBSP
from maillage.territory.drawing import UNITS_PER_KM, current_drawing
from maillage.territory.labels import place_labels

PIXELS = 730  # the width, in CSS pixels, for which signs and names are sized
MARGIN = 0.05  # around what the view frames
CIRCLE_SHARE = 3.5  # the width of a centred view, in radii of the circle: on a phone, the middle of it is shown
RADIUS_WITHOUT_CIRCLE_KM = 12
SMALLEST_RADIUS_KM = 8
PIN_PIXELS = 36

KINDS = {"offer": "Offre", "need": "Besoin", "structure": "Association", "place": "Lieu"}


@dataclass(frozen=True)
class Pin:
    """Something to show on the map: ``label`` says it whole (« Offre : barnum, Fronton »), ``url`` leads to it."""

    latitude: float
    longitude: float
    label: str
    url: str
    kind: str  # of KINDS
    icon: str = ""


@dataclass(frozen=True)
class Area:
    """Communes drawn as one shape that leads somewhere."""

    codes: tuple
    label: str
    url: str
    is_marked: bool = False


@dataclass
class PinGroup:
    """One pin, or several too near to be told apart; ``letter`` when the list says it too."""

    x: int
    y: int
    pins: list
    letter: str = ""

    @property
    def count(self):
        return len(self.pins)

    @property
    def kind(self):
        kinds = {pin.kind for pin in self.pins}
        return kinds.pop() if len(kinds) == 1 else "mixed"

    @property
    def label(self):
        lead = f"{self.letter}{NBSP}: " if self.letter else ""
        if self.count == 1:
            return lead + self.pins[0].label
        labels = f"{NNBSP}; ".join(pin.label for pin in self.pins)
        return f"{lead}{self.count} réponses au même endroit{NBSP}: {labels}"


@dataclass
class TerritoryMap:
    view_box: str
    unit: str  # of the view, for one CSS pixel
    font_size: str
    is_whole: bool
    outline: str
    epci_borders: str
    commune_borders: str = ""
    highlight: str = ""
    circle: dict | None = None
    radius_km: int | None = None
    areas: list = field(default_factory=list)
    labels: list = field(default_factory=list)
    groups: list = field(default_factory=list)
    list_anchor: str = "apres-carte"

    @property
    def kinds(self):
        """Kinds of the pins, for the legend."""
        present = {pin.kind for group in self.groups for pin in group.pins}
        return [(kind, label) for kind, label in KINDS.items() if kind in present]

    @property
    def is_lettered(self):
        return any(group.letter for group in self.groups)

    @property
    def pin_count(self):
        return sum(group.count for group in self.groups)


def territory_map(
    pins=(), centre=None, radius_km=None, highlight=(), focus=(), areas=(), list_anchor="apres-carte", lettered=False
):
    """The map of the loaded territory.

    pins         Pins; those that would overlap are grouped
    centre       a commune (anything with ``latitude`` and ``longitude``, or that pair): the view is tight around it
    radius_km    draws the circle of a search around ``centre``
    highlight    a commune, or codes of communes, to colour
    focus        codes of communes that the view frames; the whole territory without ``centre`` nor ``focus``
    areas        Areas: shapes that are links
    list_anchor  the ``id`` of the list that says the same as the map; groups of pins lead there
    lettered     for a list that says the letters: A is the place of the first pin, B the next one that is elsewhere
    """
    drawing = current_drawing()
    middle = drawing.project(*_longitude_latitude(centre)) if centre is not None else None
    box, is_whole = _view(drawing, middle, radius_km, focus)
    unit = max(box[2], box[3]) / PIXELS
    groups = _grouped(pins, drawing, unit)
    if lettered:
        for letter, group in zip(ascii_uppercase, groups, strict=False):
            group.letter = letter
    highlighted = _codes(highlight) & drawing.contours.shapes.keys()
    return TerritoryMap(
        view_box=" ".join(str(round(number)) for number in box),
        unit=f"{unit:.3f}",
        font_size=f"{17 * unit:.1f}",
        is_whole=is_whole,
        outline=drawing.outline,
        epci_borders=drawing.epci_borders,
        commune_borders="" if is_whole or areas else drawing.commune_borders(box),
        highlight=drawing.outline_of(highlighted) if highlighted else "",
        circle=_circle(middle, radius_km),
        radius_km=radius_km if middle else None,
        areas=[
            {"path": _area_path(drawing, area), "label": area.label, "url": area.url, "is_marked": area.is_marked}
            for area in areas
        ],
        labels=place_labels(
            drawing.towns.values(),
            box=box,
            unit=unit,
            first=highlighted,
            limit=24 if focus else 12,
            obstacles=[(group.x, group.y) for group in groups],
        ),
        groups=sorted(groups, key=lambda group: group.y),  # a pin nearer to the reader hides one behind
        list_anchor=list_anchor,
    )


def _longitude_latitude(place):
    if isinstance(place, (tuple, list)):
        latitude, longitude = place
        return longitude, latitude
    return place.longitude, place.latitude


def _codes(highlight):
    return (
        {highlight.code}
        if hasattr(highlight, "code")
        else {highlight}
        if isinstance(highlight, str)
        else set(highlight)
    )


def _area_path(drawing, area):
    return drawing.shape(area.codes[0]) if len(area.codes) == 1 else drawing.outline_of(area.codes)


def _view(drawing, middle, radius_km, focus):
    """((left, top, width, height), whether that is the whole territory)"""
    whole = _with_margin(drawing.box)
    if middle is not None:
        radius = max(radius_km or RADIUS_WITHOUT_CIRCLE_KM, SMALLEST_RADIUS_KM) * UNITS_PER_KM
        size = CIRCLE_SHARE * radius
        if size < max(whole[2:]):
            return (middle[0] - size / 2, middle[1] - size / 2, size, size), False
    known = [code for code in focus if code in drawing.contours.shapes]
    if known and middle is None:
        return _with_margin(drawing.box_of(known)), False
    return whole, True


def _with_margin(box):
    left, top, width, height = box
    margin = MARGIN * max(width, height)
    return left - margin, top - margin, width + 2 * margin, height + 2 * margin


def _circle(middle, radius_km):
    if middle is None or not radius_km:
        return None
    return {"x": round(middle[0]), "y": round(middle[1]), "radius": round(radius_km * UNITS_PER_KM)}


def _grouped(pins, drawing, unit):
    reach = PIN_PIXELS * unit
    groups: list[PinGroup] = []
    for pin in pins:
        x, y = map(round, drawing.project(pin.longitude, pin.latitude))
        near = next((group for group in groups if abs(group.x - x) < reach and abs(group.y - y) < reach), None)
        if near:
            near.pins.append(pin)
        else:
            groups.append(PinGroup(x, y, [pin]))
    return groups
