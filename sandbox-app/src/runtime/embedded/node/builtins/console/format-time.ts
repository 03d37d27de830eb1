const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

function pad(value: number): string {
  return String(value).padStart(2, "0");
}

/** A duration as `console.timeEnd` writes it: `1.234ms`, `2.500s`, `1:02.345 (m:ss.mmm)`. */
export function formatTime(ms: number): string {
  if (ms >= HOUR) {
    const seconds = Math.floor((ms % MINUTE) / SECOND);
    return `${Math.floor(ms / HOUR)}:${pad(Math.floor((ms % HOUR) / MINUTE))}:${pad(seconds)} (h:mm:ss)`;
  }
  if (ms >= MINUTE) {
    const rest = ((ms % MINUTE) / SECOND).toFixed(3).padStart(6, "0");
    return `${Math.floor(ms / MINUTE)}:${rest} (m:ss.mmm)`;
  }
  if (ms >= SECOND) return `${(ms / SECOND).toFixed(3)}s`;
  return `${Number(ms.toFixed(3))}ms`;
}
