/**
 * What both parsers (Slack's mrkdwn and Markdown) make of a text, and what one component draws. Line breaks stay in
 * the texts as `\n`: the page draws them with `white-space: pre-wrap`.
 */
export type Inline =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'bold' | 'italic' | 'strike'; readonly children: readonly Inline[] }
  /** `href` went through `safeHref`. */
  | { readonly kind: 'link'; readonly href: string; readonly children: readonly Inline[] }
  | { readonly kind: 'user' | 'channel'; readonly id: string; readonly label: string | null }
  /** `here`, `channel`, `everyone`. */
  | { readonly kind: 'broadcast'; readonly name: string }
  /** A moment, milliseconds since the epoch; `text` where it cannot be told in the reader's own time. */
  | { readonly kind: 'date'; readonly at: number; readonly text: string }
  | { readonly kind: 'emoji'; readonly name: string; readonly character: string };

export interface ListItem {
  /** Task list: ticked or not; null for a plain item. */
  readonly checked: boolean | null;
  readonly children: readonly BlockNode[];
}

export type Alignment = 'left' | 'center' | 'right' | null;

export type BlockNode =
  | { readonly kind: 'paragraph'; readonly children: readonly Inline[] }
  | { readonly kind: 'heading'; readonly level: number; readonly children: readonly Inline[] }
  | { readonly kind: 'code'; readonly text: string; readonly language: string | null }
  | { readonly kind: 'quote'; readonly children: readonly BlockNode[] }
  | { readonly kind: 'list'; readonly ordered: boolean; readonly start: number; readonly items: readonly ListItem[] }
  | {
      readonly kind: 'table';
      readonly align: readonly Alignment[];
      readonly head: readonly (readonly Inline[])[];
      readonly rows: readonly (readonly (readonly Inline[])[])[];
    }
  | { readonly kind: 'rule' };
