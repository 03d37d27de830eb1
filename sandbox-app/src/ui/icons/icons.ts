/**
 * The page's icons: paths on a 16 × 16 grid, drawn with one stroke of 1.4 and round ends. Each is
 * `d` of one path.
 */
export const icons = {
  activity: "M1.5 8.5h3l2-5.5 3 10 2-4.5h3",
  files:
    "M2 4.2c0-.7.5-1.2 1.2-1.2h3l1.5 1.8h5.1c.7 0 1.2.5 1.2 1.2v5.8c0 .7-.5 1.2-1.2 1.2H3.2c-.7 0-1.2-.5-1.2-1.2z",
  file: "M4 1.8h5l3.2 3.2v9.2H4zM9 1.8V5h3.2",
  link: "M4 1.8h5l3.2 3.2v9.2H4zM6.2 10.8l3.4-3.4M7 7.4h2.6V10",
  terminal: "M2.5 4.5 6 8l-3.5 3.5M8 12h5.5",
  chevron: "M6 3.5 10.5 8 6 12.5",
  close: "m4 4 8 8m0-8-8 8",
  plus: "M8 3v10M3 8h10",
  check: "m3 8.5 3.2 3.2L13 5",
  cross: "m4.5 4.5 7 7m0-7-7 7",
  running: "M8 2a6 6 0 1 1-6 6",
  copy: "M6 6h7.5v7.5H6zM3.5 10H2.5V2.5H10v1",
  search: "M7 2.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9zM10.3 10.3 14 14",
  system: "M2 3h12v8H2zM6 14h4M8 11v3",
  light:
    "M8 5.2a2.8 2.8 0 1 1 0 5.6 2.8 2.8 0 0 1 0-5.6zM8 1.2v1.4M8 13.4v1.4M1.2 8h1.4M13.4 8h1.4M3.2 3.2l1 1M11.8 11.8l1 1M12.8 3.2l-1 1M4.2 11.8l-1 1",
  dark: "M13.5 9.6A6 6 0 0 1 6.4 2.5a6 6 0 1 0 7.1 7.1z",
  warning: "M8 2.2 14.5 13.5h-13zM8 6.5v3.2M8 11.6v.2",
  panelLeft: "M2 3h12v10H2zM6 3v10",
  panelBottom: "M2 3h12v10H2zM2 9.5h12",
  clear: "M2.5 13 13 2.5M8 1.8a6.2 6.2 0 1 1 0 12.4A6.2 6.2 0 0 1 8 1.8z",
  follow:
    "M1.5 8S4 3.8 8 3.8 14.5 8 14.5 8 12 12.2 8 12.2 1.5 8 1.5 8zM8 6.2a1.8 1.8 0 1 1 0 3.6 1.8 1.8 0 0 1 0-3.6z",
  save: "M2.5 2.5h8.6l2.4 2.4v8.6h-11zM5 2.5v3.6h5V2.5M5 13.5V9.4h6v4.1",
  process:
    "M4.5 4.5h7v7h-7zM6.5 2v2.5M9.5 2v2.5M6.5 11.5V14M9.5 11.5V14M2 6.5h2.5M2 9.5h2.5M11.5 6.5H14M11.5 9.5H14",
  network:
    "M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2zM2 8h12M8 2c2 1.8 2.8 3.8 2.8 6s-.8 4.2-2.8 6c-2-1.8-2.8-3.8-2.8-6S6 3.8 8 2z",
  person:
    "M8 2.5a2.8 2.8 0 1 1 0 5.6 2.8 2.8 0 0 1 0-5.6zM2.5 13.8c.5-2.6 2.7-3.9 5.5-3.9s5 1.3 5.5 3.9",
  preview: "M2 3h12v10H2zM2 6h12M4 4.5h.1M6 4.5h.1",
  reload: "M13 8a5 5 0 1 1-1.6-3.7M13 2v3h-3",
  panelRight: "M2 3h12v10H2zM10 3v10",
  open: "M9.5 2.5h4v4M13.5 2.5 8 8M6.5 3.5h-4v10h10v-4",
} as const;

export type IconName = keyof typeof icons;
