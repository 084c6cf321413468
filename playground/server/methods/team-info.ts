import { SlackFault } from '../slack-fault.ts';
import type { Method } from './method.ts';

/** https://docs.slack.dev/reference/methods/team.info */
export const teamInfo: Method = ({ workspace, args }) => {
  const { team } = workspace;
  if ((args.text('team') ?? team.id) !== team.id) throw new SlackFault('team_not_found');
  return {
    team: { id: team.id, name: team.name, domain: team.domain, email_domain: '', url: `${workspace.address()}/` },
  };
};
