// Scans a wearable's claim code with the camera, where the browser can read codes by itself; else it is typed.

import { words } from "./words.ts";

interface Detector {
  detect(source: HTMLVideoElement): Promise<{ rawValue: string }[]>;
}
type DetectorMaker = new (options: { formats: string[] }) => Detector;

const EVERY_MS = 200;
const ID = /(?:paceline:|[?&]code=)([0-9a-f]{16})/i;

const form = document.querySelector<HTMLFormElement>("[data-claim]");
const place = document.querySelector<HTMLElement>("[data-scan]");
const Maker = (globalThis as { BarcodeDetector?: DetectorMaker }).BarcodeDetector;

if (form && place && Maker && navigator.mediaDevices) {
  const told = words(form);
  const video = place.querySelector("video") as HTMLVideoElement;
  const button = place.querySelector("button") as HTMLButtonElement;
  const code = form.elements.namedItem("code") as HTMLInputElement;
  const say = (word: string): void => {
    (place.querySelector("[role=status]") as HTMLElement).textContent = told[word] ?? "";
  };

  const scan = async (stream: MediaStream): Promise<string> => {
    const detector = new Maker({ formats: ["qr_code"] });
    video.srcObject = stream;
    video.hidden = false;
    await video.play();
    for (;;) {
      for (const { rawValue } of await detector.detect(video)) {
        const found = ID.exec(rawValue)?.[1];
        if (found) return found.toLowerCase();
      }
      await new Promise(resolve => setTimeout(resolve, EVERY_MS));
    }
  };

  place.hidden = false;
  button.addEventListener("click", async () => {
    button.disabled = true;
    let stream: MediaStream | null = null;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      say("aim");
      code.value = (await scan(stream)).replace(/(.{4})(?=.)/g, "$1 ");
      say("found");
      (form.querySelector("[type=submit]") as HTMLElement).focus();
    } catch (error) {
      console.warn("claim:", error); // for whoever looks why; the page says it in words
      say("no_camera");
    }
    for (const track of stream?.getTracks() ?? []) track.stop();
    video.hidden = true;
    button.disabled = false;
  });
}
