// The choice of the route's colours: links that work without scripts, taken over so that the page stays.

import type { Shading } from "./shades.ts";
import type { ColumnName } from "./streams.ts";

/** The shading that the page shows; null is one colour. */
export function shownShading(root: ParentNode): Shading | null {
  const legend = root.querySelector<HTMLElement>("[data-legend]:not([hidden])");
  if (!legend) return null;
  return {
    key: legend.dataset.legend ?? "",
    column: legend.dataset.column as ColumnName,
    bounds: (legend.dataset.bounds ?? "").split(" ").map(Number),
  };
}

/** Let the links choose at once; `changed` hears of it. The address says what is chosen, for a reload or a link. */
export function takeChoice(root: ParentNode, changed: (shading: Shading | null) => void): void {
  const links = [...root.querySelectorAll<HTMLAnchorElement>("[data-colour]")];
  for (const link of links) {
    link.addEventListener("click", event => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      for (const other of links) {
        if (other === link) other.setAttribute("aria-current", "true");
        else other.removeAttribute("aria-current");
      }
      for (const legend of root.querySelectorAll<HTMLElement>("[data-legend]")) {
        legend.hidden = legend.dataset.legend !== link.dataset.colour;
      }
      history.replaceState(null, "", link.href);
      changed(shownShading(root));
    });
  }
}
