// One history entry per user action. Streamlit adds an entry for every change of the query parameters, also for
// automatic selections when a page opens, and sometimes before the path has the name of the page. Back would then open
// the same page without the parameter, which is selected again.
if (!window.oneStepBack) {
  window.oneStepBack = true;
  const { history, location } = window;
  const push = history.pushState.bind(history);
  let acted = false; // user action since the newest entry
  let added = false; // the newest entry belongs to the same page
  const act = () => {
    acted = true;
  };
  for (const kind of ["pointerdown", "keydown", "drop", "change"]) window.addEventListener(kind, act, true);
  window.addEventListener("popstate", () => (acted = added = false), true);
  history.pushState = (state, title, address) => {
    const leaves = new URL(address ?? "", location.href).pathname !== location.pathname;
    // A page without query parameters shows the last selection, so it needs no entry.
    const adds = leaves ? acted || !added : acted && location.search !== "";
    if (adds) push(state, title, address);
    else history.replaceState(state, title, address);
    added = !leaves && (adds || added);
    acted = false;
  };
}
