// The browser's own database: what was recorded, entered or fetched here and is not on the server yet.

const NAME = "paceline";
const VERSION = 1;

export type Store = "recordings" | "points" | "progress" | "errands" | "journals" | "ranges";

const KEYS: Record<Store, string | string[]> = {
  recordings: "id",
  points: ["id", "row"],
  progress: "id",
  errands: "id",
  journals: ["owner_id", "device_id", "epoch"],
  ranges: ["owner_id", "device_id", "epoch", "position"],
};

let opening: Promise<IDBDatabase> | null = null;

function opened(): Promise<IDBDatabase> {
  opening ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, VERSION);
    request.onupgradeneeded = () => {
      for (const [store, keyPath] of Object.entries(KEYS))
        request.result.createObjectStore(store, { keyPath });
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error as DOMException);
  });
  return opening;
}

/** Do writes together, or none; resolves when they are on the disk, not before (durability "strict"). */
export async function write(
  stores: Store[],
  work: (of: (store: Store) => IDBObjectStore) => void,
): Promise<void> {
  const database = await opened();
  const doing = database.transaction(stores, "readwrite", { durability: "strict" });
  const done = new Promise<void>((resolve, reject) => {
    doing.oncomplete = () => resolve();
    doing.onabort = () => reject(doing.error ?? new Error("the browser refused to keep it"));
  });
  work(store => doing.objectStore(store));
  return done;
}

async function read<T>(store: Store, ask: (of: IDBObjectStore) => IDBRequest): Promise<T> {
  const request = ask((await opened()).transaction(store).objectStore(store));
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result as T);
    request.onerror = () => reject(request.error as DOMException);
  });
}

export const all = <T>(store: Store): Promise<T[]> => read(store, of => of.getAll());

export const get = <T>(store: Store, key: IDBValidKey): Promise<T | undefined> =>
  read(store, of => of.get(key));

/** Those with keys between two, both included, at most so many. */
export const between = <T>(store: Store, low: IDBValidKey, high: IDBValidKey, most?: number): Promise<T[]> =>
  read(store, of => of.getAll(IDBKeyRange.bound(low, high), most));
