import { type ElementType, useMemo } from 'react';
import { parseMarkdown } from '../text/markdown.ts';
import { parseMrkdwn } from '../text/mrkdwn.ts';
import type { BlockNode, ListItem } from '../text/tree.ts';
import { InlineText } from './inline-text.tsx';
import { keyed } from './keyed.ts';

const Item = ({ item }: { item: ListItem }) => (
  <li className={item.checked === null ? undefined : 'task'}>
    {item.checked === null ? null : (
      <span className="tick" role="img" aria-label={item.checked ? '✓' : '–'}>
        {item.checked ? '☑' : '☐'}
      </span>
    )}
    <TextBlocks nodes={item.children} />
  </li>
);

const Table = ({ node }: { node: BlockNode & { kind: 'table' } }) => (
  <div className="table-box">
    <table>
      <thead>
        <tr>
          {keyed(node.head).map(({ key, item }) => (
            <th key={key} scope="col" style={{ textAlign: node.align[Number(key)] ?? undefined }}>
              <InlineText nodes={item} />
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {keyed(node.rows).map(({ key: row, item: cells }) => (
          <tr key={row}>
            {keyed(cells).map(({ key, item }) => (
              <td key={key} style={{ textAlign: node.align[Number(key)] ?? undefined }}>
                <InlineText nodes={item} />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);

const TextBlock = ({ node }: { node: BlockNode }) => {
  switch (node.kind) {
    case 'paragraph':
      return (
        <p>
          <InlineText nodes={node.children} />
        </p>
      );
    case 'heading': {
      // The page has its own first and second level.
      const Heading = `h${Math.min(6, node.level + 2)}` as ElementType;
      return (
        <Heading className={`heading heading-${node.level}`}>
          <InlineText nodes={node.children} />
        </Heading>
      );
    }
    case 'code':
      return (
        <pre data-language={node.language ?? undefined}>
          <code>{node.text}</code>
        </pre>
      );
    case 'quote':
      return (
        <blockquote>
          <TextBlocks nodes={node.children} />
        </blockquote>
      );
    case 'list': {
      const items = keyed(node.items).map(({ key, item }) => <Item key={key} item={item} />);
      return node.ordered ? <ol start={node.start}>{items}</ol> : <ul>{items}</ul>;
    }
    case 'table':
      return <Table node={node} />;
    default:
      return <hr />;
  }
};

/** A parsed text, drawn. */
export const TextBlocks = ({ nodes }: { nodes: readonly BlockNode[] }) =>
  keyed(nodes).map(({ key, item }) => <TextBlock key={key} node={item} />);

/** Slack's mrkdwn. */
export const Mrkdwn = ({ text, bareLinks = true }: { text: string; bareLinks?: boolean }) => {
  const nodes = useMemo(() => parseMrkdwn(text, { bareLinks }), [text, bareLinks]);
  return <TextBlocks nodes={nodes} />;
};

/** Markdown, as in `markdown` blocks and streams. */
export const Markdown = ({ text }: { text: string }) => {
  const nodes = useMemo(() => parseMarkdown(text), [text]);
  return <TextBlocks nodes={nodes} />;
};
