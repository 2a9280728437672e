export function arcsOf(topology: {
  arcs: number[][][];
  transform: { scale: number[]; translate: number[] };
}): number[][][];
export function coastOf(lines: number[][][]): number[][][];
export function writeCoast(modules: string, folder: string): Promise<string | null>;
