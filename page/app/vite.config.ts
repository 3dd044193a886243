import { defineConfig } from "vite";

// Nothing is inlined: the server's Content-Security-Policy takes no script or style that is not a file of its own.
export default defineConfig({
  base: "./",
  build: { target: "es2022", modulePreload: false, assetsInlineLimit: 0, sourcemap: false },
  // While the page is worked on (`npx vite`), answers come from `restake page`, where it listens unless said.
  server: { proxy: { "/api": "http://127.0.0.1:8080" } },
});
