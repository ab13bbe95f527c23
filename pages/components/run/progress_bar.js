// Draws the progress of the run. Updates of a live run arrive as events; see live.js.
function show(place, text) {
  const { done, progress } = JSON.parse(text);
  const bar = place.querySelector(".train-progress-bar");
  bar.style.transitionDuration = done < Number(place.dataset.done ?? 0) ? "0s" : ""; // no transition when another run begins
  bar.style.width = `${100 * done}%`;
  place.dataset.done = done;
  place.querySelector(".train-progress-track").setAttribute("aria-valuenow", Math.round(100 * done));
  const line = place.querySelector(".train-progress-text");
  if (line.textContent !== progress) line.textContent = line.title = progress;
}

export default function ({ data, parentElement }) {
  const place = parentElement.querySelector(".train-progress");
  Object.assign(place.dataset, { livePart: "progress", liveTag: data.tag });
  show(place, data.text);
  if (place.follows) return;
  place.follows = true;
  place.addEventListener("newer", ({ detail }) => {
    place.dataset.liveTag = detail.tag;
    show(place, detail.text);
  });
}
