// Rows of kilometres, laps and efforts show their stretch on map and charts: on the pointer, by keyboard, by touch.

import type { Stretch } from "./chart_marks.ts";

/** The stretch that a row of a table says: "120 300 s" or "1000 2000 m". */
export function stretchOf(text: string | undefined): Stretch | null {
  const found = /^([\d.]+) ([\d.]+) ([sm])$/.exec(text ?? "");
  return found && { from: Number(found[1]), to: Number(found[2]), unit: found[3] as "s" | "m" };
}

/** Let the rows be pointed at; a press keeps one until it is pressed again. */
export function takeStretches(root: HTMLElement, show: (stretch: Stretch | null) => void): void {
  let kept: HTMLButtonElement | null = null;
  const rowOf = (target: EventTarget | null): HTMLElement | null =>
    target instanceof Element ? target.closest<HTMLElement>("tr[data-stretch]") : null;
  const keep = (button: HTMLButtonElement | null): void => {
    kept?.setAttribute("aria-pressed", "false");
    kept = button;
    kept?.setAttribute("aria-pressed", "true");
  };
  const rest = (): void => show(stretchOf(kept?.closest<HTMLElement>("tr")?.dataset.stretch));
  addButtons(root);
  root.addEventListener("pointerover", event => {
    const row = rowOf(event.target);
    if (event.pointerType === "mouse" && row) show(stretchOf(row.dataset.stretch));
  });
  root.addEventListener("pointerout", event => {
    if (event.pointerType === "mouse" && rowOf(event.target) && !rowOf(event.relatedTarget)) rest();
  });
  root.addEventListener("click", event => {
    const button = event.target instanceof Element && event.target.closest<HTMLButtonElement>(".stretch");
    if (!button) return;
    keep(button === kept ? null : button);
    rest();
  });
}

/** Without scripts the names of the rows are words; now they can be pressed. */
export function addButtons(root: ParentNode): void {
  for (const name of root.querySelectorAll<HTMLElement>("tr[data-stretch] > th:first-child")) {
    if (name.querySelector("button")) continue;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "stretch";
    button.setAttribute("aria-pressed", "false");
    button.append(...name.childNodes);
    name.append(button);
  }
}
