// Sends one file in sequential chunks, so that an interrupted upload can be resumed.
const FIRST_CHUNK = 1 << 20; // within the default limit of proxies
const MAX_CHUNK = 8 << 20;
const WAITS = [1000, 2000, 4000, 8000]; // ms before an automatic retry of a lost chunk
const RESPONSE_TIMEOUT = 180_000;
const RATE_WINDOW = 6000; // ms of the transfer rate average
const places = new WeakMap(); // state of each container with an uploader

class Lost extends Error {} // the received part is still there
class Canceled extends Error {}

const CHANGED = "The file cannot be read: it was changed or removed, or is a folder. Choose it again.";
const LOST = "The connection was lost. The received part is kept for an hour. Press Retry to resume.";

function size(bytes) {
  const [value, unit] = bytes < 1e6 ? [bytes / 1e3, "kB"] : [bytes / 1e6, "MB"];
  return `${value.toLocaleString("en-US", { minimumFractionDigits: 1, maximumFractionDigits: 1 })} ${unit}`;
}

const pause = (ms) =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });

function duration(seconds) {
  if (seconds < 60) return `${Math.max(1, Math.round(seconds))} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

function request(place, job, method, path, body, onProgress) {
  return new Promise((resolve, reject) => {
    const sent = new XMLHttpRequest();
    sent.open(method, place.data.address + path);
    sent.setRequestHeader("X-CSRF-Token", place.data.csrf_token);
    sent.timeout = RESPONSE_TIMEOUT;
    if (onProgress) sent.upload.onprogress = (event) => onProgress(event.loaded);
    sent.onload = () => {
      let answer = {};
      try {
        answer = JSON.parse(sent.responseText);
      } catch {
        // error page of a proxy
      }
      resolve({ status: sent.status, ok: sent.status < 300, ...answer });
    };
    sent.onerror = sent.ontimeout = () => reject(new Lost(LOST));
    sent.onabort = () => reject(new Canceled());
    job.request = sent;
    if (job.canceled) reject(new Canceled());
    else sent.send(body);
  });
}

function refusal(answer) {
  const { message, status } = answer;
  if (message && status !== 408) return Object.assign(new Error(message), { retry: status >= 500, ended: status === 404 });
  if (status === 413) return new Error("A proxy between this page and the studio rejects chunks of 1 MB.");
  return new Lost(LOST);
}

async function begin(place, job) {
  const body = JSON.stringify({ name: job.file.name, num_bytes: job.file.size });
  const answer = await request(place, job, "POST", "", body);
  if (!answer.ok) throw refusal(answer);
  Object.assign(job, { token: answer.token, received: 0, rates: [] });
}

async function sendChunk(place, job) {
  const start = job.received;
  const bytes = job.file.slice(start, start + job.chunk); // read by the browser while it is sent
  const began = performance.now();
  const answer = await request(place, job, "PUT", `/${job.token}?offset=${start}`, bytes, (loaded) =>
    showFigures(place, job, start + loaded),
  );
  if (answer.status === 409) {
    job.received = answer.received;
  } else if (answer.status === 413 && job.chunk > FIRST_CHUNK) {
    job.chunk = job.maxChunk = FIRST_CHUNK;
  } else if (!answer.ok) {
    throw refusal(answer);
  } else {
    job.received = answer.received;
    const quick = performance.now() - began < 1000;
    job.chunk = quick ? Math.min(2 * job.chunk, job.maxChunk) : Math.max(job.chunk / 2, FIRST_CHUNK);
    job.failures = 0;
    showFigures(place, job, job.received);
  }
}

// An unreadable file aborts a request in the same way as a lost connection.
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
    while (job.received < job.file.size) await sendChunk(place, job);
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
      place.part(".figures").textContent = "Uploaded. Opening …";
      place.part(".cancel").hidden = true;
      announce(place, `${job.file.name} uploaded.`);
      place.setTriggerValue("source", source);
      return;
    } catch (caught) {
      if (job.canceled) return;
      const error = caught instanceof Lost && !(await isReadable(job.file)) ? new Error(CHANGED) : caught;
      showSaving(place, false);
      if (error.ended && !job.restarted) {
        job.token = undefined; // the server was restarted: begin again, once
        job.restarted = true;
      } else if (error instanceof Lost && job.failures < WAITS.length) {
        place.part(".figures").textContent = "The connection was lost. Trying again …";
        await pause(WAITS[job.failures++]);
        if (job.canceled) return;
      } else {
        fail(place, job, error);
        return;
      }
    }
  }
}

function fail(place, job, error) {
  place.job = job; // for Retry
  if (!(error instanceof Lost)) drop(place, job);
  place.part(".what").textContent = error.message;
  place.part(".retry").hidden = !(error instanceof Lost || error.retry);
  show(place, "problem");
}

// Asks the server to remove the received part; also works while the page is unloaded.
function drop(place, job) {
  if (!job.token) return;
  const headers = { "X-CSRF-Token": place.data.csrf_token };
  fetch(`${place.data.address}/${job.token}`, { method: "DELETE", headers, keepalive: true }).catch(() => {});
  job.token = undefined;
  job.received = 0;
}

function cancel(place) {
  const { job } = place;
  place.job = undefined;
  if (!job) return;
  job.canceled = true;
  job.request?.abort();
  drop(place, job);
}

function choose(place, files) {
  cancel(place);
  const job = { file: files[0], received: 0, chunk: FIRST_CHUNK, maxChunk: MAX_CHUNK, rates: [] };
  if (files.length > 1) return fail(place, job, new Error("Only one file at a time can be uploaded. Nothing was uploaded."));
  place.part(".name").textContent = job.file.name;
  announce(place, `Uploading ${job.file.name}.`);
  return run(place, job);
}

// Shows one of the three parts and keeps the keyboard focus on a button.
function show(place, seen) {
  const focused = place.root.contains(place.root.getRootNode().activeElement);
  for (const part of ["zone", "sending", "problem"]) place.part(`.${part}`).hidden = part !== seen;
  const buttons = { zone: [".browse"], sending: [".cancel"], problem: [".retry", ".other"] }[seen];
  if (focused) place.part(buttons.find((name) => !place.part(name).hidden))?.focus();
}

function showFigures(place, job, sent) {
  if (job !== place.job) return;
  const now = performance.now();
  job.rates = [...job.rates.filter(([moment]) => now - moment < RATE_WINDOW), [now, sent]];
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
  if (saving) place.part(".figures").textContent = "Upload complete. Saving …";
}

function announce(place, text) {
  place.part(".announcement").textContent = text;
}

function listen(place) {
  const zone = place.part(".zone");
  const input = place.part("input");
  const on = (name, action) => place.part(name).addEventListener("click", action);
  on(".browse", () => input.click());
  on(".cancel", () => {
    cancel(place);
    show(place, "zone");
    announce(place, "Upload canceled; nothing was saved.");
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
  const ask = (event) => place.job?.token && event.preventDefault(); // the browser asks for confirmation before leaving
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
  // Streamlit also cleans up before it calls again, so the uploader is removed only with its parent.
  return () => parentElement.isConnected || place.remove();
}
