"""Screenshots for the documents, taken of the running studio: ``python -m tests.pictures``.

A private workspace is filled with the synthetic sample customers and a few runs. A run is training while the Train
page is captured. Takes about three minutes and replaces the files in ``.pictures``.
"""

from __future__ import annotations

import io
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import Browser, Page

from riskmodel.workspace.workspace import Workspace
from tests.browser.furnished import Furnished, furnish, variants
from tests.browser.running import ROOT, Studio, find_chromium, open_chromium, running_studio
from tests.browser.tour import PLACES, chart, visit, widget

FOLDER = ROOT / ".pictures"
WIDTH = 1440
NUM_CUSTOMERS = 5_000
COLORS = 256
"""Of the palette: enough for a page of flat colors, and well under half of the size."""

SHOWN = {
    "shape": 1000,
    "dataset": 1000,
    "search": 1000,
    "evaluate": 1180,
    "compare": 1120,
    "check": 760,
    "scored": 1000,
    "runs": 1000,
}
"""Pages other than Train, and the height of each picture in pixels."""

EPOCHS, ENOUGH = 1000, 30
"""Epochs of the run in the pictures, and those drawn at least when they are taken."""


def main() -> int:
    chromium = find_chromium()
    if chromium is None:
        print("No Chromium on this machine: install Debian's package 'chromium'.", file=sys.stderr)
        return 2
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        furnished = furnish(Path(folder) / "workspace", NUM_CUSTOMERS, epochs=12, trials=8)
        with running_studio(furnished.home) as studio, open_chromium(chromium) as browser:
            for name, height in SHOWN.items():
                with_page(browser, "light", height, lambda page, name=name: take(page, studio, furnished, name))
            capture_train_page(browser, studio, furnished)
    return 0


def with_page(browser: Browser, scheme: str, height: int, capture: Callable[[Page], None]) -> None:
    context = browser.new_context(viewport={"width": WIDTH, "height": height}, color_scheme=scheme)
    context.set_default_timeout(90_000)
    capture(context.new_page())
    context.close()


def take(page: Page, studio: Studio, furnished: Furnished, name: str) -> None:
    visit(page, studio, furnished, PLACES[name])
    keep(page, name)


def capture_train_page(browser: Browser, studio: Studio, furnished: Furnished) -> None:
    """The Train page in light while a network learns, then in dark; an earlier run is an overlay."""
    config = variants(EPOCHS)["patient"]
    workspace = Workspace.open(furnished.home)
    run = workspace.runs.submit(furnished.older_id, config, name="patient", device="cpu")
    workspace.drafts.put(furnished.older_id, config)

    def capture(page: Page, name: str) -> None:
        page.goto(f"{studio.url}/train?dataset={furnished.older_id}&run={run.id}&with={furnished.run_ids[0]}")
        page.get_by_role("radio", name="Mission").wait_for()
        for key in ("network_picture", "loss_chart", "auc_chart", "distribution_chart"):
            page.locator(chart(key)).first.wait_for()
        page.wait_for_function(
            """([key, enough]) => document.querySelector(`${key} .js-plotly-plot`)._fullData
              .some(trace => trace.name === 'validation' && trace.y.length >= enough)""",
            arg=[widget("loss_chart"), ENOUGH],
        )
        keep(page, name)

    try:
        with_page(browser, "light", 1240, lambda page: capture(page, "train"))
        with_page(browser, "dark", 1240, lambda page: capture(page, "train-dark"))
    finally:
        workspace.runs.request_stop(run.id)
        workspace.close()


def with_few_colors(image: Image.Image) -> Image.Image:
    """Keep the most common colors exactly, and replace every other one by the nearest kept color."""
    pixels = np.asarray(image).reshape(-1, 3)
    colors, inverse, counts = np.unique(pixels, axis=0, return_inverse=True, return_counts=True)
    common = colors[np.argsort(-counts)[: COLORS // 2]]
    rest = image.quantize(COLORS // 2, method=Image.Quantize.MAXCOVERAGE).getpalette() or []
    kept = np.vstack([common, np.array(rest, np.uint8).reshape(-1, 3)])[:COLORS]
    nearest = [int(((kept.astype(int) - color) ** 2).sum(axis=1).argmin()) for color in colors.astype(int)]
    drawn = Image.fromarray(np.array(nearest, np.uint8)[inverse.ravel()].reshape(image.height, image.width))
    drawn.putpalette(kept.tobytes())
    return drawn


def keep(page: Page, name: str) -> None:
    image = Image.open(io.BytesIO(page.screenshot(animations="disabled"))).convert("RGB")
    path = FOLDER / f"{name}.png"
    with_few_colors(image).save(path, optimize=True)
    print(f"{path.relative_to(ROOT)}: {image.width} × {image.height}, {path.stat().st_size / 1000:.0f} kB", flush=True)


if __name__ == "__main__":
    sys.exit(main())
