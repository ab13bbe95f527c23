// Shows where a run stands and, while it is live, asks for what is newer: of its own figures, and of the charts on the
// page that follow the run (`data-live-part`), which take theirs as an event. What has not changed is not sent again.
const LOST_WAIT = 2000; // ms after an answer that did not come
const HIDDEN_WAIT = 2000; // ms while the tab is not seen
const AGAIN_AFTER = 3000; // ms after which the page is asked again to draw itself anew
const followers = new WeakMap();

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

function show(follower, { tag, text }) {
  follower.tag = tag;
  const { done, ...texts } = JSON.parse(text);
  const find = (selector) => follower.parent.querySelector(selector);
  const bar = find(".bar");
  bar.style.transitionDuration = done < (follower.done ?? 0) ? "0s" : ""; // another run begins at once, not slowly
  bar.style.width = `${100 * done}%`;
  follower.done = done;
  find(".track").setAttribute("aria-valuenow", Math.round(100 * done));
  for (const [field, words] of Object.entries(texts)) {
    const place = find(`[data-field="${field}"]`);
    if (place.textContent !== words) place.textContent = words;
  }
}

function followingCharts() {
  return [...document.querySelectorAll("[data-live-part]")];
}

async function ask(follower) {
  const { address, ticket } = follower.data;
  const have = [follower.tag, ...followingCharts().map((place) => place.dataset.liveTag)];
  const headers = { "X-Studio-Ticket": ticket };
  const answer = await fetch(`${address}&have=${have}`, { headers, signal: AbortSignal.timeout(30_000) });
  if (answer.status === 404) return { around: "gone", wait: LOST_WAIT, parts: {}, problem: "" };
  if (!answer.ok) throw new Error(`The studio answered ${answer.status}.`);
  return answer.json();
}

function take(follower, parts) {
  if (parts.status) show(follower, parts.status);
  for (const place of followingCharts()) {
    const newer = parts[place.dataset.livePart];
    if (newer) place.dispatchEvent(new CustomEvent("newer", { detail: newer }));
  }
}

function checkAround(follower, around) {
  if (around === follower.data.around) return;
  if (around === follower.said && performance.now() - follower.saidAt < AGAIN_AFTER) return;
  Object.assign(follower, { said: around, saidAt: performance.now() });
  follower.setTriggerValue("changed", around);
}

async function follow(follower) {
  let wait = follower.data.wait;
  while (follower.data.address && follower.parent.isConnected) {
    await pause(document.hidden ? Math.max(wait, HIDDEN_WAIT) : wait);
    const asked = follower.data;
    if (!asked.address) break;
    try {
      const answer = await ask(follower);
      wait = answer.wait;
      if (asked.address !== follower.data.address) continue; // something else is looked at by now
      take(follower, answer.parts);
      if (answer.problem) follower.parent.querySelector(".problem").textContent = answer.problem;
      if (asked === follower.data) checkAround(follower, answer.around);
    } catch {
      wait = LOST_WAIT; // the page itself says that the connection is lost
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
