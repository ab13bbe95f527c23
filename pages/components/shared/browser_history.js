// One action of the analyst is one step of Back. Streamlit adds an entry to the browser's history for each thing that a
// page puts into its address: also for what the page chooses by itself when it opens, and sometimes before the address
// has the name of the page. Back would then lead to the same page without that thing, which is chosen again.
if (!window.oneStepBack) {
  window.oneStepBack = true;
  const { history, location } = window;
  const push = history.pushState.bind(history);
  let acted = false; // since the newest entry
  let added = false; // the newest entry, for the same page
  for (const kind of ["pointerdown", "keydown", "drop", "change"]) {
    window.addEventListener(kind, () => (acted = true), true);
  }
  window.addEventListener("popstate", () => (acted = added = false), true);
  history.pushState = (state, title, address) => {
    const leaves = new URL(address ?? "", location.href).pathname !== location.pathname;
    // A page without anything in its address shows what was chosen last, so it is no place to return to.
    const adds = leaves ? acted || !added : acted && location.search !== "";
    if (adds) push(state, title, address);
    else history.replaceState(state, title, address);
    added = !leaves && (adds || added);
    acted = false;
  };
}
