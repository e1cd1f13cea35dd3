import type { TableNames } from './table-names.ts'

/**
 * The tables and indexes of version 1. Times are whole milliseconds. What is JSON is kept as text:
 * `jsonb` refuses U+0000 and reorders. `calls.id` only shortens the rows that belong to a call.
 */
export function tablesSql(names: TableNames): string {
  return `
create table ${names.calls} (
  provider text collate "C" not null,
  call_id text collate "C" not null,
  id bigint generated always as identity,
  revision bigint not null,
  status text,
  settled boolean not null,
  due_at bigint,
  -- When the call is to be asked about: the due time, the end of a poller's claim, or a later time.
  poll_at bigint,
  polls int not null,
  events int not null,
  first_received_at bigint not null,
  last_received_at bigint not null,
  forgotten_at bigint,
  knowledge text not null,
  primary key (provider, call_id)
);
create index callstate_calls_newest on ${names.calls} (first_received_at);
create index callstate_calls_open on ${names.calls} (first_received_at) where not settled;
create index callstate_calls_due on ${names.calls} (due_at) where due_at is not null;
create index callstate_calls_poll on ${names.calls} (poll_at) where poll_at is not null;

create table ${names.entries} (
  call bigint not null,
  sequence int not null,
  received_at bigint not null,
  key text not null,
  event text not null,
  decision text not null,
  payload text,
  primary key (call, sequence)
);

create table ${names.consumers} (
  id int generated always as identity primary key,
  name text collate "C" not null unique
);

create table ${names.cursors} (
  consumer int not null,
  call bigint not null,
  provider text not null,
  call_id text not null,
  position int not null,
  -- The sequence of the call's latest entry.
  head int not null,
  -- When the call can be claimed: null where nothing is left, the end of a claim where there is one.
  due_at bigint,
  owner text,
  tries int not null,
  primary key (consumer, call)
);
create index callstate_cursors_due on ${names.cursors} (consumer, due_at, call)
  where due_at is not null;

create table ${names.deadLetters} (
  id bigint generated always as identity primary key,
  consumer int not null,
  provider text not null,
  call_id text not null,
  sequence int not null,
  error text not null,
  at bigint not null,
  replays int not null,
  -- When it is to be handled again, or the end of a claim; null while it only lies there.
  replay_at bigint
);
create index callstate_dead_letters_oldest on ${names.deadLetters} (at, id);
create index callstate_dead_letters_consumer on ${names.deadLetters} (consumer, at, id);
create index callstate_dead_letters_call on ${names.deadLetters} (provider, call_id);
create index callstate_dead_letters_replay on ${names.deadLetters} (consumer, replay_at)
  where replay_at is not null;
`
}
