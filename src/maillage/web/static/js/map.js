// The map of the territory that one moves: Leaflet over the contours that the server keeps. Without it, the SVG stays.

const ZOOM_STEP = 0.5;
const FIRST_NAMES = 8; // at the widest view; twice as many at each zoom
const number = new Intl.NumberFormat("fr-FR");

/** Arcs of a TopoJSON topology as lists of [latitude, longitude]. */
function decodeArcs({ arcs, transform }) {
  const [[scaleX, scaleY], [startX, startY]] = [transform.scale, transform.translate];
  return arcs.map((arc) => {
    let x = 0, y = 0;
    return arc.map(([dx, dy]) => {
      x += dx;
      y += dy;
      return [y * scaleY + startY, x * scaleX + startX];
    });
  });
}

function ringOf(numbers, arcs) {
  return numbers.flatMap((n) => {
    const arc = n >= 0 ? arcs[n] : [...arcs[~n]].reverse();
    return arc.slice(0, -1);
  });
}

function shapesOf(topology) {
  const arcs = decodeArcs(topology);
  return topology.objects.communes.geometries.map(({ id, type, arcs: numbers }) => {
    const polygons = type === "Polygon" ? [numbers] : numbers;
    return [id, polygons.map((rings) => rings.map((ring) => ringOf(ring, arcs)))];
  });
}

/** Borders between two intercommunalités: arcs whose two sides have another one. */
function bordersOf(topology, communes) {
  const sides = new Map();
  for (const { id, arcs } of topology.objects.communes.geometries) {
    for (const n of arcs.flat(Infinity)) {
      const arc = Math.max(n, ~n);
      sides.set(arc, [...(sides.get(arc) ?? []), communes[id]?.[2]]);
    }
  }
  const arcs = decodeArcs(topology);
  return arcs.filter((_, arc) => sides.get(arc)?.length === 2 && new Set(sides.get(arc)).size === 2);
}

function described(code, [name, population, epci], page) {
  const text = document.createElement("p");
  const link = document.createElement("a");
  link.href = page.replace("CODE", code);
  link.textContent = name;
  text.append(link, document.createElement("br"), `${number.format(population)} habitants`);
  if (epci) text.append(document.createElement("br"), epci);
  return text;
}

/** The colours of css/map.css, which follow the comfort page. */
function colorsOf(place) {
  const written = getComputedStyle(place);
  return (name) => written.getPropertyValue(`--map-${name}`).trim();
}

class TerritoryMap {
  constructor(place, data) {
    this.page = place.dataset.page;
    this.color = colorsOf(place.querySelector(".map"));
    this.shapes = new Map();
    this.box = document.createElement("div");
    this.box.className = "map__moving";
    this.box.setAttribute("role", "region");
    this.box.setAttribute("aria-label", "Carte des communes. Flèches\u00a0: se déplacer. Plus et moins\u00a0: agrandir, réduire.");
    place.querySelector(".map__view").append(this.box);
    this.map = L.map(this.box, { zoomSnap: ZOOM_STEP, zoomDelta: 1, zoomControl: false, maxZoom: 14 });
    L.control.zoom({ zoomInTitle: "Agrandir", zoomOutTitle: "Réduire", zoomInText: "+", zoomOutText: "−" }).addTo(this.map);
    this.map.attributionControl.setPrefix(false).addAttribution("INSEE, IGN, DILA");
    if (place.dataset.tiles) L.tileLayer(place.dataset.tiles).addTo(this.map);
    this.opacity = place.dataset.tiles ? 0.35 : 1; // tiles show through
    const everything = L.featureGroup(data.topologies.flatMap(shapesOf).map(([code, polygons]) => this.add(code, polygons, data)));
    const bounds = everything.getBounds();
    this.map.fitBounds(bounds);
    everything.addTo(this.map);
    // The list leads to each commune with the keyboard: 586 stops on the map would only be in the way.
    for (const shape of this.shapes.values()) shape.getElement().setAttribute("tabindex", "-1");
    const borders = data.topologies.flatMap((topology) => bordersOf(topology, data.communes));
    L.polyline(borders, { color: this.color("border"), weight: 1.8, interactive: false }).addTo(this.map);
    this.map.setMinZoom(this.map.getZoom()).setMaxBounds(bounds.pad(0.3));
    this.towns = Object.entries(data.communes).sort(([, one], [, other]) => other[1] - one[1]);
    this.names = L.layerGroup().addTo(this.map);
    this.map.on("moveend", () => this.nameTowns());
    this.nameTowns();
  }

  /** Names the most populated towns in view, where they do not cover one another. */
  nameTowns() {
    this.names.clearLayers();
    const zoom = this.map.getZoom() - this.map.getMinZoom();
    const view = this.map.getBounds();
    const taken = [];
    for (const [code, [name]] of this.towns) {
      const centre = this.shapes.get(code)?.getCenter();
      if (!centre || !view.contains(centre)) continue;
      const { x, y } = this.map.latLngToContainerPoint(centre);
      const reach = 5 * name.length + 12;
      if (taken.some((other) => Math.abs(other.x - x) < reach + other.reach && Math.abs(other.y - y) < 22)) continue;
      taken.push({ x, y, reach });
      L.tooltip({ permanent: true, direction: "center", className: "map__name" }).setLatLng(centre).setContent(name).addTo(this.names);
      if (taken.length >= FIRST_NAMES * 2 ** zoom) break;
    }
  }

  add(code, polygons, data) {
    const facts = data.communes[code] ?? [code, 0, ""];
    const shape = L.polygon(polygons, this.look(false)).bindTooltip(facts[0], { sticky: true });
    shape.bindPopup(() => described(code, facts, this.page), { minWidth: 150 });
    shape.on("popupopen", () => this.choose(code)).on("popupclose", () => this.choose(null));
    this.shapes.set(code, shape);
    return shape;
  }

  look(isChosen) {
    return isChosen
      ? { fillColor: this.color("picked"), color: this.color("ink"), weight: 2.5, fillOpacity: 0.85 }
      : { fillColor: this.color("land"), color: this.color("area-edge"), weight: 1, fillOpacity: this.opacity };
  }

  choose(code) {
    this.chosen?.setStyle(this.look(false)).closeTooltip();
    this.chosen = this.shapes.get(code);
    this.chosen?.setStyle(this.look(true)).bringToFront();
  }

  /** Shows where the commune of a link of the list is. */
  follow(link) {
    this.choose(link.dataset.commune);
    this.chosen?.openTooltip(this.chosen.getCenter());
  }
}

async function start(place) {
  if (typeof L === "undefined") return;
  const answer = await fetch(place.dataset.contours);
  if (!answer.ok) return;
  const territory = new TerritoryMap(place, await answer.json());
  place.classList.add("is-moving");
  place.querySelector(".map__drawing").remove();
  for (const event of ["focusin", "pointerover"]) {
    document.addEventListener(event, ({ target }) => {
      const link = target.closest?.("a[data-commune]");
      if (link) territory.follow(link);
    });
  }
}

for (const place of document.querySelectorAll("[data-territory-map]")) start(place);
