// What can wait until the page is there and at rest.

addEventListener("load", () => setTimeout(() => prepare().catch(() => {}), 500));

async function prepare() {
  const { start } = await import("./device.js");
  await start();
}
