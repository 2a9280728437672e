// Runs a Python program of several calls on 32-bit MicroPython with a ROMFS image at /rom; prints what it tells as JSON.
//   node weigh.mjs IMAGE PROGRAM SETUP…   PROGRAM defines functions; each SETUP is a statement.
// Memory is collected only between calls into the interpreter (this port never scans its stack), so that every
// statement is a call of its own, and tell(name) writes down what the heap holds right then.
import { readFileSync } from "node:fs";
import { loadMicroPython } from "@micropython/micropython-webassembly-pyscript";

const [image, program, ...statements] = process.argv.slice(2);
const HEAP_BYTES = 1 << 20;
const told = {};
const python = await loadMicroPython({
  heapsize: HEAP_BYTES,
  romfs: new Uint8Array(readFileSync(image)),
  stdout: (line) => console.error(line),
});
python.registerJsModule("host", { tell: (name, bytes) => (told[name] = bytes) });

function run(statement) {
  try {
    python.runPython(statement);
  } catch (error) {
    console.error(error.message);
    process.exit(1);
  }
}

run(readFileSync(program, "utf8"));
for (const statement of statements) {
  const [, times, call] = /^(?:(\d+)×)?(.*)$/s.exec(statement);
  for (let i = 0; i < Number(times ?? 1); i++) run(call);
}
console.log(JSON.stringify(told));
