// Draws the runs of a dataset as rows. A click on a row overlays the run or removes the overlay; the button at its end
// shows the run itself.
const WIDTH = 96;
const HEIGHT = 22;

function make(tag, className, text = "") {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = text;
  return element;
}

function sparkline(points, color) {
  const place = make("span", "spark");
  if (points.length < 2) return place;
  const low = Math.min(...points);
  const range = Math.max(...points) - low || 1;
  const step = (WIDTH - 4) / (points.length - 1);
  const path = points.map((value, i) => `${(2 + i * step).toFixed(1)},${(HEIGHT - 3 - ((HEIGHT - 6) * (value - low)) / range).toFixed(1)}`);
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", `0 0 ${WIDTH} ${HEIGHT}`);
  svg.setAttribute("aria-hidden", "true");
  const line = document.createElementNS("http://www.w3.org/2000/svg", "polyline");
  line.setAttribute("points", path.join(" "));
  line.setAttribute("stroke", color);
  svg.append(line);
  place.append(svg);
  return place;
}

function draw(row, setTriggerValue) {
  const line = make("div", row.is_shown ? "row shown" : row.is_overlaid ? "row overlaid" : "row");
  line.style.setProperty("--run", row.color);
  const toggle = make("button", "toggle");
  toggle.type = "button";
  toggle.disabled = row.is_shown;
  toggle.setAttribute("aria-pressed", String(row.is_overlaid));
  toggle.title = row.is_shown ? "This run is shown." : row.is_overlaid ? "Remove the overlay" : "Overlay this run";
  toggle.append(make("span", "dot"), make("span", "name", row.name), sparkline(row.points, row.color));
  toggle.append(make("span", "auc", row.auc), make("span", "difference", row.difference));
  toggle.append(make("span", "changes", [row.state, row.changes].filter(Boolean).join(" · ")));
  toggle.lastChild.title = row.changes;
  toggle.addEventListener("click", () => setTriggerValue("overlay", row.id));
  line.append(toggle);
  const open = make("button", "open", row.is_shown ? "Shown" : "Show");
  open.type = "button";
  open.disabled = row.is_shown;
  open.setAttribute("aria-label", `Show ${row.name}`);
  open.addEventListener("click", () => setTriggerValue("open", row.id));
  line.append(open);
  return line;
}

export default function ({ data, parentElement, setTriggerValue }) {
  const list = parentElement.querySelector(".rows");
  const focused = [...list.querySelectorAll("button")].indexOf(list.getRootNode().activeElement);
  list.replaceChildren(...data.rows.map((row) => draw(row, setTriggerValue)));
  list.querySelectorAll("button")[focused]?.focus();
}
