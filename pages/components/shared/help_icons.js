// Help icons are reached with the mouse, not with Tab: a form would have twice as many stops. Streamlit draws them as
// buttons, again with each change of the form.
if (!window.helpIconsSkipped) {
  window.helpIconsSkipped = true;
  const ICONS = 'button[aria-label^="Help for"]:not([tabindex="-1"])';
  let waits = false;
  const skip = () => {
    waits = false;
    for (const icon of document.querySelectorAll(ICONS)) icon.tabIndex = -1;
  };
  const observe = () => {
    if (!waits) requestAnimationFrame(skip);
    waits = true;
  };
  new MutationObserver(observe).observe(document.body, { childList: true, subtree: true });
  skip();
}
