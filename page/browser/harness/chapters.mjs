// A story in chapters: each goes on where the one before it ended, so after one that fails the rest is not told.

import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

/** Tells chapters; `visitors` are those whose screens are kept where one fails. */
export function story(visitors) {
  let failed;
  return (name, tell) =>
    test(name, async () => {
      if (failed) throw new Error(`an earlier chapter failed: ${failed}`);
      try {
        await tell();
      } catch (error) {
        failed = name;
        const folder = mkdtempSync(join(tmpdir(), "restake-failed-"));
        for (const [index, visitor] of visitors().filter(Boolean).entries()) {
          const path = join(folder, `${index}.png`);
          // A browser that is gone has no screen, and the failure is told all the same.
          await visitor.page.screenshot({ path, fullPage: true }).catch(() => undefined);
          console.error(`what was on the screen: ${path}`);
        }
        throw error;
      }
    });
}
