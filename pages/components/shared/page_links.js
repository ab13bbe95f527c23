// A link to another page waits until the server has taken the inputs on this one. Streamlit sends a text shortly after it
// lost the focus, and a request for another page replaces inputs that wait for the end of a run.
if (!window.pageLinksWait) {
  window.pageLinksWait = true;
  const TICK = 25; // milliseconds
  const QUIET_TICKS = 4; // consecutive ticks without a run or an input
  const RECENT = 1000; // milliseconds after which an input without a run is no longer waited for
  const LIMIT = 10_000; // milliseconds that a link waits at most
  const APP = '[data-testid="stApp"]';
  const LINKS = '[data-testid="stTopNavLink"], [data-testid="stSidebarNavLink"]';
  let acted = null; // time of the last input on this page
  let wanted = null; // address of the page that was clicked
  let released = false;
  const findLink = (event) => event.target.closest?.(LINKS);
  const sinceInput = () => performance.now() - acted;
  const isRunning = () => document.querySelector(APP)?.dataset.testScriptState !== "notRunning";
  const follow = () => {
    const link = [...document.querySelectorAll(LINKS)].find((shown) => shown.href === wanted);
    wanted = acted = null;
    document.body.style.cursor = "";
    released = true;
    link?.click();
    released = false;
  };
  const wait = (clicked, quiet) => {
    const isQuiet = !isRunning() && sinceInput() >= TICK;
    if ((isQuiet && quiet >= QUIET_TICKS) || performance.now() - clicked >= LIMIT) follow();
    else setTimeout(wait, TICK, clicked, isQuiet ? quiet + 1 : 0);
  };
  const act = (event) => {
    if (!findLink(event)) acted = performance.now();
  };
  for (const kind of ["pointerdown", "keydown", "input", "change"]) window.addEventListener(kind, act, true);
  window.addEventListener(
    "click",
    (event) => {
      const link = findLink(event);
      if (released || !link || event.ctrlKey || event.metaKey || event.shiftKey) return;
      if (acted === null || (!isRunning() && sinceInput() >= RECENT)) {
        acted = null;
        return;
      }
      event.preventDefault();
      event.stopImmediatePropagation();
      if (wanted === null) wait(performance.now(), 0);
      wanted = link.href;
      document.body.style.cursor = "progress";
    },
    true,
  );
}
