const paths = {
  reply: 'M9 7 4.5 11.5 9 16M5 11.5h8.5a6 6 0 0 1 6 6V18',
  more: 'M5 12h.01M12 12h.01M19 12h.01',
  smile: 'M12 21a9 9 0 1 1 0-18 9 9 0 0 1 0 18M8.5 14.2a4.3 4.3 0 0 0 7 0M9 9.6v.2M15 9.6v.2',
  send: 'M4 12 20 4.5 15.5 20l-4-6.2zM11.5 13.8 20 4.5',
  close: 'M6 6l12 12M18 6 6 18',
  stop: 'M7.5 7.5h9v9h-9z',
  back: 'M15 5l-7 7 7 7',
  down: 'M12 5v13M6.5 12.5 12 18l5.5-5.5',
  check: 'M5 12.5 10 17.5 19.5 7',
  trash: 'M5 7h14M10 7V4.5h4V7M7 7l.8 12.5h8.4L17 7M10.5 10.5v5.5M13.5 10.5v5.5',
  pencil: 'M5 19l1-4L16.5 4.5l3 3L9 18zM14 7l3 3',
  clip: 'M19 11l-7.5 7.5a4.5 4.5 0 0 1-6.4-6.4L13 4.3a3 3 0 0 1 4.3 4.3L9.5 16.3a1.5 1.5 0 0 1-2.2-2.1l7-7',
  eye: 'M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12M12 14.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5',
} as const;

export type IconName = keyof typeof paths;

/** A line drawing in the colour of the text; decoration only, the control beside it has the name. */
export const Icon = ({ name, size = 18 }: { name: IconName; size?: number }) => (
  <svg
    className="icon"
    width={size}
    height={size}
    viewBox="0 0 24 24"
    fill="none"
    stroke="currentColor"
    strokeWidth={name === 'more' ? 2.8 : 1.8}
    strokeLinecap="round"
    strokeLinejoin="round"
    aria-hidden="true"
  >
    <path d={paths[name]} />
  </svg>
);
