import { ASSERT_ISOLATION } from './assert-isolation.ts'
import { functionsSql } from './functions.ts'
import { REFUSALS } from './session.ts'
import { literal, type TableNames } from './table-names.ts'
import { tablesSql } from './tables.ts'
import { tables2Sql } from './tables-2.ts'

/** What each version adds, the first one first. A version that was released is never changed. */
const VERSIONS: readonly ((names: TableNames) => string)[] = [
  tablesSql,
  (names) => tables2Sql(names) + functionsSql(names),
]

// Any number will do, as long as every release uses the same one.
const MIGRATION_LOCK = 2_041_970_313

/**
 * The one statement, and so the one transaction, that makes or updates the tables. Others that do it at
 * the same time wait. Pure.
 */
export function migrationSql(names: TableNames): string {
  const known = VERSIONS.length
  const versions = VERSIONS.map((version, index) => versionSql(names, index + 1, version(names)))
  // `create schema if not exists` asks for the right to create even where it is there.
  const schema =
    names.schema === null
      ? ''
      : `if to_regnamespace(${literal(names.schema)}) is null then
    create schema ${names.schema};
  end if;`
  const body = `
declare
  found_version int;
begin
${ASSERT_ISOLATION}
  perform pg_advisory_xact_lock(${MIGRATION_LOCK});
  perform set_config('client_min_messages', 'warning', true);
  ${schema}
  create table if not exists ${names.migrations} (
    version int primary key,
    done_at timestamptz not null default now()
  );
  select coalesce(max(version), 0) into found_version from ${names.migrations};
  if found_version > ${known} then
    raise exception using errcode = '${REFUSALS.newerTables}', message = format(
      'The tables are of version %s, and this release knows version ${known}: update @callstate/tracker.',
      found_version
    );
  end if;
${versions.join('\n')}
end`
  return `do language plpgsql ${literal(body)}`
}

function versionSql(names: TableNames, version: number, sql: string): string {
  return `
  if found_version < ${version} then
${sql}
    insert into ${names.migrations} (version) values (${version});
  end if;`
}
