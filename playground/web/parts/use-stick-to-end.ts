import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';

const nearEnd = 48;
const above = 12;

/**
 * Keeps the end of a growing list in view, only while the person is there. A last message that grows past the top of
 * the view is followed no further, so that its beginning can be read; who scrolls to the very end is followed again.
 *
 * @param lastKey changes when another message is the last one
 * @returns whether something new stands below the view, and the way there
 */
export const useStickToEnd = (
  box: RefObject<HTMLElement | null>,
  content: RefObject<HTMLElement | null>,
  lastKey: string | null,
) => {
  const stuck = useRef(true);
  const atVeryEnd = useRef(false);
  const placed = useRef(0);
  const [behind, setBehind] = useState(false);

  const follow = useCallback((): void => {
    const view = box.current;
    if (!view || !stuck.current) return;
    const end = view.scrollHeight - view.clientHeight;
    const last = content.current?.lastElementChild;
    const lastTop = last
      ? last.getBoundingClientRect().top - view.getBoundingClientRect().top + view.scrollTop - above
      : end;
    const wanted = atVeryEnd.current ? end : Math.max(view.scrollTop, Math.min(end, lastTop));
    if (Math.abs(wanted - view.scrollTop) > 1) view.scrollTop = wanted;
    placed.current = view.scrollTop;
  }, [box, content]);

  const toEnd = useCallback((): void => {
    stuck.current = true;
    atVeryEnd.current = false;
    setBehind(false);
    follow();
  }, [follow]);

  const release = useCallback((): void => {
    stuck.current = false;
  }, []);

  useEffect(() => {
    const view = box.current;
    if (!view || !content.current) return;
    const onScroll = (): void => {
      if (Math.abs(view.scrollTop - placed.current) <= 2) return;
      placed.current = view.scrollTop;
      stuck.current = view.scrollHeight - view.clientHeight - view.scrollTop < nearEnd;
      atVeryEnd.current = stuck.current;
      if (stuck.current) setBehind(false);
    };
    const observer = new ResizeObserver(follow);
    observer.observe(view);
    observer.observe(content.current);
    view.addEventListener('scroll', onScroll, { passive: true });
    return () => {
      observer.disconnect();
      view.removeEventListener('scroll', onScroll);
    };
  }, [box, content, follow]);

  const known = useRef<string | null>(null);
  useLayoutEffect(() => {
    if (lastKey !== known.current) {
      if (stuck.current) atVeryEnd.current = false;
      else if (known.current !== null && lastKey !== null) setBehind(true);
      known.current = lastKey;
    }
    follow();
  }, [lastKey, follow]);

  return { behind, toEnd, release };
};
