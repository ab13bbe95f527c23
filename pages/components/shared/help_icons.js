// Help icons are reached with the mouse, not with Tab: a form would have twice as many stops. Streamlit draws them as
// buttons, again with each change of the form.
if (!window.helpIconsSkipped) {
  window.helpIconsSkipped = true;
  const skip = () => {
    for (const icon of document.querySelectorAll('button[aria-label^="Help for"]:not([tabindex="-1"])')) icon.tabIndex = -1;
  };
  let waits = false;
  new MutationObserver(() => {
    if (waits) return;
    waits = true;
    requestAnimationFrame(() => {
      waits = false;
      skip();
    });
  }).observe(document.body, { childList: true, subtree: true });
  skip();
}
