/** Version of the file; a file of another version is refused, never misread. */
export const SCHEMA_VERSION = 2;

/** What version 2 has and version 1 had not. */
export const FILES_SCHEMA = `
create table files (
  id text primary key,
  name text not null,
  mimetype text not null,
  size integer not null,
  user text not null references people (id),
  created integer not null,
  bytes blob not null
) without rowid;

create table message_files (
  channel text not null,
  ts text not null,
  position integer not null,
  file text not null references files (id),
  primary key (channel, ts, position)
) without rowid;
create index message_files_file on message_files (file);
`;

export const SCHEMA = `
create table settings (name text primary key, value text not null) without rowid;

create table people (
  id text primary key,
  name text not null unique,
  display_name text not null,
  locale text not null,
  is_admin integer not null,
  app_id text,
  color text not null
) without rowid;

create table apps (
  id text primary key,
  name text not null unique,
  user_id text not null references people (id),
  bot_id text not null,
  bot_token text not null unique,
  app_token text not null unique,
  description text not null,
  commands text not null,
  shortcuts text not null,
  installed integer not null
) without rowid;

create table channels (
  id text primary key,
  name text not null,
  kind text not null check (kind in ('channel', 'im')),
  topic text not null,
  created integer not null,
  last_us integer not null,
  prompts text
) without rowid;

create table members (
  channel text not null references channels (id),
  user text not null references people (id),
  read_ts text not null default '',
  primary key (channel, user)
) without rowid;

create table messages (
  channel text not null references channels (id),
  ts text not null,
  thread_ts text,
  user text not null,
  app_id text,
  subtype text,
  text text not null,
  blocks text not null,
  metadata text,
  edited_by text,
  edited_ts text,
  markdown integer not null,
  stream_until integer,
  client_key text,
  primary key (channel, ts)
) without rowid;
create index messages_thread on messages (channel, thread_ts, ts);

create table reactions (
  sequence integer primary key,
  channel text not null,
  ts text not null,
  name text not null,
  user text not null,
  unique (channel, ts, name, user)
);

create table views (
  id text primary key,
  app_id text not null,
  user text not null,
  type text not null check (type in ('modal', 'home')),
  root_id text not null,
  previous_id text,
  external_id text,
  hash text not null,
  body text not null,
  opened integer not null
) without rowid;

create table pending_events (
  sequence integer primary key,
  app_id text not null,
  event_id text not null,
  payload text not null,
  attempts integer not null default 0,
  created integer not null
);

create table response_urls (
  secret text primary key,
  app_id text not null,
  channel text not null,
  user text not null,
  message_ts text,
  uses integer not null default 0,
  expires integer not null
) without rowid;

create table user_groups (id text primary key, handle text not null, name text not null, users text not null) without rowid;

create table thread_titles (
  channel text not null,
  thread_ts text not null,
  title text not null,
  primary key (channel, thread_ts)
) without rowid;
`;
