// What a script says, in the reader's language: the page carries it, key by key, where the script works.

/** The words of an element's `data-words`; {} where it has none. */
export function words(element: HTMLElement): Record<string, string> {
  return JSON.parse(element.dataset["words"] ?? "{}") as Record<string, string>;
}
