import type { Person } from '../../protocol/people.ts';
import { initialsOf, inkOn } from './initials.ts';

/** The picture of a person: initials on their colour; rounder for a person than for an app. */
export const Avatar = ({ person, size = 36 }: { person: Person | undefined; size?: number }) => {
  const color = person && /^#[0-9a-f]{6}$/i.test(person.color) ? person.color : '#777a82';
  return (
    <svg className="avatar" width={size} height={size} viewBox="0 0 36 36" aria-hidden="true">
      <rect width="36" height="36" rx={person?.isBot ? 8 : 18} fill={color} />
      <text
        x="18"
        y="18"
        dy="0.36em"
        textAnchor="middle"
        fontSize={size < 30 ? 17 : 14}
        fontWeight="600"
        fill={inkOn(color)}
      >
        {initialsOf(person?.displayName ?? '?').slice(0, size < 30 ? 1 : 2)}
      </text>
    </svg>
  );
};
