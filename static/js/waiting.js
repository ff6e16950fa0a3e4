// How long a page waits before it opens its socket again. All pages of a server that ends lose
// theirs in one moment: those that show an answer which grows are back soon, the many others one
// after the other.

const SOON_MS = 500;
const AT_MOST_MS = 5000;
const SPREAD_MS = 4000;

// `failures` is how often it was tried in vain since the last connection.
export function waitToConnect(failures, isBusy) {
  if (!isBusy && !failures) return SPREAD_MS * (0.05 + 0.95 * Math.random());
  return Math.min(SOON_MS * 2 ** failures, AT_MOST_MS) * (0.5 + Math.random());
}
