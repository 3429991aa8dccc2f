// A map beside a list. The list is the content; the map shows the same numbers and only helps.
// <div data-eb-map data-tiles="https://…/{z}/{x}/{y}.png" data-attribution="…" data-label="…">
// data-points: JSON, [{"number", "title", "lat", "lon"}]. Inline scripts, even data, are forbidden here.
// Loaded only by pages that have a map and a tile address (setting EBOK_MAP_TILES).
const source = document.querySelector("script[data-leaflet]");
const maps = document.querySelectorAll("[data-eb-map]");
if (source && maps.length) {
  import(source.dataset.leaflet).then((leaflet) => {
    for (const place of maps) draw(leaflet, place);
  });
}

function draw(leaflet, place) {
  const points = JSON.parse(place.dataset.points || "[]");
  if (!points.length) return;
  place.hidden = false;
  const map = leaflet.map(place, {
    scrollWheelZoom: false,
    zoomAnimation: false,
    fadeAnimation: false,
    zoomControl: false,
  });
  leaflet.control
    .zoom({
      zoomInTitle: place.dataset.zoomIn,
      zoomOutTitle: place.dataset.zoomOut,
      zoomInText: sign("M12 5v14M5 12h14"), // drawn: a lone "+" would have to be part of the name
      zoomOutText: sign("M5 12h14"),
    })
    .addTo(map);
  map.attributionControl.setPrefix(false); // its own link has too little contrast
  leaflet.tileLayer(place.dataset.tiles, { maxZoom: 18, attribution: place.dataset.attribution }).addTo(map);
  const marks = points.map((point) =>
    leaflet
      .marker([point.lat, point.lon], {
        icon: leaflet.divIcon({ className: "eb-badge eb-badge--map", html: String(Number(point.number)), iconSize: [36, 36] }),
        title: `${point.number}. ${point.title}`,
        alt: `${point.number}. ${point.title}`,
      })
      .bindPopup(text(point.title))
      .addTo(map),
  );
  map.fitBounds(leaflet.featureGroup(marks).getBounds().pad(0.25), { maxZoom: 15 });
}

// Titles are typed by people: they go in as text, never as markup.
function text(title) {
  const box = document.createElement("p");
  box.textContent = title;
  return box;
}

function sign(path) {
  return `<svg class="eb-i eb-i--s" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d="${path}"/></svg>`;
}
