import type { TableNames } from './table-names.ts'

/**
 * What version 2 changes in the tables of release 0.1, whose rows are converted afterwards, bit by bit.
 * Columns that statements of 0.1 need get other names: a process of it that still runs is refused,
 * whatever it does. What is null in new rows too is room for later releases.
 */
export function tables2Sql(names: TableNames): string {
  const deadLetters = `
alter table ${names.deadLetters} rename column at to failed_at;
alter table ${names.deadLetters} rename column replay_at to due_at;
`
  return (
    [callsSql, entriesSql, consumersSql, newTablesSql].map((sql) => sql(names)).join('') +
    deadLetters
  )
}

function callsSql(names: TableNames): string {
  return `
alter table ${names.calls} rename column id to number;
alter table ${names.calls} rename column knowledge to known;
alter table ${names.calls} rename column poll_at to next_poll_at;
alter table ${names.calls}
  add column data_due_at bigint,
  -- When the call is to be asked about by what is known of it; next_poll_at goes on from there.
  add column ask_at bigint,
  add column outcome text,
  add column attempts text not null default '[]',
  -- By which rules the row was folded; null until a row of 0.1 is converted.
  add column rules int,
  add column findings text;
-- PostgreSQL compresses rows of 2 kB and more, which costs a quarter of a write: of 4 kB and more now.
alter table ${names.calls} set (toast_tuple_target = 4080);
create unique index callstate_calls_number on ${names.calls} (number);
create index callstate_calls_data_due on ${names.calls} (data_due_at)
  where data_due_at is not null;
create index callstate_calls_unconverted on ${names.calls} (number) where rules is null;
`
}

function entriesSql(names: TableNames): string {
  return `
alter table ${names.entries}
  add column type text collate "C" not null default 'event',
  add column decided text,
  add column rules int,
  add column kind text,
  add column event_sequence double precision,
  add column event_id text,
  add column repeats int,
  add column repeated_at bigint,
  -- The transaction that added it; 0 where that was in another system, or before there was this column.
  add column xid xid8;
alter table ${names.entries} set (toast_tuple_target = 4080);
alter table ${names.entries} alter column xid set default pg_current_xact_id();
create index callstate_entries_xid on ${names.entries} (xid);
`
}

// A consumer that was registered by 0.1 has all its cursors.
function consumersSql(names: TableNames): string {
  return `
alter table ${names.consumers} rename column id to number;
alter table ${names.consumers}
  -- It gets the entries that came at this time or later; null: those of its registration and later.
  add column from_at bigint,
  -- Whether every call that it is to know is known to it.
  add column filled boolean not null default true,
  -- What was committed before it was registered.
  add column before_snapshot pg_snapshot,
  -- The first transaction that is sure to see it, and the writers before that which may not.
  add column seen_from xid8,
  add column blind_writers text[],
  -- How far the calls are gone through; null at their end. Calls that were locked are tried again.
  add column fill_provider text collate "C",
  add column fill_call_id text collate "C",
  add column fill_skipped bigint[] not null default '{}';
`
}

function newTablesSql(names: TableNames): string {
  return `
create table ${names.meta} (
  name text collate "C" primary key,
  value text not null
);
insert into ${names.meta} (name, value) values
  ('database', replace(gen_random_uuid()::text, '-', '')),
  ('system', (select system_identifier::text from pg_control_system()));

create table ${names.unknownWords} (
  provider text collate "C" not null,
  word text collate "C" not null,
  first_received_at bigint not null,
  last_received_at bigint not null,
  entries bigint not null,
  primary key (provider, word)
);

create table ${names.labels} (
  call bigint not null,
  name text collate "C" not null,
  value text collate "C" not null,
  primary key (call, name)
);
create index callstate_labels_value on ${names.labels} (name, value, call);

create table ${names.links} (
  call bigint not null,
  provider text collate "C" not null,
  linked_id text collate "C" not null,
  primary key (provider, linked_id, call)
);
create index callstate_links_call on ${names.links} (call);

create table ${names.tombstones} (
  provider text collate "C" not null,
  call_id text collate "C" not null,
  removed_at bigint not null,
  primary key (provider, call_id)
);
`
}
