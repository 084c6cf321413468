/** Longer addresses would not fit beside the rest of a section. */
const longest = 1_000;

/**
 * A link of ours to an address that came with a document: shown as its host, so that a reader knows where it leads.
 *
 * @returns mrkdwn; null for anything but http and https, and for one too long to show
 */
export const hostLink = (address: string | null): string | null => {
  if (address === null || !URL.canParse(address)) return null;
  const url = new URL(address);
  if (!['http:', 'https:'].includes(url.protocol) || url.username !== '' || url.password !== '') return null;
  // URL has escaped < and > already; | would end the address.
  const href = url.href.replaceAll('|', '%7C').replaceAll('<', '%3C').replaceAll('>', '%3E').replaceAll('&', '&amp;');
  return href.length > longest ? null : `<${href}|${url.host}>`;
};
