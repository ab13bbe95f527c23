// Shows what is trained now. Polls a route of the studio; the page is not rerun.
const LIVE_WAIT = 1000; // ms between two requests while something is trained
const IDLE_WAIT = 3000;
const pills = new WeakMap();

function show(pill, now) {
  const find = (selector) => pill.parent.querySelector(selector);
  const place = find(".pill");
  pill.now = now;
  place.hidden = !now.id;
  if (!now.id) return;
  const text = find(".text");
  if (text.textContent !== now.text) text.textContent = now.text;
  find(".open").title = now.title;
  find(".ring").style.setProperty("--done", now.done);
  const button = find(".stop");
  button.disabled = !now.can_stop;
  button.textContent = now.can_stop ? "Stop" : "Stopping";
}

async function ask(pill, address, method) {
  const headers = { "X-CSRF-Token": pill.data.csrf_token };
  const answer = await fetch(address, { method, headers, signal: AbortSignal.timeout(30_000) });
  if (!answer.ok) throw new Error(`The studio returned status ${answer.status}.`);
  return answer.json();
}

async function follow(pill) {
  while (pill.parent.isConnected) {
    let wait = IDLE_WAIT;
    try {
      if (!document.hidden) show(pill, await ask(pill, pill.data.address, "GET"));
      if (pill.now?.id) wait = LIVE_WAIT;
    } catch {
      // Streamlit shows that the connection is lost
    }
    await new Promise((resolve) => {
      pill.wake = resolve;
      setTimeout(resolve, wait);
    });
  }
  pills.delete(pill.parent);
}

async function stop(pill) {
  const { id, kind } = pill.now;
  show(pill, { ...pill.now, can_stop: false });
  try {
    await ask(pill, `${pill.data.stop}?kind=${kind}&id=${id}`, "POST");
  } finally {
    pill.wake?.();
  }
}

export default function ({ data, parentElement, setTriggerValue }) {
  const known = pills.get(parentElement);
  const pill = known ?? { parent: parentElement };
  Object.assign(pill, { data, setTriggerValue });
  if (known) return;
  pills.set(parentElement, pill);
  parentElement.querySelector(".open").addEventListener("click", () => pill.setTriggerValue("open", { kind: pill.now.kind, id: pill.now.id }));
  parentElement.querySelector(".stop").addEventListener("click", () => stop(pill));
  follow(pill);
}
