import type { CommandTexts } from './commands.ts';
import { counted, createFormat } from './format.ts';

const en = createFormat('en');
const orNone = (value: number | null): string => (value === null ? 'no limit' : en.number(value));
const channelsOf = (count: number): string => counted(count, 'channel', 'channels', en.number(count));

export const commandsEn: CommandTexts = {
  helpTitle: 'Commands you can use',
  what: {
    help: 'this list',
    status: 'state of the models, the search and the queues',
    find: 'search the training data (you alone see the result)',
    jobs: 'answers that wait or are being written',
    cancel: 'stop an answer',
    'model list': 'the models',
    'model pause': 'pause a model',
    'model resume': 'resume a model',
    'model settings': 'how the model is asked in the thread where you asked last, here',
    'channel allow': 'allow me in a channel',
    'channel deny': 'switch me off in a channel',
    'channel model': 'choose the model that answers in a channel',
    'quota show': 'what one person may use, and has used',
    'quota set': 'set what one person may use',
    'user ban': 'stop the questions and searches of a person',
    'user unban': 'let a person ask again',
    'corpus list': 'the training data',
    hide: 'take a document out of all results',
    unhide: 'put a hidden document back',
    audit: 'what was done, and by whom',
    announce: 'say something in every channel',
  },
  unknown: (given, nearest) =>
    nearest === null ? `There is no command “${given}”.` : `There is no command “${given}”. Did you mean ${nearest}?`,
  usage: (usage) => `Usage: ${usage}`,
  onlyAdmins: (admins, reason) =>
    [
      'Only admins can use this command.',
      admins.length > 0 ? `Ask one of them: ${admins.join(', ')}.` : 'No admins could be found.',
      ...(reason === null ? [] : [`It could not be found out whether you are one (${reason}).`]),
    ].join(' '),
  otherWorkspace: 'Only people of the workspace that the app is installed in can use this command.',
  confirmButton: 'Do it',
  dismissButton: 'Leave it',
  dismissed: 'Left as it was. Nothing has changed.',
  stale: {
    unknown: 'This confirmation could not be found. Nothing has changed.',
    used: 'This confirmation has been used already. It is not done again.',
    expired: 'This confirmation has expired. Please give the command again.',
    another_person: "This confirmation is another person's. Nothing has changed.",
  },
  groups: {
    everybody: 'For everybody',
    answers: 'Answers',
    models: 'Models',
    channels: 'Channels',
    people: 'People',
    data: 'Training data',
    record: 'Record and announcements',
  },
  wasSo: 'It is so already.',
  nothing: 'There are none.',
  everybody: 'everybody',
  notInUse: 'not in use',
  pausedBy: (person) => `⏸ paused by ${person}`,
  jobsTitle: 'Answers that wait or are being written',
  modelsTitle: 'Models',
  corporaTitle: 'Training data',
  quotaTitle: 'Limits of one person (24 hours)',
  auditTitle: 'What was done',
  states: { queued: 'waiting', running: 'running', done: 'done', failed: 'failed', cancelled: 'stopped' },
  outcomes: { denied: 'denied', failed: 'failed' },
  otherActions: { confirm: 'the button of a confirmation', unknown: 'an unknown command' },
  reasons: {
    'no admin': 'no admin',
    'another workspace': 'a person of another workspace',
    'confirmation: unknown': 'there is no such confirmation',
    'confirmation: used': 'the confirmation had been used',
    'confirmation: expired': 'the confirmation had expired',
    'confirmation: another_person': "the confirmation was another person's",
    begun: 'begun',
    'ended before': 'it had ended before',
  },
  values: {
    paused: 'paused',
    notPaused: 'running',
    denied: 'switched off',
    allowed: 'allowed',
    ownModel: "each app's own model",
    notSet: 'not set',
    banned: 'stopped',
    notBanned: 'not stopped',
    hidden: 'left out of results',
    shown: 'shown in results',
    channels: (count) => `in ${count === '1' ? '1 channel' : `${count} channels`}`,
  },
  seconds: (count) => `${en.number(count)} s`,
  quota: ({ questions, tokens, atOnce }) =>
    `questions ${orNone(questions)} · tokens ${orNone(tokens)} · at once ${orNone(atOnce)}`,
  used: ({ questions, tokens, atOnce }) =>
    `Used: questions ${en.number(questions)} · tokens ${en.number(tokens)} · at once ${en.number(atOnce)}`,
  corpusFacts: ({ seenBy, runs, hidden }) =>
    `seen by ${seenBy.join(', ') || 'nobody'} · runs: ${runs.join(', ') || 'none'} · hidden documents ${en.number(hidden)}`,
  noAnswer: (id) => `There is no answer “${id}”. \`/tenkyo jobs\` shows the ids.`,
  endedAlready: (id) => `The answer ${id} has ended already.`,
  noModel: (given, models) => `There is no model “${given}”. There are ${models.join(', ')}.`,
  noChannel: (given) => `I cannot find a channel “${given}”. Name it as #name or by its id.`,
  noPerson: (given) => `I cannot find a person “${given}”. Name them as @name.`,
  noDocument: (given) => `I cannot find a document “${given}”. Name it by its id.`,
  severalDocuments: 'Several documents have this id. Choose one, and give the command again.',
  tooLong: (most) => `That is too long: at most ${most} characters.`,
  did: {
    cancel: (model, person, was) =>
      was === 'queued'
        ? `✓ Stopped the answer of ${model} to ${person} before it began.`
        : `✓ Stopped the answer of ${model} to ${person}. What has been written stays.`,
    pause: (model) =>
      `✓ ${model} is paused. New questions are told so. To resume it: \`/tenkyo model resume ${model}\``,
    resume: (model) => `✓ ${model} answers again.`,
    allow: (channel) => `✓ I am allowed in ${channel}.`,
    deny: (channel) => `✓ I am switched off in ${channel}.`,
    channelModel: (channel, model) =>
      model === null
        ? `✓ In ${channel} each app answers with its own model.`
        : `✓ In ${channel} ${model} answers, whichever app is asked.`,
    quota: (whose, after) =>
      `✓ The limits of ${whose} are changed.\nNow: ${after ?? "everybody's (for everybody: the configured ones)"}`,
    ban: (person) => `✓ The questions and searches of ${person} are stopped.`,
    unban: (person) => `✓ ${person} can ask and search again.`,
    hide: (document, messages) =>
      `✓ The document ${document} is out of all results.${messages > 0 ? ` ${counted(messages, 'result', 'results', en.number(messages))} already shown will be rewritten.` : ''}`,
    unhide: (document, messages) =>
      `✓ The document ${document} is back in results.${messages > 0 ? ` ${counted(messages, 'result', 'results', en.number(messages))} already shown will be rewritten.` : ''}`,
  },
  announced: ({ sent, failed, unsure, before }) =>
    [
      `✓ Said in ${channelsOf(sent)}.`,
      ...(before > 0 ? [`Not again in ${channelsOf(before)} that had it before.`] : []),
      ...(failed.length > 0
        ? [`Could not be reached: ${failed.join(', ')}. The same command again says it only there.`]
        : []),
      ...(unsure.length > 0 ? [`May or may not have it: ${unsure.join(', ')}. Please look there.`] : []),
    ].join('\n'),
  announcedBefore: (channels, unsure) =>
    [
      `The same was said in ${channelsOf(channels)} within 24 hours; none is left.`,
      ...(unsure.length > 0 ? [`May or may not have it: ${unsure.join(', ')}. Please look there.`] : []),
    ].join('\n'),
  confirm: {
    cancel: (model, person) =>
      `Stop the answer of ${model} to ${person}? What has been written stays, marked as stopped.`,
    pause: (model) => `Pause ${model}? New questions will be told so. Those that wait will be answered.`,
    resume: (model) => `Resume ${model}?`,
    allow: (channel) => `Allow me in ${channel}?`,
    deny: (channel) => `Switch me off in ${channel}? The channel will be told once.`,
    channelModel: (channel, model) =>
      model === null
        ? `In ${channel}, let each app answer with its own model?`
        : `In ${channel}, let ${model} answer, whichever app is asked?`,
    quota: (whose, before, after) =>
      `Change the limits of ${whose}?\nNow: ${before}\nThen: ${after ?? "everybody's (for everybody: the configured ones)"}`,
    ban: (person) => `Stop the questions and searches of ${person}? They will be told so.`,
    unban: (person) => `Let ${person} ask and search again?`,
    hide: (document) => `Take the document ${document} out of all results? It leaves those already shown too.`,
    unhide: (document) => `Put the document ${document} back into results?`,
    announce: (channels, before) =>
      before > 0
        ? `This was said in ${channelsOf(before)} and then broke off. Say it in the ${channelsOf(channels)} left?`
        : `Say this in ${channelsOf(channels)}?`,
  },
};
