import type { Inline } from './tree.ts';

/** A piece of a line: something finished, or a marker that may open or close emphasis. */
export type Atom =
  | { readonly node: Inline }
  | { readonly marker: string; readonly opens: boolean; readonly closes: boolean };

type Wrap = (children: readonly Inline[]) => Inline;

/** Adds a node; text goes on in the text before it. */
export const pushInline = (nodes: Inline[], node: Inline): void => {
  const last = nodes.at(-1);
  if (node.kind === 'text' && last?.kind === 'text') {
    nodes[nodes.length - 1] = { kind: 'text', text: last.text + node.text };
  } else nodes.push(node);
};

/**
 * Pairs markers and nests what lies between. A marker never nests in itself, so the depth is bounded by the number of
 * kinds and the work by (kinds + 1) × atoms.
 *
 * @param wraps a marker's text → what it makes of its children; markers that find no partner stay text
 */
export const pairEmphasis = (atoms: readonly Atom[], wraps: Readonly<Record<string, Wrap>>): Inline[] => {
  // nextCloser[marker][i]: the first closer of that kind at or after atom i.
  const nextCloser = new Map<string, Int32Array>();
  for (const marker of Object.keys(wraps)) {
    const next = new Int32Array(atoms.length + 1).fill(atoms.length);
    for (let i = atoms.length - 1; i >= 0; i -= 1) {
      const atom = atoms[i];
      next[i] = atom && 'marker' in atom && atom.marker === marker && atom.closes ? i : (next[i + 1] ?? atoms.length);
    }
    nextCloser.set(marker, next);
  }

  const range = (from: number, to: number, active: ReadonlySet<string>): Inline[] => {
    const nodes: Inline[] = [];
    for (let i = from; i < to; i += 1) {
      const atom = atoms[i];
      if (!atom) break;
      if ('node' in atom) {
        pushInline(nodes, atom.node);
        continue;
      }
      const wrap = wraps[atom.marker];
      const close = atom.opens && !active.has(atom.marker) ? (nextCloser.get(atom.marker)?.[i + 2] ?? to) : to;
      if (wrap && close < to) {
        nodes.push(wrap(range(i + 1, close, new Set([...active, atom.marker]))));
        i = close;
      } else pushInline(nodes, { kind: 'text', text: atom.marker });
    }
    return nodes;
  };
  return range(0, atoms.length, new Set());
};
