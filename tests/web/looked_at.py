"""What is asked of every page that people see: by axe, by the keyboard, and of its width."""

from functools import cache
from pathlib import Path

from conftest import missing
from playwright.async_api import Page

AXE = Path(__file__).parents[2] / "server" / "web" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# What a scheme of colours can change; no colour depends on the width of the screen.
COLOURS = ["color-contrast"]
_RUN = "rules => axe.run(document, { runOnly: rules, resultTypes: ['violations'] }).then(found => found.violations)"
_DARK = "matchMedia('(prefers-color-scheme: dark)').matches"
_FITS = "document.documentElement.scrollWidth <= innerWidth"


@cache
def axe() -> str:
    """Return the script of axe-core."""
    if not AXE.exists():
        missing("axe-core is not installed: `make web`")
    return AXE.read_text("utf-8")


async def findings(page: Page) -> list[str]:
    """Return what axe finds, one line each; in the dark it looks at the colours alone."""
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(axe())
    violations = await page.evaluate(_RUN, COLOURS if await page.evaluate(_DARK) else RULES)
    return [
        f"{violation['id']}: {node['target']} {node['failureSummary']}"
        for violation in violations
        for node in violation["nodes"]
    ]


async def fits(page: Page) -> bool:
    """Tell whether nothing is wider than the screen."""
    return await page.evaluate(_FITS)


async def assert_good(page: Page) -> None:
    """Axe finds nothing, and nothing is wider than the screen."""
    assert await findings(page) == []
    assert await fits(page)
