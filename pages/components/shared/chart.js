// Draws a Plotly figure in place. Called for every new figure and every change of the page theme.
const charts = new WeakMap(); // state of each container with a chart
let loading;
const NARROW = 560; // pixels

function load(address) {
  loading ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = () => resolve(window.Plotly);
    script.onerror = () => {
      loading = undefined;
      reject(new Error("The charts could not be loaded. Reload the page."));
    };
    document.head.append(script);
  });
  return loading;
}

function make(parentElement) {
  const place = document.createElement("div");
  parentElement.append(place);
  const chart = { place, held: false, draw: undefined };
  const release = () => {
    if (!chart.held) return;
    // After Plotly has zoomed.
    setTimeout(() => {
      chart.held = false;
      chart.draw?.();
    }, 100);
  };
  // Drawing during a drag would end the zoom.
  place.addEventListener("pointerdown", () => (chart.held = true), true);
  for (const ending of ["pointerup", "pointercancel"]) window.addEventListener(ending, release, true);
  // A chart built in a collapsed container has no width yet. Plotly moves the legend only when the chart is redrawn.
  const fit = async () => {
    if (!place.clientWidth || !place._fullLayout || Math.abs(place.clientWidth - place._fullLayout.width) < 1) return;
    await window.Plotly.Plots.resize(place);
    if (place.isConnected) await window.Plotly.redraw(place);
  };
  const watcher = new ResizeObserver(fit);
  watcher.observe(place);
  chart.remove = () => {
    watcher.disconnect();
    for (const ending of ["pointerup", "pointercancel"]) window.removeEventListener(ending, release, true);
    window.Plotly?.purge(place);
    charts.delete(parentElement);
    place.remove();
  };
  charts.set(parentElement, chart);
  return chart;
}

function styled(layout, parentElement) {
  const page = getComputedStyle(parentElement);
  const theme = (name) => page.getPropertyValue(`--st-${name}`);
  const color = theme("text-color");
  return {
    ...layout,
    autosize: true,
    font: { family: page.fontFamily, color, size: 12 },
    title: layout.title && { ...layout.title, font: { ...layout.title.font, weight: 600 } },
    hoverlabel: { bgcolor: theme("secondary-background-color"), font: { color } },
    // In a narrow chart a row of buttons would cover the title.
    modebar: parentElement.clientWidth < NARROW ? { ...layout.modebar, orientation: "v", bgcolor: theme("background-color") } : layout.modebar,
  };
}

const icon = (path) => ({
  svg: `<svg class="icon" viewBox="0 0 24 24" xmlns="http://www.w3.org/2000/svg"><path fill-rule="evenodd" d="${path}"/></svg>`,
});
const SVG = icon("M4 3h11l5 5v13H4zM6 5v14h12V9h-4V5zM8 17c2-7 6 0 8-6l1 1c-2 8-6 1-8 6z"); // a page with a curve
const TABLE = icon("M3 4h18v16H3zM5 10v3h6v-3zM13 10v3h6v-3zM5 15v3h6v-3zM13 15v3h6v-3z");

function save(name, text) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
  link.download = `${name}.csv`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

// As riskmodel.tables.values.formulas: a spreadsheet displays text with an apostrophe instead of running it.
const FORMULA = String.raw`'*(?:(?![\t\r\n])[\p{Cc}\p{Cf}\p{Z}\p{DI}\u{2800}"])*[=+\-@＝﹦⁼₌⩵⩶＋﹢⁺₊﬩－﹣−⁻₋＠﹫]`;
const FIRST_FORMULA = new RegExp(String.raw`^(?:${FORMULA}|'*[\t\r\n]).`, "su");
const NEXT_FORMULA = new RegExp(String.raw`([;\t\r\n])(${FORMULA})`, "gu");
const NUMBER = /^[+\-−]?(?:\d+[.,]?\d*|[.,]\d+)(?:[eE][+\-−]?\d+)?%?$/u;

function asCell(value) {
  const text = String(value ?? "");
  const parts = text.replaceAll(NEXT_FORMULA, "$1'$2");
  const safe = FIRST_FORMULA.test(text) && !NUMBER.test(text) ? `'${parts}` : parts;
  return /[",\r\n]/u.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

const asLine = (row) => row.map((value) => asCell(value)).join(",");

// As shown: without plotly's markup.
const plain = (text) =>
  text.replaceAll(/<br *\/?>/giu, " ").replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");

// Names of positions: `names` of the figure's meta has all in full; else the texts of the ticks. The texts of a
// logarithmic axis are its numbers, rounded.
function nameValues(axis, names) {
  const isNamed = axis?.ticktext && axis.tickvals && axis.type !== "log";
  const texts = new Map(isNamed ? Array.from(axis.tickvals, (value, i) => [value, plain(String(axis.ticktext[i]))]) : []);
  return (value) => names?.[value] ?? texts.get(value) ?? (typeof value === "string" ? plain(value) : value);
}

// One row per line of parallel coordinates: its values as given, or as on the axes.
function listLines({ dimensions, customdata }) {
  const named = dimensions.map((axis) => nameValues(axis));
  const drawn = () => Array.from(dimensions[0].values, (_, i) => dimensions.map((axis, k) => named[k](axis.values[i])));
  return [dimensions.map((axis) => axis.label), ...(customdata ?? drawn())];
}

// One row per point: name of the curve, x, and y in the column of its axis.
function listPoints({ _fullData, layout }) {
  const traces = _fullData.filter((trace) => trace.hoverinfo !== "skip" && trace.x && trace.y);
  const axisOf = (id) => layout[id.replace(/^[xy]/u, "$&axis")];
  const titleOf = (id) => plain(axisOf(id)?.title?.text || id);
  const columns = [...new Set(["y", ...traces.map((trace) => trace.yaxis ?? "y")])];
  const { title, names } = layout.meta?.x ?? {};
  const rows = [["curve", title ?? titleOf("x"), ...columns.map((id) => titleOf(id))]];
  for (const trace of traces) {
    const own = trace.yaxis ?? "y";
    const curve = plain([trace.name, trace.meta].filter(Boolean).join(": "));
    const xName = nameValues(axisOf(trace.xaxis ?? "x"), names);
    const yName = nameValues(axisOf(own));
    for (let i = 0; i < trace.x.length; i += 1) {
      rows.push([curve, xName(trace.x[i]), ...columns.map((id) => (id === own ? yName(trace.y[i]) : ""))]);
    }
  }
  return rows;
}

function asTable(place) {
  const parallel = place._fullData.find((trace) => trace.dimensions);
  const rows = parallel ? listLines({ ...parallel, customdata: parallel._input.customdata }) : listPoints(place);
  return rows.map((row) => asLine(row)).join("\r\n");
}

function buttons(place, name) {
  const vector = () => window.Plotly.downloadImage(place, { format: "svg", filename: name });
  return [
    { name: "svg", title: "Download as SVG", icon: SVG, click: vector },
    { name: "csv", title: "Download the data as CSV", icon: TABLE, click: () => save(name, asTable(place)) },
  ];
}

// The same object for each drawing: with other buttons, plotly.js would reset the zoom.
function settings(place, { bar, name }) {
  return {
    displaylogo: false,
    // Data stay on this machine: no upload to Plotly's cloud.
    showSendToCloud: false,
    plotlyServerURL: "",
    displayModeBar: bar ? "hover" : false,
    modeBarButtonsToRemove: ["lasso2d", "select2d"],
    modeBarButtonsToAdd: buttons(place, name),
    toImageButtonOptions: { format: "png", scale: 2, filename: name },
  };
}

function show(chart, text, parentElement) {
  const figure = JSON.parse(text);
  chart.place.style.height = `${figure.layout.height}px`;
  chart.draw = () => {
    chart.draw = undefined;
    return window.Plotly.react(chart.place, figure.data, styled(figure.layout, parentElement), chart.config);
  };
  if (!chart.held && window.Plotly) return chart.draw();
}

// Updates of a live run arrive as events; see live.js.
function follow(chart, { part, tag }, parentElement) {
  if (!part) return;
  Object.assign(chart.place.dataset, { livePart: part, liveTag: tag });
  if (chart.follows) return;
  chart.follows = true;
  chart.place.addEventListener("newer", ({ detail }) => {
    chart.place.dataset.liveTag = detail.tag;
    show(chart, detail.text, parentElement);
  });
}

export default async function ({ data, parentElement }) {
  const chart = charts.get(parentElement) ?? make(parentElement);
  if (!chart.config || chart.name !== data.name) Object.assign(chart, { name: data.name, config: settings(chart.place, data) });
  follow(chart, data, parentElement);
  const drawn = show(chart, data.figure, parentElement);
  await load(data.plotly);
  await (drawn ?? (chart.held ? undefined : chart.draw?.()));
  // Streamlit also cleans up after a call that a newer figure has superseded, so the chart is removed only with its
  // parent.
  return () => parentElement.isConnected || chart.remove();
}
