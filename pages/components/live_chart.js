// Draws a Plotly figure in place. Called again with every new figure and with every change of the page's theme.
const charts = new WeakMap(); // what is known of each place that holds a chart
let loading;

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
  const letGo = () => {
    if (!chart.held) return;
    // Plotly zooms first.
    setTimeout(() => {
      chart.held = false;
      chart.draw?.();
    }, 100);
  };
  // Drawing while the analyst drags a zoom would end it.
  place.addEventListener("pointerdown", () => (chart.held = true), true);
  for (const ending of ["pointerup", "pointercancel"]) window.addEventListener(ending, letGo, true);
  chart.remove = () => {
    for (const ending of ["pointerup", "pointercancel"]) window.removeEventListener(ending, letGo, true);
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
    title: { ...layout.title, font: { ...layout.title.font, weight: 600 } },
    hoverlabel: { bgcolor: theme("secondary-background-color"), font: { color } },
  };
}

export default async function ({ data, parentElement }) {
  const chart = charts.get(parentElement) ?? make(parentElement);
  const figure = JSON.parse(data.figure);
  chart.place.style.height = `${figure.layout.height}px`;
  chart.draw = () => {
    chart.draw = undefined;
    return window.Plotly.react(chart.place, figure.data, styled(figure.layout, parentElement), {
      displaylogo: false,
      responsive: true,
      modeBarButtonsToRemove: ["lasso2d", "select2d"],
    });
  };
  await load(data.plotly);
  if (!chart.held) await chart.draw?.();
  // Streamlit also cleans up after a call that a newer figure has overtaken, even before it calls with that figure;
  // the chart has gone from the page only when its parent has.
  return () => parentElement.isConnected || chart.remove();
}
