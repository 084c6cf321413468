import type { ReactNode } from 'react';
import { useNames, useSession, useTexts, useTimes } from '../page/context.tsx';
import type { Inline } from '../text/tree.ts';
import { keyed } from './keyed.ts';

const Link = ({ href, children }: { href: string; children: ReactNode }) => {
  const texts = useTexts();
  return (
    <a href={href} target="_blank" rel="noopener noreferrer" title={`${href} (${texts.opensElsewhere})`}>
      {children}
    </a>
  );
};

const Mention = ({ node }: { node: Inline & { kind: 'user' | 'channel' } }) => {
  const session = useSession();
  const names = useNames();
  const texts = useTexts();
  const { me, channels } = session.getState();
  const name = names(node.id) ?? node.label ?? texts.unknownPerson;
  if (node.kind === 'user')
    return <span className={node.id === me.id ? 'mention mention-me' : 'mention'}>@{name}</span>;
  const known = channels.some(({ id }) => id === node.id);
  if (!known) return <span className="mention">#{name}</span>;
  const open = (): void => session.go({ channel: node.id, thread: null });
  return (
    <button type="button" className="mention mention-channel" onClick={open}>
      #{name}
    </button>
  );
};

const Moment = ({ at, text }: { at: number; text: string }) => {
  const times = useTimes();
  return (
    <time dateTime={new Date(at).toISOString()} title={text}>
      {times.moment(at)}
    </time>
  );
};

const Node = ({ node }: { node: Inline }) => {
  switch (node.kind) {
    case 'text':
      return node.text;
    case 'code':
      return <code>{node.text}</code>;
    case 'bold':
      return (
        <strong>
          <InlineText nodes={node.children} />
        </strong>
      );
    case 'italic':
      return (
        <em>
          <InlineText nodes={node.children} />
        </em>
      );
    case 'strike':
      return (
        <s>
          <InlineText nodes={node.children} />
        </s>
      );
    case 'link':
      return (
        <Link href={node.href}>
          <InlineText nodes={node.children} />
        </Link>
      );
    case 'date':
      return <Moment at={node.at} text={node.text} />;
    case 'broadcast':
      return <span className="mention mention-me">@{node.name}</span>;
    case 'emoji':
      return (
        <span role="img" aria-label={node.name} title={`:${node.name}:`}>
          {node.character}
        </span>
      );
    default:
      return <Mention node={node} />;
  }
};

/** What a parser made of a stretch of text. All of it is escaped by React; links went through `safeHref`. */
export const InlineText = ({ nodes }: { nodes: readonly Inline[] }) =>
  keyed(nodes).map(({ key, item }) => <Node key={key} node={item} />);
