import { slackFile } from '../events/slack-file.ts';
import { SlackFault } from '../slack-fault.ts';
import type { Method } from './method.ts';

/** https://docs.slack.dev/reference/methods/files.info */
export const filesInfo: Method = ({ workspace, app, args }) => {
  const { files, channels } = workspace.store;
  const file = files.find(args.requiredText('file'));
  const shared = file ? files.channels(file.id) : [];
  if (!file || !shared.some((channel) => channels.isMember(channel, app.userId))) {
    throw new SlackFault('file_not_found');
  }
  return { file: { ...slackFile(workspace, file), channels: shared } };
};
