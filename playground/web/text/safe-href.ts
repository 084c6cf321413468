const allowed = new Set(['http:', 'https:', 'mailto:']);

/** The address when a link may lead there (http, https, mailto; absolute), else null: `javascript:`, `data:`, nonsense. */
export const safeHref = (address: string): string | null => {
  try {
    const url = new URL(address.trim());
    return allowed.has(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
};
