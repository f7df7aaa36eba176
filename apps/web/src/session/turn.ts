const NAME = "eduai.refresh";
/** How long a turn may last, in milliseconds, before another tab takes it for abandoned. */
const LEASE = 15_000;
const LOOK_AGAIN = 120;

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/**
 * A turn that is written down in storage, for browsers that keep Web Locks to secure connections: a school's own network
 * may have none. Whoever writes last has it, so a writer looks again whether its name still stands.
 */
export async function leased<T>(work: () => Promise<T>, storage: Pick<Storage, "getItem" | "setItem" | "removeItem">): Promise<T> {
  const name = `${Math.random()}`;
  for (;;) {
    const [owner, until] = (storage.getItem(NAME) ?? "").split(" ");
    if (owner === name && Number(until) > Date.now()) break;
    if (!owner || !(Number(until) > Date.now())) storage.setItem(NAME, `${name} ${Date.now() + LEASE}`);
    await pause(LOOK_AGAIN);
  }
  try {
    return await work();
  } finally {
    storage.removeItem(NAME);
  }
}

/** Runs work while no other tab of this browser runs any under this name. */
export function inTurn<T>(work: () => Promise<T>): Promise<T> {
  // Absent without a secure connection, whatever the types promise.
  const locks = navigator.locks as LockManager | undefined;
  if (locks) return locks.request(NAME, work) as Promise<T>;
  return leased(work, localStorage);
}
