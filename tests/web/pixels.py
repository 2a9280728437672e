"""What a canvas shows."""

from playwright.async_api import Page

# How many pixels of all canvases under the selector are near a colour of the tokens.
_COUNT = """
([selector, token]) => {
  const probe = document.createElement("canvas").getContext("2d");
  probe.fillStyle = getComputedStyle(document.documentElement).getPropertyValue(token).trim();
  probe.fillRect(0, 0, 1, 1);
  const [red, green, blue] = probe.getImageData(0, 0, 1, 1).data;
  let count = 0;
  for (const canvas of document.querySelectorAll(`${selector} canvas`)) {
    if (canvas.width === 0) continue;
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    for (let at = 0; at < data.length; at += 4) {
      const away = Math.abs(data[at] - red) + Math.abs(data[at + 1] - green) + Math.abs(data[at + 2] - blue);
      if (data[at + 3] > 200 && away < 40) count++;
    }
  }
  return count;
}
"""


async def coloured_pixels(page: Page, selector: str, token: str) -> int:
    """Return how many pixels of the canvases under the selector have the colour of a token such as "--route"."""
    return await page.evaluate(_COUNT, [selector, token])
