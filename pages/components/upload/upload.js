// Sends one file in pieces, one after another, so that a broken connection can go on where it ended.
const FIRST_PIECE = 1 << 20; // within what a proxy allows by default
const MOST_PIECE = 8 << 20;
const WAITS = [1000, 2000, 4000, 8000]; // ms before a lost piece is tried again by itself
const ANSWER_WITHIN = 180_000;
const RATE_OVER = 6000; // ms that the rate is measured over
const places = new WeakMap(); // what is known of each place that holds an uploader

class Lost extends Error {} // what has arrived is still there
class Cancelled extends Error {}

const CHANGED = "The file cannot be read: it was changed or removed meanwhile, or is a folder. Choose it again.";
const LOST = "The connection was lost. What has arrived is kept for an hour: Retry goes on from there.";

function size(bytes) {
  const [value, unit] = bytes < 1e6 ? [bytes / 1e3, "kB"] : [bytes / 1e6, "MB"];
  return `${value.toLocaleString("en-US", { minimumFractionDigits: 1, maximumFractionDigits: 1 })} ${unit}`;
}

function duration(seconds) {
  if (seconds < 60) return `${Math.max(1, Math.round(seconds))} s`;
  if (seconds < 3600) return `${Math.round(seconds / 60)} min`;
  return `${Math.floor(seconds / 3600)} h ${Math.round((seconds % 3600) / 60)} min`;
}

function request(place, job, method, path, body, onProgress) {
  return new Promise((resolve, reject) => {
    const sent = new XMLHttpRequest();
    sent.open(method, place.data.address + path);
    sent.setRequestHeader("X-Studio-Ticket", place.data.ticket);
    sent.timeout = ANSWER_WITHIN;
    if (onProgress) sent.upload.onprogress = (event) => onProgress(event.loaded);
    sent.onload = () => {
      let answer = {};
      try {
        answer = JSON.parse(sent.responseText);
      } catch {
        // a proxy's own page
      }
      resolve({ status: sent.status, ok: sent.status < 300, ...answer });
    };
    sent.onerror = sent.ontimeout = () => reject(new Lost(LOST));
    sent.onabort = () => reject(new Cancelled());
    job.request = sent;
    if (job.cancelled) reject(new Cancelled());
    else sent.send(body);
  });
}

function refusal(answer) {
  const { message, status } = answer;
  if (message && status !== 408) return Object.assign(new Error(message), { again: status >= 500, ended: status === 404 });
  if (status === 413) return new Error("A server between this page and the studio refuses pieces of 1 MB.");
  return new Lost(LOST);
}

async function begin(place, job) {
  const body = JSON.stringify({ name: job.file.name, num_bytes: job.file.size });
  const answer = await request(place, job, "POST", "", body);
  if (!answer.ok) throw refusal(answer);
  Object.assign(job, { token: answer.token, received: 0, rates: [] });
}

async function sendPiece(place, job) {
  const start = job.received;
  const bytes = job.file.slice(start, start + job.piece); // read by the browser while it is sent
  const began = performance.now();
  const answer = await request(place, job, "PUT", `/${job.token}?offset=${start}`, bytes, (loaded) =>
    showFigures(place, job, start + loaded),
  );
  if (answer.status === 409) {
    job.received = answer.received;
  } else if (answer.status === 413 && job.piece > FIRST_PIECE) {
    job.piece = job.mostPiece = FIRST_PIECE;
  } else if (!answer.ok) {
    throw refusal(answer);
  } else {
    job.received = answer.received;
    const quick = performance.now() - began < 1000;
    job.piece = quick ? Math.min(2 * job.piece, job.mostPiece) : Math.max(job.piece / 2, FIRST_PIECE);
    job.failures = 0;
    showFigures(place, job, job.received);
  }
}

// A file that cannot be read breaks a request off just as a lost connection does.
async function isReadable(file) {
  try {
    await file.slice(0, 1).arrayBuffer();
    return true;
  } catch {
    return false;
  }
}

async function deliver(place, job) {
  if (!job.token) await begin(place, job);
  for (;;) {
    while (job.received < job.file.size) await sendPiece(place, job);
    showSaving(place, true);
    const answer = await request(place, job, "POST", `/${job.token}`);
    showSaving(place, false);
    if (answer.ok) return answer.source;
    if (answer.status !== 409) throw refusal(answer);
    job.received = answer.received;
  }
}

async function run(place, job) {
  place.job = job;
  place.part(".cancel").hidden = false;
  show(place, "sending");
  showFigures(place, job, job.received);
  job.failures = 0;
  for (;;) {
    try {
      const source = await deliver(place, job);
      place.job = undefined;
      place.part(".figures").textContent = "Uploaded. Opening it …";
      place.part(".cancel").hidden = true;
      speak(place, `${job.file.name} is uploaded.`);
      return place.setTriggerValue("source", source);
    } catch (caught) {
      if (job.cancelled) return undefined;
      const error = caught instanceof Lost && !(await isReadable(job.file)) ? new Error(CHANGED) : caught;
      showSaving(place, false);
      if (error.ended && !job.begunAgain) {
        job.token = undefined; // the server was started anew: from the beginning, by itself, once
        job.begunAgain = true;
      } else if (error instanceof Lost && job.failures < WAITS.length) {
        place.part(".figures").textContent = "The connection was lost. Trying again …";
        await new Promise((resolve) => setTimeout(resolve, WAITS[job.failures++]));
        if (job.cancelled) return undefined;
      } else {
        return fail(place, job, error);
      }
    }
  }
}

function fail(place, job, error) {
  place.job = job; // for Retry
  if (!(error instanceof Lost)) drop(place, job);
  place.part(".what").textContent = error.message;
  place.part(".retry").hidden = !(error instanceof Lost || error.again);
  show(place, "problem");
}

// Tells the server to remove what has arrived; also works while the page is being left.
function drop(place, job) {
  if (!job.token) return;
  const headers = { "X-Studio-Ticket": place.data.ticket };
  fetch(`${place.data.address}/${job.token}`, { method: "DELETE", headers, keepalive: true }).catch(() => {});
  job.token = undefined;
  job.received = 0;
}

function cancel(place) {
  const { job } = place;
  place.job = undefined;
  if (!job) return;
  job.cancelled = true;
  job.request?.abort();
  drop(place, job);
}

function choose(place, files) {
  cancel(place);
  const job = { file: files[0], received: 0, piece: FIRST_PIECE, mostPiece: MOST_PIECE, rates: [] };
  if (files.length > 1) return fail(place, job, new Error("One file at a time: several were dropped, none is uploaded."));
  place.part(".name").textContent = job.file.name;
  speak(place, `Uploading ${job.file.name}.`);
  return run(place, job);
}

// One of the three parts is seen; the keyboard stays where something can be pressed.
function show(place, seen) {
  const focused = place.root.contains(place.root.getRootNode().activeElement);
  for (const part of ["zone", "sending", "problem"]) place.part(`.${part}`).hidden = part !== seen;
  const buttons = { zone: [".browse"], sending: [".cancel"], problem: [".retry", ".other"] }[seen];
  if (focused) place.part(buttons.find((name) => !place.part(name).hidden))?.focus();
}

function showFigures(place, job, sent) {
  if (job !== place.job) return;
  const now = performance.now();
  job.rates = [...job.rates.filter(([moment]) => now - moment < RATE_OVER), [now, sent]];
  const [[then, before]] = job.rates;
  const rate = now - then > 500 ? Math.max(0, (sent - before) / ((now - then) / 1000)) : 0;
  const { size: total } = job.file;
  const left = rate ? ` · ${size(rate)}/s · about ${duration((total - sent) / rate)} left` : "";
  place.part(".figures").textContent = `${size(Math.min(sent, total))} of ${size(total)}${left}`;
  showShare(place, total ? Math.min(100, (100 * sent) / total) : 100);
}

function showShare(place, percent) {
  place.part(".bar").style.width = `${percent}%`;
  const track = place.part(".track");
  track.setAttribute("aria-valuenow", Math.floor(percent));
  track.setAttribute("aria-valuetext", place.part(".figures").textContent);
}

function showSaving(place, saving) {
  place.part(".sending").classList.toggle("saving", saving);
  if (saving) place.part(".figures").textContent = "Everything has arrived. Saving it on the disk …";
}

function speak(place, words) {
  place.part(".spoken").textContent = words;
}

function listen(place) {
  const zone = place.part(".zone");
  const input = place.part("input");
  const on = (name, action) => place.part(name).addEventListener("click", action);
  on(".browse", () => input.click());
  on(".cancel", () => {
    cancel(place);
    show(place, "zone");
    speak(place, "The upload was cancelled; nothing of it is kept.");
  });
  on(".retry", () => run(place, place.job));
  on(".other", () => {
    cancel(place);
    show(place, "zone");
    input.click();
  });
  input.addEventListener("change", () => {
    const files = [...input.files];
    input.value = ""; // so that the same file can be chosen again
    if (files.length) choose(place, files);
  });
  zone.addEventListener("dragover", (event) => {
    event.preventDefault();
    zone.classList.add("over");
  });
  zone.addEventListener("dragleave", () => zone.classList.remove("over"));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    zone.classList.remove("over");
    if (event.dataTransfer.files.length) choose(place, [...event.dataTransfer.files]);
  });
}

function make(parentElement) {
  const root = parentElement.querySelector(".upload");
  const place = { root, part: (name) => root.querySelector(name) };
  listen(place);
  const leave = () => cancel(place);
  const ask = (event) => place.job?.token && event.preventDefault(); // the browser asks whether the page may be left
  window.addEventListener("pagehide", leave);
  window.addEventListener("beforeunload", ask);
  place.remove = () => {
    window.removeEventListener("pagehide", leave);
    window.removeEventListener("beforeunload", ask);
    cancel(place);
    places.delete(parentElement);
  };
  places.set(parentElement, place);
  return place;
}

export default function ({ data, parentElement, setTriggerValue }) {
  const place = places.get(parentElement) ?? make(parentElement);
  Object.assign(place, { data, setTriggerValue });
  place.part("#label").textContent = data.label;
  place.part("#limit").textContent = `, up to ${data.limit}`;
  place.part("#hint").textContent = data.hint;
  place.part("#hint").hidden = !data.hint;
  // Streamlit also cleans up before it calls again; the uploader has gone only when its parent has.
  return () => parentElement.isConnected || place.remove();
}
