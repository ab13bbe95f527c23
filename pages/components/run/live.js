// Shows the figures of a run. While the run is live, polls for updates of the figures and of the parts of the page that
// belong to it (`data-live-part`: charts, progress), which receive them as events. Unchanged parts are not sent again.
const LOST_WAIT = 2000; // ms after a failed request
const HIDDEN_WAIT = 2000; // ms while the tab is hidden
const RERUN_AFTER = 3000; // ms until the page is asked again to rerun
const followers = new WeakMap();

const pause = (ms) =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });

function setText(place, text) {
  if (place.textContent !== text) place.textContent = text;
}

function show(follower, { tag, text }) {
  follower.tag = tag;
  const texts = JSON.parse(text);
  const find = (selector) => follower.parent.querySelector(selector);
  for (const [field, value] of Object.entries(texts)) setText(find(`[data-field="${field}"]`), value);
}

function followingParts() {
  return [...document.querySelectorAll("[data-live-part]")];
}

async function poll(follower) {
  const { address, csrf_token: token } = follower.data;
  const have = [follower.tag, ...followingParts().map((place) => place.dataset.liveTag)];
  const headers = { "X-CSRF-Token": token };
  const answer = await fetch(`${address}&have=${have}`, { headers, signal: AbortSignal.timeout(30_000) });
  if (answer.status === 404) return { layout_key: "gone", wait: LOST_WAIT, parts: {}, problem: "" };
  if (!answer.ok) throw new Error(`The studio returned status ${answer.status}.`);
  return answer.json();
}

function apply(follower, parts) {
  if (parts.figures) show(follower, parts.figures);
  for (const place of followingParts()) {
    const newer = parts[place.dataset.livePart];
    if (newer) place.dispatchEvent(new CustomEvent("newer", { detail: newer }));
  }
}

function checkLayout(follower, key) {
  if (key === follower.data.layout_key) return;
  if (key === follower.reported && performance.now() - follower.reportedAt < RERUN_AFTER) return;
  Object.assign(follower, { reported: key, reportedAt: performance.now() });
  follower.setTriggerValue("changed", key);
}

async function follow(follower) {
  let wait = follower.data.wait;
  while (follower.data.address && follower.parent.isConnected) {
    await pause(document.hidden ? Math.max(wait, HIDDEN_WAIT) : wait);
    const asked = follower.data;
    if (!asked.address) break;
    try {
      const answer = await poll(follower);
      wait = answer.wait;
      if (asked.address !== follower.data.address) continue; // another run is shown now
      apply(follower, answer.parts);
      setText(follower.parent.querySelector(".problem"), answer.problem);
      if (asked === follower.data) checkLayout(follower, answer.layout_key);
    } catch {
      wait = LOST_WAIT; // Streamlit shows that the connection is lost
    }
  }
  follower.follows = false;
}

export default function ({ data, parentElement, setTriggerValue }) {
  const follower = followers.get(parentElement) ?? { parent: parentElement };
  followers.set(parentElement, follower);
  Object.assign(follower, { data, setTriggerValue });
  show(follower, data);
  if (data.address && !follower.follows) {
    follower.follows = true;
    follow(follower);
  }
  return () => {
    if (!(parentElement.host ?? parentElement).isConnected) follower.data = {};
  };
}
