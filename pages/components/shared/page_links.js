// A link to another page waits until the server has taken the last inputs. Streamlit sends a text shortly after it lost
// the focus, and a request for another page replaces inputs that wait for the end of a run.
if (!window.pageLinksWait) {
  window.pageLinksWait = true;
  const QUIET = 100; // milliseconds without an input or a run
  const RECENT = 3000; // milliseconds after which an input is no longer waited for
  const LINKS = '[data-testid="stTopNavLink"], [data-testid="stSidebarNavLink"]';
  let acted = -RECENT; // time of the last input
  let ran = -RECENT; // time when a run was last seen
  let wanted = null; // address of the page that was clicked
  let released = false;
  const findLink = (event) => event.target.closest?.(LINKS);
  const mustWait = () => {
    const now = performance.now();
    if (document.querySelector('[data-testid="stApp"]')?.dataset.testScriptState !== "notRunning") ran = now;
    return now - acted < RECENT && now - Math.max(acted, ran) < QUIET;
  };
  const follow = () => {
    if (mustWait()) return setTimeout(follow, QUIET / 4);
    const link = [...document.querySelectorAll(LINKS)].find((shown) => shown.href === wanted);
    wanted = null;
    released = true;
    link?.click();
    released = false;
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
      const follows = wanted !== null;
      if (!follows && !mustWait()) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      wanted = link.href;
      if (!follows) follow();
    },
    true,
  );
}
