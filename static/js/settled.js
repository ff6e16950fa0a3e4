// Resolves once htmx has put in what a request of its own was given.
export function settled(ctx) {
  return new Promise((resolve) => {
    document.addEventListener("htmx:finally:request", function look({ detail }) {
      if (detail.ctx !== ctx) return;
      document.removeEventListener("htmx:finally:request", look);
      resolve();
    });
  });
}
