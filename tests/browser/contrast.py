"""Contrast and size of the text on a page (WCAG 2.2, 1.4.3)."""

FAINT_OR_SMALL = r"""() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const channels = (color) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    const [red, green, blue, alpha] = canvas.getImageData(0, 0, 1, 1).data;
    return [red, green, blue, alpha / 255];
  };
  const over = (front, back) => [0, 1, 2].map((i) => front[i] * front[3] + back[i] * (1 - front[3])).concat(1);
  const linear = (value) => (value <= 10.3 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4);
  const luminance = ([red, green, blue]) => 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
  const above = (node) => node.parentElement ?? node.getRootNode().host;
  const background = (node) => {
    const layers = [];
    for (let place = node; place; place = above(place)) {
      layers.push(channels(getComputedStyle(place).backgroundColor));
      if (layers.at(-1)[3] === 1) break;
    }
    return layers.reverse().reduce((back, front) => over(front, back), [255, 255, 255, 1]);
  };
  const opacity = (node) => {
    let product = 1;
    for (let place = node; place; place = above(place)) product *= Number(getComputedStyle(place).opacity);
    return product;
  };
  const describe = (node) => {
    const place = node.parentElement;
    const isShown = place?.checkVisibility({ visibilityProperty: true, opacityProperty: true });
    if (!node.textContent.trim() || !isShown) return;
    if (place.closest('style, script, [disabled], [aria-disabled="true"], .modebar, .parcoords')) return;
    const style = getComputedStyle(place);
    if (style.fontFamily.includes("Material")) return;
    const isDrawn = place instanceof SVGElement;
    const back = background(place);
    const color = channels(isDrawn ? style.fill : style.color);
    color[3] *= opacity(place) * (isDrawn ? Number(style.fillOpacity) : 1);
    const [dark, light] = [luminance(over(color, back)), luminance(back)].sort((one, other) => one - other);
    const ratio = (light + 0.05) / (dark + 0.05);
    if (ratio < 1.05) return; // hidden: the values of a slider while it is not used
    const size = Number.parseFloat(style.fontSize);
    const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    if (ratio >= (isLarge ? 3 : 4.5) && size >= 12) return;
    return `${node.textContent.trim().slice(0, 40)}: contrast ${ratio.toFixed(2)}, ${size} px`;
  };
  const found = [];
  const roots = [document.body];
  while (roots.length) {
    const walker = document.createTreeWalker(roots.pop(), NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (node.shadowRoot) roots.push(node.shadowRoot);
      const fault = node.nodeType === Node.TEXT_NODE ? describe(node) : undefined;
      if (fault) found.push(fault);
    }
  }
  return found;
}"""
"""JavaScript that lists text with a contrast below 4.5:1 (3:1 if large) or below 12 px, without disabled controls."""
