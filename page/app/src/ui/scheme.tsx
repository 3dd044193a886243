/** Light or dark: as the system has it, unless somebody says otherwise here. */

import { useEffect, useState } from "preact/hooks";

const KEY = "restake:scheme";
const NEXT = { system: "light", light: "dark", dark: "system" } as const;
type Choice = keyof typeof NEXT;

function kept(): Choice {
  const value = localStorage.getItem(KEY);
  return value === "light" || value === "dark" ? value : "system";
}

export function Scheme() {
  const [choice, set] = useState(kept);
  useEffect(() => {
    localStorage.setItem(KEY, choice);
    if (choice === "system") delete document.documentElement.dataset["scheme"];
    else document.documentElement.dataset["scheme"] = choice;
  }, [choice]);
  return (
    <button class="tight" onClick={() => set(NEXT[choice])}>
      Colours: {choice}
    </button>
  );
}
