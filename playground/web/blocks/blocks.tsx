import type { Block as BlockData } from '../../protocol/messages.ts';
import { Markdown, TextBlocks } from '../parts/text-blocks.tsx';
import { drawEmojiNames } from '../text/emoji-token.ts';
import { ActionsBlock } from './actions-block.tsx';
import { ContextActionsBlock } from './context-actions-block.tsx';
import { ContextBlock } from './context-block.tsx';
import { ImageBlock } from './image-block.tsx';
import { InputBlock } from './input-block.tsx';
import { asString, plainOf } from './read.ts';
import { readRichText, readTable } from './rich-text.ts';
import { SectionBlock } from './section-block.tsx';
import { UnknownBlock } from './unknown-block.tsx';
import { blockIdOf } from './values.ts';

const Block = ({ block, blockId }: { block: BlockData; blockId: string }) => {
  switch (block.type) {
    case 'section':
      return <SectionBlock blockId={blockId} block={block} />;
    case 'header':
      return <h3 className="header-block">{drawEmojiNames(plainOf(block.text))}</h3>;
    case 'divider':
      return <hr />;
    case 'context':
      return <ContextBlock block={block} />;
    case 'actions':
      return <ActionsBlock blockId={blockId} block={block} />;
    case 'context_actions':
      return <ContextActionsBlock blockId={blockId} block={block} />;
    case 'image':
      return <ImageBlock block={block} />;
    case 'markdown':
      return <Markdown text={asString(block.text)} />;
    case 'rich_text':
      return <TextBlocks nodes={readRichText(block)} />;
    case 'table':
    case 'data_table':
      return <TextBlocks nodes={[readTable(block)]} />;
    case 'input':
      return <InputBlock blockId={blockId} block={block} />;
    default:
      return <UnknownBlock type={block.type} />;
  }
};

/** The blocks of a message or modal, in order. */
export const Blocks = ({ blocks }: { blocks: readonly BlockData[] }) =>
  blocks.map((block, index) => {
    const blockId = blockIdOf(block, index);
    return (
      <div key={blockId} className={`block block-${block.type}`} data-block={blockId}>
        <Block block={block} blockId={blockId} />
      </div>
    );
  });
