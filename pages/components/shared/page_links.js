// A click on a link to another page waits for the input that has just lost the focus. Streamlit sends that input a few
// milliseconds later but opens the page at once, and then ignores it.
if (!window.pageLinksWait) {
  window.pageLinksWait = true;
  const WAIT = 100; // milliseconds
  let edited = null; // input whose text was changed
  let left = -WAIT; // time when it lost the focus
  window.addEventListener("input", (event) => (edited = event.target), true);
  window.addEventListener(
    "focusout",
    (event) => {
      if (event.target !== edited) return;
      edited = null;
      left = event.timeStamp;
    },
    true,
  );
  window.addEventListener(
    "click",
    (event) => {
      const link = event.target.closest?.('[data-testid="stTopNavLink"], [data-testid="stSidebarNavLink"]');
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.timeStamp - left >= WAIT) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      left = -WAIT;
      setTimeout(() => link.click(), WAIT);
    },
    true,
  );
}
