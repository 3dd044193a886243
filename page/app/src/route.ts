/** Where one is: the part of the address behind #, so that the server has one page and every view a link. */

import { useEffect, useState } from "preact/hooks";

/** The words of the path. */
export function route(): string[] {
  return location.hash
    .replace(/^#\/?/, "")
    .split("/")
    .filter((word) => word !== "")
    .map(decodeURIComponent);
}

/** The same, whenever it changes. */
export function useRoute(): string[] {
  const [words, set] = useState(route);
  useEffect(() => {
    const changed = () => set(route());
    window.addEventListener("hashchange", changed);
    return () => window.removeEventListener("hashchange", changed);
  }, []);
  return words;
}

/** The address of a view. */
export function to(...words: string[]): string {
  return `#/${words.map(encodeURIComponent).join("/")}`;
}
