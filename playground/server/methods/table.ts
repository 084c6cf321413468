import { agentsSessionsSetStatus } from './agents-sessions-set-status.ts';
import { appsConnectionsOpen } from './apps-connections-open.ts';
import { assistantThreadsSetStatus } from './assistant-threads-set-status.ts';
import { assistantThreadsSetSuggestedPrompts } from './assistant-threads-set-suggested-prompts.ts';
import { assistantThreadsSetTitle } from './assistant-threads-set-title.ts';
import { authTest } from './auth-test.ts';
import { botsInfo } from './bots-info.ts';
import { chatAppendStream } from './chat-append-stream.ts';
import { chatDelete } from './chat-delete.ts';
import { chatGetPermalink } from './chat-get-permalink.ts';
import { chatPostEphemeral } from './chat-post-ephemeral.ts';
import { chatPostMessage } from './chat-post-message.ts';
import { chatStartStream } from './chat-start-stream.ts';
import { chatStopStream } from './chat-stop-stream.ts';
import { chatUpdate } from './chat-update.ts';
import { conversationsHistory } from './conversations-history.ts';
import { conversationsInfo } from './conversations-info.ts';
import { conversationsJoin } from './conversations-join.ts';
import { conversationsList } from './conversations-list.ts';
import { conversationsMembers } from './conversations-members.ts';
import { conversationsOpen } from './conversations-open.ts';
import { conversationsReplies } from './conversations-replies.ts';
import { filesInfo } from './files-info.ts';
import type { Method } from './method.ts';
import { reactionsAdd } from './reactions-add.ts';
import { reactionsGet } from './reactions-get.ts';
import { reactionsRemove } from './reactions-remove.ts';
import { teamInfo } from './team-info.ts';
import { usergroupsList } from './usergroups-list.ts';
import { usergroupsUsersList } from './usergroups-users-list.ts';
import { usersConversations } from './users-conversations.ts';
import { usersInfo } from './users-info.ts';
import { usersList } from './users-list.ts';
import { viewsOpen } from './views-open.ts';
import { viewsPublish } from './views-publish.ts';
import { viewsPush } from './views-push.ts';
import { viewsUpdate } from './views-update.ts';

/** The Web API by Slack's names; `apps.connections.open` takes an app's token, all others its bot's. */
export const METHODS: ReadonlyMap<string, Method> = new Map(
  Object.entries({
    'agents.sessions.setStatus': agentsSessionsSetStatus,
    'apps.connections.open': appsConnectionsOpen,
    'assistant.threads.setStatus': assistantThreadsSetStatus,
    'assistant.threads.setSuggestedPrompts': assistantThreadsSetSuggestedPrompts,
    'assistant.threads.setTitle': assistantThreadsSetTitle,
    'auth.test': authTest,
    'bots.info': botsInfo,
    'chat.appendStream': chatAppendStream,
    'chat.delete': chatDelete,
    'chat.getPermalink': chatGetPermalink,
    'chat.postEphemeral': chatPostEphemeral,
    'chat.postMessage': chatPostMessage,
    'chat.startStream': chatStartStream,
    'chat.stopStream': chatStopStream,
    'chat.update': chatUpdate,
    'conversations.history': conversationsHistory,
    'conversations.info': conversationsInfo,
    'conversations.join': conversationsJoin,
    'conversations.list': conversationsList,
    'conversations.members': conversationsMembers,
    'conversations.open': conversationsOpen,
    'conversations.replies': conversationsReplies,
    'files.info': filesInfo,
    'reactions.add': reactionsAdd,
    'reactions.get': reactionsGet,
    'reactions.remove': reactionsRemove,
    'team.info': teamInfo,
    'usergroups.list': usergroupsList,
    'usergroups.users.list': usergroupsUsersList,
    'users.conversations': usersConversations,
    'users.info': usersInfo,
    'users.list': usersList,
    'views.open': viewsOpen,
    'views.publish': viewsPublish,
    'views.push': viewsPush,
    'views.update': viewsUpdate,
  }),
);
