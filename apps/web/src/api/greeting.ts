let greeted: Promise<boolean> | undefined;

/**
 * Lets the first request of a page go alone. Its answer brings the cookie that says who this visitor is: requests beside
 * it would each be taken for another newcomer's, and whichever answer came last would own what the others had made.
 */
export async function afterGreeting<T>(request: () => Promise<T>): Promise<T> {
  while (greeted) if (await greeted) return request();
  const answer = request();
  // One that failed brought no cookie: the next one is the first.
  const met = answer.then(
    () => true,
    () => {
      greeted = undefined;
      return false;
    },
  );
  greeted = met;
  return answer;
}
